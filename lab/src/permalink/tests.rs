//! Links: scenarios survive the round trip, links are short, and broken links are rejected with a reason.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn preset(index: usize) -> Value {
    let preset = PRESETS[index % PRESETS.len()];
    value(&Scenario::from_json(preset.json).unwrap()).unwrap()
}

fn scenario(value: &Value) -> Scenario {
    Scenario::from_json(&value.to_string()).unwrap()
}

fn edited(index: usize, pointer: &str, new: Value) -> Scenario {
    let mut value = preset(index);
    *value.pointer_mut(pointer).unwrap() = new;
    scenario(&value)
}

/// Ten hosts that have nothing in common with those of the presets.
fn ten_hosts() -> Scenario {
    let kernels = ["3.10", "el7", "windows", "6.18"];
    let host = |number: u32| {
        json!({
            "name": format!("machine-{number}"), "addr": format!("172.16.9.{}", number * 7), "behind_nat": !number.is_multiple_of(3),
            "kernel": kernels[number as usize % 4],
            "clock": { "hz": 300, "tsval": number.wrapping_mul(2_654_435_761) },
            "link": { "delay_ms": 3 * number, "jitter_ms": number, "loss_percent": number % 4 },
            "traffic": { "first_ms": 977 * number, "interval_ms": 5_003 * number, "jitter_ms": 13 * number, "at_once": 2 },
        })
    };
    let mut value = preset(0);
    value["title"] = json!("Ten machines of a branch office");
    value["purpose"] = json!("A branch office calls the booking service of its headquarters, and some of it fails.");
    value["notice"] = json!([]);
    let fields = value.as_object_mut().unwrap();
    fields.remove("prediction");
    fields.remove("promise");
    value["nat"]["inside"] = json!("172.16.9.0/24");
    value["hosts"] = (1..=10).map(host).collect();
    for host in value["hosts"].as_array_mut().unwrap().iter_mut().filter(|host| host["behind_nat"] == false) {
        host["addr"] = json!(host["addr"].as_str().unwrap().replace("172.16.9", "192.0.2"));
    }
    scenario(&value)
}

#[test]
fn a_change_in_a_preset_makes_a_short_link() {
    let link = written(&edited(0, "/hosts/0/link/delay_ms", json!(250))).unwrap();
    assert!(link.len() < 120, "{} characters: {link}", link.len());
    for preset in PRESETS {
        let link = written(&Scenario::from_json(preset.json).unwrap()).unwrap();
        assert!(link.len() < 64, "{}: {} characters", preset.name, link.len());
    }
}

/// A handmade link that uses the first and the last abbreviation. It does not depend on a preset, so only a change of
/// the format can break it, and such a change needs a new version.
const GIVEN_OUT: &str = "1.aHc1mHsidmVyc2lvbiI6MSwidGl0bGUiOiJHaXZlbiBvdXQiLCJwdXJwb3NlIjoiIiwic2VlZCI6OCwiZHVyYXRpb25fcyI6NjAsIndhbG\
    xfY2xvY2tfbXMiOjE0Njc4ODU2MDAzNTAsImNsb3Nlc19maXJzdCI6InNlcnZlciIsInNlcnZlciI6eyJuYW1lIjoic2VydmVyIiwiYWRkci\
    I6IjE5OC41MS4xMDAuMTAiLCJwb3J0Ijo4MCwia2VybmVsIjoiNC45IiwiY2xvY2siOnsfMTAwMCwidHN2YWwiOjkxMjM0NTAwfSwiYmFja2\
    xvZyI6MTI4LCJzZXJ2aWNlX21zIjo0MCwicmVxdWVzdF9ieXRlcyI6MjIwLCJyZXNwb25zZV9ieXRlcyI6MTIwMH0sImhvc3RzIjpbeyJuYW\
    1lIjoiYSIsImFkZHIiOiIxOTIuMC4yLjEiLCJrZXJuZWwiOiJ3aW5kb3dzIiwiY2xvY2siOnsfMTAwLCJ0c3ZhbCI6NX0sImxpbmsiOnsiZG\
    VsYXlfbXMiOjEsImxvc3NfcGVyY2VudCI6Mn0sInRyYWZmaWMiOnsiZmlyc3RfbXMiOjMsImludGVydmFsX21zIjo0MDAwfX0seyJuYW1lIj\
    oiYiIsImFkZHIiOiIxOTIuMC4yLjIifV0sImFjdGlvbnMiOlt7ImF0X21zIjo3LCJkbyI6ewF0d19yZXVzZSIsInZhbHVlIjoiMSJ9fX1dfQ";

#[test]
fn old_permalinks_can_still_be_read() {
    let scenario = read(GIVEN_OUT).unwrap();
    assert_eq!((scenario.title.as_str(), scenario.duration_s, scenario.server.clock.hz), ("Given out", 60, 1_000));
    // The second host differs from the first only in its name and address.
    let [first, second] = scenario.hosts.as_slice() else { panic!("{} hosts", scenario.hosts.len()) };
    assert_eq!((second.name.as_str(), second.addr.to_string().as_str()), ("b", "192.0.2.2"));
    assert_eq!((second.kernel, second.link, second.traffic), (first.kernel, first.link, first.traffic));
    assert_eq!(first.link.loss_percent, 2);
    let action = serde_json::to_string(&scenario.actions[0].action).unwrap();
    assert_eq!(action, r#"{"set-sysctl":{"key":"net.ipv4.tcp_tw_reuse","value":"1"}}"#);
}

#[test]
fn ten_own_hosts_stand_alone_in_less_than_4_kb() {
    let scenario = ten_hosts();
    let link = written(&scenario).unwrap();
    assert!(link.len() < 4_096, "{} characters", link.len());
    assert_eq!(read(&link), Ok(scenario));
    let bytes = Base64UrlUnpadded::decode_vec(&link[VERSION.len()..]).unwrap();
    assert_eq!(bytes[4], b'{', "it starts from a preset: {}", String::from_utf8_lossy(&bytes[4..]));
}

#[test]
fn a_permalink_needs_no_percent_encoding() {
    let link = written(&edited(0, "/title", json!("Zürich & Genève = 100 %"))).unwrap();
    assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{link}");
}

#[test]
fn errors_name_the_broken_part() {
    let link = written(&edited(0, "/seed", json!(9))).unwrap();
    let said = |text: &str| read(text).unwrap_err();
    assert!(said("").contains("version"));
    assert!(said(&link.replacen('1', "2", 1)).contains("version"));
    assert!(said(&link[..link.len() - 5]).contains("incomplete") || said(&link[..link.len() - 5]).contains("damaged"));
    assert!(said(&"1".repeat(MOST_BYTES + 1)).contains("longer than 16384"));
    assert!(said("1.!!").contains("damaged"));
    assert!(said(&forged(Start::Nothing, "{}")).contains("missing field"));
    assert!(said(&forged(Start::named("reboot").unwrap(), r#"{"duration_s":9999}"#)).contains("1 to 3600"));
    // Every letter counts.
    for at in VERSION.len()..link.len() {
        let other = if link.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut broken = link.clone();
        broken.replace_range(at..=at, other);
        assert!(read(&broken).is_err(), "{broken}");
    }
}

/// A link with a valid checksum.
fn forged(start: Start, patch: &str) -> String {
    let payload = [&start.sum(patch), start.name().as_bytes(), patch.as_bytes()].concat();
    format!("{VERSION}{}", Base64UrlUnpadded::encode_string(&payload))
}

#[test]
fn oversized_links_are_rejected() {
    let many = |inner: &str, times: usize| format!("[{inner}{}]", ",{}".repeat(times));
    let nested = many(&many(&many("[0]", 900), 900), 900);
    let said = read(&forged(Start::Nothing, &format!(r#"{{"hosts":{nested}}}"#))).unwrap_err();
    assert!(said.contains("too large"), "{said}");
    let deep = format!(r#"{{"hosts":{}0{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    assert!(read(&forged(Start::Nothing, &deep)).is_err());
    let long = format!(r#"{{"hosts":[{{"name":"{}"}}{}]}}"#, "x".repeat(6_000), ",{}".repeat(1_500));
    assert!(read(&forged(Start::Nothing, &long)).is_err());
}

#[test]
fn the_largest_scenario_fits_the_bound_on_values() {
    let mut value = preset(1);
    let host = value["hosts"][0].clone();
    let named = |number: usize| {
        let mut host = host.clone();
        host["name"] = json!(format!("h{number}"));
        host["addr"] = json!(format!("10.1.{}.{}", number / 200, 1 + number % 200));
        host["behind_nat"] = json!(false);
        host["traffic"]["interval_ms"] = json!(3_600_000);
        host
    };
    value["hosts"] = (0..256).map(named).collect();
    value["actions"] = (0..1_000).map(|at| json!({ "at_ms": at, "do": { "reboot": { "name": "server" } } })).collect();
    let patch = diff::between(None, &value);
    let mut left = MOST_VALUES;
    assert_eq!(diff::applied(None, &patch, &mut left), Some(value.clone()));
    // The scenario is valid, but too long for an address.
    assert_eq!(written(&scenario(&value)), None);
}

/// A random change that keeps the scenario valid.
#[derive(Clone, Debug)]
enum Edit {
    Number(&'static str, u32),
    Words(String),
    Duplicate(usize),
    Remove(usize),
    Delay(usize, u32),
    Act(u32, bool),
    NoNat,
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (prop::sample::select(vec!["/seed", "/server/service_ms", "/server/clock/tsval"]), 0..60_000_u32)
            .prop_map(|(at, number)| Edit::Number(at, number)),
        ".{0,40}".prop_map(Edit::Words),
        (0..9_usize).prop_map(Edit::Duplicate),
        (0..9_usize).prop_map(Edit::Remove),
        (0..9_usize, 0..10_000_u32).prop_map(|(host, delay)| Edit::Delay(host, delay)),
        (0..1_000_u32, any::<bool>()).prop_map(|(at, accepting)| Edit::Act(at, accepting)),
        Just(Edit::NoNat),
    ]
}

fn edit(value: &mut Value, edit: Edit) {
    let hosts = value["hosts"].as_array_mut().unwrap();
    let count = hosts.len().max(1);
    match edit {
        Edit::Duplicate(index) if !hosts.is_empty() => {
            let copy = hosts[index % count].clone();
            hosts.push(copy);
        }
        Edit::Remove(index) if !hosts.is_empty() => drop(hosts.remove(index % count)),
        Edit::Delay(index, delay) if !hosts.is_empty() => {
            hosts[index % count]["link"]["delay_ms"] = json!(delay);
        }
        Edit::Number(at, number) => *value.pointer_mut(at).unwrap() = json!(number),
        Edit::Words(text) => value["title"] = json!(text),
        Edit::Act(at, accepting) => {
            let action = json!({ "at_ms": at, "do": { "set-accepting": { "accepting": accepting } } });
            value["actions"].as_array_mut().unwrap().push(action);
        }
        Edit::NoNat => drop(value.as_object_mut().unwrap().remove("nat")),
        Edit::Duplicate(_) | Edit::Remove(_) | Edit::Delay(..) => {}
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".*", payload in "[A-Za-z0-9_-]{0,200}") {
        let _ = read(&text);
        let _ = read(&format!("{VERSION}{payload}"));
        let _ = read(&forged(Start::Nothing, &text));
        let _ = read(&forged(Start::Nothing, &format!("{{{text}")));
    }

    #[test]
    fn what_is_packed_is_unpacked(text in "[ -~\u{80}-\u{ffff}]*", index in 0..PRESETS.len()) {
        prop_assert_eq!(abbreviations::unpacked(&abbreviations::packed(&text)), text);
        let json = preset(index).to_string();
        let packed = abbreviations::packed(&json);
        prop_assert!(packed.len() * 10 < json.len() * 9);
        prop_assert_eq!(abbreviations::unpacked(&packed), json);
    }

    #[test]
    fn every_patch_is_the_way_between_its_values(
        from in 0..PRESETS.len(),
        to in 0..PRESETS.len(),
        edits in prop::collection::vec(any_edit(), 0..8),
    ) {
        let mut new = preset(to);
        edits.into_iter().for_each(|one| edit(&mut new, one));
        let old = preset(from);
        let patch = diff::between(Some(&old), &new);
        prop_assert_eq!(diff::applied(Some(old), &patch, &mut MOST_VALUES.clone()), Some(new.clone()));
        // A duplicate may have the name and address of its original, which is invalid. Every valid scenario has a link
        // and survives the round trip.
        if let Ok(scenario) = Scenario::from_json(&new.to_string()) {
            let link = written(&scenario).unwrap();
            prop_assert!(link.len() < MOST_BYTES);
            prop_assert_eq!(read(&link), Ok(scenario));
        }
    }

    #[test]
    fn hostile_patches_end(keys in prop::collection::vec("[a-z_]{1,12}", 1..6), depth in 0..60_usize) {
        let mut patch = json!([{}, null, 7]);
        for key in keys.iter().cycle().take(depth) {
            patch = json!({ key: [patch, {}, {}] });
        }
        let _ = read(&forged(Start::named("reboot").unwrap(), &patch.to_string()));
    }
}
