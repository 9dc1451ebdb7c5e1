//! The world around the kernels: what boxes, links, programs and timed actions do to a run.

use sim_core::invariants::check;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::scenario::{
    Action, BoxKind, BoxSetup, ClockSetup, HostSetup, LinkSetup, Scenario, Side, StampRule, Traffic, WaySetup,
};
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::{Index, Status};
use sim_core::trace::snapshot::Snapshot;
use sim_core::trace::{Call, CallResult, Errno, Event, LossReason, Outcome, Takeover};
use sim_core::{Trace, run};

fn preset(name: &str) -> Scenario {
    Scenario::preset(name).expect("the preset reads")
}

/// One host that is alone, calls once, 1 s after the start, and waits for as long as its kernel does.
fn alone() -> Scenario {
    let mut scenario = preset("one-host-alone");
    let quiet =
        Traffic { first_ms: 1_000, interval_ms: 3_600_000, jitter_ms: 0, patience_ms: None, ..traffic(&scenario) };
    scenario.hosts[0].traffic = quiet;
    scenario
}

fn traffic(scenario: &Scenario) -> Traffic {
    scenario.hosts[0].traffic
}

fn checked(scenario: &Scenario) -> Trace {
    assert_eq!(scenario.check(), Ok(()));
    let trace = run(scenario);
    assert_eq!(check(&trace), []);
    trace
}

fn status(trace: &Trace) -> Status {
    Index::new(trace).status(SimTime::ZERO + trace.duration)
}

fn outcomes(trace: &Trace) -> Vec<Option<Outcome>> {
    Index::new(trace).attempts.iter().map(|attempt| attempt.ended.map(|(_, outcome)| outcome)).collect()
}

fn count(trace: &Trace, wanted: impl Fn(&Event) -> bool) -> usize {
    trace.records.iter().filter(|record| wanted(&record.event)).count()
}

fn lost(trace: &Trace, why: LossReason) -> usize {
    count(trace, |event| *event == Event::SegmentLost { reason: why })
}

#[test]
fn a_nat_that_reboots_in_the_middle_of_an_answer_loses_it() {
    let mut scenario = alone();
    scenario.server.service_ms = 2_000;
    scenario.act(2_000, Action::Reboot { name: "nat".into() });
    let trace = checked(&scenario);
    assert!(lost(&trace, LossReason::NoMapping) > 3, "the answer and its retransmissions");
    assert_eq!(outcomes(&trace), [None], "the host waits: nobody tells it");
    let mappings = |at| Snapshot::at(&trace, SimTime::from_millis(at)).nat.map(|nat| nat.mappings.len());
    assert_eq!([mappings(1_999), mappings(2_000)], [Some(1), Some(0)]);
}

#[test]
fn a_host_that_reboots_forgets_its_connection_and_answers_with_a_reset() {
    let mut scenario = alone();
    scenario.server.service_ms = 2_000;
    scenario.act(2_000, Action::Reboot { name: "web-1".into() });
    let trace = checked(&scenario);
    let resets = count(&trace, |event| matches!(event, Event::SegmentSent { header, .. } if header.rst()));
    assert!(resets > 0);
    let host = Snapshot::at(&trace, SimTime::from_secs(2)).clients[0].clone();
    assert!(host.open.is_empty());
    // Five minutes before zero, and ten seconds of boot, at 250 ticks a second.
    assert_eq!(host.tsval.map(|tsval| tsval.0), Some(0_u32.wrapping_sub(290 * 250)));
}

#[test]
fn a_firewall_that_drops_is_silence_without_a_counter() {
    let mut scenario = alone();
    let kind = BoxKind::Firewall { timestamps: StampRule::Pass, drops_from: vec![[203, 0, 113, 7].into()] };
    let firewall = BoxSetup { name: "wall".into(), in_front_of: vec!["server".into()], link: LinkSetup::of(1), kind };
    scenario.boxes.push(firewall);
    scenario.duration_s = 180;
    let trace = checked(&scenario);
    assert_eq!(lost(&trace, LossReason::Firewall), 7, "the SYN and its six retries (R13)");
    assert_eq!(outcomes(&trace), [Some(Outcome::Failed(Errno::Etimedout))]);
    assert_eq!(count(&trace, |event| matches!(event, Event::CounterAdded { .. })), 1, "TCPAbortOnTimeout of the host");
}

/// A server that sees no timestamps remembers none (R3), and R1 has nothing to compare.
#[test]
fn a_firewall_that_strips_timestamps_ends_the_trouble_when_it_sees_them_all() {
    let mut scenario = preset("one-address-many-servers");
    let kind = BoxKind::Firewall { timestamps: StampRule::Strip, drops_from: Vec::new() };
    let firewall = BoxSetup { name: "wall".into(), in_front_of: vec!["server".into()], link: LinkSetup::of(1), kind };
    scenario.boxes.push(firewall);
    let trace = checked(&scenario);
    assert_eq!(status(&trace).refused, 0);
    assert_eq!(count(&trace, |event| matches!(event, Event::StampRemembered { .. })), 0);
}

#[test]
fn a_link_that_breaks_one_way_only_is_heard_the_other_way() {
    let mut scenario = alone();
    scenario.nat.as_mut().expect("there is one").link.back =
        Some(WaySetup { delay_ms: 12, loss_percent: 100, ..WaySetup::default() });
    let trace = checked(&scenario);
    let arrived_at_server =
        trace.records.iter().filter(|record| record.node.0 == 0 && record.event == Event::SegmentArrived).count();
    assert!(arrived_at_server >= 7, "every SYN arrives: {arrived_at_server}");
    assert!(lost(&trace, LossReason::Link) >= 7, "no SYN-ACK comes back");
    assert_eq!(outcomes(&trace).len(), 1);
}

/// Bytes count once, whatever comes twice or out of order.
#[test]
fn copies_and_overtaking_do_not_disturb_an_answer_of_ten_segments() {
    let mut scenario = alone();
    scenario.server.response_bytes = 14_480;
    scenario.hosts[0].link = LinkSetup { jitter_ms: 40, duplicate_percent: 60, ..LinkSetup::of(5) };
    let trace = checked(&scenario);
    let copies = count(&trace, |event| matches!(event, Event::SegmentDuplicated { .. }));
    assert!(copies > 5, "{copies} copies");
    assert_eq!(outcomes(&trace), [Some(Outcome::Answered)]);
    let times: Vec<Option<SimTime>> = Index::new(&trace).flights.iter().map(|flight| flight.arrives).collect();
    assert!(!times.is_sorted(), "something was overtaken");
}

#[test]
fn a_connection_carries_as_many_requests_as_both_sides_know() {
    for closes_first in [Side::Client, Side::Server] {
        let mut scenario = alone();
        scenario.closes_first = closes_first;
        scenario.server.requests_per_connection = 5;
        scenario.hosts[0].traffic.pause_ms = Some(1_000);
        let trace = checked(&scenario);
        let sends = |len| {
            count(
                &trace,
                |event| matches!(event, Event::CallReturned { call: Call::Send { len: sent }, .. } if *sent == len),
            )
        };
        assert_eq!((sends(220), sends(1_200)), (5, 5), "{closes_first:?}");
        let ended = Index::new(&trace).attempts[0].ended.expect("it ends");
        assert_eq!(ended.1, Outcome::Answered);
        assert!(ended.0.since(SimTime::from_secs(5)) < Span::from_secs(1), "four pauses of a second: {}", ended.0);
    }
}

/// R6: a newer timestamp takes the socket over; an older one gets an ACK, answers it by a RST, and its retry gets in.
#[test]
fn a_four_tuple_that_comes_again_takes_over_or_is_answered_by_an_ack() {
    let trace = checked(&preset("same-four-tuple-again"));
    assert!(count(&trace, |event| matches!(event, Event::TimeWaitTaken { by: Takeover::Syn, .. })) > 5);
    let acked = |event: &Event| matches!(event, Event::SegmentDropped { reason: DropReason::TimeWaitAcked, .. });
    let resets = count(&trace, |event| matches!(event, Event::SegmentSent { header, .. } if header.rst()));
    assert!(count(&trace, acked) > 5 && resets >= count(&trace, acked));
    let failed = outcomes(&trace).into_iter().filter(|outcome| matches!(outcome, Some(Outcome::Failed(_))));
    assert_eq!(failed.count(), 0);
}

/// R8: twenty ports, two seconds from one query to the next, so the twenty-first finds none; R7 cures it.
#[test]
fn ports_run_out_at_the_server_and_its_hosts_see_a_connection_that_breaks_off() {
    let failed = |trace: &Trace| {
        let no_port = CallResult::Failed(Errno::Eaddrnotavail);
        let refused = |event: &Event| matches!(event, Event::CallReturned { call: Call::Connect { .. }, result } if *result == no_port);
        let first = trace.records.iter().find(|record| refused(&record.event)).map(|record| record.at);
        (count(trace, refused), first)
    };
    let (without, first) = failed(&checked(&preset("ports-run-out-reuse-0")));
    assert!(without > 5);
    let at = first.expect("there is one");
    assert!((SimTime::from_secs(38)..SimTime::from_secs(44)).contains(&at), "after twenty queries: {at}");
    assert_eq!(failed(&checked(&preset("ports-run-out-reuse-2"))).0, without);
    assert_eq!(failed(&checked(&preset("ports-run-out-reuse-1"))).0, 0);
    // To 4.14 a 2 is as good as a 1 (R7).
    let mut older = preset("ports-run-out-reuse-2");
    older.server.kernel = "4.14".parse().expect("a known kernel");
    assert_eq!(failed(&checked(&older)).0, 0);
}

#[test]
fn a_host_that_takes_an_address_leaves_its_own() {
    let mut scenario = preset("address-passed-on");
    scenario.act(45_000, Action::PassAddress { from: "nobody".into(), to: "new-1".into() });
    let trace = checked(&scenario);
    let taken = Event::AddressTaken { addr: [203, 0, 113, 40].into() };
    assert_eq!(count(&trace, |event| *event == taken), 1);
    assert_eq!(count(&trace, |event| *event == Event::Left), 1);
    let noted =
        count(&trace, |event| matches!(event, Event::Note { text } if text.contains("nobody here is called nobody")));
    assert_eq!(noted, 1);
    let late = trace.records.iter().filter(|record| record.at > SimTime::from_secs(41));
    let old = late.filter_map(|record| match &record.event {
        Event::SegmentSent { header, .. } => Some(header.src.addr.to_string()),
        _ => None,
    });
    assert!(old.filter(|addr| addr == "203.0.113.50").count() == 0, "nothing goes out from the address it gave up");
    let index = Index::new(&trace);
    let new = trace.nodes.iter().position(|node| node.name == "new-1").expect("it is there");
    let after_the_minute = SimTime::from_secs(100)..SimTime::from_secs(145);
    let mut late = index.attempts.iter().filter(|attempt| after_the_minute.contains(&attempt.at));
    let answered =
        late.all(|attempt| usize::from(attempt.host.0) != new || matches!(attempt.ended, Some((_, Outcome::Answered))));
    assert!(answered, "answers find it at the address that it took");
}

#[test]
fn an_entry_with_a_count_is_a_crowd_whose_clocks_and_moments_come_from_the_seed() {
    let scenario = preset("two-hundred-phones");
    let hosts = scenario.hosts_one_by_one();
    assert_eq!(hosts.len(), 201);
    let told = |host: &HostSetup| (host.name.clone(), host.addr.to_string());
    assert_eq!(told(&hosts[0]), ("android-1".to_owned(), "10.0.0.1".to_owned()));
    assert_eq!(told(&hosts[119]), ("android-120".to_owned(), "10.0.0.120".to_owned()));
    assert_eq!(told(&hosts[199]), ("iphone-80".to_owned(), "10.0.0.200".to_owned()));
    let clocks = |scenario: &Scenario| -> Vec<ClockSetup> {
        scenario.hosts_one_by_one().iter().map(|host| host.clock).collect()
    };
    assert!(clocks(&scenario).windows(2).all(|pair| pair[0] != pair[1]));
    assert!(clocks(&scenario).iter().all(|clock| clock.tsval <= 400_000_000));
    let other = Scenario { seed: scenario.seed + 1, ..scenario.clone() };
    assert_ne!(clocks(&scenario)[0], clocks(&other)[0]);
    let json = Scenario::from_json(&scenario.to_json());
    assert_eq!(json.map(|read| clocks(&read)), Ok(clocks(&scenario)));
}
