//! Tells the clocks behind one address apart. The timestamps of one host lie on a line over time, and every host has
//! its own line (RFC 7323, 5.4).

use rustc_hash::FxHashMap;
use sim_core::segment::Segment;

use crate::evidence::ClockSeen;

/// The most clocks of one address. An address with more has a new clock for each connection.
const MOST_CLOCKS: usize = 64;
/// The most SYNs that are remembered to recognise a retransmission.
const MOST_RETRANSMISSIONS: usize = 4_096;
/// Ticks a second that clocks have: 1,000 (Linux since 4.13, or with HZ 1000), 250, 100; a few have 300, 128 or 10.
const RATES: [u32; 6] = [1_000, 250, 100, 300, 128, 10];
/// The largest distance of a timestamp from its line: 60 ms for the delay, and 1/1000 of the time since the last SYN.
const OFF_MS: u64 = 60;
const DRIFT: u64 = 1_000;

/// The line of one clock.
#[derive(Clone, Debug)]
struct ClockLine {
    /// Ticks a second; 0 until two SYNs far enough apart are known.
    rate: u32,
    at_us: u64,
    tsval: u32,
    syns: u64,
    points: Vec<(u64, u32)>,
}

/// The clocks behind one address.
#[derive(Clone, Debug, Default)]
pub struct HostClocks {
    lines: Vec<ClockLine>,
    without_stamp: u64,
    /// The line of each SYN that may be sent again, by its ports and its sequence number.
    retransmissions: FxHashMap<(u16, u16, u32), usize>,
}

impl HostClocks {
    /// Adds a SYN that arrived at `at_us`, in microseconds since 1970.
    pub fn syn(&mut self, at_us: u64, syn: &Segment) {
        let Some(stamps) = syn.timestamps else {
            self.without_stamp += 1;
            return;
        };
        let tsval = stamps.tsval.0;
        let key = (syn.src.port, syn.dst.port, syn.seq.0);
        let known = self.retransmissions.get(&key).copied();
        let index = known.or_else(|| self.lines.iter().position(|line| line.fits(at_us, tsval)));
        let index = match index {
            Some(index) => {
                self.lines[index].take(at_us, tsval);
                index
            }
            None if self.lines.len() < MOST_CLOCKS => {
                self.lines.push(ClockLine { rate: 0, at_us, tsval, syns: 1, points: vec![(at_us, tsval)] });
                self.lines.len() - 1
            }
            None => return,
        };
        if self.retransmissions.len() >= MOST_RETRANSMISSIONS {
            self.retransmissions.clear();
        }
        self.retransmissions.insert(key, index);
    }

    /// The number of SYNs without a timestamp.
    pub const fn without_stamp(&self) -> u64 {
        self.without_stamp
    }

    /// The clocks, in the order of their first SYN.
    pub fn seen(self) -> Vec<ClockSeen> {
        let seen = |line: ClockLine| ClockSeen { ticks_per_s: line.rate, syns: line.syns, points: line.points };
        self.lines.into_iter().map(seen).collect()
    }
}

impl ClockLine {
    fn fits(&self, at_us: u64, tsval: u32) -> bool {
        if self.rate > 0 { self.is_near(self.rate, at_us, tsval) } else { self.rate_by(at_us, tsval).is_some() }
    }

    /// The rate at which the line also goes through this point.
    fn rate_by(&self, at_us: u64, tsval: u32) -> Option<u32> {
        RATES.into_iter().find(|rate| self.is_near(*rate, at_us, tsval))
    }

    fn is_near(&self, rate: u32, at_us: u64, tsval: u32) -> bool {
        let since_us = at_us.saturating_sub(self.at_us);
        let ticks = u128::from(since_us) * u128::from(rate) / 1_000_000;
        let off = i64::from(tsval.wrapping_sub(self.tsval).wrapping_sub(ticks as u32) as i32).unsigned_abs();
        let allowed_us = OFF_MS * 1_000 + since_us / DRIFT;
        u128::from(off) <= u128::from(allowed_us) * u128::from(rate) / 1_000_000 + 1
    }

    fn take(&mut self, at_us: u64, tsval: u32) {
        // Two SYNs at almost the same time fit every rate.
        let apart = at_us.saturating_sub(self.at_us) >= 500_000;
        if self.rate == 0 && apart {
            self.rate = self.rate_by(at_us, tsval).unwrap_or(0);
        }
        self.syns += 1;
        if self.rate > 0 || apart {
            (self.at_us, self.tsval) = (at_us, tsval);
        }
        if self.points.len() < ClockSeen::MOST_POINTS {
            self.points.push((at_us, tsval));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use sim_core::addr::Endpoint;
    use sim_core::segment::Flags;
    use sim_core::seq::Seq;
    use sim_core::timestamp::{Timestamps, Tsval};

    use super::*;

    fn syn(port: u16, tsval: u32) -> Segment {
        Segment {
            src: Endpoint::new(Ipv4Addr::new(203, 0, 113, 7), port),
            dst: Endpoint::new(Ipv4Addr::new(198, 51, 100, 10), 80),
            flags: Flags::SYN,
            seq: Seq(u32::from(port)),
            ack: Seq(0),
            len: 0,
            window: 65_535,
            timestamps: Some(Timestamps { tsval: Tsval(tsval), tsecr: Tsval(0) }),
        }
    }

    #[test]
    fn each_host_has_its_own_clock() {
        let mut clocks = HostClocks::default();
        // Three hosts, one with 250 ticks a second, which call in turn every 1.7 s.
        for call in 0..60_u32 {
            let at_us = u64::from(call) * 1_700_000;
            let ms = call * 1_700;
            let tsval = [5_000_000 + ms, 4_990_000 + ms, 700_000 + ms / 4][call as usize % 3];
            clocks.syn(1_000_000 + at_us, &syn(40_000 + call as u16, tsval));
        }
        let seen = clocks.seen();
        let rates: Vec<_> = seen.iter().map(|clock| (clock.ticks_per_s, clock.syns)).collect();
        assert_eq!(rates, [(1_000, 20), (1_000, 20), (250, 20)]);
    }

    #[test]
    fn a_retransmission_belongs_to_the_clock_of_the_first_syn() {
        let mut clocks = HostClocks::default();
        clocks.syn(0, &syn(40_000, 9_000));
        clocks.syn(1_000_000, &syn(40_000, 9_250));
        let seen = clocks.seen();
        assert_eq!((seen.len(), seen[0].ticks_per_s), (1, 250));
    }

    #[test]
    fn a_clock_that_wraps_around_stays_one_clock() {
        let mut clocks = HostClocks::default();
        for second in 0..10_u32 {
            let tsval = (u32::MAX - 4_000).wrapping_add(second * 1_000);
            clocks.syn(u64::from(second) * 1_000_000, &syn(40_000 + second as u16, tsval));
        }
        assert_eq!(clocks.seen().len(), 1);
    }
}
