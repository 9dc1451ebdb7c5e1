//! What reading a scenario says to mistakes: the path of the field, what stood there, what is allowed.

use serde_json::{Value, json};
use sim_core::scenario::{Action, PRESETS, Scenario};

fn incident() -> Value {
    let preset = PRESETS.iter().find(|preset| preset.name == "one-address-many-servers").expect("the preset is there");
    serde_json::from_str(preset.json).expect("the preset is JSON")
}

/// What reading says to the incident with `value` at the JSON pointer `at`.
fn said(at: &str, value: &Value) -> String {
    let mut scenario = incident();
    let (parent, field) = at.rsplit_once('/').expect("a pointer");
    match scenario.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.insert(field.to_owned(), value.clone())),
        Some(Value::Array(items)) => items.push(value.clone()),
        _ => panic!("{at} leads nowhere"),
    }
    Scenario::from_json(&scenario.to_string()).map_or_else(|error| error.to_string(), |_| "fine".to_owned())
}

#[test]
fn every_preset_reads_tells_its_story_and_is_written_back_as_it_is() {
    for preset in PRESETS {
        let scenario = Scenario::from_json(preset.json).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        assert_eq!(Scenario::preset(preset.name).as_ref(), Some(&scenario));
        assert!(!scenario.title.is_empty() && !scenario.purpose.is_empty() && !scenario.notice.is_empty());
        assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario));
    }
    assert_eq!(Scenario::preset("nowhere"), None);
}

#[test]
fn a_mistake_is_named_with_its_path_what_stood_there_and_what_is_allowed() {
    let cases = [
        ("/version", json!(2), "version: 2; allowed: 1"),
        ("/duration_s", json!(0), "duration_s: 0; allowed: 1 to 3600"),
        ("/duration_s", json!(4_000), "duration_s: 4000; allowed: 1 to 3600"),
        ("/duration_s", json!("180"), "duration_s: invalid type: string \"180\"; allowed: u32"),
        ("/seed", json!(-1), "seed: invalid value: integer `-1`; allowed: u64"),
        ("/closes_first", json!("nobody"), "closes_first: unknown variant `nobody`; allowed: `client` or `server`"),
        ("/server/port", json!(0), "server.port: 0; allowed: 1 to 65535"),
        (
            "/server/addr",
            json!("localhost"),
            "server.addr: invalid value: string \"localhost\"; allowed: an address such as 198.51.100.10",
        ),
        ("/server/addr", json!("0.0.0.0"), "server.addr: 0.0.0.0; allowed: the address of one host"),
        ("/server/name", json!("a b"), "server.name: \"a b\"; allowed: 1 to 32 letters, digits, dashes, dots"),
        ("/hosts/2/clock/hz", json!(0), "hosts[2].clock.hz: 0; allowed: 100, 250, 300 or 1000"),
        (
            "/hosts/2/clock/tsval",
            json!(4_294_967_296_u64),
            "hosts[2].clock.tsval: invalid value: integer `4294967296`; allowed: u32",
        ),
        ("/hosts/1/name", json!("web-1"), "hosts[1].name: web-1; allowed: a name that no other has"),
        ("/hosts/1/addr", json!("10.0.0.1"), "hosts[1].addr: 10.0.0.1; allowed: an address that no other has"),
        ("/hosts/0/addr", json!("192.0.2.1"), "hosts[0].addr: 192.0.2.1; allowed: an address inside 10.0.0.0/24"),
        ("/hosts/6/addr", json!("10.0.0.9"), "hosts[6].addr: 10.0.0.9; allowed: an address outside 10.0.0.0/24"),
        ("/hosts/0/traffic/interval_ms", json!(0), "hosts[0].traffic.interval_ms: 0; allowed: 1 to 3600000"),
        ("/hosts/0/traffic/interval_ms", json!(1), "hosts[0].traffic.jitter_ms: 1500; allowed: 0 to 1"),
        ("/hosts/0/traffic/at_once", json!(0), "hosts[0].traffic.at_once: 0; allowed: 1 to 1000"),
        ("/hosts/0/link/delay_ms", json!(20_000), "hosts[0].link.delay_ms: 20000; allowed: 0 to 10000"),
        (
            "/nat/inside",
            json!("10.0.0.1/24"),
            "nat.inside: invalid value: string \"10.0.0.1/24\"; allowed: a net such as 10.0.0.0/24",
        ),
        ("/nat/addr", json!("10.0.0.99"), "nat.addr: 10.0.0.99; allowed: an address outside nat.inside"),
        ("/nat/last_port", json!(9), "nat.first_port: 40112; allowed: 1 to 9"),
        ("/nat", Value::Null, "hosts[0].behind_nat: true; allowed: false where there is no nat"),
        (
            "/server/sysctls/net.ipv4.tcp_tw_reuse",
            json!("yes"),
            "server.sysctls[\"net.ipv4.tcp_tw_reuse\"]: \"yes\"; allowed: a value that net.ipv4.tcp_tw_reuse can have, as text",
        ),
        (
            "/actions/-",
            json!({ "at_ms": 180_001, "do": { "set-kernel": { "version": "4.12" } } }),
            "actions[0].at_ms: 180001; allowed: 0 to 180000",
        ),
    ];
    for (at, value, expected) in cases {
        assert_eq!(said(at, &value), expected, "{value} at {at}");
    }
}

#[test]
fn a_mistake_in_a_promise_or_a_prediction_is_named() {
    let answer = |right: bool| json!({ "text": "t", "right": right, "because": "b" });
    let asks = |answers: Value| json!({ "question": "q", "answers": answers });
    let promises = |more: Value| {
        let mut promise = json!({ "why": "w", "refused": [] });
        promise.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        promise
    };
    let cases = [
        ("/prediction", asks(json!([answer(true)])), "prediction.answers: 1; allowed: 2 to 4"),
        ("/prediction", asks(json!(vec![answer(false); 5])), "prediction.answers: 5; allowed: 2 to 4"),
        ("/prediction", asks(json!([answer(false), answer(false)])), "prediction.answers: 0 right; allowed: 1 right"),
        ("/prediction", asks(json!([answer(true), answer(true)])), "prediction.answers: 2 right; allowed: 1 right"),
        ("/prediction", asks(json!([answer(true), answer(false)])), "fine"),
        (
            "/prediction",
            json!({ "question": "é".repeat(241), "answers": [] }),
            "prediction.question: 241 letters; allowed: 1 to 240 letters",
        ),
        ("/promise", promises(json!({})), "fine"),
        ("/promise", promises(json!({ "why": "" })), "promise.why: 0 letters; allowed: 1 to 240 letters"),
        (
            "/promise",
            promises(json!({ "refused": ["web-9"] })),
            "promise.refused[0]: web-9; allowed: the name of an entry of hosts",
        ),
        (
            "/promise",
            promises(json!({ "refused": ["web-2", "web-2"] })),
            "promise.refused[1]: web-2; allowed: each once",
        ),
        ("/promise", promises(json!({ "refused_at_least": 0 })), "promise.refused_at_least: 0; allowed: 1 to 256"),
        (
            "/promise",
            promises(json!({ "rise": ["PAWSPassive"], "stay": ["ListenDrops", "PAWSPassive"] })),
            "promise.stay[1]: PAWSPassive; allowed: a counter that does not stand in promise.rise",
        ),
        (
            "/promise",
            promises(json!({ "failures": ["ETIMEDOUT", "ETIMEDOUT"] })),
            "promise.failures[1]: ETIMEDOUT; allowed: each once",
        ),
        (
            "/promise",
            promises(json!({ "time_wait": { "at_least": 3, "at_most": 2 } })),
            "promise.time_wait.at_least: 3; allowed: 0 to 2",
        ),
    ];
    for (at, value, expected) in cases {
        assert_eq!(said(at, &value), expected, "{value} at {at}");
    }
}

/// Where the list of what is allowed is long, its beginning will do.
#[test]
fn what_is_unknown_is_named_with_what_is_known() {
    let cases = [
        ("/server/speed", json!(1), "server.speed: unknown field `speed`; allowed: one of `name`, `addr`, `port`, "),
        ("/hosts/1/clock/drift", json!(1), "hosts[1].clock.drift: unknown field `drift`; allowed: `hz` or `tsval`"),
        (
            "/server/kernel",
            json!("5.4"),
            "server.kernel: unknown variant `5.4`; allowed: one of `3.10`, `el7`, `4.4`, ",
        ),
        (
            "/server/sysctls/net.ipv4.tcp_sack",
            json!("1"),
            "server.sysctls[\"net.ipv4.tcp_sack\"]: net.ipv4.tcp_sack; allowed: one of net.ipv4.tcp_tw_recycle, ",
        ),
        (
            "/actions/-",
            json!({ "at_ms": 5, "do": { "explode": {} } }),
            "actions[0].do: unknown variant `explode`; allowed: one of `set-sysctl`, `set-kernel`, `add-host`",
        ),
        (
            "/actions/-",
            json!({ "at_ms": 5, "do": { "add-host": { "behind_nat": 1 } } }),
            "actions[0].do.add-host.behind_nat: invalid type: integer `1`; allowed: a boolean",
        ),
    ];
    for (at, value, expected) in cases {
        let said = said(at, &value);
        assert!(said.starts_with(expected), "{value} at {at}: {said}");
    }
}

#[test]
fn what_is_missing_or_no_json_is_named() {
    let mut scenario = incident();
    scenario["server"].as_object_mut().expect("an object").remove("port");
    let error = Scenario::from_json(&scenario.to_string()).expect_err("a port is needed");
    assert_eq!(error.to_string(), "server: missing field `port`; allowed: every field of this format once");
    let error = Scenario::from_json("{ \"version\": 1, }").expect_err("a comma too many");
    assert_eq!(error.allowed, "JSON");
    let error = Scenario::from_json(&format!("{} x", incident())).expect_err("something after the end");
    assert_eq!(error.allowed, "JSON");
}

#[test]
fn too_much_for_one_run_is_refused() {
    let busy = json!({ "first_ms": 0, "interval_ms": 5 });
    assert_eq!(said("/hosts/0/traffic", &busy), "hosts: 36083 connections in the whole run; allowed: 0 to 20000");
    let mut scenario = Scenario::preset("one-address-many-servers").expect("the preset reads");
    for _ in 0..249 {
        scenario.act(0, Action::AddHost { behind_nat: false });
    }
    let error = scenario.check().expect_err("a host too many");
    assert_eq!(error.to_string(), "hosts: 257 with those that join; allowed: 0 to 256");
}

/// A key that this kernel lacks is no mistake: another kernel may come, and the trace reports it.
#[test]
fn a_line_that_another_kernel_takes_is_fine() {
    assert_eq!(said("/server/kernel", &json!("4.12")), "fine");
}
