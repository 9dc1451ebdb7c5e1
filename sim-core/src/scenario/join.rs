//! A host that joins during a run: its name, address, clock and traffic follow from the hosts present and from the
//! seed.

use std::net::Ipv4Addr;

use super::{ClockSetup, HostSetup, LinkSetup, NatSetup, Scenario, Traffic};
use crate::kernel_version::KernelVersion;
use crate::rng::Rng;

/// Where hosts with an address of their own begin when there is none to go on from (TEST-NET-3, RFC 5737).
const FIRST_OWN_ADDR: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 50);
/// What a host does that has no neighbour to take after.
const TRAFFIC: Traffic =
    Traffic { first_ms: 500, interval_ms: 12_000, jitter_ms: 2_000, at_once: 1, patience_ms: None, pause_ms: None };

/// The next host to join, given those that are there already.
///
/// Its clock lies between the lowest and the highest of its neighbours', as if it had been started in the same years
/// as they were; so behind a NAT it is neither always ahead nor hopelessly behind. Otherwise it takes after the
/// neighbour that came last.
pub(crate) fn newcomer(scenario: &Scenario, present: &[HostSetup], behind_nat: bool, rng: &mut Rng) -> HostSetup {
    let nat = scenario.nat.as_ref().filter(|_| behind_nat);
    let behind_nat = nat.is_some();
    let neighbours: Vec<&HostSetup> = present.iter().filter(|host| host.behind_nat == behind_nat).collect();
    let last = neighbours.last().copied();
    let traffic = last.map_or(TRAFFIC, |host| host.traffic);
    HostSetup {
        name: name(present, last, behind_nat),
        count: None,
        addr: addr(scenario, present, last, nat),
        behind_nat,
        kernel: last.map_or(KernelVersion::V4_9, |host| host.kernel),
        clock: clock(&neighbours, rng),
        sysctls: last.map(|host| host.sysctls.clone()).unwrap_or_default(),
        link: last.map_or(LinkSetup::of(10), |host| host.link),
        traffic: Traffic { first_ms: TRAFFIC.first_ms, ..traffic },
    }
}

/// The last neighbour's name with the next free number: `web-7` after `web-6`.
fn name(present: &[HostSetup], last: Option<&HostSetup>, behind_nat: bool) -> String {
    let default = if behind_nat { "inside-" } else { "own-" };
    let stem = last.map_or(default, |host| host.name.trim_end_matches(|letter: char| letter.is_ascii_digit()));
    let taken = |name: &String| present.iter().any(|host| host.name == *name);
    let free = (1..).map(|number| format!("{stem}{number}")).find(|name| !taken(name));
    free.unwrap_or_default()
}

/// The next free address after the last neighbour's.
fn addr(scenario: &Scenario, present: &[HostSetup], last: Option<&HostSetup>, nat: Option<&NatSetup>) -> Ipv4Addr {
    let taken = |addr: &Ipv4Addr| {
        scenario.fixed_addrs().any(|(_, fixed)| fixed == *addr) || present.iter().any(|host| host.addr == *addr)
    };
    let after = last.map_or(u32::from(FIRST_OWN_ADDR), |host| u32::from(host.addr));
    match nat {
        Some(nat) => nat.inside.hosts().find(|addr| !taken(addr)),
        None => (after..).map(Ipv4Addr::from).find(|addr| !taken(addr)),
    }
    .unwrap_or(FIRST_OWN_ADDR)
}

fn clock(neighbours: &[&HostSetup], rng: &mut Rng) -> ClockSetup {
    let tsvals = || neighbours.iter().map(|host| host.clock.tsval);
    let (lowest, highest) = (tsvals().min().unwrap_or(0), tsvals().max().unwrap_or(u32::MAX / 2));
    let hz = neighbours.last().map_or(1_000, |host| host.clock.hz);
    ClockSetup { hz, tsval: lowest + rng.below(u64::from(highest - lowest) + 1) as u32 }
}
