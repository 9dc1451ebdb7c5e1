//! The state of all hosts and boxes at one time, folded from the records up to then.
//!
//! [`Snapshot::advance`] moves a snapshot forward without starting again.

use std::net::Ipv4Addr;

use super::{ConnectionId, NodeId, Outcome, Timer};
use crate::addr::{Endpoint, FourTuple};
use crate::kernel::Clock;
use crate::kernel::counter::Counter;
use crate::kernel::state::State;
use crate::kernel_version::KernelVersion;
use crate::sysctl::Sysctls;
use crate::time::{SimTime, Span};
use crate::timestamp::{StampSecs, Tsval};

mod client;
mod fold;
mod nat;
mod server;

/// The world at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The moment; everything that happened at it has happened.
    pub at: SimTime,
    /// The server.
    pub server: ServerView,
    /// The NAT of the hosts or, where there is none, the load balancer.
    pub nat: Option<NatView>,
    /// The hosts that have joined, in the order of [`Trace::nodes`](crate::Trace::nodes).
    pub clients: Vec<ClientView>,
    /// How many records went into it.
    pub records: usize,
    /// Every connection so far, in the order of [`ConnectionId`].
    attempts: Vec<Attempted>,
}

/// The part of a connection that a snapshot keeps after its end, because segments may still be on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attempted {
    client: NodeId,
    /// How many of its SYNs were refused by R1.
    refused: u32,
}

/// The server at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerView {
    /// Its node.
    pub node: NodeId,
    /// The kernel that runs.
    pub kernel: KernelVersion,
    /// Its clocks.
    pub clock: Clock,
    /// The sysctls in force.
    pub sysctls: Sysctls,
    /// The LISTEN socket.
    pub listening: Option<Listening>,
    /// The other sockets, in the order in which they came to be; also request and timewait sockets.
    pub sockets: Vec<SocketRow>,
    /// The remembered timestamps, one an address, in the order in which the addresses were first written.
    pub remembered: Vec<Remembered>,
    /// The counters that this kernel has, in the order of [`Counter::ALL`].
    pub counters: Vec<CounterRow>,
    /// The last moment at which something happened here.
    busy: SimTime,
}

/// A LISTEN socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listening {
    /// The endpoint: any address, and the port.
    pub port: u16,
    /// The backlog in force: what the program asked for, `somaxconn` at most.
    pub backlog: u32,
    /// Connections that wait for `accept()`.
    pub waiting: u32,
}

/// A socket of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketRow {
    /// The connection as the server names it.
    pub tuple: FourTuple,
    /// Its state.
    pub state: State,
    /// Since when.
    pub since: SimTime,
    /// Its running timer.
    pub timer: Option<RunningTimer>,
    /// The attempt of a client that it belongs to.
    pub connection: Option<ConnectionId>,
    /// That client.
    pub client: Option<NodeId>,
    /// Whether the program has it from `accept()`.
    pub accepted: bool,
}

/// A timer that has been set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningTimer {
    /// Which.
    pub timer: Timer,
    /// When it was set.
    pub set: SimTime,
    /// When it is due; a timewait timer fires a little later by its granularity (R5).
    pub expires: SimTime,
}

/// A timestamp that the server remembers for an address (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The address.
    pub peer: Ipv4Addr,
    /// The clock that was written.
    pub tsval: Tsval,
    /// The whole second, of the server's clock, in which that clock was received.
    pub at: StampSecs,
    /// When it was written.
    pub written: SimTime,
    /// The host whose clock it is, by its real name and not by the address it shares.
    pub written_by: Option<NodeId>,
    /// Its age in whole seconds.
    pub age_s: u32,
    /// Whether it still refuses SYNs where recycle is on: younger than 60 whole seconds (R1).
    pub counts: bool,
}

/// A counter of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRow {
    /// Which.
    pub counter: Counter,
    /// Its value.
    pub value: u64,
    /// When it last rose.
    pub rose: Option<SimTime>,
    /// By how much the last thing that happened at the server (a segment, a call, a timer) raised it; mostly 0.
    pub by: u64,
}

/// The NAT at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatView {
    /// Its node.
    pub node: NodeId,
    /// The mappings that live, in the order in which they were opened.
    pub mappings: Vec<MappingRow>,
}

/// One mapping of the NAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappingRow {
    /// The inside endpoint.
    pub inside: Endpoint,
    /// The outside endpoint that stands for it.
    pub outside: Endpoint,
    /// The endpoint that the connection goes to.
    pub remote: Endpoint,
    /// The host inside.
    pub host: Option<NodeId>,
    /// The connection that opened it.
    pub connection: Option<ConnectionId>,
    /// The last segment that it translated.
    pub used: SimTime,
    /// When it ends unless another segment comes.
    pub expires: SimTime,
    idle: Span,
}

/// A host that calls the server, at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientView {
    /// Its node.
    pub node: NodeId,
    /// The kernel that runs.
    pub kernel: KernelVersion,
    /// The TSval of a segment that it sends now; `None` where it uses no timestamps, shows another clock on every
    /// connection (R9), or has left.
    pub tsval: Option<Tsval>,
    /// Its current activity.
    pub phase: Phase,
    /// Its connections that are not over, oldest first.
    pub open: Vec<OpenConnection>,
    /// How many connections it has attempted.
    pub attempted: u32,
    /// How many of these had at least one SYN refused by R1.
    pub refused: u32,
    /// How the last attempt ended.
    pub last: Option<Ended>,
    /// Its clocks.
    pub clock: Clock,
    booted: SimTime,
    booted_tsval: Option<Tsval>,
}

/// The activity of a client: that of its most telling open connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No connection is open.
    Idle,
    /// It waits for the answer to a SYN.
    Connecting {
        /// The attempt.
        connection: ConnectionId,
        /// When it began.
        since: SimTime,
        /// How often the SYN was sent again.
        retries: u8,
        /// When it is sent again.
        next_retry: Option<SimTime>,
        /// How many of its SYNs the server refused by R1.
        refused: u32,
    },
    /// It is connected.
    Connected {
        /// The attempt.
        connection: ConnectionId,
        /// Since when.
        since: SimTime,
    },
}

/// A connection of a client that its program has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenConnection {
    /// The attempt.
    pub connection: ConnectionId,
    /// As the client names it.
    pub tuple: FourTuple,
    /// Its state.
    pub state: State,
    /// When it began.
    pub began: SimTime,
    /// Since when it is in this state.
    pub since: SimTime,
    /// Since when it is established.
    pub established: Option<SimTime>,
    /// How often its SYN was sent again.
    pub retries: u8,
    /// Its running timer.
    pub timer: Option<RunningTimer>,
    /// How many of its SYNs the server refused by R1.
    pub refused: u32,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The attempt.
    pub connection: ConnectionId,
    /// When.
    pub at: SimTime,
    /// How.
    pub outcome: Outcome,
}
