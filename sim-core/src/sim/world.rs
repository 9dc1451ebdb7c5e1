//! What the hosts of a simulation share: the network, the agenda, the recorder, and the numbers that are given out.

use super::Recorder;
use crate::agenda::{Agenda, Due};
use crate::network::flight::{Flight, FlightId, Flights};
use crate::network::nat::Nat;
use crate::network::{Middlebox, Network};
use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{ConnectionId, Event, LossReason, NodeId, Record, SegmentId};

#[derive(Clone, Debug)]
pub(super) struct World<R> {
    pub(super) recorder: R,
    pub(super) agenda: Agenda,
    pub(super) network: Network,
    pub(super) flights: Flights,
    /// Where the host of each node stands among the hosts; boxes are nodes and no hosts.
    pub(super) host_of: Vec<Option<usize>>,
    segments: u32,
    connections: u32,
}

impl<R: Recorder> World<R> {
    pub(super) fn new(recorder: R, seed: u64) -> Self {
        let (agenda, network, flights) = (Agenda::default(), Network::new(seed), Flights::default());
        Self { recorder, agenda, network, flights, host_of: Vec::new(), segments: 0, connections: 0 }
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
        let segment = self.next_segment();
        let flight = Flight { segment, connection, header, retransmission };
        let id = self.flights.start(flight);
        self.put_on_link(now, from, id, &flight);
    }

    fn next_segment(&mut self) -> SegmentId {
        self.segments += 1;
        SegmentId(self.segments - 1)
    }

    /// A segment reaches a box, which changes it where it is and sends it on, or knows a reason not to.
    pub(super) fn pass_on(&mut self, now: SimTime, node: NodeId, id: FlightId) {
        let Some(middlebox) = self.network.middlebox(node) else { return };
        let flight = self.flights.flight_mut(id);
        let passed = match middlebox {
            Middlebox::Nat(nat) | Middlebox::LoadBalancer(nat) => translate(nat, now, &mut flight.header),
            Middlebox::Firewall(firewall) => {
                let change = firewall.pass(&mut flight.header);
                change.map(|change| Passed { opened: None, event: Event::SegmentPassed { change } })
            }
        };
        let flight = *flight;
        let (segment, connection) = (Some(flight.segment), flight.connection);
        match passed {
            Ok(Passed { opened, event }) => {
                if let Some(opened) = opened {
                    self.record(now, node, segment, connection, opened);
                }
                self.record(now, node, segment, connection, event);
                self.put_on_link(now, node, id, &flight);
            }
            Err(reason) => {
                self.flights.end(id);
                self.record(now, node, segment, connection, Event::SegmentLost { reason });
            }
        }
    }

    /// Sends what is on its way towards the next node.
    #[inline]
    fn put_on_link(&mut self, now: SimTime, from: NodeId, id: FlightId, flight: &Flight) {
        let Flight { segment, connection, header, retransmission } = *flight;
        let sent = |to, arrives| Event::SegmentSent { to, header, retransmission, arrives };
        let hop = self.network.hop(from, header.dst.addr);
        let (to, takes, copy) = hop.map_or((from, None, None), |hop| (hop.to, hop.crossing.takes, hop.crossing.copy));
        let arrives = takes.map(|takes| now + takes);
        self.record(now, from, Some(segment), connection, sent(to, arrives));
        let Some(arrives) = arrives else {
            self.flights.end(id);
            let reason = if hop.is_some() { LossReason::Link } else { LossReason::NoRoute };
            return self.record(now, from, Some(segment), connection, Event::SegmentLost { reason });
        };
        self.agenda.note(arrives, Due::Arrival { node: to, flight: id });
        if let Some(takes) = copy {
            let (copy, arrives) = (self.next_segment(), now + takes);
            self.record(now, from, Some(copy), connection, Event::SegmentDuplicated { of: segment });
            self.record(now, from, Some(copy), connection, sent(to, Some(arrives)));
            let flight = self.flights.start(Flight { segment: copy, ..*flight });
            self.agenda.note(arrives, Due::Arrival { node: to, flight });
        }
    }
}

/// What a box makes of a segment, and what it says about that.
struct Passed {
    opened: Option<Event>,
    event: Event,
}

fn translate(nat: &mut Nat, now: SimTime, header: &mut Segment) -> Result<Passed, LossReason> {
    let idle = nat.idle;
    let translated = nat.translate(now, header)?;
    let (inside, outside) = (translated.inside, translated.outside);
    let opened = translated.opened.map(|remote| Event::MappingOpened { inside, outside, remote, idle });
    Ok(Passed { opened, event: Event::SegmentTranslated { inside, outside } })
}
