//! Random numbers from the seed of the scenario: one stream for each node, so that no node affects another's numbers.

use rand_xoshiro::rand_core::{Rng as _, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

use crate::addr::FourTuple;
use crate::seq::Seq;
use crate::time::SimTime;
use crate::trace::NodeId;

/// The stream of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rng(Xoshiro256PlusPlus);

impl Rng {
    /// The stream of `node` in the scenario with `seed`.
    pub(crate) fn of_node(seed: u64, node: NodeId) -> Self {
        Self::of_stream(seed, u64::from(node.0))
    }

    /// The stream with this number; those of the nodes come first.
    pub(crate) fn of_stream(seed: u64, stream: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(mix(seed) ^ mix(stream)))
    }

    /// A number that nobody else has: the secret of a kernel.
    pub(crate) fn secret(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, or 0. The high half of a wide product; its bias is below one in 2^32 for the bounds
    /// that are used here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// Whether an event with a probability of `percent` happens. A probability of 0 draws no number, so that
    /// it does not move the rest of the stream.
    pub(crate) fn happens(&mut self, percent: u32) -> bool {
        percent > 0 && self.below(100) < u64::from(percent)
    }

    /// `middle`, lengthened or shortened by up to `spread`; at least 1.
    pub(crate) fn env(&mut self, middle: u64, spread: u64) -> u64 {
        let chance = if spread == 0 { 0 } else { self.below(2 * spread + 1) };
        (middle + chance).saturating_sub(spread).max(1)
    }
}

/// The first sequence number of a connection: a keyed hash of its four-tuple and a clock of 64 ns, so that a later
/// connection of the same four-tuple starts higher (RFC 6528; `secure_tcp_seq`, `seq_scale`).
pub(crate) fn initial_sequence(secret: u64, tuple: FourTuple, now: SimTime) -> Seq {
    let addrs = u64::from(u32::from(tuple.local.addr)) << 32 | u64::from(u32::from(tuple.remote.addr));
    let ports = u64::from(tuple.local.port) << 16 | u64::from(tuple.remote.port);
    let hash = mix(mix(secret ^ addrs) ^ ports);
    let clock = now.as_micros() * 1_000 / 64;
    Seq((hash as u32).wrapping_add(clock as u32))
}

/// Spreads the bits of a number; the same on every machine.
fn mix(value: u64) -> u64 {
    SplitMix64::seed_from_u64(value).next_u64()
}

#[cfg(test)]
mod tests {
    use super::{Rng, initial_sequence};
    use crate::addr::{Endpoint, FourTuple};
    use crate::time::SimTime;
    use crate::trace::NodeId;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let numbers = |seed, node| {
            let mut rng = Rng::of_node(seed, NodeId(node));
            [rng.below(1_000), rng.below(1_000), rng.below(1_000), rng.below(1_000)]
        };
        assert_eq!(numbers(1, 2), numbers(1, 2));
        assert_ne!(numbers(1, 2), numbers(1, 3));
        assert_ne!(numbers(1, 2), numbers(2, 2));
    }

    #[test]
    fn jitter_stays_within_its_spread() {
        let mut rng = Rng::of_node(7, NodeId(0));
        let drawn: Vec<u64> = (0..1_000).map(|_| rng.env(100, 30)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&70), Some(&130)));
        assert_eq!(rng.env(5, 0), 5);
    }

    #[test]
    fn a_later_connection_of_the_same_four_tuple_starts_higher() {
        let tuple =
            FourTuple { local: Endpoint::new([10, 0, 0, 1].into(), 1), remote: Endpoint::new([10, 0, 0, 2].into(), 2) };
        let first = initial_sequence(9, tuple, SimTime::from_secs(1));
        let second = initial_sequence(9, tuple, SimTime::from_secs(2));
        assert_eq!(second.past(first), 15_625_000);
        assert_ne!(initial_sequence(8, tuple, SimTime::from_secs(1)), first);
    }
}
