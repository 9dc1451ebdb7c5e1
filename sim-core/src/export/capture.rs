//! The segments that `tcpdump` would capture at one host: those that it sends and those that reach it.
//!
//! `tcpdump` sees a segment when the kernel hands it to the link, or when the link hands it to the kernel. So a
//! silently refused SYN is captured, a segment that was lost on its way is not, and a copy that a link makes is
//! captured by the receiver only.

use rustc_hash::FxHashMap;

use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{Event, NodeId, SegmentId, Trace};

/// One segment of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Captured {
    /// When the host sent it or it reached the host.
    pub at: SimTime,
    /// Which way it went.
    pub direction: Direction,
    /// Its number in the trace.
    pub segment: SegmentId,
    /// The segment that it is a copy of, and else itself. Both copies are the same packet to the host.
    pub original: SegmentId,
    /// Its header at this host: with the inside address behind a NAT, with the public one in front of it.
    pub header: Segment,
    /// 0 the first time, then the number of the retransmission.
    pub retransmission: u8,
    /// The position in [`Trace::records`] of the record that says why the host did not take it.
    pub dropped: Option<usize>,
}

/// Which way a captured segment went, as its host sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It arrived.
    Inbound,
    /// It was sent.
    Outbound,
}

/// The capture at `node` of the whole run, in the order of time. Boxes take no captures;
/// for them it is empty.
pub fn at(trace: &Trace, node: NodeId) -> Vec<Captured> {
    let is_box = trace.nodes.get(usize::from(node.0)).is_none_or(|node| node.role.is_box());
    if is_box {
        return Vec::new();
    }
    let mut tap = Tap { node, captured: Vec::new(), under_way: FxHashMap::default(), copies: FxHashMap::default() };
    for (position, record) in trace.records.iter().enumerate() {
        if let Some(segment) = record.segment {
            tap.take(position, record.at, record.node, segment, &record.event);
        }
    }
    tap.captured
}

struct Tap {
    node: NodeId,
    captured: Vec<Captured>,
    /// Its header on the last link before this host.
    under_way: FxHashMap<SegmentId, Captured>,
    /// For each copy that a link made, the segment that the sender knows.
    copies: FxHashMap<SegmentId, SegmentId>,
}

impl Tap {
    fn take(&mut self, position: usize, at: SimTime, node: NodeId, segment: SegmentId, event: &Event) {
        match *event {
            Event::SegmentDuplicated { of } => {
                let original = self.copies.get(&of).copied().unwrap_or(of);
                self.copies.insert(segment, original);
            }
            Event::SegmentSent { to, header, retransmission, arrives } => {
                let original = self.copies.get(&segment).copied().unwrap_or(segment);
                let direction = if node == self.node { Direction::Outbound } else { Direction::Inbound };
                let seen = Captured { at, direction, segment, original, header, retransmission, dropped: None };
                if node == self.node && original == segment {
                    self.captured.push(seen);
                }
                if to == self.node && arrives.is_some() {
                    self.under_way.insert(segment, Captured { direction: Direction::Inbound, ..seen });
                }
            }
            Event::SegmentArrived if node == self.node => {
                self.captured.extend(self.under_way.remove(&segment).map(|seen| Captured { at, ..seen }));
            }
            Event::SegmentDropped { .. } if node == self.node => {
                // A host that cannot take a segment says so before anything else reaches it.
                if let Some(last) = self.captured.iter_mut().rfind(|seen| seen.direction == Direction::Inbound)
                    && last.segment == segment
                {
                    last.dropped = Some(position);
                }
            }
            _ => {}
        }
    }
}
