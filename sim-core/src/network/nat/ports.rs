//! The outside ports of a NAT with the mapping of each, and the search for the next one that is free.
//!
//! Where all ports are in use the search would look at every one of them for every connection. So each block of ports
//! knows a moment before which none of its mappings ends, and is passed over until then.

use core::ops::RangeInclusive;

use crate::addr::Endpoint;
use crate::time::{SimTime, Span};

/// Ports in a block.
const BLOCK: usize = 64;

/// What stands behind an outside port.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mapping {
    pub(crate) inside: Endpoint,
    pub(crate) remote: Endpoint,
    /// When a segment last went through.
    pub(crate) used: SimTime,
}

/// All outside ports, in a circle.
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    first: u16,
    idle: Span,
    mappings: Vec<Option<Mapping>>,
    /// For each block a moment before which none of its ports becomes free. It may be too early, for a segment can
    /// go through meanwhile, but never too late: a mapping that opens later ends later.
    soonest: Vec<SimTime>,
    /// Where the search begins.
    next: usize,
}

impl Ports {
    pub(crate) fn new(ports: &RangeInclusive<u16>, idle: Span) -> Self {
        let mappings = vec![None; ports.len()];
        let soonest = vec![SimTime::ZERO; ports.len().div_ceil(BLOCK)];
        Self { first: *ports.start(), idle, mappings, soonest, next: 0 }
    }

    /// The mapping of `port`, if it lives.
    #[inline]
    pub(crate) fn living_mut(&mut self, now: SimTime, port: u16) -> Option<&mut Mapping> {
        let index = usize::from(port.checked_sub(self.first)?);
        let idle = self.idle;
        self.mappings.get_mut(index)?.as_mut().filter(|mapping| now.since(mapping.used) < idle)
    }

    /// Gives the next free port to `mapping`; returns it with the dead mapping that it had. `None` when all live.
    pub(crate) fn open(&mut self, now: SimTime, mapping: Mapping) -> Option<(u16, Option<Mapping>)> {
        let index = self.next_free(now)?;
        self.next = if index + 1 == self.mappings.len() { 0 } else { index + 1 };
        let old = self.mappings[index].replace(mapping);
        Some((self.first + index as u16, old))
    }

    /// Gives this port to `mapping`, if it is one of ours and free.
    pub(crate) fn open_at(&mut self, now: SimTime, port: u16, mapping: Mapping) -> Option<(u16, Option<Mapping>)> {
        let index = usize::from(port.checked_sub(self.first)?);
        if index >= self.mappings.len() || self.ends(index) > now {
            return None;
        }
        Some((port, self.mappings[index].replace(mapping)))
    }

    /// Lets the next search begin at `port`.
    pub(crate) fn search_from(&mut self, port: u16) {
        self.next = usize::from(port - self.first);
    }

    fn next_free(&mut self, now: SimTime) -> Option<usize> {
        let (mut index, mut left) = (self.next, self.mappings.len());
        while left > 0 {
            let block = index / BLOCK;
            let end = ((block + 1) * BLOCK).min(self.mappings.len());
            let count = left.min(end - index);
            if self.soonest[block] <= now {
                let free = (index..index + count).find(|index| self.ends(*index) <= now);
                if free.is_some() {
                    return free;
                }
                let ends = (block * BLOCK..end).map(|index| self.ends(index));
                self.soonest[block] = ends.min().unwrap_or(SimTime::ZERO);
            }
            left -= count;
            index = if end == self.mappings.len() { 0 } else { end };
        }
        None
    }

    /// When the port at `index` is free.
    fn ends(&self, index: usize) -> SimTime {
        self.mappings[index].map_or(SimTime::ZERO, |mapping| mapping.used + self.idle)
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapping, Ports};
    use crate::addr::Endpoint;
    use crate::time::{SimTime, Span};

    /// Against the plain search, port by port, with a pool that is mostly full and whose end cuts a block.
    #[test]
    fn the_search_finds_what_looking_at_every_port_finds() {
        let somebody = Endpoint::new([10, 0, 0, 1].into(), 1);
        let mut ports = Ports::new(&(1_000..=1_149), Span::from_micros(500));
        let mut used = [None::<u64>; 150];
        let mut next = 0;
        for now in 0..20_000_u64 {
            let chance = now.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let lives = |used: Option<u64>| used.is_some_and(|used| now - used < 500);
            let touched = chance as usize % 150;
            let at = SimTime::from_micros(now);
            let mapping = ports.living_mut(at, 1_000 + touched as u16);
            assert_eq!(mapping.is_some(), lives(used[touched]));
            if let Some(mapping) = mapping.filter(|_| chance % 7 == 0) {
                (mapping.used, used[touched]) = (at, Some(now));
            }
            if chance % 3 == 0 {
                let expected = (next..150).chain(0..next).find(|index| !lives(used[*index]));
                let opened = ports.open(at, Mapping { inside: somebody, remote: somebody, used: at });
                assert_eq!(opened.map(|(port, _)| usize::from(port) - 1_000), expected);
                if let Some(index) = expected {
                    used[index] = Some(now);
                    next = (index + 1) % 150;
                }
            }
        }
    }
}
