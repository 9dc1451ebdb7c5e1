//! A run of a scenario, with an index and the queries that the views need.

use std::rc::Rc;

use sim_core::scenario::Scenario;
use sim_core::time::SimTime;
use sim_core::trace::query::{Fate, Flight, Index, RefusedSyn};
use sim_core::trace::snapshot::{Phase, Snapshot};
use sim_core::trace::{Call, CallResult, ConnectionId, Event, LossReason, Node, NodeId, Role, SegmentId, Trace};

use crate::anomaly::{Anomalies, Anomaly};
use crate::plan::Plan;
use crate::playback::Timeline;
use crate::recorder;

/// The number of records between two stored snapshots.
const RECORDS_PER_CHECKPOINT: usize = 2_000;

/// A run, with the data that is looked up repeatedly.
#[derive(Debug)]
pub struct Run {
    /// The scenario.
    pub scenario: Scenario,
    /// The trace of the run.
    pub trace: Trace,
    /// The index of the trace.
    pub index: Index,
    /// The data for playback.
    pub timeline: Timeline,
    /// The records worth explaining.
    pub anomaly: Anomalies,
    checkpoints: Vec<Snapshot>,
    /// The boots: machine, moment, and the uptime in microseconds that it would have had at time 0.
    boots: Vec<(NodeId, SimTime, i64)>,
    /// For each segment, by its number, the position of its first flight.
    first_flights: Vec<Option<usize>>,
}

/// A shared run. Two are equal if they are the same allocation.
#[derive(Clone, Debug)]
pub struct SharedRun(Rc<Run>);

impl Run {
    /// Runs `plan`.
    pub fn of(plan: &Plan) -> SharedRun {
        Self::from(plan.scenario())
    }

    /// Runs `scenario`.
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
    pub fn end(&self) -> SimTime {
        SimTime::ZERO + self.trace.duration
    }

    /// The state of all nodes at `at`. It is computed from `near` if that is before `at` and closer than the stored
    /// snapshots.
    pub fn snapshot(&self, at: SimTime, near: Option<&Snapshot>) -> Snapshot {
        let checkpoint = self.checkpoints.partition_point(|snapshot| snapshot.at <= at).checked_sub(1);
        let checkpoint = checkpoint.and_then(|index| self.checkpoints.get(index));
        let start = [checkpoint, near]
            .into_iter()
            .flatten()
            .filter(|snapshot| snapshot.at <= at)
            .max_by_key(|snapshot| snapshot.at);
        match start {
            Some(start) => {
                let mut snapshot = start.clone();
                snapshot.advance(&self.trace, at);
                snapshot
            }
            None => Snapshot::at(&self.trace, at),
        }
    }

    /// The node `id`; `None` only for an id that is not from this trace.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.trace.nodes.get(usize::from(id.0))
    }

    /// The name of the node `id`.
    pub fn name(&self, id: NodeId) -> &str {
        self.node(id).map_or("unknown", |node| node.name.as_str())
    }

    /// The uptime of the machine `id` at `at`, in seconds.
    pub fn uptime_s(&self, id: NodeId, at: SimTime) -> Option<u64> {
        let boot = self.boots.iter().rfind(|(node, booted, _)| *node == id && *booted <= at)?;
        u64::try_from((boot.2 + i64::try_from(at.as_micros()).ok()?) / 1_000_000).ok()
    }

    /// All clients, in the order of joining.
    pub fn clients(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        let ids = (0..u16::MAX).map(NodeId);
        ids.zip(&self.trace.nodes).filter(|(_, node)| node.role == Role::Client)
    }

    /// The CSS class of a host's tint. It depends on the position among the clients, so a host has the same tint
    /// everywhere.
    pub fn tint_class(&self, id: NodeId) -> String {
        const TINTS: usize = 10;
        let place = self.clients().position(|(client, _)| client == id).unwrap_or(0);
        format!("tint-{}", place % TINTS)
    }

    /// The host that opened a connection.
    pub fn owner(&self, connection: Option<ConnectionId>) -> Option<NodeId> {
        Some(self.index.attempt(connection?)?.host)
    }

    /// The last refusal before `at`.
    pub fn refusal_before(&self, at: SimTime) -> Option<&RefusedSyn> {
        let before = self.index.refusals.partition_point(|refused| refused.at < at);
        self.index.refusals.get(before.checked_sub(1)?)
    }

    /// The anomaly of the record at `position`.
    pub fn anomaly_at(&self, position: usize) -> Option<(usize, Anomaly)> {
        self.anomaly.at(position)
    }

    /// The last anomaly up to `at`, causes before consequences.
    pub fn last_anomaly(&self, at: SimTime) -> Option<(usize, Anomaly)> {
        self.anomaly.last(self.records_until(at))
    }

    /// The refusal that the stage shows: the last one, as long as its host waits because of it.
    pub fn refusal_on_stage(&self, snapshot: &Snapshot) -> Option<&RefusedSyn> {
        let refused = self.index.last_refusal(snapshot.at)?;
        let host = snapshot.client(refused.host?)?;
        let waits = match host.phase {
            Phase::Connecting { connection, .. } => Some(connection) == refused.connection,
            Phase::Idle | Phase::Connected { .. } => {
                host.open.iter().any(|open| Some(open.connection) == refused.connection && open.refused > 0)
            }
        };
        // The refused SYN disappears when it is sent again.
        let sent_again = self
            .index
            .in_flight(snapshot.at)
            .any(|flight| flight.connection == refused.connection && flight.sent > refused.at && flight.header.opens());
        (waits && !sent_again).then_some(refused)
    }

    /// When `host` sends its first SYN after `at`.
    pub fn next_syn(&self, host: NodeId, at: SimTime) -> Option<SimTime> {
        let flights = &self.index.flights;
        let later = flights.get(flights.partition_point(|flight| flight.sent <= at)..)?;
        later.iter().find(|flight| flight.from == host && flight.header.opens()).map(|flight| flight.sent)
    }

    /// When the refused SYN is retransmitted.
    pub fn next_copy(&self, refused: &RefusedSyn) -> Option<SimTime> {
        let flights = &self.index.flights;
        let later = flights.get(flights.partition_point(|flight| flight.sent <= refused.at)..)?;
        let is_copy = |flight: &&Flight| {
            flight.connection == refused.connection && Some(flight.from) == refused.host && flight.header.opens()
        };
        later.iter().find(is_copy).map(|flight| flight.sent)
    }

    /// When the refused attempt ended.
    pub fn end_of(&self, refused: &RefusedSyn) -> Option<SimTime> {
        Some(self.index.attempt(refused.connection?)?.ended?.0)
    }

    /// The first flight of `segment`. All its flights have the same flags.
    pub fn flight_of(&self, segment: SegmentId) -> Option<&Flight> {
        let index = self.first_flights.get(usize::try_from(segment.0).ok()?)?;
        self.index.flights.get((*index)?)
    }

    /// The number of records up to `at`.
    pub fn records_until(&self, at: SimTime) -> usize {
        self.trace.records.partition_point(|record| record.at <= at)
    }

    /// The position of the record that screen readers announce at `at`: the most telling of those of that moment.
    pub fn telling_record(&self, at: SimTime) -> Option<usize> {
        let end = self.records_until(at);
        let start = self.trace.records.partition_point(|record| record.at < at);
        let records = self.trace.records.get(start..end)?;
        (start..).zip(records).max_by_key(|(_, record)| weight(&record.event)).map(|(position, _)| position)
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

/// The importance of a record among those of the same moment.
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
    let failed_calls = trace.records.iter().filter(|record| is_failed_call(&record.event)).map(|record| record.at);
    let holds = refusals.chain(other_syns.filter_map(|flight| flight.arrives)).chain(failed_calls);
    Timeline::new(under_way.collect(), holds.collect(), SimTime::ZERO + trace.duration)
}

/// Whether playback holds at a SYN with this fate: a kernel or a box rejected it.
const fn is_held(fate: Fate) -> bool {
    matches!(fate, Fate::Dropped(_) | Fate::Lost(LossReason::Firewall | LossReason::NoPort))
}

const fn is_failed_call(event: &Event) -> bool {
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
    let mut checkpoints = vec![snapshot.clone()];
    for record in trace.records.iter().skip(RECORDS_PER_CHECKPOINT).step_by(RECORDS_PER_CHECKPOINT) {
        snapshot.advance(trace, record.at);
        checkpoints.push(snapshot.clone());
    }
    checkpoints
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
