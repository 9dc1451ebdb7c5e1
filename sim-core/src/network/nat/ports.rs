//! The outside ports of a NAT with their mappings, and the search for the next free port.
//!
//! Without help the search would look at every port for every connection once all are in use. So each block of ports
//! stores a time before which none of its mappings ends, and the search skips it until then; so does each group of
//! blocks.

use core::ops::RangeInclusive;

use crate::addr::Endpoint;
use crate::time::{SimTime, Span};

/// Ports in a block, and in a group of blocks.
const BLOCK: usize = 64;
const GROUP: usize = 64 * BLOCK;

/// The mapping of an outside port.
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
    /// The same for each group of blocks, and for all ports.
    soonest_in_group: Vec<SimTime>,
    soonest_of_all: SimTime,
    /// Where the search begins.
    next: usize,
}

impl Ports {
    pub(crate) fn new(ports: &RangeInclusive<u16>, idle: Span) -> Self {
        let mappings = vec![None; ports.len()];
        let soonest = vec![SimTime::ZERO; ports.len().div_ceil(BLOCK)];
        let soonest_in_group = vec![SimTime::ZERO; ports.len().div_ceil(GROUP)];
        let first = *ports.start();
        Self { first, idle, mappings, soonest, soonest_in_group, soonest_of_all: SimTime::ZERO, next: 0 }
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
        if self.soonest_of_all > now {
            return None;
        }
        let (next, all) = (self.next, self.mappings.len());
        let free = self.free_in(now, next, all).or_else(|| self.free_in(now, 0, next));
        if free.is_none() {
            self.soonest_of_all = self.soonest_in_group.iter().copied().min().unwrap_or(SimTime::ZERO);
        }
        free
    }

    /// The first free port from `index` on and before `until`.
    fn free_in(&mut self, now: SimTime, mut index: usize, until: usize) -> Option<usize> {
        while index < until {
            let group = index / GROUP;
            let end = ((group + 1) * GROUP).min(until);
            if self.soonest_in_group[group] <= now {
                let free = self.free_in_group(now, index, end);
                if free.is_some() {
                    return free;
                }
                let blocks = self.soonest.chunks(GROUP / BLOCK).nth(group).unwrap_or_default();
                self.soonest_in_group[group] = blocks.iter().copied().min().unwrap_or(SimTime::ZERO);
            }
            index = end;
        }
        None
    }

    fn free_in_group(&mut self, now: SimTime, mut index: usize, until: usize) -> Option<usize> {
        while index < until {
            let block = index / BLOCK;
            let past = ((block + 1) * BLOCK).min(self.mappings.len());
            let end = past.min(until);
            if self.soonest[block] <= now {
                let free = (index..end).find(|index| self.ends(*index) <= now);
                if free.is_some() {
                    return free;
                }
                let ends = (block * BLOCK..past).map(|index| self.ends(index));
                self.soonest[block] = ends.min().unwrap_or(SimTime::ZERO);
            }
            index = end;
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
