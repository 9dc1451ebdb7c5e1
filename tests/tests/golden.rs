//! All presets: their golden files, the invariants of every trace, and the promises of the scenarios, which do not
//! depend on our output.
//!
//! `tests/golden/NAME.txt` is the output of a run when it was last read by a person. `BLESS=1` writes it again (`cargo
//! xtask bless`). The promise in each scenario is written by hand and follows from the rules of ARCHITECTURE.md.

use std::path::PathBuf;

use sim_core::invariants::check;
use sim_core::kernel::counter::Counter;
use sim_core::scenario::{Bounds, PRESETS, Promise, Scenario};
use sim_core::trace::{Errno, Trace};
use tests::{golden, promise};

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "golden", &format!("{name}.txt")].iter().collect()
}

fn trace_of(name: &str) -> (Scenario, Trace) {
    let scenario = Scenario::preset(name).unwrap_or_else(|| panic!("{name} is no preset that reads"));
    let trace = sim_core::run(&scenario);
    (scenario, trace)
}

#[test]
fn every_preset_runs_as_its_golden_file_says() {
    let mut different = Vec::new();
    for preset in PRESETS {
        let (scenario, trace) = trace_of(preset.name);
        let now = golden::text(&scenario, &trace);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(file(preset.name), now).unwrap();
        } else if std::fs::read_to_string(file(preset.name)).ok() != Some(now) {
            different.push(preset.name);
        }
    }
    assert!(different.is_empty(), "blessed by BLESS=1, once the difference was read: {different:?}");
}

#[test]
fn every_trace_of_a_preset_passes_the_check() {
    for preset in PRESETS {
        assert_eq!(check(&trace_of(preset.name).1), [], "{}", preset.name);
    }
}

#[test]
fn every_preset_keeps_the_promise_in_its_file_and_asks_before() {
    for preset in PRESETS {
        let (scenario, trace) = trace_of(preset.name);
        let promise = scenario.promise.as_ref().unwrap_or_else(|| panic!("{} promises nothing", preset.name));
        assert_eq!(promise::broken(&scenario, promise, &trace), [""; 0], "{}: {}", preset.name, promise.why);
        assert!(scenario.prediction.is_some(), "{} asks for no prediction", preset.name);
    }
}

/// A promise that says too little could not fail. Each one names a counter, and if it speaks of refusals, it says what
/// R1's counter does.
#[test]
fn every_promise_can_be_broken() {
    for preset in PRESETS {
        let (scenario, trace) = trace_of(preset.name);
        let Some(kept) = &scenario.promise else { continue };
        assert!(!kept.stay.is_empty(), "{}", preset.name);
        assert!(kept.refused.is_empty() || kept.rise.contains(&Counter::PawsPassive), "{}", preset.name);
        let broken = |change: &dyn Fn(&mut Promise)| {
            let mut promise = kept.clone();
            change(&mut promise);
            promise::broken(&scenario, &promise, &trace).len()
        };
        let host = scenario.hosts[0].name.clone();
        assert_eq!(broken(&|promise| promise.refused.push("nobody".into())), 1);
        assert_eq!(broken(&|promise| promise.refused = vec![host.clone(), "nobody".into()]), 1);
        assert_eq!(broken(&|promise| promise.refused_at_least = Some(257)), 1);
        assert_eq!(broken(&|promise| promise.rise.clone_from(&kept.stay)), kept.stay.len());
        assert_eq!(broken(&|promise| promise.stay.clone_from(&kept.rise)), kept.rise.len());
        assert_eq!(broken(&|promise| promise.failures = Some(vec![Errno::Eagain])), 1);
        assert_eq!(broken(&|promise| promise.time_wait = Some(Bounds { at_least: 500, at_most: 501 })), 1);
    }
}
