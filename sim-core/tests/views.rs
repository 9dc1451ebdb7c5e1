//! What the page asks of a trace, and what the tools would print, at moments of the incident.

use sim_core::export::{nstat, ss, tcpdump};
use sim_core::run;
use sim_core::scenario::{Action, Scenario};
use sim_core::time::SimTime;
use sim_core::trace::query::{Fate, Index};
use sim_core::trace::snapshot::{Phase, Snapshot};
use sim_core::trace::{Event, Role, Trace};

fn incident() -> Scenario {
    Scenario::preset("one-address-many-servers").expect("the preset reads")
}

fn ms(ms: u64) -> SimTime {
    SimTime::from_millis(ms)
}

fn name(trace: &Trace, node: sim_core::trace::NodeId) -> &str {
    &trace.nodes[usize::from(node.0)].name
}

#[test]
fn the_status_counts_connections_and_not_retries() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    let status = |at| (index.status(at).refused, index.status(at).attempted);
    assert_eq!(status(ms(0)), (0, 0));
    assert_eq!(status(ms(8_213)), (0, 3));
    assert_eq!(status(ms(8_214)), (1, 3));
    // Three retries later, and with a connection of own-2.
    assert_eq!((status(ms(12_000)), index.last_refusal(ms(12_000)).map(|last| last.at)), ((1, 4), Some(ms(11_214))));
    assert_eq!(index.next_refusal(ms(8_214)).map(|next| next.at), Some(ms(9_214)));
}

#[test]
fn stops_lead_through_the_run_and_back() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    let mut at = SimTime::ZERO;
    let mut forward = vec![at];
    while let Some(next) = index.next_stop(at) {
        assert!(next > at);
        at = next;
        forward.push(at);
    }
    let mut back = vec![at];
    while let Some(previous) = index.previous_stop(at) {
        at = previous;
        back.push(at);
    }
    back.reverse();
    assert_eq!(forward, back);
    assert!(forward.contains(&ms(8_214)) && forward.len() == index.stops.len());
    let refusal = Index::records_between(&trace, ms(8_214), ms(8_214));
    let dropped = trace.records[refusal].iter().filter(|record| matches!(record.event, Event::SegmentDropped { .. }));
    assert_eq!(dropped.count(), 1);
}

#[test]
fn a_refused_syn_is_seen_in_flight_and_falls_at_the_server() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    let flying = |at| -> Vec<String> {
        let flights = index.in_flight(SimTime::from_micros(at));
        let told = |flight: &sim_core::trace::query::Flight| {
            let fate = if matches!(flight.fate, Fate::Dropped(_)) { "falls" } else { "goes on" };
            format!("{} to {}: {fate}", name(&trace, flight.from), name(&trace, flight.to))
        };
        flights.map(told).collect()
    };
    assert_eq!(flying(8_199_999), [""; 0]);
    assert_eq!(flying(8_201_000), ["web-2 to nat: goes on"]);
    assert_eq!(flying(8_202_000), ["nat to server: falls"]);
    assert_eq!(flying(8_214_000), [""; 0]);
}

#[test]
fn a_refused_client_waits_for_its_next_retry() {
    let trace = run(&incident());
    let phase = |at| {
        let snapshot = Snapshot::at(&trace, at);
        let client = snapshot.clients.iter().find(|client| name(&trace, client.node) == "web-2").cloned();
        client.expect("web-2 is there").phase
    };
    assert_eq!(phase(ms(8_199)), Phase::Idle);
    for (at, tries, next, times) in [(8_200, 0, 9_200, 0), (8_214, 0, 9_200, 1), (9_214, 1, 11_200, 2)] {
        let Phase::Connecting { retries, next_retry, refused, since, .. } = phase(ms(at)) else { panic!("at {at} ms") };
        assert_eq!((retries, next_retry, refused, since), (tries, Some(ms(next)), times, ms(8_200)), "at {at} ms");
    }
    assert_eq!(phase(ms(17_200)), Phase::Idle, "its program gave up after nine seconds");
}

#[test]
fn the_memory_ages_by_whole_seconds_and_is_told_by_its_real_owner() {
    let trace = run(&incident());
    let remembered = |at| {
        let snapshot = Snapshot::at(&trace, at);
        let shared = snapshot.server.remembered.iter().find(|stamp| stamp.peer.to_string() == "203.0.113.7").copied();
        shared.map(|stamp| (stamp.tsval.0, stamp.age_s, stamp.counts, stamp.written_by.map(|node| name(&trace, node))))
    };
    assert_eq!(remembered(ms(2_413)), None);
    assert_eq!(remembered(ms(2_414)), Some((5_012_400, 0, true, Some("web-1"))));
    // The wall clock stood at .350 when the run began: its seconds turn at .650.
    assert_eq!(remembered(ms(2_650)), Some((5_012_400, 1, true, Some("web-1"))));
    assert_eq!(remembered(ms(61_649)), Some((5_012_400, 59, true, Some("web-1"))));
    assert_eq!(remembered(ms(61_650)), Some((5_012_400, 60, false, Some("web-1"))));
}

#[test]
fn the_panels_print_what_the_tools_print() {
    let mut scenario = incident();
    scenario.server.sysctls.insert("net.ipv4.tcp_tw_recycle".into(), "0".into());
    let trace = run(&scenario);
    let snapshot = Snapshot::at(&trace, ms(5_000));
    let printed = [
        "State      Recv-Q Send-Q   Local Address:Port     Peer Address:Port",
        "LISTEN     0      128            0.0.0.0:80            0.0.0.0:*",
        "TIME-WAIT  0      0        198.51.100.10:80        203.0.113.7:40112",
        "TIME-WAIT  0      0        198.51.100.10:80       203.0.113.40:46130",
    ];
    let mut lines = vec![ss::HEADER.to_owned()];
    lines.extend(ss::lines(&snapshot));
    assert_eq!(lines, printed);
    let timers: Vec<String> =
        snapshot.server.sockets.iter().filter_map(|row| row.timer).map(|timer| ss::timer(&timer, ms(5_000))).collect();
    assert_eq!(timers, ["timer:(timewait,57sec,0)", "timer:(timewait,59sec,0)"]);
    assert_eq!(nstat::lines(&snapshot), ["TcpExtPAWSPassive 0"]);

    let refused = Snapshot::at(&run(&incident()), ms(9_214));
    assert_eq!(nstat::lines(&refused), ["TcpExtPAWSPassive 2", "TcpExtListenDrops 2", "TcpExtTWKilled 2"]);
}

#[test]
fn the_first_refused_syn_as_tcpdump_prints_it() {
    let trace = run(&incident());
    let index = Index::new(&trace);
    let header = index.first_refusal().and_then(|refusal| refusal.header).expect("a refused SYN");
    let expected = format!(
        "IP 203.0.113.7.40113 > 198.51.100.10.80: Flags [S], seq {}, win 28960, options [mss 1460,nop,nop,TS val 4998200 \
         ecr 0], length 0",
        header.seq
    );
    assert_eq!(tcpdump::line(&header), expected);
}

#[test]
fn a_host_that_joins_is_there_from_then_on() {
    let mut scenario = incident();
    scenario.act(12_000, Action::AddHost { behind_nat: true });
    scenario.act(12_000, Action::AddHost { behind_nat: false });
    let trace = run(&scenario);
    let told: Vec<_> =
        trace.nodes.iter().rev().take(2).map(|node| (node.name.as_str(), node.addr.to_string())).collect();
    assert_eq!(told, [("own-3", "203.0.113.42".to_owned()), ("web-7", "10.0.0.7".to_owned())]);
    let clients = |at| Snapshot::at(&trace, at).clients.len();
    assert_eq!((clients(ms(11_999)), clients(ms(12_000))), (8, 10));
    assert!(
        trace.nodes.iter().all(|node| node.role != Role::Client || node.behind.is_some() == node.addr.is_private())
    );
}

#[test]
fn another_kernel_begins_with_nothing_but_its_settings() {
    let mut scenario = incident();
    scenario.act(10_000, Action::SetKernel { version: "4.12".parse().expect("a known kernel") });
    scenario.act(70_000, Action::SetKernel { version: "4.9".parse().expect("a known kernel") });
    let trace = run(&scenario);
    let at = |at| Snapshot::at(&trace, at).server;
    let (before, without, again) = (at(ms(9_999)), at(ms(10_000)), at(ms(70_000)));
    assert_eq!((before.sysctls.tcp_tw_recycle, again.sysctls.tcp_tw_recycle), (1, 1));
    assert!(!before.remembered.is_empty() && without.remembered.is_empty() && without.listening.is_some());
    assert!(without.counters.iter().all(|row| row.value == 0 && row.counter.name() != "PAWSPassive"));
    let refused =
        trace.records.iter().filter(|record| matches!(&record.event, Event::SysctlSet { error: Some(_), .. }));
    assert_eq!(refused.count(), 1, "4.12 has no tcp_tw_recycle, and says so");
    let index = Index::new(&trace);
    assert!(index.refusals.iter().all(|refusal| refusal.at < ms(10_000) || refusal.at > ms(70_000)));
    assert!(index.refusals.iter().any(|refusal| refusal.at > ms(70_000)));
}

/// A record without a sentence would be a hole in the event log.
#[test]
fn every_record_has_a_sentence() {
    let mut scenario = incident();
    scenario.act(20_000, Action::SetKernel { version: "6.18".parse().expect("a known kernel") });
    scenario.act(30_000, Action::AddHost { behind_nat: true });
    let trace = run(&scenario);
    let index = Index::new(&trace);
    for position in 0..trace.records.len() {
        let sentence = index.sentence(&trace, position);
        assert!(
            sentence.len() > 10
                && sentence.ends_with('.')
                && !sentence.contains(['{', '}'])
                && !sentence.contains("  "),
            "{:?}: {sentence}",
            trace.records[position]
        );
    }
    assert_eq!(index.sentence(&trace, trace.records.len()), "");
}
