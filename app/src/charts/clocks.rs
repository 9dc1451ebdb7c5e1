//! The clocks behind one address, and what the server remembers of them: the picture that explains the incident.
//!
//! A TSval has 32 bits and no order, only a signed distance. Here every value is unrolled along what the server
//! remembered at that moment, so that what lies under the remembered value is behind it, as the kernel sees it (R1).

use std::net::Ipv4Addr;

use sim_core::kernel::Clock;
use sim_core::kernel_version::{KernelVersion, PAWS_MSL_S};
use sim_core::time::{SimTime, Span};
use sim_core::timestamp::Tsval;
use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{Event, NodeId, Record, Role};

use crate::plan::Key;
use crate::run::Run;

mod running;

/// What one address sends and what is remembered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The address as the server sees it.
    pub address: Ipv4Addr,
    /// The end of the run.
    pub end: SimTime,
    /// The hosts behind it whose SYNs reached the server, in the order of their nodes.
    pub hosts: Vec<HostClock>,
    /// What the server remembered, in order.
    pub steps: Vec<Step>,
}

/// A host and its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostClock {
    /// Which host.
    pub host: NodeId,
    /// Its running clock, a stretch for each boot; empty where every connection shows another clock.
    pub lines: Vec<Line>,
    /// Its SYNs as they reached the server, in order.
    pub syns: Vec<Syn>,
}

/// A clock that runs from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it begins.
    pub from: SimTime,
    /// When it ends.
    pub until: SimTime,
    /// Its value at the beginning, unrolled.
    pub first: i64,
    /// Its value at the end, unrolled.
    pub last: i64,
}

/// A SYN that reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syn {
    /// When.
    pub at: SimTime,
    /// Its TSval, unrolled; `None` without a timestamp.
    pub value: Option<i64>,
    /// What the server did with it.
    pub verdict: Verdict,
}

/// What the server did with a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Taken,
    /// R1 refused it.
    Refused,
    /// It was dropped for another reason.
    Dropped,
}

/// What the server remembered for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From when on.
    pub from: SimTime,
    /// Until when.
    pub until: SimTime,
    /// The clock, unrolled.
    pub value: i64,
    /// Whose clock it is.
    pub by: Option<NodeId>,
    /// Whether SYNs are refused for it: recycle is on, and it is younger than 60 whole seconds.
    pub counts: bool,
}

impl Clocks {
    /// The clocks behind `address` in `run`.
    #[must_use]
    pub fn of(run: &Run, address: Ipv4Addr) -> Self {
        let steps = steps(run, address);
        let arrivals = arrivals(run, address);
        let stamped = arrivals.iter().flat_map(|(_, flights)| flights).find_map(|flight| flight.header.timestamps);
        let near = Near {
            steps: &steps,
            goes_round: goes_round(&steps),
            first: stamped.map_or(0, |stamps| i64::from(stamps.tsval.0)),
        };
        let epochs = running::epochs(run);
        let hosts = arrivals.iter().map(|(host, flights)| {
            let epochs = running::of(run, &epochs, *host, address);
            running::along(run, *host, flights, near, &epochs)
        });
        let hosts = hosts.collect();
        Self { address, end: run.end(), hosts, steps }
    }

    /// How many SYNs had this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.hosts.iter().map(|host| host.count(verdict)).sum()
    }

    /// Every value as its distance from what is remembered at its moment, so that what is remembered is one level line
    /// at 0. For clocks that go round, which no axis could hold.
    #[must_use]
    pub fn relative(&self) -> Self {
        let mut relative = self.clone();
        for host in &mut relative.hosts {
            host.lines.clear();
            for syn in &mut host.syns {
                let near = remembered(&self.steps, syn.at).or(self.steps.first()).map_or(0, |step| step.value);
                syn.value = syn.value.map(|value| value - near);
            }
        }
        relative.steps.iter_mut().for_each(|step| step.value = 0);
        relative
    }

    /// What was remembered at `at`.
    #[must_use]
    pub fn remembered(&self, at: SimTime) -> Option<&Step> {
        remembered(&self.steps, at).filter(|step| at < step.until || step.until == self.end)
    }
}

impl HostClock {
    /// How many of its SYNs had this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.syns.iter().filter(|syn| syn.verdict == verdict).count()
    }
}

/// Whether what is remembered rises so far that 32 bits go round: a clock that lags by more than half of that is ahead
/// again, and no longer to be drawn as one line.
#[must_use]
pub fn goes_round(steps: &[Step]) -> bool {
    let lowest = steps.iter().map(|step| step.value).min();
    let highest = steps.iter().map(|step| step.value).max();
    lowest.zip(highest).is_some_and(|(lowest, highest)| highest - lowest >= 1 << 31)
}

/// The TSval that an unrolled value stands for.
#[must_use]
pub const fn tsval(value: i64) -> u32 {
    value as u32
}

/// All addresses from which SYNs reach the server, those with the most refusals and then the most hosts first.
#[must_use]
pub fn addresses(run: &Run) -> Vec<Ipv4Addr> {
    /// An address, its refusals, its hosts.
    type Row = (Ipv4Addr, usize, Vec<NodeId>);
    let mut rows: Vec<Row> = Vec::new();
    for flight in syns(run) {
        let address = flight.header.src.addr;
        let index = rows.iter().position(|(known, ..)| *known == address).unwrap_or_else(|| {
            rows.push((address, 0, Vec::new()));
            rows.len() - 1
        });
        let (_, refused, hosts) = &mut rows[index];
        *refused += usize::from(verdict(flight) == Verdict::Refused);
        let host = run.owner(flight.connection);
        hosts.extend(host.filter(|host| !hosts.contains(host)));
    }
    rows.sort_by_key(|(address, refused, hosts)| {
        core::cmp::Reverse((*refused, hosts.len(), core::cmp::Reverse(*address)))
    });
    rows.into_iter().map(|(address, ..)| address).collect()
}

/// The SYNs that reached the server.
fn syns(run: &Run) -> impl Iterator<Item = &Flight> {
    let server = run.trace.nodes.iter().position(|node| node.role == Role::Server);
    run.index.flights.iter().filter(move |flight| {
        let arrived = flight.arrives.is_some_and(|at| at <= run.end()) && !matches!(flight.fate, Fate::Lost(_));
        Some(usize::from(flight.to.0)) == server && flight.header.opens() && arrived
    })
}

fn arrivals(run: &Run, address: Ipv4Addr) -> Vec<(NodeId, Vec<&Flight>)> {
    let mut hosts: Vec<(NodeId, Vec<&Flight>)> = Vec::new();
    for flight in syns(run).filter(|flight| flight.header.src.addr == address) {
        let Some(owner) = run.owner(flight.connection) else { continue };
        match hosts.iter_mut().find(|(host, _)| *host == owner) {
            Some((_, flights)) => flights.push(flight),
            None => hosts.push((owner, vec![flight])),
        }
    }
    hosts.sort_by_key(|(host, _)| *host);
    for (_, flights) in &mut hosts {
        flights.sort_by_key(|flight| flight.arrives);
    }
    hosts
}

const fn verdict(flight: &Flight) -> Verdict {
    match flight.fate {
        Fate::Dropped(reason) if reason.is_recycle() => Verdict::Refused,
        Fate::Dropped(_) | Fate::Lost(_) => Verdict::Dropped,
        Fate::Taken => Verdict::Taken,
    }
}

/// What was remembered last before or at `at`, whether it still is or not.
fn remembered(steps: &[Step], at: SimTime) -> Option<&Step> {
    steps.get(steps.partition_point(|step| step.from <= at).checked_sub(1)?)
}

/// The server's memory of an address while it is put together.
struct Memory {
    kernel: KernelVersion,
    clock: Clock,
    recycle: bool,
    steps: Vec<Step>,
    /// Until when the last step counts, as long as recycle is on.
    fresh_until: SimTime,
    /// Whether the last step still goes on.
    open: bool,
}

/// What the server remembered for `address`: a step for each time that it was written, grew old, or recycle was set.
fn steps(run: &Run, address: Ipv4Addr) -> Vec<Step> {
    let mut memory: Option<Memory> = None;
    let is_server = |record: &&Record| run.node(record.node).is_some_and(|node| node.role == Role::Server);
    for record in run.trace.records.iter().filter(is_server) {
        if let Event::Booted { kernel, clock, .. } = record.event {
            let steps = memory.take().map(|memory| memory.end(record.at)).unwrap_or_default();
            memory = Some(Memory { kernel, clock, recycle: false, steps, fresh_until: record.at, open: false });
        }
        let Some(memory) = &mut memory else { continue };
        match &record.event {
            Event::StampRemembered { peer, tsval, at } if *peer == address => {
                memory.close(record.at);
                let value = memory.steps.last().map_or(i64::from(tsval.0), |last| unrolled(last.value, *tsval));
                memory.fresh_until = memory.outlived(record.at, at.0);
                memory.open(record.at, value, run.owner(record.connection));
            }
            Event::SysctlSet { key, value, error: None } if key == Key::Recycle.name() => {
                memory.turn(record.at, value.trim() != "0");
            }
            _ => {}
        }
    }
    memory.map(|memory| memory.end(run.end())).unwrap_or_default()
}

impl Memory {
    fn open(&mut self, from: SimTime, value: i64, by: Option<NodeId>) {
        let counts = self.recycle && from < self.fresh_until;
        self.steps.push(Step { from, until: from, value, by, counts });
        self.open = true;
    }

    /// Recycle is set to `on`.
    fn turn(&mut self, at: SimTime, on: bool) {
        if on == self.recycle {
            return;
        }
        let last = self.steps.last().copied().filter(|_| self.open);
        self.close(at);
        self.recycle = on;
        if let Some(last) = last {
            self.open(at, last.value, last.by);
        }
    }

    /// The last step ends at `at`; what of it lies past its age is a step of its own.
    fn close(&mut self, at: SimTime) {
        let Some(last) = self.steps.last_mut().filter(|_| self.open) else { return };
        last.until = at;
        if last.counts && self.fresh_until < at {
            last.until = self.fresh_until;
            let old = Step { from: self.fresh_until, until: at, counts: false, ..*last };
            self.steps.push(old);
        }
        self.open = false;
    }

    fn end(mut self, at: SimTime) -> Vec<Step> {
        self.close(at);
        self.steps
    }

    /// The first moment after `from` at which a clock that was received in `second` is 60 whole seconds old. It comes
    /// when a second of the server's own clock is full, so it is looked for.
    fn outlived(&self, from: SimTime, second: u32) -> SimTime {
        let profile = self.kernel.profile();
        let is_fresh = |at: SimTime| self.clock.seconds(profile, at).0.wrapping_sub(second) < PAWS_MSL_S;
        let (mut fresh, mut old) = (from, from + Span::from_secs(u64::from(PAWS_MSL_S) + 1));
        while old.since(fresh) > Span::from_micros(1) {
            let middle = fresh + Span::from_micros(old.since(fresh).as_micros() / 2);
            if is_fresh(middle) { fresh = middle } else { old = middle }
        }
        old
    }
}

/// What values are unrolled along.
#[derive(Clone, Copy)]
struct Near<'a> {
    steps: &'a [Step],
    /// Whether a clock that runs on would be behind what is remembered first and ahead of it later.
    goes_round: bool,
    /// The first clock that is seen, for an address of which nothing is remembered.
    first: i64,
}

impl Near<'_> {
    /// `tsval` as it stands to what is remembered at `at`, or else to what is remembered first.
    fn unrolled(self, at: SimTime, tsval: Tsval) -> i64 {
        unrolled(remembered(self.steps, at).or(self.steps.first()).map_or(self.first, |step| step.value), tsval)
    }
}

/// `tsval` at its signed distance from `near`.
fn unrolled(near: i64, value: Tsval) -> i64 {
    near + i64::from(value.minus(Tsval(tsval(near))))
}

#[cfg(test)]
mod tests;
