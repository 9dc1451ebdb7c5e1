//! The clocks behind one address, and the timestamps that the server remembers for it.
//!
//! A TSval has 32 bits and no order, only a signed distance (RFC 7323, 5.2). Every value is unrolled to 64 bits along
//! the value that the server remembered at that moment. So a value below the remembered one is behind it, as the kernel
//! compares them (rule R1).

mod from_run;
mod host_clocks;
mod server_memory;
mod unroll;

use std::net::Ipv4Addr;

use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::query::{Fate, Flight};

pub use self::from_run::addresses;

/// The timestamps from one address, and what the server remembers for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The address as the server sees it.
    pub address: Ipv4Addr,
    /// The end of the run.
    pub end: SimTime,
    /// The hosts behind the address whose SYNs reached the server, in the order of their nodes.
    pub hosts: Vec<HostClock>,
    /// The remembered timestamps, in order.
    pub steps: Vec<RememberedStep>,
}

/// The clock of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostClock {
    /// The host.
    pub host: NodeId,
    /// The running clock, one line per boot. Empty if every connection has a clock of its own.
    pub lines: Vec<ClockLine>,
    /// The SYNs in the order in which they reached the server.
    pub syns: Vec<Syn>,
}

/// A clock between two moments, during which it runs evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockLine {
    /// The first moment.
    pub from: SimTime,
    /// The last moment.
    pub until: SimTime,
    /// The unrolled value at `from`.
    pub first: i64,
    /// The unrolled value at `until`.
    pub last: i64,
}

/// A SYN that reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syn {
    /// The moment of its arrival.
    pub at: SimTime,
    /// The unrolled TSval; `None` without a timestamp.
    pub value: Option<i64>,
    /// What the server did with it.
    pub verdict: Verdict,
}

/// What the server did with a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The server accepted the SYN.
    Taken,
    /// Rule R1 refused the SYN.
    Refused,
    /// The SYN was dropped for another reason.
    Dropped,
}

/// A timestamp that the server remembered for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RememberedStep {
    /// The first moment.
    pub from: SimTime,
    /// The last moment.
    pub until: SimTime,
    /// The unrolled timestamp.
    pub value: i64,
    /// The host whose timestamp it is.
    pub by: Option<NodeId>,
    /// Whether R1 compares SYNs with it: recycle is on, and the timestamp is younger than 60 s (`TCP_PAWS_MSL`).
    pub counts: bool,
}

impl Clocks {
    /// The number of SYNs with this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.hosts.iter().map(|host| host.count(verdict)).sum()
    }

    /// The same with every value as its distance from the remembered timestamp of its moment, which becomes 0. It is
    /// used for clocks that wrap around, which no axis could hold.
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

    /// The timestamp that was remembered at `at`.
    pub fn remembered(&self, at: SimTime) -> Option<&RememberedStep> {
        remembered(&self.steps, at).filter(|step| at < step.until || step.until == self.end)
    }
}

impl Verdict {
    /// What the server did with the SYN of `flight`.
    const fn of(flight: &Flight) -> Self {
        match flight.fate {
            Fate::Dropped(reason) if reason.is_recycle() => Self::Refused,
            Fate::Dropped(_) | Fate::Lost(_) => Self::Dropped,
            Fate::Taken => Self::Taken,
        }
    }
}

impl HostClock {
    /// The number of its SYNs with this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.syns.iter().filter(|syn| syn.verdict == verdict).count()
    }
}

/// Whether the remembered timestamps span 2^31 ticks or more. A clock that is further behind than that counts as ahead,
/// and cannot be drawn as one line.
pub fn goes_round(steps: &[RememberedStep]) -> bool {
    let lowest = steps.iter().map(|step| step.value).min();
    let highest = steps.iter().map(|step| step.value).max();
    lowest.zip(highest).is_some_and(|(lowest, highest)| highest - lowest >= 1 << 31)
}

/// The TSval of an unrolled value: its lower 32 bits.
pub const fn tsval(value: i64) -> u32 {
    value as u32
}

/// The last timestamp that was stored before or at `at`, even if it has expired.
fn remembered(steps: &[RememberedStep], at: SimTime) -> Option<&RememberedStep> {
    steps.get(steps.partition_point(|step| step.from <= at).checked_sub(1)?)
}

#[cfg(test)]
mod tests;
