//! What holds in every trace, whatever the scenario: one pass over the records that notes what does not.

use core::fmt;
use std::collections::BTreeMap;

use crate::addr::FourTuple;
use crate::kernel::mib::Counter;
use crate::kernel::state::State;
use crate::time::SimTime;
use crate::trace::{Event, NodeId, Record, Role, SegmentId, Trace};

/// Something in a trace that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The position of the record in [`Trace::records`]; for what is missing at the end, the number of records.
    pub record: usize,
    /// What is wrong with it.
    pub what: String,
}

/// What is wrong with `trace`: nothing, as long as this crate is right.
///
/// - Time never goes back, and nothing happens at a node before it joined.
/// - A segment that is sent arrives once, at the next node and the moment that were said, or is lost for a reason.
/// - A connection's state changes from the state that it was in, along the edges of RFC 9293, 3.3.2 and of Linux.
/// - A counter rises by one at a time.
/// - Every refusal by R1 raises `PAWSPassive` and `ListenDrops`, and nothing else raises `PAWSPassive`.
#[must_use]
pub fn check(trace: &Trace) -> Vec<Violation> {
    let mut checker = Checker::new(trace);
    for (position, record) in trace.records.iter().enumerate() {
        checker.position = position;
        checker.take(record);
    }
    checker.position = trace.records.len();
    checker.end();
    checker.violations
}

struct Checker<'a> {
    trace: &'a Trace,
    position: usize,
    now: SimTime,
    /// Where each segment is under way to, and when it arrives there.
    under_way: BTreeMap<SegmentId, (NodeId, SimTime)>,
    states: BTreeMap<(NodeId, FourTuple), State>,
    counters: BTreeMap<(NodeId, Counter), u64>,
    /// Refusals by R1 that still wait for their counters.
    uncounted: BTreeMap<(NodeId, Counter), u32>,
    violations: Vec<Violation>,
}

impl<'a> Checker<'a> {
    fn new(trace: &'a Trace) -> Self {
        Self {
            trace,
            position: 0,
            now: SimTime::ZERO,
            under_way: BTreeMap::new(),
            states: BTreeMap::new(),
            counters: BTreeMap::new(),
            uncounted: BTreeMap::new(),
            violations: Vec::new(),
        }
    }

    fn take(&mut self, record: &Record) {
        if record.at < self.now {
            self.note(format!("time goes back from {} to {}", self.now, record.at));
        }
        if record.at > self.now {
            self.refusals_are_counted();
        }
        self.now = record.at;
        match self.trace.nodes.get(usize::from(record.node.0)) {
            Some(node) if node.joined <= record.at => {}
            _ => self.note("its node is not there"),
        }
        match &record.event {
            Event::Booted { .. } => self.boot(record.node),
            Event::StateSet { tuple, old, new } => self.state_set(record.node, *tuple, *old, *new),
            Event::CounterAdded { counter, total } => self.counter_added(record.node, *counter, *total),
            Event::SegmentDropped { reason, .. } if reason.is_recycle() => {
                for counter in reason.citation().counters {
                    *self.uncounted.entry((record.node, *counter)).or_default() += 1;
                }
            }
            Event::SegmentSent { to, arrives, .. } => self.sent(record, *to, *arrives),
            Event::SegmentArrived | Event::SegmentTranslated { .. } | Event::SegmentPassed { .. } => {
                self.arrived(record);
            }
            Event::SegmentLost { .. } => self.lost(record),
            _ => {}
        }
    }

    fn end(&mut self) {
        self.refusals_are_counted();
        let end = SimTime::ZERO + self.trace.duration;
        for (segment, (to, arrives)) in core::mem::take(&mut self.under_way) {
            if arrives <= end {
                self.note(format!("segment {} never arrived at node {}", segment.0, to.0));
            }
        }
    }

    /// A kernel that boots starts with nothing.
    fn boot(&mut self, node: NodeId) {
        self.states.retain(|(at, _), _| *at != node);
        self.counters.retain(|(at, _), _| *at != node);
    }

    fn state_set(&mut self, node: NodeId, tuple: FourTuple, old: State, new: State) {
        let before = self.states.remove(&(node, tuple)).unwrap_or(State::Close);
        if before != old {
            self.note(format!("a connection that is in {before} leaves {old}"));
        }
        if !is_edge(old, new) {
            self.note(format!("no way leads from {old} to {new}"));
        }
        if new != State::Close {
            self.states.insert((node, tuple), new);
        }
    }

    fn counter_added(&mut self, node: NodeId, counter: Counter, total: u64) {
        let before = self.counters.insert((node, counter), total).unwrap_or(0);
        if total != before + 1 {
            self.note(format!("{} goes from {before} to {total}", counter.name()));
        }
        match self.uncounted.get_mut(&(node, counter)) {
            Some(refusals) if *refusals > 0 => *refusals -= 1,
            _ if counter == Counter::PawsPassive => self.note("PAWSPassive rises without a refusal"),
            _ => {}
        }
    }

    /// A moment is over: what was refused in it has been counted.
    fn refusals_are_counted(&mut self) {
        for ((_, counter), left) in core::mem::take(&mut self.uncounted) {
            if left > 0 {
                self.note(format!("{} did not rise with a refusal", counter.name()));
            }
        }
    }

    fn sent(&mut self, record: &Record, to: NodeId, arrives: Option<SimTime>) {
        let Some(segment) = record.segment else { return self.note("a segment without a number") };
        if let Some(arrives) = arrives.filter(|arrives| *arrives < record.at) {
            self.note(format!("segment {} arrives at {arrives}, before it was sent", segment.0));
        }
        // One that never arrives is lost where it is, and the next record has to say so.
        let destination = arrives.map_or((record.node, record.at), |arrives| (to, arrives));
        if self.under_way.insert(segment, destination).is_some() {
            self.note(format!("segment {} is sent while it is under way", segment.0));
        }
    }

    fn arrived(&mut self, record: &Record) {
        let role = self.trace.nodes.get(usize::from(record.node.0)).map(|node| node.role);
        let expected = match record.event {
            Event::SegmentTranslated { .. } => role.is_some_and(Role::translates),
            Event::SegmentPassed { .. } => role == Some(Role::Firewall),
            _ => role.is_some_and(|role| !role.is_box()),
        };
        if !expected {
            self.note("boxes translate or pass on and hosts receive, not the other way round");
        }
        self.lost(record);
    }

    /// The end of a link, one way or another.
    fn lost(&mut self, record: &Record) {
        let expected = record.segment.and_then(|segment| self.under_way.remove(&segment));
        if expected != Some((record.node, record.at)) {
            self.note("a segment that was not expected here and now");
        }
    }

    fn note(&mut self, what: impl Into<String>) {
        self.violations.push(Violation { record: self.position, what: what.into() });
    }
}

/// Whether a connection may go from `old` to `new` (RFC 9293, figure 5; any state may end by a RST or a time-out).
const fn is_edge(old: State, new: State) -> bool {
    use State as S;
    match (old, new) {
        (S::Close, _) => matches!(new, S::SynSent | S::SynRecv),
        (_, S::Close) => true,
        (S::SynSent | S::SynRecv, _) => matches!(new, S::Established),
        (S::Established, _) => matches!(new, S::FinWait1 | S::CloseWait),
        (S::FinWait1, _) => matches!(new, S::FinWait2 | S::Closing | S::TimeWait),
        (S::FinWait2 | S::Closing, _) => matches!(new, S::TimeWait),
        (S::CloseWait, _) => matches!(new, S::LastAck),
        (S::LastAck | S::TimeWait, _) => false,
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}: {}", self.record, self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::scenario::Scenario;
    use crate::time::{SimTime, Span};
    use crate::trace::{Event, Record, Trace};

    type Spoil = fn(&mut Trace);

    fn incident() -> Trace {
        crate::run(&Scenario::preset("one-address-many-servers").unwrap())
    }

    fn first(trace: &Trace, is: fn(&Record) -> bool) -> usize {
        trace.records.iter().position(is).unwrap()
    }

    fn is_refusal(record: &Record) -> bool {
        matches!(&record.event, Event::SegmentDropped { reason, .. } if reason.is_recycle())
    }

    /// What the check says to a trace that was right before `spoil`.
    fn said(spoil: Spoil) -> Vec<String> {
        let mut trace = incident();
        spoil(&mut trace);
        check(&trace).into_iter().map(|violation| violation.what).collect()
    }

    #[test]
    fn a_trace_of_the_simulator_is_right() {
        assert_eq!(said(|_| {}), [""; 0]);
    }

    #[test]
    fn a_spoilt_trace_is_found_out() {
        let cases: [(Spoil, &str); 6] = [
            (|trace| trace.records[40].at = SimTime::ZERO, "time goes back"),
            (
                |trace| drop(trace.records.remove(first(trace, |record| record.event == Event::SegmentArrived))),
                "is sent while it is under way|never arrived",
            ),
            (|trace| drop(trace.records.remove(first(trace, is_refusal))), "PAWSPassive rises without a refusal"),
            (
                |trace| drop(trace.records.remove(first(trace, is_refusal) + 1)),
                "PAWSPassive did not rise with a refusal",
            ),
            (
                |trace| {
                    drop(trace.records.remove(first(trace, |record| matches!(record.event, Event::StateSet { .. }))));
                },
                "leaves SYN-SENT",
            ),
            (|trace| trace.nodes[3].joined = SimTime::ZERO + Span::from_secs(9), "its node is not there"),
        ];
        for (spoil, expected) in cases {
            let said = said(spoil);
            let found = expected.split('|').any(|expected| said.iter().any(|what| what.contains(expected)));
            assert!(found, "{expected} is not in {said:?}");
        }
    }
}
