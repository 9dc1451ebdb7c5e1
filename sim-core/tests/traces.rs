//! Traces from outside: what `check` finds in those that cannot be, and which of them are read.

use sim_core::invariants::check;
use sim_core::kernel::counter::Counter;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel::state::State;
use sim_core::scenario::{Action, Scenario};
use sim_core::time::{SimTime, Span};
use sim_core::trace::{Event, Record, Timer, TraceError};
use sim_core::{Trace, run};

fn incident() -> Trace {
    run(&Scenario::preset("one-address-many-servers").expect("the preset reads"))
}

fn position(trace: &Trace, wanted: impl Fn(&Event) -> bool) -> usize {
    trace.records.iter().position(|record| wanted(&record.event)).expect("the incident has such a record")
}

/// What `check` says first about the incident with one thing changed.
fn found(change: impl FnOnce(&mut Trace)) -> String {
    let mut trace = incident();
    change(&mut trace);
    check(&trace).first().map(|violation| violation.what.clone()).unwrap_or_default()
}

#[test]
fn what_cannot_be_is_found() {
    let begins = |said: String, expected: &str| assert!(said.starts_with(expected), "{said}");
    begins(found(|trace| trace.records[20].at = SimTime::from_secs(170)), "time goes back from 170.000000");
    let twice = found(|trace| {
        let arrived = position(trace, |event| *event == Event::SegmentArrived);
        trace.records.insert(arrived, trace.records[arrived].clone());
    });
    begins(twice, "a segment that was not expected here and now");
    let never = found(|trace| {
        let arrived = position(trace, |event| *event == Event::SegmentArrived);
        trace.records.remove(arrived);
    });
    begins(never, "segment ");
    let sideways = found(|trace| {
        let is_open = |event: &Event| matches!(event, Event::StateSet { new: State::Established, .. });
        let open = position(trace, is_open);
        if let Event::StateSet { new, .. } = &mut trace.records[open].event {
            *new = State::TimeWait;
        }
    });
    begins(sideways, "no way leads from");
    let uncounted = found(|trace| {
        let counted =
            position(trace, |event| matches!(event, Event::CounterAdded { counter: Counter::ListenDrops, .. }));
        trace.records.remove(counted);
    });
    begins(uncounted, "ListenDrops did not rise with a refusal");
    let unrefused = found(|trace| {
        let refused = position(
            trace,
            |event| matches!(event, Event::SegmentDropped { reason, .. } if *reason == DropReason::RecycleTimestamp),
        );
        trace.records.remove(refused);
    });
    begins(unrefused, "PAWSPassive rises without a refusal");
}

#[test]
fn a_time_wait_that_goes_on_too_long_is_found() {
    let is_set = |event: &Event| matches!(event, Event::TimerSet { timer: Timer::TimeWait, .. });
    let late = found(|trace| {
        let set = trace.records.iter().rposition(|record| is_set(&record.event)).expect("there are some");
        if let Event::TimerSet { expires, .. } = &mut trace.records[set].event {
            *expires = *expires - Span::from_millis(600);
        }
    });
    assert!(late.starts_with("TIME_WAIT of 203.0.113.7:40160 outlives its timer"), "{late}");
    let timeless = found(|trace| {
        // The last TIME_WAIT is from 179.134 to 179.964 s.
        trace.duration = Span::from_millis(179_900);
        trace.records.retain(|record| !is_set(&record.event) && record.at.since(SimTime::ZERO) <= trace.duration);
    });
    assert!(timeless.contains("has no timer"), "{timeless}");
}

#[test]
fn nothing_happens_at_a_host_that_has_left() {
    let mut scenario = Scenario::preset("one-address-many-servers").expect("the preset reads");
    scenario.act(60_000, Action::RemoveHost { name: "web-2".into() });
    let mut trace = run(&scenario);
    assert_eq!(check(&trace), []);
    let left = position(&trace, |event| *event == Event::Left);
    let (node, at) = (trace.records[left].node, trace.records[left].at);
    assert_eq!((trace.nodes[usize::from(node.0)].name.as_str(), at), ("web-2", SimTime::from_secs(60)));
    let event = Event::Note { text: "still here".into() };
    trace.records.push(Record { at: SimTime::from_secs(180), node, segment: None, connection: None, event });
    assert_eq!(check(&trace).first().map(|violation| violation.what.as_str()), Some("its node has left"));
}

#[test]
fn a_trace_of_this_version_is_read_and_one_of_another_is_refused_by_its_number() {
    let trace = incident();
    let json = serde_json::to_string(&trace).expect("a trace is JSON");
    assert_eq!(Trace::from_json(&json), Ok(trace));
    let later = json.replacen("\"schema\":1", "\"schema\":7", 1);
    let error = Trace::from_json(&later).expect_err("nobody knows version 7");
    assert_eq!(error, TraceError::Version { found: 7 });
    assert_eq!(error.to_string(), "a trace of schema 7; this version reads schema 1");
    let error = Trace::from_json("{\"schema\":1}").expect_err("no trace");
    assert!(error.to_string().starts_with("no trace: missing field `nodes`"), "{error}");
}
