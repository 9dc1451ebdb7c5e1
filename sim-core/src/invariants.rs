//! Invariants that hold in every trace of every scenario. One pass over the records finds all violations.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use crate::addr::FourTuple;
use crate::kernel::counter::Counter;
use crate::kernel::drop_reason::DropReason;
use crate::kernel::state::State;
use crate::kernel_version::TimewaitTimer;
use crate::time::{SimTime, Span};
use crate::trace::{Event, NodeId, Record, Role, SegmentId, Timer, Trace};

/// Something in a trace that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The position of the record in [`Trace::records`]; for what is missing at the end, the number of records.
    pub record: usize,
    /// The invariant that the record violates.
    pub what: String,
}

/// All violations in `trace`: none, as long as this crate is right.
///
/// - Time never goes back, and nothing happens at a node before it joined or after it left.
/// - A segment that is sent arrives once, at the next node and the moment that were said, or is lost for a reason. A
///   copy that a link makes has a number of its own.
/// - A connection's state changes from the state that it was in, along the edges of RFC 9293, 3.3.2 and of Linux.
/// - A counter rises by one at a time.
/// - TIME_WAIT has a timer and does not outlive it, but for the granularity of R5.
/// - Every SYN that is refused raises the counters of its reason; nothing but a refusal by R1 raises `PAWSPassive`.
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
    /// How exactly each kernel's timers of timewait sockets fire.
    kinds: BTreeMap<NodeId, TimewaitTimer>,
    /// Those timers: when each is due, and by when it has to have fired.
    timers: BTreeMap<(NodeId, FourTuple), (SimTime, SimTime)>,
    /// Refusals that still wait for their counters.
    uncounted: BTreeMap<(NodeId, Counter), u32>,
    /// The refusal noted last; a RST that follows on it names the same segment and reason again.
    refused: Option<(Option<SegmentId>, DropReason)>,
    left: BTreeSet<NodeId>,
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
            kinds: BTreeMap::new(),
            timers: BTreeMap::new(),
            uncounted: BTreeMap::new(),
            refused: None,
            left: BTreeSet::new(),
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
        if self.left.contains(&record.node) && !matches!(record.event, Event::SegmentLost { .. }) {
            self.note("its node has left");
        }
        match &record.event {
            Event::Booted { kernel, .. } => {
                self.forget(record.node);
                self.kinds.insert(record.node, kernel.profile().timewait_timer);
            }
            Event::Left => {
                self.forget(record.node);
                self.left.insert(record.node);
            }
            Event::TimerSet { tuple, timer: Timer::TimeWait, expires } => {
                let kind = self.kinds.get(&record.node).copied().unwrap_or(TimewaitTimer::Exact);
                let latest = *expires + lateness(kind, expires.since(record.at));
                self.timers.insert((record.node, *tuple), (*expires, latest));
            }
            Event::StateSet { tuple, old, new } => self.state_set(record.node, *tuple, *old, *new),
            Event::CounterAdded { counter, total } => self.counter_added(record.node, *counter, *total),
            Event::SegmentDropped { reason, .. } if is_refusal(*reason) => self.refused(record, *reason),
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
        self.now = end;
        let waiting = self.states.iter().filter(|(_, state)| **state == State::TimeWait);
        let timeless: Vec<FourTuple> =
            waiting.filter(|(key, _)| !self.timers.contains_key(key)).map(|((_, tuple), _)| *tuple).collect();
        for tuple in timeless {
            self.note(format!("TIME_WAIT of {} has no timer", tuple.remote));
        }
        for ((_, tuple), (expires, latest)) in core::mem::take(&mut self.timers) {
            self.timer_is_over(tuple, expires, latest);
        }
        for (segment, (to, arrives)) in core::mem::take(&mut self.under_way) {
            if arrives <= end {
                self.note(format!("segment {} never arrived at node {}", segment.0, to.0));
            }
        }
    }

    /// A kernel that boots starts with nothing, and one that leaves ends with nothing.
    fn forget(&mut self, node: NodeId) {
        self.states.retain(|(at, _), _| *at != node);
        self.timers.retain(|(at, _), _| *at != node);
        self.counters.retain(|(at, _), _| *at != node);
    }

    fn refused(&mut self, record: &Record, reason: DropReason) {
        let refusal = Some((record.segment, reason));
        if self.refused != refusal {
            self.refused = refusal;
            for counter in reason.citation().counters {
                *self.uncounted.entry((record.node, *counter)).or_default() += 1;
            }
        }
    }

    /// A timewait socket is gone, or the trace is at its end.
    fn timer_is_over(&mut self, tuple: FourTuple, expires: SimTime, latest: SimTime) {
        if self.now > latest {
            self.note(format!("TIME_WAIT of {} outlives its timer, which was due at {expires}", tuple.remote));
        }
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
        } else if let Some((expires, latest)) = self.timers.remove(&(node, tuple)) {
            self.timer_is_over(tuple, expires, latest);
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

/// Whether a SYN, or the last segment of a handshake, was turned away for a reason of the server's own.
const fn is_refusal(reason: DropReason) -> bool {
    use DropReason as R;
    reason.is_recycle() || matches!(reason, R::AcceptQueueFull | R::SynQueueFull | R::SynBacklogReserved)
}

/// How late the timer of a timewait socket may fire (R5): by a step of the wheel's level, which is at most 8 in 63 of
/// the time, and a jiffy or two; on 3.10 by a slot of 128 ms or, for what is longer than 31 of them, two of 7.5 s.
fn lateness(kind: TimewaitTimer, timeout: Span) -> Span {
    match kind {
        TimewaitTimer::Exact => Span::ZERO,
        TimewaitTimer::Wheel => Span::from_micros(timeout.as_micros() * 8 / 63) + Span::from_millis(20),
        TimewaitTimer::Calendar if timeout > Span::from_millis(31 * 128) => Span::from_secs(15),
        TimewaitTimer::Calendar => Span::from_millis(128),
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

    /// The violations in a correct trace after `spoil`.
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
