//! The event queue of a run, ordered by time and then by the order of adding.

use std::collections::VecDeque;

use crate::deadline_queue::DeadlineQueue;
use crate::kernel::SocketId;
use crate::network::flight::FlightId;
use crate::time::SimTime;
use crate::trace::{ConnectionId, NodeId};

/// A future event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A segment reaches the end of a link.
    Arrival { node: NodeId, flight: FlightId },
    /// The kernel of a host has a timer to fire; stale when the host has noted another moment since.
    KernelTimer { node: NodeId },
    /// The program of a client begins a connection.
    Request { node: NodeId },
    /// The next connection of a steady load begins.
    Offer,
    /// The program of a client has waited for a connection as long as it will.
    PatienceEnds { node: NodeId, socket: SocketId, connection: ConnectionId },
    /// The program of a server has its answer ready.
    Answer { node: NodeId, socket: SocketId, boots: u32 },
    /// The program of a client sends the next request of a connection.
    NextRequest { node: NodeId, socket: SocketId, boots: u32 },
}

/// All future events.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventQueue {
    later: DeadlineQueue<Due>,
    /// Events added for the current time. All events that `later` has for that time were added before.
    at_once: VecDeque<Due>,
    /// The time of the last event taken.
    now: SimTime,
}

impl EventQueue {
    /// Notes that `due` is to happen at `at`.
    #[inline]
    pub(crate) fn note(&mut self, at: SimTime, due: Due) {
        if at == self.now {
            self.at_once.push_back(due);
        } else {
            self.later.note(self.now, at, due);
        }
    }

    /// When the next thing is to happen, or [`SimTime::NEVER`].
    #[inline]
    pub(crate) fn next_at(&self) -> SimTime {
        if self.at_once.is_empty() { self.later.next_at() } else { self.now }
    }

    /// Takes the next thing.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> Option<(SimTime, Due)> {
        if !self.at_once.is_empty() && self.later.next_at() > self.now {
            return self.at_once.pop_front().map(|due| (self.now, due));
        }
        let (at, due) = self.later.take()?;
        self.now = at;
        Some((at, due))
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, EventQueue};
    use crate::time::SimTime;
    use crate::trace::NodeId;

    #[test]
    fn what_is_due_at_once_comes_after_what_was_noted_before() {
        let mut event_queue = EventQueue::default();
        let request = |node| Due::Request { node: NodeId(node) };
        for (at, node) in [(5, 0), (3, 1), (5, 2), (3, 3)] {
            event_queue.note(SimTime::from_secs(at), request(node));
        }
        assert_eq!(event_queue.take(), Some((SimTime::from_secs(3), request(1))));
        event_queue.note(SimTime::from_secs(3), request(4));
        event_queue.note(SimTime::from_secs(5), request(5));
        let order: Vec<Due> = core::iter::from_fn(|| event_queue.take()).map(|(_, due)| due).collect();
        assert_eq!(order, [3, 4, 0, 2, 5].map(request));
    }
}
