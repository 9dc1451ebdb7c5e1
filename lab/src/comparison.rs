//! Two runs side by side: the outcome of each attempt, and the first difference between the runs.

pub mod side_by_side;

use std::collections::{BTreeMap, BTreeSet};

use sim_core::kernel::counter::Counter;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::time::SimTime;
use sim_core::trace::query::Attempt;
use sim_core::trace::{CallResult, ConnectionId, Errno, Event, LossReason, NodeId, Outcome, Record, Role};

use crate::run::Run;
use sim_core::segment::SegmentKind;

/// The outcome of an attempt to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttemptOutcome {
    /// It connected with its first SYN.
    AtOnce,
    /// It connected after a SYN was retransmitted.
    AfterRetry,
    /// Its program got an error.
    Failed,
    /// It was undecided at the end of the run.
    Open,
}

impl AttemptOutcome {
    /// All outcomes, in the order of the table.
    pub const ALL: [Self; 4] = [Self::AtOnce, Self::AfterRetry, Self::Failed, Self::Open];
}

/// One host in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostLane {
    /// Its attempts with their start and outcome, in order.
    pub attempts: Vec<(SimTime, AttemptOutcome)>,
    /// The moments at which R1 refused its SYNs, in order.
    pub refused: Vec<SimTime>,
}

impl HostLane {
    /// The number of attempts with this outcome.
    pub fn count(&self, outcome: AttemptOutcome) -> usize {
        self.attempts.iter().filter(|(_, other)| *other == outcome).count()
    }
}

/// One host in both runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name of the host.
    pub name: String,
    /// The CSS class of its tint.
    pub tint: String,
    /// The host in the first and in the second run.
    pub lanes: [HostLane; 2],
}

impl Pair {
    /// Whether the host's outcomes differ between the runs.
    pub fn differs(&self) -> bool {
        self.lanes[0] != self.lanes[1]
    }
}

/// The values of the server's counters in both runs, each from the moment on at which it was reached.
pub type Counters = BTreeMap<Counter, [Vec<(SimTime, u64)>; 2]>;

/// The first difference between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The moment.
    pub at: SimTime,
    /// The positions of the records in both runs; `None` for a run without a record at that moment.
    pub records: [Option<usize>; 2],
}

/// The comparison of two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The hosts, in the order of joining.
    pub pairs: Vec<Pair>,
    /// The counters that change in at least one of the runs.
    pub counters: Counters,
    /// The first difference on the wire or for a program.
    pub first: Option<Difference>,
}

impl Comparison {
    /// Compares two runs.
    pub fn of(runs: [&Run; 2]) -> Self {
        let mut lanes = runs.map(lanes);
        let mut pairs: Vec<Pair> = Vec::new();
        for run in runs {
            for (node, client) in run.clients() {
                if pairs.iter().all(|pair| pair.name != client.name) {
                    let lanes = [0, 1].map(|side| lanes[side].remove(&client.name).unwrap_or_default());
                    pairs.push(Pair { name: client.name.clone(), tint: run.tint_class(node), lanes });
                }
            }
        }
        Self { pairs, counters: counters(runs), first: first_difference(runs) }
    }

    /// The value of a counter in the run `side` at `at`.
    pub fn counter(&self, counter: Counter, side: usize, at: SimTime) -> u64 {
        let course = self.counters.get(&counter).and_then(|both| both.get(side));
        let reached = course.and_then(|course| course.get(..course.partition_point(|(rose, _)| *rose <= at)));
        reached.and_then(|reached| reached.last()).map_or(0, |(_, total)| *total)
    }
}

fn lanes(run: &Run) -> BTreeMap<String, HostLane> {
    let again: BTreeSet<ConnectionId> = run
        .index
        .flights
        .iter()
        .filter(|flight| flight.header.opens() && flight.retransmission > 0)
        .filter_map(|flight| flight.connection)
        .collect();
    let mut lanes: BTreeMap<String, HostLane> = BTreeMap::new();
    let is_client = |host: NodeId| run.node(host).is_some_and(|node| node.role == Role::Client);
    for attempt in run.index.attempts.iter().filter(|attempt| is_client(attempt.host)) {
        let lane = lanes.entry(run.name(attempt.host).to_owned()).or_default();
        lane.attempts.push((attempt.at, outcome(attempt, again.contains(&attempt.connection))));
    }
    for refused in &run.index.refusals {
        if let Some(host) = refused.host {
            lanes.entry(run.name(host).to_owned()).or_default().refused.push(refused.at);
        }
    }
    lanes
}

fn outcome(attempt: &Attempt, again: bool) -> AttemptOutcome {
    match attempt {
        Attempt { ended: Some((_, Outcome::Failed(_))), .. } => AttemptOutcome::Failed,
        Attempt { established: None, ended: None, .. } => AttemptOutcome::Open,
        _ if again => AttemptOutcome::AfterRetry,
        _ => AttemptOutcome::AtOnce,
    }
}

fn counters(runs: [&Run; 2]) -> Counters {
    let mut counters = Counters::new();
    for (side, run) in runs.into_iter().enumerate() {
        for record in &run.trace.records {
            let at_server = run.node(record.node).is_some_and(|node| node.role == Role::Server);
            if let (Event::CounterAdded { counter, total }, true) = (&record.event, at_server) {
                counters.entry(*counter).or_default()[side].push((record.at, *total));
            }
        }
    }
    counters
}

/// The part of a record that is visible on the wire or to a program, without numbers such as timestamps that depend on
/// the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visible {
    Sent { to: NodeId, kind: SegmentKind, len: u32, retransmission: u8 },
    Dropped(DropReason),
    Lost(LossReason),
    Failed(Errno),
    Ended(Outcome),
}

fn visible(record: &Record) -> Option<(SimTime, NodeId, Visible)> {
    let visible = match &record.event {
        Event::SegmentSent { to, header, retransmission, .. } => {
            Visible::Sent { to: *to, kind: SegmentKind::of(header), len: header.len, retransmission: *retransmission }
        }
        Event::SegmentDropped { reason, .. } => Visible::Dropped(*reason),
        Event::SegmentLost { reason } => Visible::Lost(*reason),
        Event::CallReturned { result: CallResult::Failed(errno), .. } => Visible::Failed(*errno),
        Event::ConnectionEnded { outcome } => Visible::Ended(*outcome),
        _ => return None,
    };
    Some((record.at, record.node, visible))
}

fn first_difference(runs: [&Run; 2]) -> Option<Difference> {
    let course = |run: &'_ Run| -> Vec<(usize, (SimTime, NodeId, Visible))> {
        let records = run.trace.records.iter().enumerate();
        records.filter_map(|(position, record)| Some((position, visible(record)?))).collect()
    };
    let courses = runs.map(course);
    let same = courses[0].iter().zip(&courses[1]).take_while(|(ours, theirs)| ours.1 == theirs.1).count();
    let next = [courses[0].get(same), courses[1].get(same)];
    let at = next.into_iter().flatten().map(|(_, (at, ..))| *at).min()?;
    let records = next.map(|next| next.filter(|(_, (reached, ..))| *reached == at).map(|(position, _)| *position));
    Some(Difference { at, records })
}

#[cfg(test)]
mod tests;
