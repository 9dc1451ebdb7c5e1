//! `scenarios/scenario.schema.json` is the schema of the types, and agrees with the reader. `BLESS=1` writes it again.
//!
//! A schema cannot express every rule, so it may accept what the reader rejects, such as two nodes with the same name.
//! It must never reject what the reader accepts. They agree on shapes and bounds.

use std::path::PathBuf;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};
use sim_core::kernel::counter::Counter;
use sim_core::scenario::{PRESETS, Scenario};
use sim_core::trace::Errno;

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn read() -> Self {
        let text = std::fs::read_to_string(file()).expect("the schema is there");
        let value = serde_json::from_str(&text).expect("the schema is JSON");
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        // Editors check the format of addresses, so this test does too.
        compiler.enable_format_assertions();
        compiler.add_resource("scenario.json", value).expect("the schema has a place");
        let index = compiler.compile("scenario.json", &mut schemas).expect("the schema is a schema");
        Self { schemas, index }
    }

    fn accepts(&self, scenario: &Value) -> bool {
        self.schemas.validate(scenario, self.index).is_ok()
    }
}

fn file() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../scenarios/scenario.schema.json"].iter().collect()
}

fn reader_accepts(scenario: &Value) -> bool {
    Scenario::from_json(&scenario.to_string()).is_ok()
}

/// A scenario in which every field is set.
fn full() -> Value {
    let rough = json!({ "delay_ms": 5, "jitter_ms": 4, "loss_percent": 3, "duplicate_percent": 2,
        "back": { "delay_ms": 6, "jitter_ms": 5, "loss_percent": 4, "duplicate_percent": 3 } });
    let clock = json!({ "hz": 250, "tsval": 5_000_000 });
    let ports = json!({ "first_port": 10_000, "last_port": 60_000, "idle_s": 60, "ports": "random" });
    let mut nat = ports.clone();
    let mut balancer = ports;
    merge(&mut nat, json!({ "name": "nat", "addr": "203.0.113.7", "inside": "10.0.0.0/24", "link": rough }));
    merge(&mut balancer, json!({ "addr": "198.51.100.1" }));
    json!({
        "version": 1, "title": "t", "purpose": "p", "notice": ["n"], "seed": 1, "duration_s": 60,
        "prediction": { "question": "q", "answers": [
            { "text": "a", "right": true, "because": "b" }, { "text": "c", "right": false, "because": "d" }] },
        "promise": { "why": "w", "refused": ["phone"], "refused_at_least": 2, "rise": ["PAWSPassive"],
            "stay": ["ListenOverflows"], "failures": ["ETIMEDOUT"], "time_wait": { "at_least": 1, "at_most": 9 } },
        "wall_clock_ms": 1_467_885_600_350_u64, "closes_first": "client",
        "server": { "name": "server", "addr": "198.51.100.10", "port": 80, "kernel": "4.9", "clock": clock,
            "sysctls": { "net.ipv4.tcp_tw_recycle": "1" }, "backlog": 128, "service_ms": 40, "request_bytes": 220,
            "response_bytes": 1_200, "requests_per_connection": 2 },
        "nat": nat,
        "boxes": [
            { "name": "wall", "in_front_of": ["nat"], "link": rough,
              "kind": { "firewall": { "timestamps": "random", "drops_from": ["192.0.2.9"] } } },
            { "name": "balancer", "in_front_of": ["server"], "link": rough, "kind": { "load-balancer": balancer } },
        ],
        "database": { "name": "database", "addr": "198.51.100.20", "port": 5_432, "kernel": "4.19", "clock": clock,
            "link": rough, "service_ms": 5, "request_bytes": 90, "response_bytes": 400 },
        "hosts": [{ "name": "phone", "count": 3, "addr": "10.0.0.1", "behind_nat": true, "kernel": "macos",
            "clock": clock, "sysctls": { "net.ipv4.tcp_timestamps": "0" }, "link": rough,
            "traffic": { "first_ms": 1, "interval_ms": 5_000, "jitter_ms": 9, "at_once": 2, "patience_ms": 100,
                "pause_ms": 7 } }],
        "actions": [
            { "at_ms": 1, "do": { "set-sysctl": { "key": "net.ipv4.tcp_tw_reuse", "value": "1" } } },
            { "at_ms": 2, "do": { "set-kernel": { "version": "4.12" } } },
            { "at_ms": 3, "do": { "add-host": { "behind_nat": true } } },
            { "at_ms": 4, "do": { "reboot": { "name": "nat" } } },
            { "at_ms": 5, "do": { "remove-host": { "name": "phone-1" } } },
            { "at_ms": 6, "do": { "pass-address": { "from": "phone-2", "to": "phone-3" } } },
            { "at_ms": 7, "do": { "set-link": { "name": "nat", "link": rough } } },
            { "at_ms": 8, "do": { "set-accepting": { "accepting": false } } },
        ],
    })
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

/// The JSON pointers of all values in `value`.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(field, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn everywhere() -> Vec<String> {
    let mut found = Vec::new();
    pointers(&full(), "", &mut found);
    found
}

#[test]
fn both_accept_every_preset_and_a_scenario_with_every_field() {
    let schema = Schema::read();
    let presets = PRESETS.iter().map(|preset| serde_json::from_str(preset.json).expect("a preset is JSON"));
    for scenario in presets.chain([full()]) {
        assert!(schema.accepts(&scenario) && reader_accepts(&scenario), "{}", scenario["title"]);
        let read = Scenario::from_json(&scenario.to_string()).expect("it was accepted");
        let written = serde_json::from_str(&read.to_json()).expect("what is written is JSON");
        assert!(schema.accepts(&written), "{} as it is written back", scenario["title"]);
    }
    assert!(full().to_string().len() > 2_000);
}

#[test]
fn the_file_is_the_schema_of_the_types() {
    let now = serde_json::to_string_pretty(&Scenario::schema()).expect("a schema is JSON") + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file(), &now).expect("the schema has a place");
    }
    assert!(std::fs::read_to_string(file()).ok() == Some(now), "BLESS=1 writes it, once the difference was read");
}

#[test]
fn the_schema_and_the_reader_know_every_counter_and_errno() {
    let schema = Schema::read();
    let counters = Counter::ALL.iter().map(|counter| ("/promise/rise", json!([counter])));
    let errnos = [
        Errno::Eagain,
        Errno::Eaddrinuse,
        Errno::Eaddrnotavail,
        Errno::Econnrefused,
        Errno::Econnreset,
        Errno::Etimedout,
        Errno::Enotconn,
    ];
    for (at, value) in counters.chain(errnos.iter().map(|errno| ("/promise/failures", json!([errno])))) {
        let mut changed = full();
        changed["promise"]["stay"] = json!([]);
        *changed.pointer_mut(at).expect("it is there") = value.clone();
        assert!(schema.accepts(&changed) && reader_accepts(&changed), "{value} at {at}");
    }
}

#[test]
fn both_refuse_a_field_that_nobody_knows_and_miss_the_same_ones() {
    let schema = Schema::read();
    for at in everywhere() {
        let mut extra = full();
        if let Some(Value::Object(fields)) = extra.pointer_mut(&at) {
            fields.insert("surprise".into(), json!(1));
            assert!(!schema.accepts(&extra) && !reader_accepts(&extra), "a surprise in {at}");
        }
        let Some((parent, name)) = at.rsplit_once('/') else { continue };
        let mut without = full();
        if let Some(Value::Object(fields)) = without.pointer_mut(parent) {
            fields.remove(name);
            let (by_schema, by_reader) = (schema.accepts(&without), reader_accepts(&without));
            // Whether a host can be behind the NAT depends on three fields, which only the reader checks.
            let between_fields = by_schema && ["/nat", "/hosts/0/behind_nat"].contains(&at.as_str());
            assert!(by_schema == by_reader || between_fields, "without {at}: {by_schema}, {by_reader}");
        }
    }
}

/// Replaces every value by many others: the schema accepts everything that the reader accepts. The exception is that
/// serde also reads the fields of an object from a list, which the schema does not document.
#[test]
fn the_schema_refuses_nothing_that_the_reader_takes() {
    let schema = Schema::read();
    let numbers = [-1_i64, 0, 1, 2, 99, 101, 256, 257, 1_000, 65_535, 65_536, 3_600_000, 3_600_001, 1 << 32, 1 << 40];
    let others = [Value::Null, json!(true), json!("x"), json!("10.0.0.9"), json!([]), json!({}), json!(1.5)];
    for at in everywhere() {
        for value in numbers.iter().map(|number| json!(number)).chain(others.iter().cloned()) {
            let mut changed = full();
            let place = changed.pointer_mut(&at).expect("it is there");
            if place.is_object() && value.is_array() {
                continue;
            }
            *place = value.clone();
            assert!(schema.accepts(&changed) || !reader_accepts(&changed), "{value} at {at}");
        }
    }
}

#[test]
fn both_refuse_what_is_out_of_bounds() {
    let schema = Schema::read();
    let broken = [
        ("/version", json!(2)),
        ("/prediction/question", json!("")),
        ("/prediction/question", json!("q".repeat(241))),
        ("/prediction/answers", json!([{ "text": "a", "right": true, "because": "b" }])),
        ("/prediction/answers/0/right", json!(false)),
        ("/prediction/answers/1/right", json!(true)),
        ("/prediction/answers/0/because", json!("")),
        ("/prediction/answers/0/text", json!("é".repeat(241))),
        ("/promise/why", json!("")),
        ("/promise/refused", json!(["a b"])),
        ("/promise/refused", json!(["phone", "phone"])),
        ("/promise/refused_at_least", json!(0)),
        ("/promise/refused_at_least", json!(257)),
        ("/promise/rise", json!(["TcpExtPAWSPassive"])),
        ("/promise/stay", json!(["ListenOverflows", "ListenOverflows"])),
        ("/promise/failures", json!(["ENOENT"])),
        ("/promise/failures", json!(["ETIMEDOUT", "ETIMEDOUT"])),
        ("/promise/time_wait/at_most", json!(20_001)),
        ("/duration_s", json!(0)),
        ("/duration_s", json!(3_601)),
        ("/seed", json!(-1)),
        ("/wall_clock_ms", json!(0)),
        ("/closes_first", json!("nobody")),
        ("/server/port", json!(0)),
        ("/server/kernel", json!("windows")),
        ("/server/backlog", json!(65_536)),
        ("/server/clock/hz", json!(1_024)),
        ("/server/clock/tsval", json!(4_294_967_296_u64)),
        ("/server/addr", json!("localhost")),
        ("/server/name", json!("a b")),
        ("/server/requests_per_connection", json!(0)),
        ("/server/sysctls", json!({ "net.ipv4.tcp_sack": "1" })),
        ("/server/sysctls", json!({ "net.ipv4.tcp_tw_reuse": 1 })),
        ("/nat/idle_s", json!(0)),
        ("/nat/ports", json!("any")),
        ("/nat/inside", json!("10.0.0.0")),
        ("/nat/link/loss_percent", json!(101)),
        ("/nat/link/back/jitter_ms", json!(10_001)),
        ("/nat/link/back/loss_percent", json!(101)),
        ("/nat/link/duplicate_percent", json!(101)),
        ("/boxes/0/kind", json!({ "toaster": {} })),
        ("/boxes/0/kind/firewall/timestamps", json!("odd")),
        ("/boxes/1/kind/load-balancer/first_port", json!(0)),
        ("/database/kernel", json!("macos")),
        ("/database/response_bytes", json!(0)),
        ("/hosts/0/kernel", json!("5.4")),
        ("/hosts/0/count", json!(0)),
        ("/hosts/0/count", json!(257)),
        ("/hosts/0/traffic/interval_ms", json!(0)),
        ("/hosts/0/traffic/at_once", json!(0)),
        ("/hosts/0/traffic/patience_ms", json!(0)),
        ("/actions/0/do/set-sysctl/key", json!("net.ipv4.tcp_sack")),
        ("/actions/1/do", json!({ "explode": {} })),
        ("/actions/1/do/set-kernel/version", json!("windows")),
        ("/actions/7/do/set-accepting/accepting", json!("no")),
    ];
    for letters in [1, 240] {
        let mut changed = full();
        changed["prediction"]["question"] = json!("é".repeat(letters));
        assert!(schema.accepts(&changed) && reader_accepts(&changed), "a question of {letters} letters");
    }
    for (at, value) in broken {
        let mut changed = full();
        *changed.pointer_mut(at).expect("it is there") = value.clone();
        assert!(!schema.accepts(&changed), "the schema takes {value} at {at}");
        assert!(!reader_accepts(&changed), "the reader takes {value} at {at}");
    }
}
