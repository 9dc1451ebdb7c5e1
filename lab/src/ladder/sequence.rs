//! The content of the ladder: the segments of the selected hosts, and notes about events at their lines.

use std::ops::Range;

use sim_core::kernel::state::State;
use sim_core::time::SimTime;
use sim_core::timestamp::Tsval;
use sim_core::trace::query::{Flight, Index};
use sim_core::trace::{Call, CallResult, Event, NodeId, Record, Role, Trace};

/// The number of arrows on a page.
pub const PAGE: usize = 60;

/// The next page begins this many arrows later, so that half of the arrows stay in view.
pub const TURN: usize = 30;

/// The page is turned when the playhead is within this many arrows of its edge.
const EDGE: usize = 8;

/// A timestamp that is written again within this many notes is not noted again.
const RECENT: usize = 20;

/// A run, as the ladder reads it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The trace of the run.
    pub trace: &'a Trace,
    /// The index of the trace.
    pub index: &'a Index,
}

/// The content for some hosts over the whole run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The selected hosts, in the order of the columns.
    pub hosts: Vec<NodeId>,
    /// The nodes with a line, from left to right: hosts, boxes, server, database.
    pub columns: Vec<NodeId>,
    /// The flights, as indices into [`Index::flights`], in the order of sending.
    pub flights: Vec<usize>,
    /// The notes beside the lines, in the order of time.
    pub notes: Vec<Note>,
}

/// A note about an event at one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The moment of the event.
    pub at: SimTime,
    /// The record of the event; of several records, the first.
    pub record: usize,
    /// The node at whose line the note stands.
    pub node: NodeId,
    /// The host that opened the connection.
    pub host: Option<NodeId>,
    /// The event.
    pub what: NoteKind,
}

/// The event of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A socket went through these states at one moment.
    States(Vec<State>),
    /// A socket was closed in this state.
    Closed(State),
    /// The server stored a timestamp for an address.
    Remembered(Tsval),
    /// A program called `connect()`.
    Connect,
    /// Any other record.
    Other,
}

impl<'a> Source<'a> {
    /// The role of a node.
    pub fn role(&self, node: NodeId) -> Option<Role> {
        self.trace.nodes.get(usize::from(node.0)).map(|node| node.role)
    }

    /// The name of a node.
    pub fn name(&self, node: NodeId) -> &'a str {
        self.trace.nodes.get(usize::from(node.0)).map_or("unknown", |node| node.name.as_str())
    }

    /// The host that opened the connection of a flight.
    pub fn owner(&self, flight: &Flight) -> Option<NodeId> {
        Some(self.index.attempt(flight.connection?)?.host)
    }

    /// The nodes that open connections, in the order of joining: the clients, and the server if it uses a database.
    pub fn callers(&self) -> Vec<NodeId> {
        let has_database = self.trace.nodes.iter().any(|node| node.role == Role::Database);
        let calls = |role: Role| role == Role::Client || (role == Role::Server && has_database);
        let ids = (0..u16::MAX).map(NodeId).zip(&self.trace.nodes);
        ids.filter(|(_, node)| calls(node.role)).map(|(id, _)| id).collect()
    }

    fn first(&self, role: Role) -> Option<NodeId> {
        let position = self.trace.nodes.iter().position(|node| node.role == role)?;
        u16::try_from(position).ok().map(NodeId)
    }

    /// The boxes in front of `node`, the nearest first.
    fn boxes(&self, node: NodeId) -> Vec<NodeId> {
        let behind = |node: NodeId| self.trace.nodes.get(usize::from(node.0)).and_then(|node| node.behind);
        let mut found = Vec::new();
        let mut next = behind(node);
        while let Some(node) = next.filter(|node| !found.contains(node)) {
            found.push(node);
            next = behind(node);
        }
        found
    }

    /// The columns for `hosts`: the hosts, the boxes in front of them, the boxes in front of the server, the server,
    /// the database.
    fn columns(&self, hosts: &[NodeId]) -> Vec<NodeId> {
        let mut columns: Vec<NodeId> =
            hosts.iter().copied().filter(|host| self.role(*host) == Some(Role::Client)).collect();
        let mut add = |node: NodeId| {
            if !columns.contains(&node) {
                columns.push(node);
            }
        };
        for host in hosts.iter().filter(|host| self.role(**host) == Some(Role::Client)) {
            self.boxes(*host).into_iter().for_each(&mut add);
        }
        if let Some(server) = self.first(Role::Server) {
            self.boxes(server).into_iter().rev().for_each(&mut add);
            add(server);
            if hosts.contains(&server)
                && let Some(database) = self.first(Role::Database)
            {
                self.boxes(database).into_iter().rev().for_each(&mut add);
                add(database);
            }
        }
        columns
    }
}

impl Sequence {
    /// The content for `hosts`.
    pub fn of(source: Source, hosts: &[NodeId]) -> Self {
        let hosts: Vec<NodeId> = source.callers().into_iter().filter(|host| hosts.contains(host)).collect();
        let columns = source.columns(&hosts);
        let is_selected = |flight: &Flight| match source.owner(flight) {
            Some(owner) => hosts.contains(&owner),
            None => hosts.contains(&flight.from) || hosts.contains(&flight.to),
        };
        let is_drawn = |flight: &Flight| columns.contains(&flight.from) && columns.contains(&flight.to);
        let flights = source.index.flights.iter().enumerate();
        let flights =
            flights.filter(|(_, flight)| is_drawn(flight) && is_selected(flight)).map(|(index, _)| index).collect();
        let notes = notes(source, &hosts, &columns);
        Self { hosts, columns, flights, notes }
    }

    /// The number of pages.
    pub fn pages(&self) -> usize {
        1 + self.flights.len().saturating_sub(PAGE).div_ceil(TURN)
    }

    /// The arrows of a page, as positions in [`Self::flights`].
    pub fn on_page(&self, page: usize) -> Range<usize> {
        let first = (page * TURN).min(self.flights.len());
        first..(first + PAGE).min(self.flights.len())
    }

    /// The page for the moment `at`. The page `open` stays open while the playhead is well within it.
    pub fn page_at(&self, source: Source, at: SimTime, open: usize) -> usize {
        let sent = self.flights.partition_point(|flight| sent(source, *flight) <= at);
        let last = self.pages() - 1;
        let shown = self.on_page(open);
        let from = if open == 0 { 0 } else { shown.start + EDGE };
        let to = if open >= last { usize::MAX } else { shown.end.saturating_sub(EDGE) };
        if open <= last && (from..to).contains(&sent) {
            return open;
        }
        (sent.saturating_sub(TURN / 2) / TURN).min(last)
    }

    /// The first and the last moment of a page. The first page begins with the run, and the last page ends with it.
    pub fn span(&self, source: Source, page: usize) -> (SimTime, SimTime) {
        let shown = self.on_page(page);
        let first = if page == 0 { None } else { self.flights.get(shown.start) };
        let next = self.flights.get(shown.end);
        let end = SimTime::ZERO + source.trace.duration;
        (first.map_or(SimTime::ZERO, |flight| sent(source, *flight)), next.map_or(end, |flight| sent(source, *flight)))
    }
}

fn sent(source: Source, flight: usize) -> SimTime {
    source.index.flights.get(flight).map_or(SimTime::ZERO, |flight| flight.sent)
}

fn notes(source: Source, hosts: &[NodeId], columns: &[NodeId]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for (position, record) in source.trace.records.iter().enumerate() {
        if !columns.contains(&record.node) {
            continue;
        }
        let host = record.connection.and_then(|connection| source.index.attempt(connection)).map(|found| found.host);
        if host.is_some_and(|host| !hosts.contains(&host)) {
            continue;
        }
        let Some(what) = note_kind(source, record) else { continue };
        // A timestamp is stored again when the peer's FIN arrives. One note is enough.
        let is_same = |note: &Note| (note.node, note.host, &note.what) == (record.node, host, &what);
        if matches!(what, NoteKind::Remembered(_)) && notes.iter().rev().take(RECENT).any(is_same) {
            continue;
        }
        if let NoteKind::States(new) = &what
            && let Some(Note { what: NoteKind::States(states), at, node, host: whose, .. }) = notes.last_mut()
            && (*at, *node, *whose) == (record.at, record.node, host)
        {
            states.extend(new);
            continue;
        }
        notes.push(Note { at: record.at, record: position, node: record.node, host, what });
    }
    notes
}

/// The note for a record, if it is worth one.
fn note_kind(source: Source, record: &Record) -> Option<NoteKind> {
    let client = source.role(record.node) == Some(Role::Client);
    match &record.event {
        Event::StateSet { old: State::Close, new: State::SynSent, .. } => Some(NoteKind::Connect),
        // Only TIME_WAIT matters among a client's states, because it holds the port.
        Event::StateSet { new, .. } if client && *new != State::TimeWait => None,
        Event::StateSet { old, new: State::Close, .. } => Some(NoteKind::Closed(*old)),
        Event::StateSet { new, .. } => Some(NoteKind::States(vec![*new])),
        Event::StampRemembered { tsval, .. } => Some(NoteKind::Remembered(*tsval)),
        Event::Booted { .. } if record.at == SimTime::ZERO => None,
        Event::CallReturned { call: Call::Connect { .. }, result: CallResult::Failed(_) }
        | Event::ConnectionEnded { .. }
        | Event::TimeWaitTaken { .. }
        | Event::Booted { .. }
        | Event::Left
        | Event::BoxRestarted
        | Event::AddressTaken { .. }
        | Event::SysctlSet { error: None, .. } => Some(NoteKind::Other),
        _ => None,
    }
}
