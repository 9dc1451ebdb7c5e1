//! Folding records into a snapshot: each record changes the node where it happened.

use super::{Attempted, ClientView, NatView, RunningTimer, ServerView, Snapshot};
use crate::time::{SimTime, Span};
use crate::trace::{Event, NodeId, Record, Role, Timer, Trace};

impl Snapshot {
    /// The world of `trace` at `moment`.
    pub fn at(trace: &Trace, moment: SimTime) -> Self {
        let mut snapshot = Self::before(trace);
        snapshot.advance(trace, moment);
        snapshot
    }

    /// Goes on to `moment` of the same trace; back, when it is earlier, by starting again.
    pub fn advance(&mut self, trace: &Trace, moment: SimTime) {
        if moment < self.at {
            *self = Self::before(trace);
        }
        self.at = moment;
        let rest = trace.records.get(self.records..).unwrap_or_default();
        for record in rest.iter().take_while(|record| record.at <= moment) {
            self.apply(trace, record);
            self.records += 1;
        }
        self.server.settle(moment);
        if let Some(nat) = &mut self.nat {
            nat.mappings.retain(|mapping| mapping.expires > moment);
        }
        for client in &mut self.clients {
            client.settle(moment);
        }
    }

    /// The client at `node`, if it has joined.
    pub fn client(&self, node: NodeId) -> Option<&ClientView> {
        self.clients.iter().find(|client| client.node == node)
    }

    /// The world before the first record.
    fn before(trace: &Trace) -> Self {
        let find = |role| trace.nodes.iter().position(|node| node.role == role).map(|index| NodeId(index as u16));
        Self {
            at: SimTime::ZERO,
            server: ServerView::unbooted(find(Role::Server).unwrap_or(NodeId(0))),
            nat: find(Role::Nat)
                .or_else(|| find(Role::LoadBalancer))
                .map(|node| NatView { node, mappings: Vec::new() }),
            clients: Vec::new(),
            records: 0,
            attempts: Vec::new(),
        }
    }

    fn apply(&mut self, trace: &Trace, record: &Record) {
        let role = trace.nodes.get(usize::from(record.node.0)).map(|node| node.role);
        // The first record of a connection is its client's `connect()`, and connections are numbered in that order.
        if record.connection.is_some_and(|id| id.0 as usize == self.attempts.len()) {
            self.attempts.push(Attempted { client: record.node, refused: 0 });
        }
        match role {
            Some(Role::Server) => {
                let attempt = record.connection.and_then(|id| self.attempts.get(id.0 as usize));
                // In a connection that the server opened, the other side is its database.
                let database = trace.nodes.iter().position(|node| node.role == Role::Database);
                let peer = attempt.map(|attempt| match database {
                    Some(database) if attempt.client == record.node => NodeId(database as u16),
                    _ => attempt.client,
                });
                self.server.apply(record, peer);
                self.count_refusal(record);
            }
            Some(Role::Nat | Role::LoadBalancer) if self.nat.as_ref().is_some_and(|nat| nat.node == record.node) => {
                let attempt = record.connection.and_then(|id| self.attempts.get(id.0 as usize));
                if let Some(nat) = &mut self.nat {
                    nat.apply(record, attempt.map(|attempt| attempt.client));
                }
            }
            Some(Role::Client) => self.apply_to_client(record),
            Some(Role::Nat | Role::LoadBalancer | Role::Firewall | Role::Database) | None => {}
        }
    }

    /// Tells the client whose SYN it was; it cannot know itself.
    fn count_refusal(&mut self, record: &Record) {
        let Event::SegmentDropped { reason, .. } = &record.event else { return };
        let Some(connection) = record.connection.filter(|_| reason.is_recycle()) else { return };
        let Some(attempt) = self.attempts.get_mut(connection.0 as usize) else { return };
        attempt.refused += 1;
        let (node, refused) = (attempt.client, attempt.refused);
        if let Some(client) = self.clients.iter_mut().find(|client| client.node == node) {
            client.count_refusal(connection, refused);
        }
    }

    fn apply_to_client(&mut self, record: &Record) {
        match self.clients.iter_mut().find(|client| client.node == record.node) {
            Some(client) => client.apply(record),
            None => self.clients.extend(ClientView::booting(record)),
        }
    }
}

impl RunningTimer {
    /// How long until it is due; zero when it is overdue.
    pub const fn left(&self, now: SimTime) -> Span {
        self.expires.since(now)
    }

    /// Whether it still runs, as far as the records show: a retransmission timer fires on time and leaves a record.
    pub(super) fn still_runs(&self, now: SimTime) -> bool {
        self.timer != Timer::Retransmit || self.expires > now
    }

    /// The running timer after `event`, given the one before it. A change of state stops what an earlier moment set;
    /// a kernel stops its timers without a record.
    pub(super) fn after(running: Option<Self>, at: SimTime, event: &Event) -> Option<Self> {
        match event {
            Event::TimerSet { timer, expires, .. } => Some(Self { timer: *timer, set: at, expires: *expires }),
            Event::TimerFired { timer, .. } => running.filter(|running| running.timer != *timer),
            Event::StateSet { .. } => running.filter(|running| running.set == at),
            _ => running,
        }
    }
}
