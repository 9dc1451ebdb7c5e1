//! Comparisons of all scenarios with themselves after a change.

use sim_core::scenario::PRESETS;

use super::*;
use crate::plan::{Base, Key, Plan};
use crate::run::SharedRun;

fn plans() -> impl Iterator<Item = Plan> {
    PRESETS.iter().map(|preset| Plan::of(Base::preset(preset.name).unwrap()))
}

/// The run of a plan, and the run with recycle off from `at` on.
fn healed(plan: &Plan, at: SimTime) -> [SharedRun; 2] {
    let mut healed = plan.clone();
    healed.set_at(at, Key::RECYCLE, 0);
    [Run::of(plan), Run::of(&healed)]
}

#[test]
fn the_same_plan_on_both_sides_has_no_difference() {
    for plan in plans() {
        let comparison = Comparison::of([&Run::of(&plan), &Run::of(&plan)]);
        assert_eq!(comparison.first, None);
        assert!(comparison.pairs.iter().all(|pair| !pair.differs()));
        assert!(comparison.counters.values().all(|[before, after]| before == after));
    }
}

/// Both runs are the same before the change, and no SYN is refused after it.
#[test]
fn recycle_off_changes_nothing_before_and_refuses_nobody_after() {
    for plan in plans().filter(|plan| plan.initial().value(Key::RECYCLE).is_some()) {
        let at = SimTime::from_millis(u64::from(plan.base.scenario.duration_s) * 500);
        let runs = healed(&plan, at);
        let comparison = Comparison::of([&runs[0], &runs[1]]);
        assert!(comparison.first.iter().all(|first| first.at >= at));
        for pair in &comparison.pairs {
            let [before, after] = &pair.lanes;
            assert_eq!(after.refused.iter().filter(|refused| **refused >= at).count(), 0);
            let until = |times: &[SimTime]| times.iter().filter(|time| **time < at).count();
            assert_eq!(until(&before.refused), until(&after.refused));
        }
        let just_before = at - sim_core::time::Span::from_micros(1);
        for counter in comparison.counters.keys() {
            assert_eq!(comparison.counter(*counter, 0, just_before), comparison.counter(*counter, 1, just_before));
        }
    }
}

/// Each attempt and each refusal of a run is in exactly one lane.
#[test]
fn the_lanes_hold_all_attempts_and_refusals() {
    for plan in plans() {
        let run = Run::of(&plan);
        let comparison = Comparison::of([&run, &run]);
        let sum = |of: fn(&HostLane) -> usize| comparison.pairs.iter().map(|pair| of(&pair.lanes[1])).sum::<usize>();
        assert_eq!(sum(|lane| lane.attempts.len()), run.index.status(run.end()).attempted);
        assert_eq!(sum(|lane| lane.refused.len()), run.index.refusals.len());
        assert_eq!(
            sum(|lane| AttemptOutcome::ALL.map(|outcome| lane.count(outcome)).iter().sum()),
            sum(|lane| lane.attempts.len())
        );
    }
}

#[test]
fn the_counters_are_those_of_the_snapshot() {
    let plan = Plan::incident().unwrap();
    let runs = healed(&plan, SimTime::from_secs(60));
    let comparison = Comparison::of([&runs[0], &runs[1]]);
    for (side, run) in runs.iter().enumerate() {
        let refused = run.index.first_refusal().unwrap().at;
        for at in [SimTime::ZERO, refused, SimTime::from_secs(100), run.end()] {
            for row in run.snapshot(at, None).server.counters {
                assert_eq!(comparison.counter(row.counter, side, at), row.value, "{} at {at}", row.counter.name());
            }
        }
    }
}

/// The run without recycle answers a SYN that the other one refuses. This is the first difference on the wire.
#[test]
fn the_first_difference_is_a_syn_that_is_answered() {
    let plan = Plan::incident().unwrap();
    let runs = healed(&plan, SimTime::from_secs(60));
    let first = Comparison::of([&runs[0], &runs[1]]).first.unwrap();
    let event = |side: usize| first.records[side].map(|record| &runs[side].trace.records[record].event);
    assert!(matches!(event(0), Some(Event::SegmentDropped { reason: DropReason::RecycleTimestamp, .. })));
    assert!(
        matches!(event(1), Some(Event::SegmentSent { header, .. }) if SegmentKind::of(header) == SegmentKind::SynAck)
    );
}

#[test]
fn a_host_that_is_in_one_run_only_has_an_empty_lane_in_the_other() {
    let plan = Plan::incident().unwrap();
    let mut joined = plan.clone();
    let add = crate::plan::ChangeKind::Add(crate::plan::Place::BehindNat);
    joined.insert(crate::plan::Change { at: SimTime::from_secs(20), what: add });
    let comparison = Comparison::of([&Run::of(&plan), &Run::of(&joined)]);
    let alone: Vec<_> = comparison.pairs.iter().filter(|pair| pair.lanes[0].attempts.is_empty()).collect();
    assert_eq!(alone.len(), 1);
    assert!(!alone[0].lanes[1].attempts.is_empty());
}
