//! The same scenario gives the same bytes of trace: run twice, natively, and as wasm.
//!
//! `tests/golden/digests.txt` has one line a run: the digest of its trace and what was changed in the incident. The
//! native test and the wasm test compare with the same file, and the native one rewrites it where `BLESS` is set.

use sim_core::scenario::{Action, Scenario, Side};
use sim_core::{Trace, run};

const DIGESTS: &str = include_str!("../../tests/golden/digests.txt");

/// The incident with one thing changed.
type Change = (&'static str, fn(&mut Scenario));

const CHANGES: &[Change] = &[
    ("nothing", |_| {}),
    ("recycle off at 24.31 s", |scenario| scenario.act(24_310, set("tcp_tw_recycle", "0"))),
    ("timestamps off at 20 s", |scenario| scenario.act(20_000, set("tcp_timestamps", "0"))),
    ("the clients close first", |scenario| scenario.closes_first = Side::Client),
    ("two hosts join at 12 s", |scenario| {
        scenario.act(12_000, Action::AddHost { behind_nat: true });
        scenario.act(12_000, Action::AddHost { behind_nat: false });
    }),
    ("another kernel at 30 s, and back at 90 s", |scenario| {
        scenario.act(30_000, kernel("6.18"));
        scenario.act(90_000, kernel("4.9"));
    }),
    ("3.10 everywhere", |scenario| every_kernel(scenario, "3.10")),
    ("6.18 everywhere", |scenario| every_kernel(scenario, "6.18")),
    ("another seed", |scenario| scenario.seed = 9),
];

fn set(key: &str, value: &str) -> Action {
    Action::SetSysctl { key: format!("net.ipv4.{key}"), value: value.to_owned() }
}

fn kernel(version: &str) -> Action {
    Action::SetKernel { version: version.parse().expect("a known kernel") }
}

fn every_kernel(scenario: &mut Scenario, version: &str) {
    scenario.server.kernel = version.parse().expect("a known kernel");
    for host in &mut scenario.hosts {
        host.kernel = scenario.server.kernel;
    }
}

fn trace_of(change: fn(&mut Scenario)) -> Trace {
    let mut scenario = Scenario::preset("one-address-many-servers").expect("the preset reads");
    change(&mut scenario);
    run(&scenario)
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_run_gives_the_recorded_digest() {
    let lines: Vec<String> =
        CHANGES.iter().map(|(name, change)| format!("{} {name}\n", trace_of(*change).digest())).collect();
    let now = lines.concat();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("BLESS").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/digests.txt");
        return std::fs::write(file, now).expect("the golden file can be written");
    }
    assert_eq!(now, DIGESTS, "blessed by BLESS=1, once the difference was read");
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_second_run_gives_the_same_trace() {
    for (name, change) in CHANGES {
        assert_eq!(trace_of(*change), trace_of(*change), "{name}");
    }
}

/// Reading a trace back gives the same trace, so a digest stands for the whole of it.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_trace_survives_json() {
    let trace = trace_of(|_| {});
    let json = serde_json::to_string(&trace).expect("a trace is JSON");
    let read: Trace = serde_json::from_str(&json).expect("and can be read back");
    assert_eq!(read, trace);
}
