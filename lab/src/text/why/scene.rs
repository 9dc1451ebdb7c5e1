//! An odd record with what stands around it: who, what, and the world at that moment.

use sim_core::addr::FourTuple;
use sim_core::kernel::state::State;
use sim_core::kernel_version::KernelVersion;
use sim_core::segment::Segment;
use sim_core::trace::query::Flight;
use sim_core::trace::snapshot::Snapshot;
use sim_core::trace::{Event, NodeId, Record, Role};

use crate::anomaly::Anomaly;
use crate::run::Run;
use sim_core::segment::SegmentKind;

/// What an explanation is taken from.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The run.
    pub run: &'a Run,
    /// The position of the record.
    pub position: usize,
    /// The record.
    pub record: &'a Record,
    /// The world when it had happened.
    pub snapshot: Snapshot,
    /// The segment, as it was on its last link.
    pub header: Option<Segment>,
}

impl<'a> Context<'a> {
    /// The scene of the record at `position`.
    #[must_use]
    pub fn of(run: &'a Run, position: usize) -> Option<Self> {
        let record = run.trace.records.get(position)?;
        let header = match &record.event {
            Event::SegmentSent { header, .. } => Some(*header),
            _ => record.segment.and_then(|segment| run.index.flight_of(segment)).map(|flight| flight.header),
        };
        Some(Self { run, position, record, snapshot: run.snapshot(record.at, None), header })
    }

    /// The node at which it happened.
    pub fn here(&self) -> String {
        self.named(self.record.node)
    }

    /// A node in a sentence: what is no host is called by what it is.
    fn named(&self, node: NodeId) -> String {
        let name = self.run.name(node);
        match self.run.node(node).map(|node| node.role) {
            Some(Role::Client) | None => name.to_owned(),
            Some(Role::Nat) => "the NAT".to_owned(),
            Some(_) => format!("the {name}"),
        }
    }

    /// Whether it happened at the server.
    pub fn is_at_server(&self) -> bool {
        self.record.node == self.snapshot.server.node
    }

    /// The kernel of the node at that moment, where it is known.
    pub fn kernel(&self) -> Option<KernelVersion> {
        kernel_of(&self.snapshot, self.record.node)
    }

    /// Whose segment it is: its sender's name.
    pub fn sender(&self) -> String {
        let server = self.run.node(self.snapshot.server.node);
        match (self.header, server) {
            (Some(header), Some(server)) if header.src.addr == server.addr => self.named(self.snapshot.server.node),
            _ => self.run.owner(self.record.connection).map_or("unknown", |host| self.run.name(host)).to_owned(),
        }
    }

    /// What the segment is called.
    pub fn kind(&self) -> &'static str {
        self.header.map_or("segment", |header| SegmentKind::of(&header).name())
    }

    /// Whether whoever sent the segment sends it again until it is acknowledged.
    pub fn is_sent_again(&self) -> bool {
        self.header.is_some_and(|header| !matches!(SegmentKind::of(&header), SegmentKind::Ack | SegmentKind::Rst))
    }

    /// The segment in words: `web-2's SYN`.
    pub fn whose(&self) -> String {
        format!("{}'s {}", self.sender(), self.kind())
    }

    /// The connection that the record speaks of.
    pub fn tuple(&self) -> Option<FourTuple> {
        match &self.record.event {
            Event::SegmentDropped { tuple, .. } | Event::TimeWaitTaken { tuple, .. } => Some(*tuple),
            _ => None,
        }
    }

    /// The last segment that came here on the same four-tuple and was taken.
    pub fn last_heard(&self) -> Option<&'a Flight> {
        let header = self.header?;
        let flights = &self.run.index.flights;
        let before = flights.get(..flights.partition_point(|flight| flight.sent < self.record.at))?;
        before.iter().rev().find(|flight| {
            flight.to == self.record.node
                && (flight.header.src, flight.header.dst) == (header.src, header.dst)
                && flight.arrives.is_some_and(|arrives| arrives < self.record.at)
                && matches!(flight.fate, sim_core::trace::query::Fate::Taken)
        })
    }

    /// What the node sent because of it, at that very moment.
    pub fn answer(&self) -> Option<SegmentKind> {
        let records = self.run.trace.records.get(self.position + 1..)?;
        let now = records.iter().take_while(|record| record.at == self.record.at);
        let mut own =
            now.filter(|record| record.node == self.record.node && record.connection == self.record.connection);
        own.find_map(|record| match &record.event {
            Event::SegmentSent { header, .. } => Some(SegmentKind::of(header)),
            _ => None,
        })
    }

    /// When its sender sends such a segment of this connection again.
    pub fn next_copy(&self) -> Option<&'a Flight> {
        let segment = self.record.segment?;
        let first = self.run.flight_of(segment)?;
        let flights = &self.run.index.flights;
        let later = flights.get(flights.partition_point(|flight| flight.sent <= self.record.at)..)?;
        later.iter().find(|flight| {
            flight.connection == first.connection
                && flight.from == first.from
                && flight.retransmission > 0
                && SegmentKind::of(&flight.header) == SegmentKind::of(&first.header)
        })
    }

    /// The counters of the node that moved with it, by name.
    pub fn counters(&self) -> Vec<String> {
        let records = &self.run.trace.records;
        let start = records.partition_point(|record| record.at < self.record.at);
        let moment = records.iter().skip(start).take_while(|record| record.at == self.record.at);
        let with_it = moment.filter(|record| {
            (record.node, record.segment, record.connection)
                == (self.record.node, self.record.segment, self.record.connection)
        });
        let counters = with_it.filter_map(|record| match &record.event {
            Event::CounterAdded { counter, .. } => Some(format!("TcpExt{} +1", counter.name())),
            _ => None,
        });
        let mut names: Vec<String> = Vec::new();
        for name in counters {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether its connection was denied a timewait socket before.
    pub fn had_no_timewait(&self) -> bool {
        let connection_of = |position: usize| self.run.trace.records.get(position).and_then(|record| record.connection);
        let mut before = self.run.anomaly.iter().take_while(|(position, _)| *position < self.position);
        before.any(|(position, anomaly)| {
            anomaly == Anomaly::BucketsFull && connection_of(position) == self.record.connection
        })
    }

    /// How many sockets of the server are in one of `states`.
    pub fn sockets_in(&self, states: &[State]) -> usize {
        self.snapshot.server.sockets.iter().filter(|socket| states.contains(&socket.state)).count()
    }
}

fn kernel_of(snapshot: &Snapshot, node: NodeId) -> Option<KernelVersion> {
    if snapshot.server.node == node {
        return Some(snapshot.server.kernel);
    }
    snapshot.client(node).map(|client| client.kernel)
}
