//! A firewall: drops the segments of some addresses, and may change the timestamps of the others.
//!
//! Firewalls randomize timestamps to hide how long a host has been up. The box adds a number to the clock of the
//! client, another number for each connection, and subtracts it from the echo. So even one host alone behind an address
//! shows as many clocks as it has connections.

use std::net::Ipv4Addr;

use crate::addr::{ByFourTuple, FourTuple};
use crate::rng::Rng;
use crate::scenario::StampRule;
use crate::segment::Segment;
use crate::seq::Seq;
use crate::timestamp::Timestamps;
use crate::trace::{LossReason, StampChange};

/// The box.
#[derive(Clone, Debug)]
pub(crate) struct Firewall {
    rule: StampRule,
    drops_from: Vec<Ipv4Addr>,
    /// For each connection the sequence number of its SYN, and what is added to the clock.
    offsets: Vec<(Seq, u32)>,
    /// Where each connection, as its opener names it, stands among them.
    places: ByFourTuple,
    rng: Rng,
}

impl Firewall {
    pub(crate) fn new(rule: StampRule, drops_from: Vec<Ipv4Addr>, rng: Rng) -> Self {
        Self { rule, drops_from, offsets: Vec::new(), places: ByFourTuple::default(), rng }
    }

    /// It starts again and knows of no connection.
    pub(crate) fn forget(&mut self) {
        self.offsets.clear();
        self.places.clear();
    }

    /// Lets a segment through, and says what it changed on it.
    pub(crate) fn pass(&mut self, segment: &mut Segment) -> Result<Option<StampChange>, LossReason> {
        if self.drops_from.contains(&segment.src.addr) {
            return Err(LossReason::Firewall);
        }
        let Some(stamps) = segment.timestamps else { return Ok(None) };
        match self.rule {
            StampRule::Pass => Ok(None),
            StampRule::Strip => {
                segment.timestamps = None;
                Ok(Some(StampChange::Stripped))
            }
            StampRule::Random => Ok(self.shifted(segment, stamps).map(|stamps| {
                segment.timestamps = Some(stamps);
                StampChange::Shifted
            })),
        }
    }

    /// The timestamps with the connection's offset on the opener's clock; `None` for a connection that it does not know.
    fn shifted(&mut self, segment: &Segment, stamps: Timestamps) -> Option<Timestamps> {
        let theirs = segment.tuple_at_receiver();
        let own = theirs.reversed();
        if segment.opens() && self.kept(own).is_none_or(|(isn, _)| isn != segment.seq) {
            let offset = self.rng.secret() as u32;
            self.keep(own, (segment.seq, offset));
        }
        if let Some((_, offset)) = self.kept(own) {
            return Some(Timestamps { tsval: stamps.tsval.plus(offset), ..stamps });
        }
        let (_, offset) = self.kept(theirs)?;
        Some(Timestamps { tsecr: stamps.tsecr.plus(offset.wrapping_neg()), ..stamps })
    }

    fn kept(&self, connection: FourTuple) -> Option<(Seq, u32)> {
        self.offsets.get(*self.places.get(&connection)? as usize).copied()
    }

    fn keep(&mut self, connection: FourTuple, kept: (Seq, u32)) {
        let place = *self.places.entry(connection).or_insert(self.offsets.len() as u32) as usize;
        match self.offsets.get_mut(place) {
            Some(old) => *old = kept,
            None => self.offsets.push(kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Firewall, StampRule};
    use crate::addr::Endpoint;
    use crate::rng::Rng;
    use crate::segment::{Flags, Segment};
    use crate::seq::Seq;
    use crate::timestamp::{Timestamps, Tsval};
    use crate::trace::{LossReason, NodeId, StampChange};

    const HOST: Endpoint = Endpoint::new(std::net::Ipv4Addr::new(203, 0, 113, 40), 40_000);
    const SERVER: Endpoint = Endpoint::new(std::net::Ipv4Addr::new(198, 51, 100, 10), 80);

    fn firewall(rule: StampRule) -> Firewall {
        Firewall::new(rule, Vec::new(), Rng::of_node(1, NodeId(1)))
    }

    fn segment(src: Endpoint, dst: Endpoint, flags: Flags, seq: u32, (tsval, tsecr): (u32, u32)) -> Segment {
        let timestamps = Some(Timestamps { tsval: Tsval(tsval), tsecr: Tsval(tsecr) });
        Segment { src, dst, flags, seq: Seq(seq), ack: Seq(0), len: 0, window: 1, timestamps }
    }

    fn passed(firewall: &mut Firewall, segment: &Segment) -> (u32, u32) {
        let mut segment = *segment;
        firewall.pass(&mut segment).unwrap();
        let stamps = segment.timestamps.unwrap();
        (stamps.tsval.0, stamps.tsecr.0)
    }

    #[test]
    fn a_random_timestamp_runs_on_within_a_connection_and_comes_back_as_it_was() {
        let mut firewall = firewall(StampRule::Random);
        let (syn, _) = passed(&mut firewall, &segment(HOST, SERVER, Flags::SYN, 7, (1_000, 0)));
        assert_ne!(syn, 1_000);
        let again = passed(&mut firewall, &segment(HOST, SERVER, Flags::SYN, 7, (2_000, 0)));
        assert_eq!(again, (syn.wrapping_add(1_000), 0), "a retry has the offset of the first");
        let answer = segment(SERVER, HOST, Flags::SYN.with(Flags::ACK), 1, (55, syn));
        assert_eq!(passed(&mut firewall, &answer), (55, 1_000));
        let third = passed(&mut firewall, &segment(HOST, SERVER, Flags::ACK, 8, (2_001, 55)));
        assert_eq!(third, (syn.wrapping_add(1_001), 55));
    }

    #[test]
    fn the_next_connection_of_the_same_four_tuple_has_another() {
        let mut firewall = firewall(StampRule::Random);
        let first = passed(&mut firewall, &segment(HOST, SERVER, Flags::SYN, 7, (1_000, 0)));
        let next = passed(&mut firewall, &segment(HOST, SERVER, Flags::SYN, 900, (1_000, 0)));
        assert_ne!(first, next);
    }

    #[test]
    fn others_strip_the_option_or_drop_the_segment() {
        let syn = segment(HOST, SERVER, Flags::SYN, 7, (1_000, 0));
        let mut stripped = syn;
        assert_eq!(firewall(StampRule::Strip).pass(&mut stripped), Ok(Some(StampChange::Stripped)));
        assert_eq!(stripped, Segment { timestamps: None, ..syn });
        let mut firewall = Firewall { drops_from: vec![HOST.addr], ..firewall(StampRule::Pass) };
        assert_eq!(firewall.pass(&mut { syn }), Err(LossReason::Firewall));
        let other = Segment { src: Endpoint::new([203, 0, 113, 41].into(), 1), ..syn };
        let mut passed = other;
        assert_eq!(firewall.pass(&mut passed), Ok(None));
        assert_eq!(passed, other);
    }
}
