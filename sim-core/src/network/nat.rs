//! A source NAT: rewrites the inside endpoint of each connection to a port of its one public address, and back.
//!
//! Each pair of inside and remote endpoint has one mapping with an idle timeout. The NAT does not follow connection
//! states and leaves timestamps unchanged, which is why the server sees many clocks behind one address.

use core::ops::RangeInclusive;
use std::net::Ipv4Addr;

mod ports;

use self::ports::{Mapping, Ports};
use crate::addr::{ByFourTuple, Endpoint, FourTuple};
use crate::rng::Rng;
use crate::scenario::PortRule;
use crate::segment::Segment;
use crate::time::{SimTime, Span};
use crate::trace::LossReason;

/// The box.
#[derive(Clone, Debug)]
pub(crate) struct Nat {
    pub(crate) idle: Span,
    addr: Ipv4Addr,
    ports: Ports,
    range: RangeInclusive<u16>,
    rule: PortRule,
    /// The port of each connection, as the host inside names it.
    by_inside: ByFourTuple,
    rng: Rng,
}

/// How a segment was translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Translated {
    pub(crate) inside: Endpoint,
    pub(crate) outside: Endpoint,
    /// The remote endpoint, where this segment opened the mapping.
    pub(crate) opened: Option<Endpoint>,
}

impl Nat {
    pub(crate) fn new(addr: Ipv4Addr, range: RangeInclusive<u16>, rule: PortRule, idle: Span, rng: Rng) -> Self {
        let ports = Ports::new(&range, idle);
        Self { idle, addr, ports, range, rule, by_inside: ByFourTuple::default(), rng }
    }

    /// It starts again and knows of no connection; its ports begin from the first.
    pub(crate) fn forget(&mut self) {
        self.by_inside.clear();
        self.ports = Ports::new(&self.range, self.idle);
    }

    /// Translates a segment where it is, whichever way it goes.
    #[inline]
    pub(crate) fn translate(&mut self, now: SimTime, segment: &mut Segment) -> Result<Translated, LossReason> {
        if segment.dst.addr == self.addr { self.inwards(now, segment) } else { self.outwards(now, segment) }
    }

    fn outwards(&mut self, now: SimTime, segment: &mut Segment) -> Result<Translated, LossReason> {
        let (inside, remote) = (segment.src, segment.dst);
        let known = self.by_inside.get(&FourTuple { local: inside, remote }).map(|port| *port as u16);
        let (port, opened) =
            match known.and_then(|port| self.ports.living_mut(now, port).map(|mapping| (port, mapping))) {
                Some((port, mapping)) => {
                    mapping.used = now;
                    (port, None)
                }
                None => (self.open(now, inside, remote).ok_or(LossReason::NoPort)?, Some(remote)),
            };
        let outside = Endpoint::new(self.addr, port);
        segment.src = outside;
        Ok(Translated { inside, outside, opened })
    }

    fn inwards(&mut self, now: SimTime, segment: &mut Segment) -> Result<Translated, LossReason> {
        let outside = segment.dst;
        let mapping = self.ports.living_mut(now, outside.port).filter(|mapping| mapping.remote == segment.src);
        let mapping = mapping.ok_or(LossReason::NoMapping)?;
        mapping.used = now;
        let inside = mapping.inside;
        segment.dst = inside;
        Ok(Translated { inside, outside, opened: None })
    }

    /// The outside ports whose mappings live at `now`.
    #[cfg(test)]
    pub(crate) fn living_ports(&self, now: SimTime) -> std::collections::BTreeSet<u16> {
        let mut ports = self.ports.clone();
        self.range.clone().filter(|port| ports.living_mut(now, *port).is_some()).collect()
    }

    /// Opens a mapping at a free port; `None` when all of them live.
    fn open(&mut self, now: SimTime, inside: Endpoint, remote: Endpoint) -> Option<u16> {
        let mapping = Mapping { inside, remote, used: now };
        let opened = match self.rule {
            PortRule::PortPreserving => {
                self.ports.open_at(now, inside.port, mapping).or_else(|| self.ports.open(now, mapping))
            }
            PortRule::Sequential => self.ports.open(now, mapping),
            PortRule::Random => {
                let (first, last) = (*self.range.start(), *self.range.end());
                self.ports.search_from(first + self.rng.below(u64::from(last - first) + 1) as u16);
                self.ports.open(now, mapping)
            }
        };
        let (port, old) = opened?;
        let old = old.map(|old| FourTuple { local: old.inside, remote: old.remote });
        if let Some(old) = old.filter(|old| self.by_inside.get(old) == Some(&u32::from(port))) {
            self.by_inside.remove(&old);
        }
        self.by_inside.insert(FourTuple { local: inside, remote }, u32::from(port));
        Some(port)
    }
}

#[cfg(test)]
mod tests {
    use super::{Nat, PortRule, Rng, Span};
    use crate::addr::Endpoint;
    use crate::segment::{Flags, Segment};
    use crate::seq::Seq;
    use crate::time::SimTime;
    use crate::trace::{LossReason, NodeId};

    const SERVER: Endpoint = Endpoint::new(std::net::Ipv4Addr::new(198, 51, 100, 10), 80);
    const PUBLIC: std::net::Ipv4Addr = std::net::Ipv4Addr::new(203, 0, 113, 7);

    fn nat_with(ports: core::ops::RangeInclusive<u16>, rule: PortRule) -> Nat {
        Nat::new(PUBLIC, ports, rule, Span::from_secs(10), Rng::of_node(1, NodeId(1)))
    }

    /// Two ports, ten seconds.
    fn nat() -> Nat {
        nat_with(40_000..=40_001, PortRule::Sequential)
    }

    fn segment(src: Endpoint, dst: Endpoint) -> Segment {
        let (seq, ack) = (Seq(1), Seq(0));
        Segment { src, dst, flags: Flags::SYN, seq, ack, len: 0, window: 1, timestamps: None }
    }

    /// The outside port of a segment from port `port` inside at second `at`.
    fn out(nat: &mut Nat, at: u64, port: u16) -> Result<u16, LossReason> {
        let inside = Endpoint::new([10, 0, 0, 2].into(), port);
        nat.translate(SimTime::from_secs(at), &mut segment(inside, SERVER)).map(|translated| translated.outside.port)
    }

    #[test]
    fn ports_go_out_in_sequence_and_come_back_after_the_time_out() {
        let mut nat = nat();
        assert_eq!(
            [out(&mut nat, 0, 1), out(&mut nat, 1, 2), out(&mut nat, 2, 1)],
            [Ok(40_000), Ok(40_001), Ok(40_000)]
        );
        assert_eq!(out(&mut nat, 3, 3), Err(LossReason::NoPort));
        assert_eq!(out(&mut nat, 11, 3), Ok(40_001), "port 2's mapping has been idle for ten seconds");
    }

    #[test]
    fn an_answer_finds_its_way_back_until_the_time_out() {
        let mut nat = nat();
        out(&mut nat, 0, 7).unwrap();
        let answer = segment(SERVER, Endpoint::new(PUBLIC, 40_000));
        let inside = |nat: &mut Nat, at| {
            let mut answer = answer;
            nat.translate(SimTime::from_secs(at), &mut answer).map(|_| answer.dst.to_string())
        };
        assert_eq!(inside(&mut nat, 9), Ok("10.0.0.2:7".to_owned()));
        assert_eq!(inside(&mut nat, 19), Err(LossReason::NoMapping));
    }

    #[test]
    fn a_stranger_gets_no_way_in() {
        let mut nat = nat();
        out(&mut nat, 0, 7).unwrap();
        let stranger = Endpoint::new([192, 0, 2, 1].into(), 80);
        let mut segment = segment(stranger, Endpoint::new(PUBLIC, 40_000));
        assert_eq!(nat.translate(SimTime::ZERO, &mut segment), Err(LossReason::NoMapping));
    }

    #[test]
    fn a_port_is_kept_where_it_can_be() {
        let mut nat = nat_with(40_000..=40_009, PortRule::PortPreserving);
        assert_eq!(out(&mut nat, 0, 40_004), Ok(40_004));
        assert_eq!(out(&mut nat, 0, 99), Ok(40_000), "outside the range");
        let other = Endpoint::new([10, 0, 0, 3].into(), 40_004);
        let taken = nat.translate(SimTime::ZERO, &mut segment(other, SERVER)).unwrap();
        assert_eq!(taken.outside.port, 40_001);
    }

    #[test]
    fn random_ports_are_all_given_out_and_none_twice() {
        let mut nat = nat_with(40_000..=40_019, PortRule::Random);
        let ports: Vec<u16> = (1..=20).map(|port| out(&mut nat, 0, port).unwrap()).collect();
        let all: std::collections::BTreeSet<u16> = ports.iter().copied().collect();
        assert_eq!(all, (40_000..=40_019).collect());
        assert!(!ports.is_sorted());
        assert_eq!(out(&mut nat, 0, 21), Err(LossReason::NoPort));
    }

    #[test]
    fn a_box_that_starts_again_knows_nobody() {
        let mut nat = nat();
        out(&mut nat, 0, 7).unwrap();
        nat.forget();
        let mut answer = segment(SERVER, Endpoint::new(PUBLIC, 40_000));
        assert_eq!(nat.translate(SimTime::ZERO, &mut answer), Err(LossReason::NoMapping));
        assert_eq!(out(&mut nat, 0, 8), Ok(40_000));
    }
}
