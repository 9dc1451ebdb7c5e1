//! Acting in the past: going on from a checkpoint with one more action gives what a run from the start gives.

use sim_core::scenario::{Action, LinkSetup, PRESETS, Scenario};
use sim_core::sim::{Checkpoints, TooLate};
use sim_core::time::{SimTime, Span};
use sim_core::{Sim, Trace, run};

fn preset(name: &str) -> Scenario {
    Scenario::preset(name).expect("the preset reads")
}

fn off() -> Action {
    Action::SetSysctl { key: "net.ipv4.tcp_tw_recycle".into(), value: "0".into() }
}

/// Every preset, at the moment of a checkpoint, just before and after one, at the start and at the end.
#[test]
fn a_fork_is_a_fresh_run() {
    for preset in PRESETS {
        let scenario = Scenario::from_json(preset.json).expect("the preset reads");
        let checkpoints = Checkpoints::of(&scenario, Span::from_secs(10));
        let digest = |trace: Trace| trace.digest();
        assert_eq!(checkpoints.trace().map(digest), Some(digest(run(&scenario))), "{}", preset.name);
        for at_ms in [0, 1, 9_999, 10_000, 10_001, 33_333, u64::from(scenario.duration_s) * 1_000] {
            let name = scenario.hosts.first().map(|host| host.name.clone()).unwrap_or_default();
            let link = LinkSetup { jitter_ms: 9, loss_percent: 30, ..LinkSetup::of(5) };
            for action in [off(), Action::Reboot { name: name.clone() }, Action::SetLink { name: name.clone(), link }] {
                let mut with = scenario.clone();
                with.act(at_ms, action.clone());
                let fork = checkpoints.fork(at_ms, action.clone()).expect("a moment of the run");
                assert_eq!(digest(fork.into_trace()), digest(run(&with)), "{} at {at_ms} ms: {action:?}", preset.name);
            }
        }
    }
}

#[test]
fn a_moment_that_has_been_reached_takes_no_action() {
    let mut sim = Sim::new(&preset("one-address-many-servers"));
    assert_eq!(sim.act(0, off()), Ok(()), "nothing has happened yet");
    sim.run_until(SimTime::from_secs(20));
    let now = SimTime::from_secs(20);
    assert_eq!(sim.act(20_000, off()), Err(TooLate { at: now, now }));
    assert_eq!(sim.act(20_001, off()), Ok(()));
}
