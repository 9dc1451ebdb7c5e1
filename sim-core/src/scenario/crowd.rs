//! One entry of `hosts` for many hosts, such as two hundred phones in one line.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use super::{ClockSetup, HostSetup, Scenario, Traffic};
use crate::rng::Rng;

/// Sets the crowds' chance apart from that of the nodes, which have numbers of 16 bits.
const STREAM: u64 = 1 << 32;

impl Scenario {
    /// Every host, with those of an entry with a `count` one by one: `phone-1`, `phone-2` and so on. Their addresses
    /// count up; each clock lies between 0 and the entry's, each first connection within one interval of the entry's,
    /// as the seed has it.
    pub fn hosts_one_by_one(&self) -> Vec<HostSetup> {
        let entries = self.hosts.iter().enumerate();
        entries.flat_map(|(index, host)| one_by_one(self.seed, index, host)).collect()
    }
}

fn one_by_one(seed: u64, index: usize, entry: &HostSetup) -> Vec<HostSetup> {
    let Some(count) = entry.count else { return vec![entry.clone()] };
    let mut rng = Rng::of_stream(seed, STREAM + index as u64);
    let mut nth = |number: u16| {
        let traffic = entry.traffic;
        let tsval = rng.below(u64::from(entry.clock.tsval) + 1) as u32;
        let first_ms = traffic.first_ms.saturating_add(rng.below(u64::from(traffic.interval_ms)) as u32);
        HostSetup {
            name: format!("{}-{number}", entry.name),
            addr: nth_addr(entry.addr, number),
            clock: ClockSetup { tsval, ..entry.clock },
            traffic: Traffic { first_ms, ..traffic },
            count: None,
            ..entry.clone()
        }
    };
    (1..=count).map(&mut nth).collect()
}

/// The addresses of an entry, with the name that each host there has.
pub(super) fn names_and_addrs(entry: &HostSetup) -> impl Iterator<Item = (Cow<'_, str>, Ipv4Addr)> {
    let single = entry.count.is_none().then_some((Cow::Borrowed(entry.name.as_str()), entry.addr));
    let many = 1..=entry.count.unwrap_or(0);
    let many = many.map(|number| (Cow::Owned(format!("{}-{number}", entry.name)), nth_addr(entry.addr, number)));
    single.into_iter().chain(many)
}

fn nth_addr(first: Ipv4Addr, number: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(first).wrapping_add(u32::from(number) - 1))
}
