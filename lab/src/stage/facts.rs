//! Events of a run that the stage looks up in every frame: failed segments and calls, reboots, and clock shifts.

use std::net::Ipv4Addr;

use sim_core::kernel::drop_reason::{DropClass, DropReason};
use sim_core::time::{SimTime, Span};
use sim_core::timestamp::Tsval;
use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{Call, CallResult, ConnectionId, Errno, Event, LossReason, NodeId, Role, SegmentId};

use crate::run::Run;

/// A failed segment is shown for at least this long.
const LINGERS: Span = Span::from_millis(60);

/// A failure that is followed by no retry is shown for this long.
const WITHOUT_CONSEQUENCE: Span = Span::from_secs(3);

/// The number of failures that a search for the visible ones goes back.
const LOOK_BACK: usize = 96;

/// All events that the stage looks up, in the order of time.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    failures: Vec<Failure>,
    turns: Vec<(NodeId, SimTime, Turn)>,
    shifts: Vec<(NodeId, SimTime, Shift)>,
    /// Whether a SYN meets a full queue in this run.
    pub queue_matters: bool,
    /// Whether a host takes over the address of another host.
    pub addresses_move: bool,
}

/// A segment that was dropped or lost, or a `connect()` that failed at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// The moment of the failure.
    pub at: SimTime,
    /// The end of its consequence: the retransmission, or the end of the connection.
    pub until: SimTime,
    /// The reason.
    pub cause: Cause,
    /// The segment's last flight, as an index into `Index::flights`; `None` for a failed call.
    pub flight: Option<usize>,
    /// The host or box that dropped the segment or made the call. For a loss on a link, the node at the start of the
    /// link.
    pub node: NodeId,
    /// The host that opened the connection.
    pub owner: Option<NodeId>,
    /// The connection.
    pub connection: Option<ConnectionId>,
    /// Whether the owner sent the segment.
    pub from_owner: bool,
    /// The segment that the node sent in answer at the same moment, as an index into `Index::flights`.
    pub answer: Option<usize>,
}

/// Why a segment or a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A link or a box lost the segment.
    Lost(LossReason),
    /// A kernel dropped the segment.
    Dropped(DropReason),
    /// `connect()` failed at once.
    Failed(Errno),
}

/// A change in the state of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The machine rebooted.
    Rebooted,
    /// The host left the network.
    Left,
    /// The host took this address.
    Took(Ipv4Addr),
}

/// The TSval of a SYN before and after a firewall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The TSval that reached the firewall.
    pub before: Option<Tsval>,
    /// The TSval that left the firewall.
    pub after: Option<Tsval>,
}

impl Failure {
    /// Whether rule R1 refused the segment.
    pub const fn is_refusal(&self) -> bool {
        matches!(self.cause, Cause::Dropped(reason) if reason.is_recycle())
    }

    /// Whether a program has to wait because of the failure: true for SYNs, calls, and losses on a link.
    pub fn is_telling(&self, run: &Run) -> bool {
        let opens = |flight: usize| run.index.flights.get(flight).is_some_and(|flight| flight.header.opens());
        !matches!(self.cause, Cause::Dropped(_)) || self.flight.is_some_and(opens)
    }
}

impl Facts {
    /// Collects the events in one pass over the trace.
    pub fn of(run: &Run) -> Self {
        let mut facts = Self { shifts: shifts(run), ..Self::default() };
        let mut booted = vec![false; run.trace.nodes.len()];
        for record in &run.trace.records {
            let mut turn = |turn| facts.turns.push((record.node, record.at, turn));
            match &record.event {
                Event::Booted { .. } => {
                    let again =
                        booted.get_mut(usize::from(record.node.0)).is_some_and(|was| core::mem::replace(was, true));
                    if again {
                        turn(Turn::Rebooted);
                    }
                }
                Event::BoxRestarted => turn(Turn::Rebooted),
                Event::Left => turn(Turn::Left),
                Event::AddressTaken { addr } => turn(Turn::Took(*addr)),
                _ => {}
            }
        }
        facts.addresses_move = facts.turns.iter().any(|(.., turn)| matches!(turn, Turn::Took(_)));
        facts.failures = dropped_or_lost(run);
        facts.failures.extend(failed_calls(run));
        facts.failures.sort_by_key(|failure| (failure.at, failure.flight));
        facts.queue_matters = facts.failures.iter().any(|failure| is_queue(failure.cause));
        facts
    }

    /// The visible failure to explain in words, refusals by R1 excluded. A failure that makes a program wait comes
    /// first.
    pub fn telling(&self, run: &Run, now: SimTime) -> Option<&Failure> {
        self.failures(now).filter(|failure| !failure.is_refusal()).min_by_key(|failure| !failure.is_telling(run))
    }

    /// The failures that are visible at `now`, the latest first. Refusals by R1 are included.
    pub fn failures(&self, now: SimTime) -> impl Iterator<Item = &Failure> {
        let end = self.failures.partition_point(|failure| failure.at <= now);
        let recent = &self.failures[end.saturating_sub(LOOK_BACK)..end];
        recent.iter().rev().filter(move |failure| now < failure.until)
    }

    /// The moments of all failures.
    #[cfg(test)]
    pub fn moments(&self) -> Vec<SimTime> {
        self.failures.iter().map(|failure| failure.at).collect()
    }

    /// The last change in the state of `node` up to `now`, and its moment.
    pub fn last_turn(&self, node: NodeId, now: SimTime) -> Option<(SimTime, Turn)> {
        let turn = self.turns.iter().rfind(|(whose, at, _)| *whose == node && *at <= now)?;
        Some((turn.1, turn.2))
    }

    /// The address of a host at `now`.
    pub fn addr(&self, run: &Run, node: NodeId, now: SimTime) -> Option<Ipv4Addr> {
        let taken = self.turns.iter().rev().find_map(|(whose, at, turn)| match turn {
            Turn::Took(addr) if *whose == node && *at <= now => Some(*addr),
            _ => None,
        });
        taken.or_else(|| run.node(node).map(|node| node.addr))
    }

    /// The last change that the firewall `node` made to the TSval of a SYN, up to `now`.
    pub fn last_shift(&self, node: NodeId, now: SimTime) -> Option<Shift> {
        let end = self.shifts.partition_point(|(_, at, _)| *at <= now);
        self.shifts[..end].iter().rfind(|(whose, ..)| *whose == node).map(|(.., shift)| *shift)
    }
}

/// All segments that were dropped or lost.
fn dropped_or_lost(run: &Run) -> Vec<Failure> {
    let flights = &run.index.flights;
    // For each connection, the flights sent by its two ends, in the order of time.
    let mut sent: Vec<Vec<usize>> = vec![Vec::new(); run.index.attempts.len()];
    for (position, flight) in flights.iter().enumerate() {
        let is_box = run.node(flight.from).is_some_and(|node| node.role.is_box());
        let connection = flight.connection.filter(|_| !is_box);
        if let Some(sent) = connection.and_then(|connection| sent.get_mut(connection.0 as usize)) {
            sent.push(position);
        }
    }
    let sent_by = |connection: Option<ConnectionId>, node: NodeId| {
        let sent = connection.and_then(|connection| sent.get(connection.0 as usize)).map_or(&[][..], Vec::as_slice);
        let sent = sent.iter().filter_map(|position| Some((*position, flights.get(*position)?)));
        sent.filter(move |(_, flight)| flight.from == node)
    };
    let death = |(position, flight): (usize, &Flight)| {
        let cause = match flight.fate {
            Fate::Taken => return None,
            Fate::Dropped(reason) => Cause::Dropped(reason),
            Fate::Lost(reason) => Cause::Lost(reason),
        };
        let origin = run.flight_of(flight.segment).map_or(flight.from, |first| first.from);
        let at = flight.arrives.unwrap_or(flight.sent);
        let owner = run.owner(flight.connection);
        // The consequence of a failed SYN lasts until its next copy, whatever else the host sends meanwhile.
        let again = sent_by(flight.connection, origin)
            .map(|(_, later)| later)
            .find(|later| later.sent > at && (later.header.opens() || !flight.header.opens()));
        let again = again.map(|later| later.sent);
        let node = if flight.arrives.is_some() { flight.to } else { flight.from };
        let answer = sent_by(flight.connection, node).find(|(_, answer)| answer.sent == at);
        let answer = answer.map(|(position, _)| position);
        let answer = answer.filter(|_| matches!(cause, Cause::Dropped(_)) && node != origin);
        Some(Failure {
            at,
            until: until(run, at, flight.connection, again),
            cause,
            flight: Some(position),
            node,
            owner,
            connection: flight.connection,
            from_owner: owner == Some(origin),
            answer,
        })
    };
    flights.iter().enumerate().filter_map(death).collect()
}

/// All calls of `connect()` that failed at once. Each is shown until the same host calls again.
fn failed_calls(run: &Run) -> Vec<Failure> {
    let mut calls: Vec<Failure> = Vec::new();
    for record in &run.trace.records {
        let Event::CallReturned { call: Call::Connect { .. }, result } = &record.event else { continue };
        let (at, node) = (record.at, record.node);
        if let Some(last) = calls.iter_mut().rfind(|call| call.node == node) {
            last.until = last.until.min(at.max(last.at + LINGERS));
        }
        if let CallResult::Failed(errno) = result {
            calls.push(Failure {
                at,
                until: at + WITHOUT_CONSEQUENCE,
                cause: Cause::Failed(*errno),
                flight: None,
                node,
                owner: Some(node),
                connection: record.connection,
                from_owner: true,
                answer: None,
            });
        }
    }
    calls
}

fn until(run: &Run, at: SimTime, connection: Option<ConnectionId>, again: Option<SimTime>) -> SimTime {
    let ended = connection.and_then(|connection| run.index.attempt(connection)?.ended).map(|(ended, _)| ended);
    let over = [again, ended.filter(|ended| *ended > at)].into_iter().flatten().min();
    over.unwrap_or(at + WITHOUT_CONSEQUENCE).max(at + LINGERS)
}

/// The changes that firewalls made to the TSvals of SYNs, in the order of time.
fn shifts(run: &Run) -> Vec<(NodeId, SimTime, Shift)> {
    let is_firewall = |node| run.node(node).is_some_and(|node| node.role == Role::Firewall);
    let flights = &run.index.flights;
    // The SYNs that are inside a firewall. There are only a few at a time.
    let mut came: Vec<(SegmentId, NodeId, Option<Tsval>)> = Vec::new();
    let mut shifts = Vec::new();
    for flight in flights.iter().filter(|flight| flight.header.opens()) {
        let clock = flight.header.timestamps.map(|stamps| stamps.tsval);
        if is_firewall(flight.to) {
            came.push((flight.segment, flight.to, clock));
        }
        if is_firewall(flight.from)
            && let Some(inside) =
                came.iter().position(|(segment, at, _)| (*segment, *at) == (flight.segment, flight.from))
        {
            let (.., before) = came.swap_remove(inside);
            shifts.push((flight.from, flight.sent, Shift { before, after: clock }));
        }
    }
    shifts
}

const fn is_queue(cause: Cause) -> bool {
    matches!(cause, Cause::Dropped(reason) if matches!(reason.class(), DropClass::FullQueue))
}

#[cfg(test)]
mod tests {
    use sim_core::scenario::PRESETS;

    use super::*;
    use crate::plan::{Base, Plan};

    fn run(name: &str) -> crate::run::SharedRun {
        Run::of(&Plan::of(Base::preset(name).unwrap()))
    }

    #[test]
    fn every_failure_is_shown_from_its_time_for_a_while() {
        for preset in PRESETS {
            let run = run(preset.name);
            let facts = Facts::of(&run);
            for failure in &facts.failures {
                assert!(failure.until >= failure.at + LINGERS, "{}: {failure:?}", preset.name);
            }
            let dead = run.index.flights.iter().filter(|flight| flight.fate != Fate::Taken).count();
            assert!(facts.failures.len() >= dead, "{}", preset.name);
        }
    }

    #[test]
    fn a_refused_syn_is_shown_until_it_is_sent_again() {
        let run = run(Base::INCIDENT);
        let facts = Facts::of(&run);
        let first = run.index.first_refusal().unwrap();
        let failure = facts.failures(first.at).next().unwrap();
        assert_eq!((failure.at, Some(failure.until)), (first.at, run.next_copy(first)));
        assert_eq!((failure.owner, failure.from_owner), (first.host, true));
    }

    #[test]
    fn a_firewall_with_random_clocks_gives_another_to_every_syn() {
        let run = run("random-timestamps-by-a-firewall");
        let facts = Facts::of(&run);
        assert!(facts.shifts.len() > 3);
        assert!(facts.shifts.iter().all(|(_, _, shift)| shift.before.is_some() && shift.before != shift.after));
    }

    #[test]
    fn the_address_of_a_host_is_the_one_that_it_took() {
        let run = run("address-passed-on");
        let facts = Facts::of(&run);
        let new = run.clients().find(|(_, node)| node.name == "new-1").unwrap().0;
        let addr = |s| facts.addr(&run, new, SimTime::from_secs(s)).map(|addr| addr.to_string());
        assert_eq!((addr(39).as_deref(), addr(41).as_deref()), (Some("203.0.113.50"), Some("203.0.113.40")));
    }
}
