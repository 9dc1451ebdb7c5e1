//! What the hosts of a simulation share: the network, the agenda, the recorder, and the numbers that are given out.

use super::Recorder;
use crate::agenda::{Agenda, Due};
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
    /// Where the host of each node stands among the hosts; boxes are nodes and no hosts.
    pub(super) host_of: Vec<Option<usize>>,
    segments: u32,
    connections: u32,
}

impl<R: Recorder> World<R> {
    pub(super) fn new(recorder: R, seed: u64) -> Self {
        let (agenda, network) = (Agenda::default(), Network::new(seed));
        Self { recorder, agenda, network, host_of: Vec::new(), segments: 0, connections: 0 }
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
        let segment = self.next_segment();
        self.put_on_link(now, from, segment, connection, header, retransmission);
    }

    fn next_segment(&mut self) -> SegmentId {
        self.segments += 1;
        SegmentId(self.segments - 1)
    }

    /// A segment reaches a box, which sends it on or knows a reason not to.
    pub(super) fn pass_on(
        &mut self,
        now: SimTime,
        node: NodeId,
        segment: SegmentId,
        connection: Option<ConnectionId>,
        header: &Segment,
        retransmission: u8,
    ) {
        let passed = match self.network.middlebox(node) {
            Some(Middlebox::Nat(nat) | Middlebox::LoadBalancer(nat)) => translate(nat, now, header),
            Some(Middlebox::Firewall(firewall)) => firewall.pass(header).map(|(header, change)| Passed {
                header,
                opened: None,
                event: Event::SegmentPassed { change },
            }),
            None => return,
        };
        match passed {
            Ok(Passed { header, opened, event }) => {
                if let Some(opened) = opened {
                    self.record(now, node, Some(segment), connection, opened);
                }
                self.record(now, node, Some(segment), connection, event);
                self.put_on_link(now, node, segment, connection, header, retransmission);
            }
            Err(reason) => self.record(now, node, Some(segment), connection, Event::SegmentLost { reason }),
        }
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
        let sent = |to, arrives| Event::SegmentSent { to, header, retransmission, arrives };
        let Some(hop) = self.network.hop(from, header.dst.addr) else {
            self.record(now, from, Some(segment), connection, sent(from, None));
            let lost = Event::SegmentLost { reason: LossReason::NoRoute };
            return self.record(now, from, Some(segment), connection, lost);
        };
        let to = hop.to;
        let arrives = hop.crossing.takes.map(|takes| now + takes);
        self.record(now, from, Some(segment), connection, sent(to, arrives));
        let Some(arrives) = arrives else {
            let lost = Event::SegmentLost { reason: LossReason::Link };
            return self.record(now, from, Some(segment), connection, lost);
        };
        self.agenda.note(arrives, Due::Arrival { node: to, segment, connection, header, retransmission });
        if let Some(takes) = hop.crossing.copy {
            let (copy, arrives) = (self.next_segment(), now + takes);
            self.record(now, from, Some(copy), connection, Event::SegmentDuplicated { of: segment });
            self.record(now, from, Some(copy), connection, sent(to, Some(arrives)));
            self.agenda.note(arrives, Due::Arrival { node: to, segment: copy, connection, header, retransmission });
        }
    }
}

/// What a box makes of a segment, and what it says about that.
struct Passed {
    header: Segment,
    opened: Option<Event>,
    event: Event,
}

fn translate(nat: &mut Nat, now: SimTime, header: &Segment) -> Result<Passed, LossReason> {
    let idle = nat.idle;
    let translated = nat.translate(now, header)?;
    let (inside, outside) = (translated.inside, translated.outside);
    let opened = translated.opened.map(|remote| Event::MappingOpened { inside, outside, remote, idle });
    Ok(Passed { header: translated.segment, opened, event: Event::SegmentTranslated { inside, outside } })
}
