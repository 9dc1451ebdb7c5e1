//! What surrounds a kernel while one of its doors is open: it sends, tells and wakes through here.
//!
//! Here its records get the moment, the node, the segment that caused them and the attempt that they belong to. The
//! kernel knows four-tuples only; which attempt one of them belongs to is noted when its socket comes to be.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Recorder;
use super::world::World;
use crate::addr::FourTuple;
use crate::kernel::state::State;
use crate::kernel::{Surroundings, Wake};
use crate::rng;
use crate::segment::Segment;
use crate::seq::Seq;
use crate::time::SimTime;
use crate::trace::{CallResult, ConnectionId, Event, NodeId, SegmentId};

/// Why a door was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A segment of this attempt arrived.
    Segment(SegmentId, Option<ConnectionId>),
    /// The program begins this attempt.
    Attempt(ConnectionId),
    /// The program or a timer goes on with a socket; which attempt that is follows from its four-tuple.
    Itself,
}

pub(super) struct Around<'a, R> {
    pub(super) now: SimTime,
    pub(super) node: NodeId,
    pub(super) cause: Cause,
    /// The attempt that the latest event belonged to.
    pub(super) connection: Option<ConnectionId>,
    pub(super) known: &'a mut FxHashMap<FourTuple, ConnectionId>,
    pub(super) isn_secret: u64,
    pub(super) wakes: &'a mut VecDeque<Wake>,
    pub(super) world: &'a mut World<R>,
}

impl Cause {
    pub(super) const fn connection(self) -> Option<ConnectionId> {
        match self {
            Self::Segment(_, connection) => connection,
            Self::Attempt(connection) => Some(connection),
            Self::Itself => None,
        }
    }

    const fn segment(self) -> Option<SegmentId> {
        match self {
            Self::Segment(segment, _) => Some(segment),
            Self::Attempt(_) | Self::Itself => None,
        }
    }
}

impl<R: Recorder> Surroundings for Around<'_, R> {
    fn transmit(&mut self, segment: Segment, retransmission: u8) {
        let connection = self.attempt_of(segment.tuple_at_receiver().reversed());
        self.world.send(self.now, self.node, connection, segment, retransmission);
    }

    fn record(&mut self, event: Event) {
        let connection = tuple_of(&event).map_or(self.connection, |tuple| self.attempt_of(tuple));
        if let Event::StateSet { tuple, old, new } = event {
            match (old, new, connection) {
                (_, State::Close, _) => {
                    self.known.remove(&tuple);
                }
                (State::Close, _, Some(connection)) => {
                    self.known.insert(tuple, connection);
                }
                _ => {}
            }
        }
        self.world.record(self.now, self.node, self.cause.segment(), connection, event);
    }

    fn wake(&mut self, wake: Wake) {
        self.wakes.push_back(wake);
    }

    fn initial_sequence(&mut self, tuple: FourTuple) -> Seq {
        rng::initial_sequence(self.isn_secret, tuple, self.now)
    }
}

impl<R> Around<'_, R> {
    /// The attempt behind the door, where that is clear from the start; else the one that `tuple` belongs to.
    fn attempt_of(&mut self, tuple: FourTuple) -> Option<ConnectionId> {
        if self.cause == Cause::Itself {
            self.connection = self.known.get(&tuple).copied();
        }
        self.connection
    }
}

/// The four-tuple that an event is about.
const fn tuple_of(event: &Event) -> Option<FourTuple> {
    match event {
        Event::SegmentDropped { tuple, .. }
        | Event::StateSet { tuple, .. }
        | Event::TimerSet { tuple, .. }
        | Event::TimerFired { tuple, .. }
        | Event::TimeWaitTaken { tuple, .. }
        | Event::CallReturned { result: CallResult::Done(Some(tuple)), .. } => Some(*tuple),
        _ => None,
    }
}
