//! What the hosts of a simulation share: the network, the agenda, the recorder, and the numbers that are given out.

use super::Recorder;
use crate::agenda::{Agenda, Due};
use crate::network::Network;
use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{ConnectionId, Event, LossReason, NodeId, Record, SegmentId};

#[derive(Clone, Debug)]
pub(super) struct World<R> {
    pub(super) recorder: R,
    pub(super) agenda: Agenda,
    pub(super) network: Network,
    segments: u32,
    connections: u32,
}

impl<R: Recorder> World<R> {
    pub(super) fn new(recorder: R) -> Self {
        Self { recorder, agenda: Agenda::default(), network: Network::new(), segments: 0, connections: 0 }
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
        self.put_on_link(now, from, segment, connection, header, retransmission);
    }

    /// A segment reaches the NAT, which sends it on under another endpoint or does not know where to.
    pub(super) fn pass_on(
        &mut self,
        now: SimTime,
        segment: SegmentId,
        connection: Option<ConnectionId>,
        header: &Segment,
        retransmission: u8,
    ) {
        let Some(nat) = &mut self.network.nat else { return };
        let (node, idle) = (nat.node, nat.idle);
        let translated = match nat.translate(now, header) {
            Ok(translated) => translated,
            Err(reason) => return self.record(now, node, Some(segment), connection, Event::SegmentLost { reason }),
        };
        let (inside, outside) = (translated.inside, translated.outside);
        if let Some(remote) = translated.opened {
            let opened = Event::MappingOpened { inside, outside, remote, idle };
            self.record(now, node, Some(segment), connection, opened);
        }
        self.record(now, node, Some(segment), connection, Event::SegmentTranslated { inside, outside });
        self.put_on_link(now, node, segment, connection, translated.segment, retransmission);
    }

    fn put_on_link(
        &mut self,
        now: SimTime,
        from: NodeId,
        segment: SegmentId,
        connection: Option<ConnectionId>,
        header: Segment,
        retransmission: u8,
    ) {
        let Some(hop) = self.network.hop(from, header.dst.addr) else {
            let sent = Event::SegmentSent { to: from, header, retransmission, arrives: None };
            self.record(now, from, Some(segment), connection, sent);
            let lost = Event::SegmentLost { reason: LossReason::NoRoute };
            return self.record(now, from, Some(segment), connection, lost);
        };
        let arrives = now + hop.takes;
        let sent = Event::SegmentSent { to: hop.to, header, retransmission, arrives: Some(arrives) };
        self.record(now, from, Some(segment), connection, sent);
        self.agenda.note(arrives, Due::Arrival { node: hop.to, segment, connection, header, retransmission });
    }
}
