//! The clocks behind one address, and what the server remembers of them: the picture that explains the incident.
//!
//! A TSval has 32 bits and no order, only a signed distance. Here every value is unrolled along what the server
//! remembered at that moment, so that what lies under the remembered value is behind it, as the kernel sees it (R1).

mod from_run;
mod host_clocks;
mod server_memory;
mod unroll;

use std::net::Ipv4Addr;

use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::query::{Fate, Flight};

pub use self::from_run::addresses;

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
    pub lines: Vec<ClockLine>,
    /// Its SYNs as they reached the server, in order.
    pub syns: Vec<Syn>,
}

/// A clock that runs from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockLine {
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
    /// How many SYNs had this verdict.
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
    pub fn remembered(&self, at: SimTime) -> Option<&Step> {
        remembered(&self.steps, at).filter(|step| at < step.until || step.until == self.end)
    }
}

impl Verdict {
    /// What became of the SYN of `flight`.
    const fn of(flight: &Flight) -> Self {
        match flight.fate {
            Fate::Dropped(reason) if reason.is_recycle() => Self::Refused,
            Fate::Dropped(_) | Fate::Lost(_) => Self::Dropped,
            Fate::Taken => Self::Taken,
        }
    }
}

impl HostClock {
    /// How many of its SYNs had this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.syns.iter().filter(|syn| syn.verdict == verdict).count()
    }
}

/// Whether what is remembered rises so far that 32 bits go round: a clock that lags by more than half of that is ahead
/// again, and no longer to be drawn as one line.
pub fn goes_round(steps: &[Step]) -> bool {
    let lowest = steps.iter().map(|step| step.value).min();
    let highest = steps.iter().map(|step| step.value).max();
    lowest.zip(highest).is_some_and(|(lowest, highest)| highest - lowest >= 1 << 31)
}

/// The TSval that an unrolled value stands for.
pub const fn tsval(value: i64) -> u32 {
    value as u32
}

/// What was remembered last before or at `at`, whether it still is or not.
fn remembered(steps: &[Step], at: SimTime) -> Option<&Step> {
    steps.get(steps.partition_point(|step| step.from <= at).checked_sub(1)?)
}

#[cfg(test)]
mod tests;
