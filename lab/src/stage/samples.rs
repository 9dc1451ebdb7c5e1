//! Plans for the tests of the stage: all presets, and worlds that no preset has.

use sim_core::scenario::PRESETS;
use sim_core::time::SimTime;

use crate::plan::{Base, Change, ChangeKind, Place, Plan};

/// The presets, the incident with as many added hosts as fit, and worlds that no preset has.
pub fn plans() -> Vec<(String, Plan)> {
    let preset = |name: &str| (name.to_owned(), Plan::of(Base::preset(name).unwrap()));
    let mut plans: Vec<(String, Plan)> = PRESETS.iter().map(|one| preset(one.name)).collect();
    let mut full = Plan::incident().unwrap();
    for at in [Place::BehindNat, Place::Own] {
        let change = Change { at: SimTime::from_secs(9), what: ChangeKind::Add(at) };
        full.changes.extend(core::iter::repeat_n(change, at.most_added()));
    }
    plans.push(("the incident, full".to_owned(), full));
    let made =
        [("boxes on both sides", BOTH_SIDES), ("a firewall that drops", DROPS), ("a NAT and a database", DATABASE)];
    plans.extend(made.map(|(name, more)| (name.to_owned(), incident_with(more))));
    plans
}

/// The incident with the JSON text `more` in front of its first host.
fn incident_with(more: &str) -> Plan {
    let incident = PRESETS.iter().find(|preset| preset.name == Base::INCIDENT).unwrap().json;
    let json = incident.replacen("\"hosts\": [", more, 1).replacen("\"duration_s\": 180", "\"duration_s\": 30", 1);
    Plan::of(Base::own(&json).unwrap())
}

/// 200 phones behind a firewall, another firewall in front of the NAT, and a load balancer and a firewall in front of
/// the server.
const BOTH_SIDES: &str = r#""boxes": [
    { "name": "strips", "in_front_of": ["phone"], "kind": { "firewall": { "timestamps": "strip" } } },
    { "name": "passes", "in_front_of": ["nat"], "kind": { "firewall": {} } },
    { "name": "balancer", "in_front_of": ["server"], "kind": { "load-balancer":
        { "addr": "198.51.100.1", "first_port": 10000, "last_port": 60999, "idle_s": 60 } } },
    { "name": "drops", "in_front_of": ["balancer"], "kind": { "firewall": { "drops_from": ["203.0.113.40"] } } }
], "hosts": [
    { "name": "phone", "count": 200, "addr": "198.18.0.1", "kernel": "macos", "clock": { "hz": 1000, "tsval": 7 },
      "link": { "delay_ms": 2 }, "traffic": { "first_ms": 1300, "interval_ms": 60000 } },"#;

const DROPS: &str = r#""boxes": [
    { "name": "firewall", "in_front_of": ["server"], "link": { "delay_ms": 1 },
      "kind": { "firewall": { "drops_from": ["203.0.113.40", "203.0.113.41"] } } }
], "hosts": ["#;

const DATABASE: &str = r#""database": { "name": "database", "addr": "198.51.100.20", "port": 5432, "kernel": "4.19",
    "clock": { "hz": 1000, "tsval": 61234500 }, "link": { "delay_ms": 1 }, "service_ms": 5, "request_bytes": 90,
    "response_bytes": 400
}, "hosts": ["#;
