//! What the hosts of a simulation share: the network, the agenda, the recorder, and the numbers that are given out.

use super::Recorder;
use crate::agenda::{Agenda, Due};
use crate::network::flight::{Flight, FlightId, Flights};
use crate::network::{Hop, Network};
use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{ConnectionId, Event, LossReason, NodeId, Record, SegmentId};

#[derive(Clone, Debug)]
pub(super) struct World<R> {
    pub(super) recorder: R,
    pub(super) agenda: Agenda,
    pub(super) network: Network,
    pub(super) flights: Flights,
    segments: u32,
    connections: u32,
}

impl<R: Recorder> World<R> {
    pub(super) fn new(recorder: R) -> Self {
        let (agenda, network, flights) = (Agenda::default(), Network::new(), Flights::default());
        Self { recorder, agenda, network, flights, segments: 0, connections: 0 }
    }

    #[inline(always)]
    pub(super) fn record(
        &mut self,
        at: SimTime,
        node: NodeId,
        segment: Option<SegmentId>,
        connection: Option<ConnectionId>,
        event: Event,
    ) {
        self.recorder.record(Record { at, node, segment, connection, event });
    }

    /// The number of the next attempt to connect.
    pub(super) fn next_connection(&mut self) -> ConnectionId {
        self.connections += 1;
        ConnectionId(self.connections - 1)
    }

    /// A host sends a new segment.
    #[inline]
    pub(super) fn send(
        &mut self,
        now: SimTime,
        from: NodeId,
        connection: Option<ConnectionId>,
        header: Segment,
        retransmission: u8,
    ) {
        let segment = SegmentId(self.segments);
        self.segments += 1;
        let flight = Flight { segment, connection, header, retransmission };
        if let Some(hop) = self.put_on_link(now, from, &flight) {
            let flight = self.flights.start(flight);
            self.agenda.note(now + hop.takes, Due::Arrival { node: hop.to, flight });
        }
    }

    /// A segment reaches the NAT, which sends it on under another endpoint or does not know where to.
    pub(super) fn pass_on(&mut self, now: SimTime, id: FlightId) {
        let Some(nat) = &mut self.network.nat else { return };
        let (node, idle) = (nat.node, nat.idle);
        let flight = self.flights.flight_mut(id);
        let translated = nat.translate(now, &mut flight.header);
        let flight = *flight;
        let (segment, connection) = (Some(flight.segment), flight.connection);
        let translated = match translated {
            Ok(translated) => translated,
            Err(reason) => {
                self.flights.end(id);
                return self.record(now, node, segment, connection, Event::SegmentLost { reason });
            }
        };
        let (inside, outside) = (translated.inside, translated.outside);
        if let Some(remote) = translated.opened {
            self.record(now, node, segment, connection, Event::MappingOpened { inside, outside, remote, idle });
        }
        self.record(now, node, segment, connection, Event::SegmentTranslated { inside, outside });
        match self.put_on_link(now, node, &flight) {
            Some(hop) => self.agenda.note(now + hop.takes, Due::Arrival { node: hop.to, flight: id }),
            None => {
                self.flights.end(id);
            }
        }
    }

    /// Where a segment goes from here; `None` when it is lost at once. Both are told.
    #[inline(always)]
    fn put_on_link(&mut self, now: SimTime, from: NodeId, flight: &Flight) -> Option<Hop> {
        let Flight { segment, connection, header, retransmission } = *flight;
        let hop = self.network.hop(from, header.dst.addr);
        let (to, arrives) = (hop.map_or(from, |hop| hop.to), hop.map(|hop| now + hop.takes));
        let sent = Event::SegmentSent { to, header, retransmission, arrives };
        self.record(now, from, Some(segment), connection, sent);
        if hop.is_none() {
            let lost = Event::SegmentLost { reason: LossReason::NoRoute };
            self.record(now, from, Some(segment), connection, lost);
        }
        hop
    }
}
