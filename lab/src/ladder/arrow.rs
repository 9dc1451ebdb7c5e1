//! A segment as an arrow between two lines of the ladder.

use sim_core::trace::{NodeId, Refusal};

use crate::geometry::Point;
use sim_core::segment::SegmentKind;

/// The end of an arrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tip {
    /// An arrowhead: the segment arrived.
    Arrives,
    /// An octagon: rule R1 refused the segment.
    Refused(Refusal),
    /// A kernel dropped the segment for another reason.
    Dropped,
    /// A cross: the segment was lost on a link or in a box.
    Lost,
}

/// A segment on one link.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// The flight, as an index into `Index::flights`.
    pub flight: usize,
    /// The kind of the segment.
    pub kind: SegmentKind,
    /// The start of the arrow.
    pub from: Point,
    /// The end of the arrow.
    pub to: Point,
    /// What is drawn at the end.
    pub tip: Tip,
    /// Whether the segment is a retransmission that is sent here for the first time.
    pub again: bool,
    /// The host that opened the connection.
    pub host: Option<NodeId>,
    /// The record that a click selects: the refusal if there is one, or else the sending.
    pub record: usize,
}
