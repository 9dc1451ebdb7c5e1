//! The trace: an append-only list of records, the only output of a run.
//!
//! A view is a function of a trace and a time. [`Trace::SCHEMA`] is the version of the format and rises with every
//! visible change. `docs/trace.md` describes the fields and events.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::time::{SimTime, Span};

pub mod describe;
mod digest;
mod event;
mod event_words;
mod ids;
mod loss_reason;
pub mod query;
mod read;
pub mod snapshot;
mod totals;

pub use self::digest::Digest;
pub use self::event::{Call, CallResult, Errno, Event, Outcome, Refusal, StampChange, Takeover, Timer};
pub use self::ids::{ConnectionId, NodeId, SegmentId};
pub use self::loss_reason::LossReason;
pub use self::read::TraceError;
pub use self::totals::Totals;

/// A node of the trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its name in the scenario, such as `web-2`.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Its own address when it joined; for a NAT the public one; `0.0.0.0` for a firewall, which has none.
    pub addr: Ipv4Addr,
    /// The box in front of it, when it is not reached directly.
    pub behind: Option<NodeId>,
    /// When it joined.
    pub joined: SimTime,
}

/// The role of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Opens connections.
    Client,
    /// Accepts connections.
    Server,
    /// Translates the source addresses of the hosts behind it.
    Nat,
    /// Translates the source addresses of everybody who calls the server.
    LoadBalancer,
    /// Drops segments, or changes their timestamps.
    Firewall,
    /// Accepts connections of the server.
    Database,
}

impl Role {
    /// Whether it only passes on the segments of others.
    pub const fn is_box(self) -> bool {
        matches!(self, Self::Nat | Self::LoadBalancer | Self::Firewall)
    }

    /// Whether it rewrites addresses.
    pub const fn translates(self) -> bool {
        matches!(self, Self::Nat | Self::LoadBalancer)
    }
}

/// One thing that happened at one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The time.
    pub at: SimTime,
    /// The node.
    pub node: NodeId,
    /// The segment that caused it, when one did; for `SegmentSent` the segment that was sent.
    pub segment: Option<SegmentId>,
    /// The connection that it belongs to, when that is known.
    pub connection: Option<ConnectionId>,
    /// The event.
    pub event: Event,
}

/// A finished or running simulation, as records in the order in which they happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The version of the schema.
    pub schema: u32,
    /// The nodes of the records.
    pub nodes: Vec<Node>,
    /// The records.
    pub records: Vec<Record>,
    /// How long the run was.
    pub duration: Span,
}

impl Trace {
    /// The version of the schema that this code writes.
    pub const SCHEMA: u32 = 1;

    /// A trace before its first record.
    pub const fn empty() -> Self {
        Self { schema: Self::SCHEMA, nodes: Vec::new(), records: Vec::new(), duration: Span::ZERO }
    }
}
