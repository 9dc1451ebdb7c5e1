//! The clocks of the hosts as lines. A line is drawn only if it agrees with the timestamps of all SYNs of the host.

use std::net::Ipv4Addr;

use sim_core::kernel::Clock;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel_version::KernelVersion;
use sim_core::time::SimTime;
use sim_core::timestamp::Tsval;
use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{Event, NodeId, Role};

use super::unroll::Unroller;
use super::{ClockLine, HostClock, Syn, Verdict};
use crate::run::Run;

/// A period in which a host has one boot and one address.
#[derive(Clone, Debug)]
pub(super) struct Epoch {
    host: NodeId,
    own: Ipv4Addr,
    from: SimTime,
    until: SimTime,
    kernel: KernelVersion,
    clock: Clock,
    booted: SimTime,
    booted_tsval: Option<Tsval>,
}

impl Epoch {
    /// The value of the host's clock at `at`.
    fn tsval(&self, at: SimTime) -> Option<Tsval> {
        let profile = self.kernel.profile();
        let ticks = self.clock.tsval(profile, at).minus(self.clock.tsval(profile, self.booted));
        Some(self.booted_tsval?.plus(ticks.cast_unsigned()))
    }
}

/// All epochs of all hosts, in the order in which they begin.
pub(super) fn epochs(run: &Run) -> Vec<Epoch> {
    let mut epochs: Vec<Epoch> = Vec::new();
    for record in &run.trace.records {
        let Some(node) = run.node(record.node).filter(|node| node.role == Role::Client) else { continue };
        let ends = matches!(record.event, Event::Booted { .. } | Event::AddressTaken { .. } | Event::Left);
        if !ends {
            continue;
        }
        let before = epochs.iter_mut().rfind(|epoch| epoch.host == record.node);
        let before = before.map(|epoch| {
            epoch.until = epoch.until.min(record.at);
            epoch.clone()
        });
        let (from, until) = (record.at, run.end());
        match (&record.event, before) {
            (Event::Booted { kernel, clock, tsval }, before) => epochs.push(Epoch {
                host: record.node,
                own: before.map_or(node.addr, |before| before.own),
                from,
                until,
                kernel: *kernel,
                clock: *clock,
                booted: from,
                booted_tsval: *tsval,
            }),
            (Event::AddressTaken { addr }, Some(before)) => epochs.push(Epoch { own: *addr, from, until, ..before }),
            _ => {}
        }
    }
    epochs
}

/// The epochs in which `host` calls from `address`. Behind a box that shares an address these are all of them.
pub(super) fn of<'a>(run: &Run, epochs: &'a [Epoch], host: NodeId, address: Ipv4Addr) -> Vec<&'a Epoch> {
    let behind = run.node(host).is_some_and(|node| node.behind.is_some());
    epochs.iter().filter(|epoch| epoch.host == host && (behind || epoch.own == address)).collect()
}

/// The clock of `host`. It has lines if every SYN carries the value of the host's clock at its sending. It has none if
/// a box changes timestamps or each connection has a clock of its own.
pub(super) fn along(
    run: &Run,
    host: NodeId,
    flights: &[&Flight],
    unroller: Unroller<'_>,
    epochs: &[&Epoch],
) -> HostClock {
    let shown = |at: SimTime| epochs.iter().rfind(|epoch| epoch.from <= at).and_then(|epoch| epoch.tsval(at));
    let agrees = |flight: &&Flight| match flight.header.timestamps {
        Some(stamps) => shown(sent(run, flight)).is_some_and(|tsval| tsval.minus(stamps.tsval).abs() <= 1),
        None => true,
    };
    let runs = !unroller.goes_round
        && flights.iter().all(agrees)
        && flights.iter().any(|flight| flight.header.timestamps.is_some());
    let mut lines: Vec<(ClockLine, &Epoch)> = Vec::new();
    for epoch in epochs.iter().filter(|_| runs) {
        lines.extend(line(run, epoch, flights, unroller).map(|line| (line, *epoch)));
    }
    let syn = |flight: &&Flight| {
        let at = arrived(flight);
        // If timestamps are off, the server reads none.
        let read = flight.header.timestamps.filter(|_| flight.fate != Fate::Dropped(DropReason::RecycleNoTimestamp));
        let value = read.map(|stamps| match lines.iter().rfind(|(line, _)| line.from <= sent(run, flight)) {
            Some((line, epoch)) => line.first + ticks(epoch, stamps.tsval),
            None => unroller.unrolled(at, stamps.tsval),
        });
        Syn { at, value, verdict: Verdict::of(flight) }
    };
    HostClock { host, syns: flights.iter().map(syn).collect(), lines: lines.iter().map(|(line, _)| *line).collect() }
}

/// The clock of `epoch` as a line through its first SYN, if there is one.
fn line(run: &Run, epoch: &Epoch, flights: &[&Flight], unroller: Unroller<'_>) -> Option<ClockLine> {
    let in_epoch = |flight: &&&Flight| (epoch.from..=epoch.until).contains(&sent(run, flight));
    let first_stamped = flights.iter().filter(in_epoch).find_map(|flight| Some((flight, flight.header.timestamps?)));
    let (flight, stamps) = first_stamped?;
    let first = unroller.unrolled(arrived(flight), stamps.tsval) - ticks(epoch, stamps.tsval);
    let last = first + ticks(epoch, epoch.tsval(epoch.until)?);
    Some(ClockLine { from: epoch.from, until: epoch.until, first, last })
}

/// The distance of `tsval` from the value at the start of the epoch.
fn ticks(epoch: &Epoch, tsval: Tsval) -> i64 {
    epoch.tsval(epoch.from).map_or(0, |start| i64::from(tsval.minus(start)))
}

fn sent(run: &Run, flight: &Flight) -> SimTime {
    run.flight_of(flight.segment).map_or(flight.sent, |first| first.sent)
}

fn arrived(flight: &Flight) -> SimTime {
    flight.arrives.unwrap_or(flight.sent)
}
