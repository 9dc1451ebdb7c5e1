//! The chart of clocks, checked against the trace, the snapshots and the rules.

use sim_core::Scenario;
use sim_core::kernel::counter::Counter;
use sim_core::kernel_version::PAWS_WINDOW;
use sim_core::scenario::PRESETS;
use sim_core::time::Span;
use sim_core::trace::{Event, Record};

use super::*;
use crate::plan::Key;
use crate::run::Run;
use crate::run::SharedRun;

const INCIDENT: &str = "one-address-many-servers";

fn preset(name: &str) -> Scenario {
    Scenario::preset(name).unwrap()
}

fn each_preset() -> impl Iterator<Item = (&'static str, SharedRun)> {
    PRESETS.iter().map(|preset| (preset.name, Run::from(Scenario::from_json(preset.json).unwrap())))
}

fn all_of(run: &Run) -> Vec<Clocks> {
    addresses(run).into_iter().map(|address| Clocks::of(run, address)).collect()
}

/// Checks that a SYN is marked as refused if and only if it is below the remembered timestamp by more than the window.
fn check_marks(name: &str, run: &Run) {
    let all = all_of(run);
    let marks: usize = all.iter().map(|clocks| clocks.count(Verdict::Refused)).sum();
    assert_eq!(marks, run.index.refusals.len(), "{name}");
    for clocks in &all {
        let syns = clocks.hosts.iter().flat_map(|host| &host.syns);
        for syn in syns.filter(|syn| syn.verdict == Verdict::Refused) {
            let step = clocks.remembered(syn.at).unwrap_or_else(|| panic!("{name}: nothing remembered at {}", syn.at));
            assert!(step.counts, "{name}: {syn:?} {step:?}");
            let behind = syn.value.map(|value| step.value - value);
            assert!(behind.is_none_or(|behind| behind > i64::from(PAWS_WINDOW)), "{name}: {syn:?} {step:?}");
        }
    }
}

#[test]
fn every_refused_syn_is_a_mark_under_what_is_remembered() {
    for (name, run) in each_preset() {
        check_marks(name, &run);
    }
}

fn sends_cookie(record: &Record) -> bool {
    matches!(record.event, Event::CounterAdded { counter: Counter::TcpReqQFullDoCookies, .. })
}

#[test]
fn no_accepted_syn_is_below_the_remembered_timestamp() {
    for (name, run) in each_preset() {
        for clocks in all_of(&run) {
            let syns = clocks.hosts.iter().flat_map(|host| &host.syns);
            // A SYN that is answered with a SYN cookie is not compared (rule R15).
            let cookies: Vec<SimTime> =
                run.trace.records.iter().filter(|record| sends_cookie(record)).map(|it| it.at).collect();
            for syn in syns.filter(|syn| syn.verdict == Verdict::Taken && !cookies.contains(&syn.at)) {
                let Some(step) = clocks.remembered(syn.at).filter(|step| step.counts && step.from < syn.at) else {
                    continue;
                };
                let behind = syn.value.map(|value| step.value - value);
                assert!(behind.is_none_or(|behind| behind <= i64::from(PAWS_WINDOW)), "{name}: {syn:?} {step:?}");
            }
        }
    }
}

#[test]
fn the_numbers_are_those_of_the_refusal() {
    let run = Run::from(preset(INCIDENT));
    for refused in &run.index.refusals {
        let clocks = Clocks::of(&run, refused.header.unwrap().src.addr);
        let step = clocks.remembered(refused.at).unwrap();
        assert_eq!(tsval(step.value), refused.refusal.remembered.0);
        let host = clocks.hosts.iter().find(|host| Some(host.host) == refused.host).unwrap();
        let syn = host.syns.iter().find(|syn| syn.at == refused.at).unwrap();
        assert_eq!(syn.value.map(tsval), refused.refusal.tsval.map(|tsval| tsval.0));
        assert_eq!(step.value - syn.value.unwrap(), i64::from(refused.refusal.behind_by().unwrap()));
    }
}

#[test]
fn the_remembered_timestamps_match_the_snapshots() {
    for (name, run) in each_preset() {
        for address in addresses(&run) {
            let clocks = Clocks::of(&run, address);
            for at in (0..=20).map(|part| SimTime::from_micros(run.end().as_micros() * part / 20)) {
                let snapshot = run.snapshot(at, None);
                let row = snapshot.server.remembered.iter().find(|row| row.peer == address);
                let step = clocks.remembered(at);
                assert_eq!(step.map(|step| tsval(step.value)), row.map(|row| row.tsval.0), "{name} {address} {at}");
                let recycle = snapshot.server.sysctls.tcp_tw_recycle != 0;
                let counts = row.map(|row| row.counts && recycle);
                assert_eq!(step.map(|step| step.counts), counts, "{name} {address} {at}");
            }
        }
    }
}

#[test]
fn the_incident_has_six_running_clocks_and_every_syn_lies_on_one() {
    let run = Run::from(preset(INCIDENT));
    let clocks = Clocks::of(&run, addresses(&run)[0]);
    assert_eq!(clocks.address.to_string(), "203.0.113.7");
    assert_eq!(clocks.hosts.len(), 6);
    for host in &clocks.hosts {
        let [line] = host.lines[..] else { panic!("{host:?}") };
        // 250 ticks a second for 180 s.
        assert_eq!(line.last - line.first, 45_000);
        for syn in &host.syns {
            // A SYN takes at most 40 ms to the server.
            let there = line.first + i64::try_from(syn.at.as_micros()).unwrap() * 250 / 1_000_000;
            assert!((0..=10).contains(&(there - syn.value.unwrap())), "{syn:?}");
        }
    }
}

#[test]
fn per_connection_clocks_have_no_line() {
    for name in ["macos-client", "linux-4.10.0-client", "random-timestamps-by-a-firewall"] {
        // Without recycle nothing is remembered, so nothing else keeps a line from being drawn.
        let mut scenario = preset(name);
        scenario.server.sysctls.insert(Key::RECYCLE.name().to_owned(), "0".to_owned());
        let run = Run::from(scenario);
        let hosts: Vec<HostClock> = all_of(&run).into_iter().flat_map(|clocks| clocks.hosts).collect();
        assert!(all_of(&run).iter().all(|clocks| clocks.steps.is_empty()), "{name}");
        let stamped = |host: &&HostClock| host.syns.iter().any(|syn| syn.value.is_some());
        assert!(hosts.iter().filter(stamped).any(|host| host.lines.is_empty()), "{name}");
    }
}

#[test]
fn a_host_that_starts_again_has_two_lines() {
    let run = Run::from(preset("reboot"));
    let lines = all_of(&run).into_iter().flat_map(|clocks| clocks.hosts).map(|host| host.lines);
    let twice = lines.into_iter().find(|lines| lines.len() == 2).unwrap();
    assert!(twice[0].until <= twice[1].from);
    assert!(twice[1].first < twice[0].last, "its clock starts again below");
}

#[test]
fn clocks_that_pass_the_end_of_32_bits_go_on() {
    let mut scenario = preset(INCIDENT);
    // All clocks are moved up, so that web-1 is 60 s (15,000 ticks) before the wrap-around.
    let shift = u32::MAX - 15_000 - 5_011_800;
    scenario.hosts.iter_mut().for_each(|host| host.clock.tsval = host.clock.tsval.wrapping_add(shift));
    let run = Run::from(scenario);
    assert!(run.index.refusals.len() > 10);
    check_marks("wrapped", &run);
    let clocks = Clocks::of(&run, [203, 0, 113, 7].into());
    let low = clocks.steps.iter().filter(|step| tsval(step.value) < 1 << 30).count();
    assert!(0 < low && low < clocks.steps.len(), "the remembered clock passes zero");
    assert!(clocks.steps.windows(2).all(|pair| (pair[1].value - pair[0].value).abs() < 1 << 24));
}

#[test]
fn what_is_remembered_ends_after_a_minute_and_with_the_switch() {
    use sim_core::scenario::Action;
    let mut scenario = preset("one-host-alone");
    let off = Action::SetSysctl { key: Key::RECYCLE.name().to_owned(), value: "0".to_owned() };
    scenario.act(20_000, off);
    let run = Run::from(scenario);
    let clocks = Clocks::of(&run, addresses(&run)[0]);
    let at = |seconds| clocks.remembered(SimTime::from_secs(seconds)).map(|step| step.counts);
    assert_eq!(at(19), Some(true));
    assert_eq!(at(21), Some(false));
    for step in clocks.steps.iter().filter(|step| step.counts) {
        assert!(step.until.since(step.from) <= Span::from_secs(60));
    }
    assert!(clocks.steps.windows(2).all(|pair| pair[0].until == pair[1].from), "no hole in the line");
}

#[test]
fn random_clocks_lie_under_or_over_a_level_line() {
    let run = Run::from(preset("two-hundred-phones"));
    let clocks = Clocks::of(&run, addresses(&run)[0]);
    assert!(goes_round(&clocks.steps));
    let relative = clocks.relative();
    assert_eq!(relative.count(Verdict::Refused), run.index.refusals.len());
    for syn in relative.hosts.iter().flat_map(|host| &host.syns) {
        let value = syn.value.unwrap();
        assert!(value.unsigned_abs() <= 1 << 31, "{syn:?}");
        assert!(syn.verdict != Verdict::Refused || value < -i64::from(PAWS_WINDOW), "{syn:?}");
    }
}
