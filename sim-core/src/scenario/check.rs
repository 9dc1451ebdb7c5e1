//! Validation of values that the types allow, with the path of each wrong field.

use core::fmt::Display;
use core::ops::RangeInclusive;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::crowd::names_and_addrs;
use super::{
    ClockSetup, DatabaseSetup, HostSetup, LinkSetup, NatSetup, Scenario, ScenarioError, ServerSetup, SysctlFile,
    Traffic, WaySetup,
};
use crate::kernel_version::KernelVersion;
use crate::sysctl::{self, Sysctls};

mod actions;
mod boxes;
mod story;

type Checked = Result<(), ScenarioError>;

/// An hour: long enough for every story that is told here, short enough to run while somebody waits.
const MOST_DURATION_S: u32 = 3_600;
/// Hosts, those that join included: more cannot be told apart on a stage.
const MOST_HOSTS: usize = 256;
/// Connections by the clock, retries apart: a record of all of them has to fit in a page's memory.
const MOST_CONNECTIONS: u64 = 20_000;
/// A day; a remembered second of 0 would mean "never".
const FIRST_WALL_CLOCK_MS: u64 = 86_400_000;
/// Seconds are 32 bits in the kernels' memory, and a run goes on for a while.
const LAST_WALL_CLOCK_MS: u64 = 4_294_000_000_000;
/// The values of `CONFIG_HZ` that Linux offers.
const HZ: [u32; 4] = [100, 250, 300, 1_000];

impl Scenario {
    /// Whether every value can be. [`Scenario::from_json`] has done this; what is built by hand or changed later can
    /// be checked again. A run copes with whatever it gets, but not with everything in reasonable time.
    ///
    /// # Errors
    /// For the first value that cannot be.
    pub fn check(&self) -> Checked {
        within("version", self.version, Self::VERSION..=Self::VERSION)?;
        within("duration_s", self.duration_s, 1..=MOST_DURATION_S)?;
        within("wall_clock_ms", self.wall_clock_ms, FIRST_WALL_CLOCK_MS..=LAST_WALL_CLOCK_MS)?;
        check_server(&self.server)?;
        self.nat.as_ref().map_or(Ok(()), check_nat)?;
        self.database.as_ref().map_or(Ok(()), check_database)?;
        within("hosts", self.hosts.len(), 0..=MOST_HOSTS)?;
        for (index, host) in self.hosts.iter().enumerate() {
            check_host(&format!("hosts[{index}]"), host, self.nat.as_ref())?;
        }
        self.check_names_and_addresses()?;
        self.check_boxes()?;
        self.check_actions()?;
        self.check_story()?;
        self.check_size()
    }

    /// No two nodes share a name or an address.
    fn check_names_and_addresses(&self) -> Checked {
        let mut names = BTreeSet::new();
        let mut addrs = BTreeSet::new();
        let fixed: Vec<(String, Ipv4Addr)> = self.fixed_addrs().collect();
        for (path, addr) in &fixed {
            let path = format!("{path}.addr");
            check_addr(&path, *addr)?;
            ensure(addrs.insert(*addr), || path, addr, "an address that no other has")?;
        }
        for (path, name) in self.fixed_names() {
            let path = format!("{path}.name");
            check_name(&path, name)?;
            ensure(names.insert(name.to_owned()), || path, name, "a name that no other has")?;
        }
        for (index, host) in self.hosts.iter().enumerate() {
            for (name, addr) in names_and_addrs(host) {
                let at = |field: &str| format!("hosts[{index}].{field}");
                check_name(&at("name"), &name)?;
                check_addr(&at("addr"), addr)?;
                ensure(names.insert(name.clone().into_owned()), || at("name"), &name, "a name that no other has")?;
                ensure(addrs.insert(addr), || at("addr"), addr, "an address that no other has")?;
                check_place(&at("addr"), host, addr, self.nat.as_ref())?;
            }
        }
        Ok(())
    }

    /// Everything with a name but the hosts, with the path of its entry.
    pub(super) fn fixed_names(&self) -> impl Iterator<Item = (String, &str)> {
        let server = ("server".to_owned(), self.server.name.as_str());
        let nat = self.nat.iter().map(|nat| ("nat".to_owned(), nat.name.as_str()));
        let boxes = self.boxes.iter().enumerate().map(|(index, one)| (format!("boxes[{index}]"), one.name.as_str()));
        let database = self.database.iter().map(|database| ("database".to_owned(), database.name.as_str()));
        core::iter::once(server).chain(nat).chain(boxes).chain(database)
    }

    fn check_size(&self) -> Checked {
        let duration_ms = u64::from(self.duration_s) * 1_000;
        let connections = self
            .hosts
            .iter()
            .map(|host| u64::from(host.count.unwrap_or(1)) * duration_ms / u64::from(host.traffic.interval_ms.max(1)));
        let connections: u64 = connections.sum();
        let found = format!("{connections} connections in the whole run");
        ensure(connections <= MOST_CONNECTIONS, || "hosts".to_owned(), found, &format!("0 to {MOST_CONNECTIONS}"))
    }
}

fn check_server(server: &ServerSetup) -> Checked {
    within("server.port", server.port, 1..=u16::MAX)?;
    within("server.backlog", server.backlog, 1..=65_535)?;
    within("server.service_ms", server.service_ms, 0..=60_000)?;
    // The smallest receive window of a modelled kernel holds that much (3.10).
    within("server.request_bytes", server.request_bytes, 1..=14_480)?;
    within("server.response_bytes", server.response_bytes, 1..=14_480)?;
    within("server.requests_per_connection", server.requests_per_connection, 1..=1_000)?;
    check_kernel("server.kernel", server.kernel)?;
    check_clock("server.clock", server.clock)?;
    check_sysctls("server.sysctls", &server.sysctls)
}

fn check_database(database: &DatabaseSetup) -> Checked {
    within("database.port", database.port, 1..=u16::MAX)?;
    within("database.service_ms", database.service_ms, 0..=60_000)?;
    within("database.request_bytes", database.request_bytes, 1..=14_480)?;
    within("database.response_bytes", database.response_bytes, 1..=14_480)?;
    check_kernel("database.kernel", database.kernel)?;
    check_clock("database.clock", database.clock)?;
    check_link("database.link", database.link)
}

/// What a server can run: the profiles of [`KernelVersion::CLIENTS`] only know how to call.
fn check_kernel(path: &str, kernel: KernelVersion) -> Checked {
    let names = KernelVersion::ALL.map(KernelVersion::name).join(", ");
    ensure(KernelVersion::ALL.contains(&kernel), || path.to_owned(), kernel, &format!("one of {names}"))
}

fn check_nat(nat: &NatSetup) -> Checked {
    within("nat.first_port", nat.first_port, 1..=nat.last_port)?;
    within("nat.idle_s", nat.idle_s, 1..=86_400)?;
    ensure(!nat.inside.contains(nat.addr), || "nat.addr".to_owned(), nat.addr, "an address outside nat.inside")?;
    check_link("nat.link", nat.link)
}

fn check_host(path: &str, host: &HostSetup, nat: Option<&NatSetup>) -> Checked {
    let at = |field: &str| format!("{path}.{field}");
    ensure(nat.is_some() || !host.behind_nat, || at("behind_nat"), host.behind_nat, "false where there is no nat")?;
    within(&at("count"), host.count.unwrap_or(1), 1..=MOST_HOSTS as u16)?;
    check_place(&at("addr"), host, host.addr, nat)?;
    check_clock(&at("clock"), host.clock)?;
    check_sysctls(&at("sysctls"), &host.sysctls)?;
    check_link(&at("link"), host.link)?;
    check_traffic(&at("traffic"), host.traffic)
}

/// A host behind the NAT has an address inside, any other one outside.
fn check_place(path: &str, host: &HostSetup, addr: Ipv4Addr, nat: Option<&NatSetup>) -> Checked {
    let Some(nat) = nat else { return Ok(()) };
    let allowed = if host.behind_nat { "inside" } else { "outside" };
    let placed = nat.inside.contains(addr) == host.behind_nat;
    ensure(placed, || path.to_owned(), addr, &format!("an address {allowed} {}", nat.inside))
}

fn check_traffic(path: &str, traffic: Traffic) -> Checked {
    within(&format!("{path}.first_ms"), traffic.first_ms, 0..=3_600_000)?;
    within(&format!("{path}.interval_ms"), traffic.interval_ms, 1..=3_600_000)?;
    within(&format!("{path}.jitter_ms"), traffic.jitter_ms, 0..=traffic.interval_ms)?;
    within(&format!("{path}.at_once"), traffic.at_once, 1..=1_000)?;
    within(&format!("{path}.patience_ms"), traffic.patience_ms.unwrap_or(1), 1..=3_600_000)?;
    within(&format!("{path}.pause_ms"), traffic.pause_ms.unwrap_or(0), 0..=3_600_000)
}

fn check_clock(path: &str, clock: ClockSetup) -> Checked {
    ensure(HZ.contains(&clock.hz), || format!("{path}.hz"), clock.hz, "100, 250, 300 or 1000")
}

fn check_link(path: &str, link: LinkSetup) -> Checked {
    check_way(path, link.there())?;
    link.back.map_or(Ok(()), |way| check_way(&format!("{path}.back"), way))
}

fn check_way(path: &str, way: WaySetup) -> Checked {
    within(&format!("{path}.delay_ms"), way.delay_ms, 0..=10_000)?;
    within(&format!("{path}.jitter_ms"), way.jitter_ms, 0..=10_000)?;
    within(&format!("{path}.loss_percent"), way.loss_percent, 0..=100)?;
    within(&format!("{path}.duplicate_percent"), way.duplicate_percent, 0..=100)
}

fn check_sysctls(path: &str, file: &SysctlFile) -> Checked {
    file.iter().try_for_each(|(key, value)| check_sysctl(&format!("{path}[\"{key}\"]"), key, value))
}

/// A key that some kernel here has, with a value that some kernel takes: which one runs may change on the way.
fn check_sysctl(path: &str, key: &str, value: &str) -> Checked {
    let known = Sysctls::KEYS.contains(&key);
    ensure(known, || path.to_owned(), key, &format!("one of {}", Sysctls::KEYS.join(", ")))?;
    let taken = KernelVersion::ALL
        .into_iter()
        .map(KernelVersion::profile)
        .any(|profile| sysctl::exists(profile, key) && Sysctls::defaults(profile).write(profile, key, value).is_ok());
    ensure(taken, || path.to_owned(), format!("\"{value}\""), &format!("a value that {key} can have, as text"))
}

fn check_name(path: &str, name: &str) -> Checked {
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    let fits = (1..=32).contains(&name.len());
    ensure(plain && fits, || path.to_owned(), format!("\"{name}\""), "1 to 32 letters, digits, dashes, dots")
}

fn check_addr(path: &str, addr: Ipv4Addr) -> Checked {
    let usable = !(addr.is_unspecified() || addr.is_loopback() || addr.is_multicast() || addr.is_broadcast());
    ensure(usable, || path.to_owned(), addr, "the address of one host")
}

fn within<T: PartialOrd + Display>(path: &str, value: T, range: RangeInclusive<T>) -> Checked {
    let allowed = match (range.start(), range.end()) {
        (start, end) if start == end => start.to_string(),
        (start, end) => format!("{start} to {end}"),
    };
    ensure(range.contains(&value), || path.to_owned(), value, &allowed)
}

fn ensure(holds: bool, path: impl FnOnce() -> String, found: impl ToString, allowed: &str) -> Checked {
    if holds { Ok(()) } else { Err(ScenarioError::new(path(), found, allowed)) }
}
