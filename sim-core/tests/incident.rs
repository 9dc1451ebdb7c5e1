//! The incident, as its preset tells it: who is refused, by whom, and what ends it.

use sim_core::invariants::check;
use sim_core::scenario::{Action, Scenario};
use sim_core::time::SimTime;
use sim_core::trace::query::Index;
use sim_core::trace::{Outcome, Trace};
use sim_core::{Sim, run};

fn incident() -> Scenario {
    Scenario::preset("one-address-many-servers").expect("the preset reads")
}

fn set(key: &str, value: &str) -> Action {
    Action::SetSysctl { key: format!("net.ipv4.{key}"), value: value.to_owned() }
}

/// Attempts, refused attempts and established connections of one host.
fn tally(trace: &Trace, index: &Index, name: &str) -> (usize, usize, usize) {
    let host = trace.nodes.iter().position(|node| node.name == name).expect("the host is in the trace");
    let of_host: Vec<_> = index.attempts.iter().filter(|attempt| usize::from(attempt.host.0) == host).collect();
    let refused = of_host.iter().filter(|attempt| attempt.refused.is_some()).count();
    let established = of_host.iter().filter(|attempt| attempt.established.is_some()).count();
    (of_host.len(), refused, established)
}

/// How many connections are refused in the whole run.
fn refused(scenario: &Scenario) -> usize {
    let trace = run(scenario);
    assert_eq!(check(&trace), []);
    Index::new(&trace).status(SimTime::ZERO + trace.duration).refused
}

#[test]
fn the_first_refusal_shows_the_two_clocks_of_the_story() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    let first = index.first_refusal().expect("somebody is refused");
    let name = |node: Option<sim_core::trace::NodeId>| node.map(|node| trace.nodes[usize::from(node.0)].name.as_str());
    assert_eq!((name(first.host), name(first.because_of)), (Some("web-2"), Some("web-1")));
    let numbers = (first.refusal.remembered.0, first.refusal.tsval.map(|tsval| tsval.0), first.refusal.behind_by());
    assert_eq!(numbers, (5_012_400, Some(4_998_200), Some(14_200)));
    assert_eq!(first.at, SimTime::from_millis(8_214));
    let expected = "server remembers 5,012,400, the clock of web-1, for 203.0.113.7. web-2's SYN carries 4,998,200, which \
                    is 14,200 behind, so server drops it without an answer.";
    assert_eq!(index.sentence(&trace, first.record), expected);
}

#[test]
fn behind_the_address_hosts_get_through_at_times_and_elsewhere_always() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    for name in ["web-2", "web-3", "web-4", "web-5", "web-6"] {
        let (_, refused, established) = tally(&trace, &index, name);
        assert!(refused > 0 && established > 0, "{name}: {refused} refused, {established} established");
    }
    for name in ["web-1", "own-1", "own-2"] {
        let (attempts, refused, established) = tally(&trace, &index, name);
        assert_eq!((refused, established), (0, attempts), "{name}");
    }
    let status = index.status(SimTime::from_secs(180));
    assert!((60..=120).contains(&status.attempted), "{status:?}");
    assert!(status.refused * 3 >= status.attempted && status.refused * 2 <= status.attempted, "{status:?}");
}

#[test]
fn web_3_gets_in_with_the_sixth_copy_of_its_syn() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    let attempt = index.attempts.iter().find(|attempt| trace.nodes[usize::from(attempt.host.0)].name == "web-3");
    let attempt = attempt.expect("web-3 tries");
    let of_attempt = index.refusals.iter().filter(|refusal| refusal.connection == Some(attempt.connection));
    assert_eq!(of_attempt.count(), 5);
    assert!(attempt.ended.is_some_and(|(_, outcome)| outcome == Outcome::Answered));
}

#[test]
fn without_recycle_nobody_is_refused() {
    for reuse in ["0", "1", "2"] {
        let mut scenario = incident();
        scenario.server.sysctls.insert("net.ipv4.tcp_tw_recycle".into(), "0".into());
        scenario.server.sysctls.insert("net.ipv4.tcp_tw_reuse".into(), reuse.into());
        assert_eq!(refused(&scenario), 0, "tcp_tw_reuse {reuse}");
    }
}

#[test]
fn switching_recycle_off_heals_at_once() {
    for at_ms in [8_214, 24_310, 110_000] {
        let mut scenario = incident();
        scenario.act(at_ms, set("tcp_tw_recycle", "0"));
        let index = Index::new(&run(&scenario));
        let last = index.refusals.last().map(|refusal| refusal.at);
        assert!(last < Some(SimTime::from_millis(at_ms)), "switched off at {at_ms} ms, last refusal at {last:?}");
    }
}

/// R12: every SYN from a remembered address fails, also from addresses that nobody shares.
#[test]
fn switching_timestamps_off_instead_makes_it_worse() {
    let mut scenario = incident();
    scenario.act(20_000, set("tcp_timestamps", "0"));
    let trace = run(&scenario);
    let index = Index::new(&trace);
    let (_, refused, _) = tally(&trace, &index, "own-1");
    assert!(refused > 0, "own-1 has an address of its own and is refused all the same");
    let last = index.refusals.last().map(|refusal| refusal.at);
    assert!(last < Some(SimTime::from_secs(80)), "sixty seconds later it is over: {last:?}");
}

#[test]
fn a_kernel_without_recycle_refuses_nobody_and_reports_the_line() {
    for version in ["4.12", "4.14", "4.19", "6.18"] {
        let mut scenario = incident();
        scenario.server.kernel = version.parse().expect("a known kernel");
        assert_eq!(refused(&scenario), 0, "{version}");
    }
    for version in ["3.10", "el7", "4.4", "4.9", "4.10", "4.11"] {
        let mut scenario = incident();
        scenario.server.kernel = version.parse().expect("a known kernel");
        assert!(refused(&scenario) > 20, "{version}");
    }
}

/// Whatever the seed and the moment, so that the page's button does not depend on luck.
#[test]
fn a_host_that_joins_behind_the_address_joins_the_trouble_and_elsewhere_never() {
    for seed in 1..=20 {
        for at_ms in [0, 12_000, 70_000] {
            let mut scenario = incident();
            scenario.seed = seed;
            scenario.act(at_ms, Action::AddHost { behind_nat: true });
            scenario.act(at_ms, Action::AddHost { behind_nat: false });
            let trace = run(&scenario);
            assert_eq!(check(&trace), []);
            let index = Index::new(&trace);
            let (attempts, refused, _) = tally(&trace, &index, "web-7");
            let caused = index
                .refusals
                .iter()
                .any(|refusal| refusal.because_of.is_some_and(|node| trace.nodes[usize::from(node.0)].name == "web-7"));
            assert!(refused > 0 || caused, "seed {seed}, {at_ms} ms: {attempts} attempts, {refused} refused");
            let (attempts, refused, established) = tally(&trace, &index, "own-3");
            assert!(attempts > 0 && refused == 0, "seed {seed}, {at_ms} ms: own-3");
            // The last attempt may not be over when the run is.
            assert!(established + 1 >= attempts);
        }
    }
}

/// The part before an action does not depend on it, and a copy goes on as the original does.
#[test]
fn acting_later_changes_nothing_before() {
    let plain = run(&incident());
    let mut scenario = incident();
    scenario.act(50_000, set("tcp_tw_recycle", "0"));
    let changed = run(&scenario);
    let before = |trace: &Trace| trace.records.iter().take_while(|record| record.at < SimTime::from_secs(50)).count();
    assert_eq!(before(&plain), before(&changed));
    assert_eq!(plain.records[..before(&plain)], changed.records[..before(&changed)]);

    let mut original = Sim::new(&incident());
    original.run_until(SimTime::from_millis(61_717));
    let mut copy = original.clone();
    copy.run_until(copy.end());
    assert_eq!(copy.into_trace(), plain);
}
