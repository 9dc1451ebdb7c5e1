//! One run: what went in, what came out, and the questions that the views ask of it.

use std::rc::Rc;

use sim_core::scenario::Scenario;
pub use sim_core::segment::SegmentKind;
use sim_core::time::SimTime;
use sim_core::trace::query::{Fate, Flight, Index, RefusedSyn};
use sim_core::trace::snapshot::{Phase, Snapshot};
use sim_core::trace::{
    Call, CallResult, ConnectionId, Event, LossReason, Node, NodeId, Record, Role, SegmentId, Trace,
};

use crate::anomaly::{Anomalies, Anomaly};
use crate::plan::{Place, Plan};
use crate::playback::Timeline;
use crate::recorder;

/// How many records lie between two snapshots that are kept.
const RECORDS_PER_CHECKPOINT: usize = 2_000;

/// A run with everything that is looked up in it again and again.
#[derive(Debug)]
pub struct Run {
    /// What went in.
    pub scenario: Scenario,
    /// What came out.
    pub trace: Trace,
    /// Where things are in it.
    pub index: Index,
    /// What playback needs of it.
    pub timeline: Timeline,
    /// What goes otherwise than a program would wish.
    pub anomaly: Anomalies,
    checkpoints: Vec<Snapshot>,
    /// Who came up when, and for how long the machine had been up at the start of the simulation.
    boots: Vec<(NodeId, SimTime, i64)>,
    /// The position of each segment's first flight, by its number.
    first_flights: Vec<Option<usize>>,
}

/// A run that several views share; two are equal when they are the same run.
#[derive(Clone, Debug)]
pub struct SharedRun(Rc<Run>);

impl Run {
    /// Runs `plan`.
    #[must_use]
    pub fn of(plan: &Plan) -> SharedRun {
        Self::from(plan.scenario())
    }

    /// Runs `scenario`.
    #[must_use]
    pub fn from(scenario: Scenario) -> SharedRun {
        let trace = recorder::run(&scenario);
        let index = Index::new(&trace);
        let timeline = timeline(&trace, &index);
        let checkpoints = checkpoints(&trace);
        let first_flights = first_flights(&index);
        let boots = boots(&trace);
        let anomaly = Anomalies::of(&trace);
        SharedRun(Rc::new(Self { scenario, trace, index, timeline, anomaly, checkpoints, boots, first_flights }))
    }

    /// The end of the run.
    #[must_use]
    pub fn end(&self) -> SimTime {
        SimTime::ZERO + self.trace.duration
    }

    /// The world at `at`, from `near` when that lies before it and closer than what is kept.
    #[must_use]
    pub fn snapshot(&self, at: SimTime, near: Option<&Snapshot>) -> Snapshot {
        let kept = self.checkpoints.partition_point(|snapshot| snapshot.at <= at).checked_sub(1);
        let kept = kept.and_then(|index| self.checkpoints.get(index));
        let start =
            [kept, near].into_iter().flatten().filter(|snapshot| snapshot.at <= at).max_by_key(|snapshot| snapshot.at);
        match start {
            Some(start) => {
                let mut snapshot = start.clone();
                snapshot.advance(&self.trace, at);
                snapshot
            }
            None => Snapshot::at(&self.trace, at),
        }
    }

    /// The node `id`. Traces name only nodes that they have.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.trace.nodes.get(usize::from(id.0))
    }

    /// The name of the node `id`.
    #[must_use]
    pub fn name(&self, id: NodeId) -> &str {
        self.node(id).map_or("somebody", |node| node.name.as_str())
    }

    /// For how many seconds the machine `id` has been up at `at`.
    #[must_use]
    pub fn uptime_s(&self, id: NodeId, at: SimTime) -> Option<u64> {
        let boot = self.boots.iter().rfind(|(node, booted, _)| *node == id && *booted <= at)?;
        u64::try_from((boot.2 + i64::try_from(at.as_micros()).ok()?) / 1_000_000).ok()
    }

    /// All hosts that call the server, with the order in which they came.
    pub fn clients(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        let ids = (0..u16::MAX).map(NodeId);
        ids.zip(&self.trace.nodes).filter(|(_, node)| node.role == Role::Client)
    }

    /// The class of a host's tint, which it keeps everywhere: by its place among the hosts.
    #[must_use]
    pub fn tint_class(&self, id: NodeId) -> String {
        const TINTS: usize = 10;
        let place = self.clients().position(|(client, _)| client == id).unwrap_or(0);
        format!("tint-{}", place % TINTS)
    }

    /// Whose connection that is.
    #[must_use]
    pub fn owner(&self, connection: Option<ConnectionId>) -> Option<NodeId> {
        Some(self.index.attempt(connection?)?.host)
    }

    /// How many hosts stand at `place` at the end of the run.
    #[must_use]
    pub fn hosts_at(&self, place: Place) -> usize {
        self.clients().filter(|(_, node)| node.behind.is_some() == (place == Place::BehindNat)).count()
    }

    /// The last refusal before `at`.
    #[must_use]
    pub fn refusal_before(&self, at: SimTime) -> Option<&RefusedSyn> {
        let before = self.index.refusals.partition_point(|refused| refused.at < at);
        self.index.refusals.get(before.checked_sub(1)?)
    }

    /// What is odd about the record at `position`.
    #[must_use]
    pub fn anomaly_at(&self, position: usize) -> Option<(usize, Anomaly)> {
        self.anomaly.at(position)
    }

    /// The last odd record up to `at`.
    #[must_use]
    pub fn last_anomaly(&self, at: SimTime) -> Option<(usize, Anomaly)> {
        self.anomaly.last(self.records_until(at))
    }

    /// The refusal that is to be seen at the server's door: the last one, as long as its host waits because of it.
    #[must_use]
    pub fn refusal_on_stage(&self, snapshot: &Snapshot) -> Option<&RefusedSyn> {
        let refused = self.index.last_refusal(snapshot.at)?;
        let host = snapshot.client(refused.host?)?;
        let waits = match host.phase {
            Phase::Connecting { connection, .. } => Some(connection) == refused.connection,
            Phase::Idle | Phase::Connected { .. } => {
                host.open.iter().any(|open| Some(open.connection) == refused.connection && open.refused > 0)
            }
        };
        // Once the SYN is on its way again, the old one has had its time.
        let sent_again = self
            .index
            .in_flight(snapshot.at)
            .any(|flight| flight.connection == refused.connection && flight.sent > refused.at && flight.header.opens());
        (waits && !sent_again).then_some(refused)
    }

    /// The first SYN that `host` sends after `at`.
    #[must_use]
    pub fn next_syn(&self, host: NodeId, at: SimTime) -> Option<SimTime> {
        let flights = &self.index.flights;
        let later = flights.get(flights.partition_point(|flight| flight.sent <= at)..)?;
        later.iter().find(|flight| flight.from == host && flight.header.opens()).map(|flight| flight.sent)
    }

    /// When the refused host sends its SYN again.
    #[must_use]
    pub fn next_copy(&self, refused: &RefusedSyn) -> Option<SimTime> {
        let flights = &self.index.flights;
        let later = flights.get(flights.partition_point(|flight| flight.sent <= refused.at)..)?;
        let is_copy = |flight: &&Flight| {
            flight.connection == refused.connection && Some(flight.from) == refused.host && flight.header.opens()
        };
        later.iter().find(is_copy).map(|flight| flight.sent)
    }

    /// When the refused attempt came to its end.
    #[must_use]
    pub fn end_of(&self, refused: &RefusedSyn) -> Option<SimTime> {
        Some(self.index.attempt(refused.connection?)?.ended?.0)
    }

    /// The first way of `segment` over a link; all of them carry the same flags.
    #[must_use]
    pub fn flight_of(&self, segment: SegmentId) -> Option<&Flight> {
        let index = self.first_flights.get(usize::try_from(segment.0).ok()?)?;
        self.index.flights.get((*index)?)
    }

    /// The records up to `at`, as a count.
    #[must_use]
    pub fn records_until(&self, at: SimTime) -> usize {
        self.trace.records.partition_point(|record| record.at <= at)
    }

    /// The record that set off the moment `at`, for the ear: the most telling of those that happened then.
    #[must_use]
    pub fn telling_record(&self, at: SimTime) -> Option<&Record> {
        let end = self.records_until(at);
        let start = self.trace.records.partition_point(|record| record.at < at);
        self.trace.records.get(start..end)?.iter().max_by_key(|record| weight(&record.event))
    }
}

impl core::ops::Deref for SharedRun {
    type Target = Run;
    fn deref(&self) -> &Run {
        &self.0
    }
}

impl PartialEq for SharedRun {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// How much a record says about its moment.
const fn weight(event: &Event) -> u8 {
    match event {
        Event::SegmentDropped { refusal: Some(_), .. } => 6,
        Event::SegmentDropped { .. } | Event::SegmentLost { .. } | Event::SysctlSet { .. } | Event::Booted { .. } => 5,
        Event::ConnectionEnded { .. } | Event::StampRemembered { .. } => 4,
        Event::SegmentSent { .. } => 3,
        Event::SegmentArrived | Event::StateSet { .. } | Event::TimerFired { .. } => 2,
        _ => 1,
    }
}

fn timeline(trace: &Trace, index: &Index) -> Timeline {
    let under_way = index.flights.iter().filter_map(|flight| Some((flight.sent, flight.arrives?)));
    let refusals = index.refusals.iter().map(|refused| refused.at);
    let other_syns = index.flights.iter().filter(|flight| flight.header.opens() && is_held(flight.fate));
    let vain_calls = trace.records.iter().filter(|record| is_vain_call(&record.event)).map(|record| record.at);
    let holds = refusals.chain(other_syns.filter_map(|flight| flight.arrives)).chain(vain_calls);
    Timeline::new(under_way.collect(), holds.collect(), SimTime::ZERO + trace.duration)
}

/// Whether playback holds where a SYN ends so: somebody did not want it.
const fn is_held(fate: Fate) -> bool {
    matches!(fate, Fate::Dropped(_) | Fate::Lost(LossReason::Firewall | LossReason::NoPort))
}

const fn is_vain_call(event: &Event) -> bool {
    matches!(event, Event::CallReturned { call: Call::Connect { .. }, result: CallResult::Failed(_) })
}

fn boots(trace: &Trace) -> Vec<(NodeId, SimTime, i64)> {
    let booted = trace.records.iter().filter_map(|record| match &record.event {
        Event::Booted { clock, .. } => Some((record.node, record.at, clock.uptime_us)),
        _ => None,
    });
    booted.collect()
}

fn first_flights(index: &Index) -> Vec<Option<usize>> {
    let mut first = Vec::new();
    for (position, flight) in index.flights.iter().enumerate() {
        let number = flight.segment.0 as usize;
        if number >= first.len() {
            first.resize(number + 1, None);
        }
        first[number].get_or_insert(position);
    }
    first
}

fn checkpoints(trace: &Trace) -> Vec<Snapshot> {
    let mut snapshot = Snapshot::at(trace, SimTime::ZERO);
    let mut kept = vec![snapshot.clone()];
    for record in trace.records.iter().skip(RECORDS_PER_CHECKPOINT).step_by(RECORDS_PER_CHECKPOINT) {
        snapshot.advance(trace, record.at);
        kept.push(snapshot.clone());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scenario_of_the_page_runs() {
        let run = Run::of(&Plan::incident().unwrap());
        assert!(!run.index.refusals.is_empty());
    }

    #[test]
    fn a_snapshot_is_the_same_from_wherever_it_starts() {
        let run = Run::of(&Plan::incident().unwrap());
        let at = SimTime::from_micros(90_000_123);
        let near = run.snapshot(SimTime::from_secs(89), None);
        assert_eq!(run.snapshot(at, Some(&near)), Snapshot::at(&run.trace, at));
        assert_eq!(run.snapshot(at, None), Snapshot::at(&run.trace, at));
    }

    #[test]
    fn the_first_refusal_is_on_stage_when_it_happens() {
        let run = Run::of(&Plan::incident().unwrap());
        let first = run.index.first_refusal().unwrap();
        let on_stage = run.refusal_on_stage(&run.snapshot(first.at, None)).map(|refused| refused.record);
        assert_eq!(on_stage, Some(first.record));
    }
}
