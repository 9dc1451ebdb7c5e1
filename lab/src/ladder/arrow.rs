//! A segment as an arrow between two lines of the ladder, and what happens at its tip.

use sim_core::trace::{NodeId, Refusal};

use super::place::Point;
use sim_core::segment::SegmentKind;

/// What becomes of an arrow at its tip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tip {
    /// A head.
    Arrives,
    /// The octagon: R1.
    Refused(Refusal),
    /// A kernel did not take it.
    Dropped,
    /// A cross on the way, or at a box.
    Lost,
}

/// A segment on one link.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    /// Which of the flights of the run.
    pub flight: usize,
    /// What it is.
    pub kind: SegmentKind,
    /// Where it sets out.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
    /// How.
    pub tip: Tip,
    /// Whether a retransmission sets out here.
    pub again: bool,
    /// Whose connection it belongs to.
    pub host: Option<NodeId>,
    /// Where a click leads: the refusal if it is one, else the sending.
    pub record: usize,
}
