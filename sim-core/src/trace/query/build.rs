//! Building an index: one pass over the records.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::{Attempt, Fate, Flight, Index, RefusedSyn};
use crate::kernel::drop_reason::DropReason;
use crate::kernel::state::State;
use crate::trace::{Call, Event, NodeId, Record, Refusal, Role, SegmentId, Trace};

impl Index {
    /// Looks through `trace` once.
    pub fn new(trace: &Trace) -> Self {
        let mut index = Self::default();
        let mut writers = BTreeMap::new();
        for (position, record) in trace.records.iter().enumerate() {
            if worth_a_stop(&record.event) && index.stops.last() != Some(&record.at) {
                index.stops.push(record.at);
            }
            index.take(trace, position, record, &mut writers);
        }
        index.first_refusals = index.attempts.iter().filter_map(|attempt| attempt.refused).collect();
        index.first_refusals.sort_unstable();
        index
    }

    fn take(&mut self, trace: &Trace, position: usize, record: &Record, writers: &mut BTreeMap<Ipv4Addr, NodeId>) {
        let attempt = record.connection.and_then(|id| self.attempts.get_mut(id.0 as usize));
        let role = trace.nodes.get(usize::from(record.node.0)).map(|node| node.role);
        match &record.event {
            Event::SegmentSent { to, header, retransmission, arrives } => {
                let Some(segment) = record.segment else { return };
                self.longest_flight = self.longest_flight.max(arrives.unwrap_or_default().since(record.at));
                self.note_flight(segment, self.flights.len());
                self.flights.push(Flight {
                    segment,
                    connection: record.connection,
                    from: record.node,
                    to: *to,
                    sent: record.at,
                    arrives: *arrives,
                    header: *header,
                    retransmission: *retransmission,
                    fate: Fate::Taken,
                    record: position,
                });
            }
            Event::SegmentLost { reason } => self.set_fate(record, Fate::Lost(*reason)),
            Event::SegmentDropped { reason, refusal, .. } => {
                self.set_fate(record, Fate::Dropped(*reason));
                if let Some(refusal) = refusal.filter(|_| reason.is_recycle()) {
                    self.note_refusal(position, record, *reason, refusal, writers);
                }
            }
            Event::StampRemembered { peer, .. } => {
                if let Some(attempt) = attempt {
                    writers.insert(*peer, attempt.host);
                }
            }
            Event::StateSet { old: State::Close, new: State::SynSent, .. }
            | Event::CallReturned { call: Call::Connect { .. }, .. } => {
                self.note_attempt(record, role);
            }
            Event::StateSet { new: State::Established, .. } => {
                if let Some(attempt) = attempt.filter(|attempt| attempt.host == record.node) {
                    attempt.established = attempt.established.or(Some(record.at));
                }
            }
            Event::ConnectionEnded { outcome } => {
                if let Some(attempt) = attempt {
                    attempt.ended = Some((record.at, *outcome));
                }
            }
            _ => {}
        }
    }

    /// A connection shows first in the state that `connect()` sets, or, where that failed, in what it returned.
    fn note_attempt(&mut self, record: &Record, role: Option<Role>) {
        let new = record.connection.filter(|id| id.0 as usize == self.attempts.len());
        if new.is_some() && role == Some(Role::Client) {
            self.calls.push(record.at);
        }
        self.attempts.extend(new.map(|connection| Attempt {
            connection,
            host: record.node,
            at: record.at,
            refused: None,
            established: None,
            ended: None,
        }));
    }

    fn note_flight(&mut self, segment: SegmentId, flight: usize) {
        let slot = segment.0 as usize;
        if slot >= self.last_flights.len() {
            self.last_flights.resize(slot + 1, usize::MAX);
        }
        self.last_flights[slot] = flight;
    }

    fn last_flight(&mut self, segment: Option<SegmentId>) -> Option<&mut Flight> {
        let flight = *self.last_flights.get(segment?.0 as usize)?;
        self.flights.get_mut(flight)
    }

    fn set_fate(&mut self, record: &Record, fate: Fate) {
        let ends_here = |flight: &&mut Flight| flight.to == record.node || flight.arrives.is_none();
        if let Some(flight) = self.last_flight(record.segment).filter(ends_here) {
            flight.fate = fate;
        }
    }

    fn note_refusal(
        &mut self,
        position: usize,
        record: &Record,
        reason: DropReason,
        refusal: Refusal,
        writers: &BTreeMap<Ipv4Addr, NodeId>,
    ) {
        let header = self.last_flight(record.segment).map(|flight| flight.header);
        let attempt = record.connection.and_then(|id| self.attempts.get_mut(id.0 as usize));
        let host = attempt.map(|attempt| {
            attempt.refused = attempt.refused.or(Some(record.at));
            attempt.host
        });
        self.refusals.push(RefusedSyn {
            at: record.at,
            record: position,
            host,
            because_of: header.and_then(|header| writers.get(&header.src.addr).copied()),
            connection: record.connection,
            segment: record.segment,
            reason,
            header,
            refusal,
        });
    }
}

/// Whether something is worth a stop of its own; the rest always comes with such a thing.
const fn worth_a_stop(event: &Event) -> bool {
    match event {
        Event::Booted { .. }
        | Event::SegmentSent { .. }
        | Event::SegmentArrived
        | Event::SegmentLost { .. }
        | Event::SegmentTranslated { .. }
        | Event::SegmentPassed { .. }
        | Event::BoxRestarted
        | Event::AddressTaken { .. }
        | Event::Left
        | Event::SegmentDropped { .. }
        | Event::StateSet { .. }
        | Event::TimeWaitTaken { .. }
        | Event::ConnectionEnded { .. }
        | Event::SysctlSet { .. }
        | Event::Note { .. } => true,
        Event::MappingOpened { .. }
        | Event::SegmentDuplicated { .. }
        | Event::TimerSet { .. }
        | Event::TimerFired { .. }
        | Event::StampRemembered { .. }
        | Event::CounterAdded { .. }
        | Event::CallReturned { .. } => false,
    }
}
