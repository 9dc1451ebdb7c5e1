//! An index of a trace: stops, refusals, attempts and flights, collected once so that views need no search.

use super::{ConnectionId, LossReason, NodeId, Outcome, Refusal, SegmentId, Trace};
use crate::kernel::drop_reason::DropReason;
use crate::segment::Segment;
use crate::time::{SimTime, Span};

mod build;

/// An index of one trace, valid for that trace only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The moments worth a stop, in order: a segment is sent, arrives or is dropped, a state or setting changes.
    /// All that happens at one moment is one stop.
    pub stops: Vec<SimTime>,
    /// All refusals by R1, in order.
    pub refusals: Vec<RefusedSyn>,
    /// All attempts to connect, those of the server to its database included, in the order of [`ConnectionId`].
    pub attempts: Vec<Attempt>,
    /// Every transmission of a segment over one link, in the order of sending.
    pub flights: Vec<Flight>,
    /// When each attempt of a host that calls the server began, in order.
    calls: Vec<SimTime>,
    /// When each refused connection was first refused, in order.
    first_refusals: Vec<SimTime>,
    /// The last flight of each segment, in the order of [`SegmentId`].
    last_flights: Vec<usize>,
    /// The longest flight: how far back a search for segments in flight has to look.
    longest_flight: Span,
}

/// A SYN that R1 refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedSyn {
    /// The time of the refusal.
    pub at: SimTime,
    /// The position of its `SegmentDropped` in [`Trace::records`].
    pub record: usize,
    /// The host that sent it.
    pub host: Option<NodeId>,
    /// The host whose clock the server remembered.
    pub because_of: Option<NodeId>,
    /// The attempt it belongs to.
    pub connection: Option<ConnectionId>,
    /// The segment.
    pub segment: Option<SegmentId>,
    /// Which half of the rule.
    pub reason: DropReason,
    /// The SYN as the server saw it.
    pub header: Option<Segment>,
    /// The numbers.
    pub refusal: Refusal,
}

/// One attempt to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub connection: ConnectionId,
    /// The host that connects.
    pub host: NodeId,
    /// When its program called `connect()`.
    pub at: SimTime,
    /// When a SYN of it was first refused by R1.
    pub refused: Option<SimTime>,
    /// When the client's side was established.
    pub established: Option<SimTime>,
    /// When and how it ended.
    pub ended: Option<(SimTime, Outcome)>,
}

/// One transmission of a segment over one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight {
    /// The segment.
    pub segment: SegmentId,
    /// The attempt it belongs to.
    pub connection: Option<ConnectionId>,
    /// The sending node.
    pub from: NodeId,
    /// The receiving node.
    pub to: NodeId,
    /// The time of sending.
    pub sent: SimTime,
    /// When it arrives, or `None` when it never will.
    pub arrives: Option<SimTime>,
    /// Its header on this link.
    pub header: Segment,
    /// 0 the first time, then the number of the retransmission.
    pub retransmission: u8,
    /// Its fate at the end of this link.
    pub fate: Fate,
    /// The position of its `SegmentSent` in [`Trace::records`].
    pub record: usize,
}

/// The fate of a segment at the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A box sends it on, or a kernel takes it.
    Taken,
    /// A kernel drops it.
    Dropped(DropReason),
    /// A link or a box loses it.
    Lost(LossReason),
}

/// The state of things in one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Connections that had at least one SYN refused by R1; retries count once.
    pub refused: usize,
    /// Connections attempted by the hosts that call the server.
    pub attempted: usize,
}

impl Index {
    /// How many connections were attempted up to and at `moment`, and how many of them were refused by R1 by then.
    pub fn status(&self, moment: SimTime) -> Status {
        Status {
            refused: self.first_refusals.partition_point(|at| *at <= moment),
            attempted: self.calls.partition_point(|at| *at <= moment),
        }
    }

    /// The first refusal by R1.
    pub fn first_refusal(&self) -> Option<&RefusedSyn> {
        self.refusals.first()
    }

    /// The last refusal up to and at `moment`.
    pub fn last_refusal(&self, moment: SimTime) -> Option<&RefusedSyn> {
        let count = self.refusals.partition_point(|refusal| refusal.at <= moment);
        self.refusals[..count].last()
    }

    /// The first refusal after `moment`.
    pub fn next_refusal(&self, moment: SimTime) -> Option<&RefusedSyn> {
        self.refusals.get(self.refusals.partition_point(|refusal| refusal.at <= moment))
    }

    /// The first stop after `moment`.
    pub fn next_stop(&self, moment: SimTime) -> Option<SimTime> {
        self.stops.get(self.stops.partition_point(|stop| *stop <= moment)).copied()
    }

    /// The last stop before `moment`.
    pub fn previous_stop(&self, moment: SimTime) -> Option<SimTime> {
        let count = self.stops.partition_point(|stop| *stop < moment);
        self.stops[..count].last().copied()
    }

    /// The attempt called `connection`.
    pub fn attempt(&self, connection: ConnectionId) -> Option<&Attempt> {
        self.attempts.get(connection.0 as usize)
    }

    /// The last transmission of `segment` over a link.
    pub fn flight_of(&self, segment: SegmentId) -> Option<&Flight> {
        self.flights.get(*self.last_flights.get(segment.0 as usize)?)
    }

    /// The refusal whose `SegmentDropped` stands at `record` in [`Trace::records`].
    pub fn refusal_at(&self, record: usize) -> Option<&RefusedSyn> {
        let position = self.refusals.binary_search_by_key(&record, |refusal| refusal.record).ok()?;
        self.refusals.get(position)
    }

    /// The segments that are on a link at `moment`, in the order of sending.
    pub fn in_flight(&self, moment: SimTime) -> impl Iterator<Item = &Flight> {
        let first = self.flights.partition_point(|flight| flight.sent + self.longest_flight <= moment);
        let sent = self.flights[first..].iter().take_while(move |flight| flight.sent <= moment);
        sent.filter(move |flight| flight.arrives.is_some_and(|arrives| moment < arrives))
    }

    /// The positions of the records from the first to the last given moment, both included.
    pub fn records_between(trace: &Trace, first: SimTime, last: SimTime) -> core::ops::Range<usize> {
        let from = trace.records.partition_point(|record| record.at < first);
        let to = trace.records.partition_point(|record| record.at <= last);
        from..to.max(from)
    }
}
