//! A steady load for measurements: connections offered to all clients in turn, instead of their own traffic.
//!
//! A [`Load`] produces exactly its number of attempts at exactly its rate, even where the interval between two attempts
//! of one host is not a whole millisecond.

use crate::time::SimTime;

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
    pub(super) fn at(self, number: u64) -> SimTime {
        let (whole, rest) = (number / self.rate(), number % self.rate());
        SimTime::from_micros(whole * 1_000_000 + rest * 1_000_000 / self.rate())
    }

    fn rate(self) -> u64 {
        u64::from(self.per_second.max(1))
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
