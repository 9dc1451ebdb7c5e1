//! A steady load for measurements: connections offered to all clients in turn, instead of their own traffic.
//!
//! A [`Load`] produces exactly its number of attempts at exactly its rate, even where the interval between two attempts
//! of one host is not a whole millisecond.

use super::{Recorder, Sim};
use crate::event_queue::Due;
use crate::time::SimTime;
use crate::trace::NodeId;

/// How many connections the clients are to open between them, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Attempts in all; the first is at the start.
    pub connections: u64,
    /// Attempts in a simulated second; at least 1.
    pub per_second: u32,
}

impl Load {
    /// When attempt `number` is due, counted from 0. Rounded down to the microsecond, so the error never adds up.
    fn at(self, number: u64) -> SimTime {
        let (whole, rest) = (number / self.rate(), number % self.rate());
        SimTime::from_micros(whole * 1_000_000 + rest * 1_000_000 / self.rate())
    }

    fn rate(self) -> u64 {
        u64::from(self.per_second.max(1))
    }
}

impl<R: Recorder> Sim<R> {
    /// Notes when the next attempt of the load is due, if there is one.
    pub(super) fn note_offer(&mut self) {
        if let Some(load) = self.load.filter(|load| self.offered < load.connections) {
            self.world.event_queue.note(load.at(self.offered), Due::Offer);
        }
    }

    /// The next client in turn begins a connection. It is never too busy: the load is what is measured.
    pub(super) fn offer_is_due(&mut self) {
        // All hosts but the server, which is the first.
        let clients = self.hosts.len() as u64 - 1;
        let number = self.offered;
        self.offered += 1;
        self.note_offer();
        if clients > 0 {
            let host = 1 + (number % clients) as usize;
            // The boxes stand between the server and the clients.
            let boxes = self.world.host_of.len() - self.hosts.len();
            self.connect(NodeId((boxes + host) as u16), None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Load;

    #[test]
    fn attempts_are_spread_over_the_second_and_the_error_does_not_add_up() {
        let load = Load { connections: 9, per_second: 3 };
        let at: Vec<u64> = (0..5).map(|number| load.at(number).as_micros()).collect();
        assert_eq!(at, [0, 333_333, 666_666, 1_000_000, 1_333_333]);
    }
}
