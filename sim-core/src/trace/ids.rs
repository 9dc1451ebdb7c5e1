//! The numbers of nodes, segments and connections in a trace.

use serde::{Deserialize, Serialize};

/// A host or box of the scenario; an index into [`Trace::nodes`](super::Trace::nodes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u16);

/// A segment on its way; a retransmission is a new segment. Numbered from 0 in the order of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SegmentId(pub u32);

/// One attempt of a program to connect, with its connection. Numbered from 0 in the order of `connect()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub u32);
