//! The agenda: what is to happen, ordered by time and then by when it was noted.

use core::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::kernel::SocketId;
use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{ConnectionId, NodeId, SegmentId};

/// Something that is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A segment reaches the end of a link.
    Arrival { node: NodeId, segment: SegmentId, connection: Option<ConnectionId>, header: Segment, retransmission: u8 },
    /// The kernel of a host has a timer to fire; stale when the host has noted another moment since.
    KernelTimer { node: NodeId },
    /// The program of a client begins a connection.
    Request { node: NodeId },
    /// The next connection of a steady load begins.
    Offer,
    /// The program of a client has waited for a connection as long as it will.
    PatienceEnds { node: NodeId, connection: ConnectionId },
    /// The program of the server has its answer ready.
    Answer { node: NodeId, socket: SocketId, boots: u32 },
}

/// All that is to happen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Entry>,
    noted: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    at: SimTime,
    order: u64,
    due: Due,
}

impl Agenda {
    /// Notes that `due` is to happen at `at`.
    pub(crate) fn note(&mut self, at: SimTime, due: Due) {
        self.heap.push(Entry { at, order: self.noted, due });
        self.noted += 1;
    }

    /// When the next thing is to happen.
    pub(crate) fn next_at(&self) -> Option<SimTime> {
        self.heap.peek().map(|entry| entry.at)
    }

    /// Takes the next thing.
    pub(crate) fn take(&mut self) -> Option<(SimTime, Due)> {
        self.heap.pop().map(|entry| (entry.at, entry.due))
    }
}

impl Ord for Entry {
    /// The earliest entry is the greatest: the heap has its greatest on top.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::{Agenda, Due};
    use crate::time::SimTime;
    use crate::trace::NodeId;

    #[test]
    fn earlier_first_and_then_in_the_order_of_noting() {
        let mut agenda = Agenda::default();
        for (at, node) in [(5, 0), (3, 1), (5, 2), (3, 3)] {
            agenda.note(SimTime::from_secs(at), Due::Request { node: NodeId(node) });
        }
        let order: Vec<Due> = core::iter::from_fn(|| agenda.take()).map(|(_, due)| due).collect();
        assert_eq!(order, [1, 3, 0, 2].map(|node| Due::Request { node: NodeId(node) }));
    }
}
