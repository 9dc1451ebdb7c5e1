//! tshark's analysis of the captures agrees with the model on completed handshakes and on retransmissions.

use std::collections::BTreeMap;

use sim_core::addr::FourTuple;
use sim_core::export::capture::{Captured, Direction};
use sim_core::kernel::state::State;
use sim_core::seq::Seq;
use sim_core::trace::Event;

use super::captures;
use super::tshark::{Packet, read};

/// tshark's bits for a SYN, a SYN-ACK and an ACK that it saw in this order in one stream.
const HANDSHAKE: u64 = 1 | 2 | 4;

/// For each connection that a kernel reports as established, tshark has a stream of its four-tuple with a complete
/// handshake. So tshark also starts a new stream where the model has a new connection on an old four-tuple.
#[test]
fn tshark_counts_the_handshakes_that_the_kernel_counts() {
    for capture in captures() {
        let mut streams = BTreeMap::new();
        for (packet, segment) in read(capture).iter().zip(&capture.segments) {
            if packet.number("tcp.completeness").unwrap() & HANDSHAKE == HANDSHAKE {
                streams.insert(packet.number("tcp.stream"), tuple(segment));
            }
        }
        let mut by_tshark: Vec<FourTuple> = streams.into_values().collect();
        let here = capture.trace.records.iter().filter(|record| record.node == capture.node);
        let mut by_kernel: Vec<FourTuple> = here
            .filter_map(|record| match record.event {
                Event::StateSet { tuple, new: State::Established, .. } => Some(tuple),
                _ => None,
            })
            .collect();
        by_tshark.sort_unstable();
        by_kernel.sort_unstable();
        assert_eq!(by_tshark, by_kernel, "{}", capture.name());
    }
}

/// tshark judges by the packets that it has seen. It marks a segment that takes up sequence space as a retransmission
/// (possibly fast or spurious) or as out of order if it begins before the highest sequence number of its stream and
/// direction. Which of these marks it chooses depends on timing and is not compared. The model knows whether the sender
/// had sent the segment before. The comparison:
///
/// - Sent by the host of the capture: all earlier segments were captured, so tshark marks a segment if and only if the
///   model calls it a retransmission.
/// - Received there: tshark marks a segment if and only if an earlier arrival reaches past its beginning. RSTs are
///   excluded, because they answer any segment, with numbers of an older connection too. For a marked segment the model
///   has one of three reasons: it is a retransmission, a copy made by a link, or it was overtaken by a later segment. A
///   retransmission whose first copy was lost is marked only if a later segment has already arrived; for the receiver it
///   is new.
#[test]
fn tshark_sees_the_retransmissions_that_the_model_made() {
    let (mut sent, mut arrived) = (0, 0);
    for capture in captures() {
        let mut seen: BTreeMap<(Option<u64>, bool), (Seq, u32)> = BTreeMap::new();
        for (packet, segment) in read(capture).iter().zip(&capture.segments) {
            let name = || format!("{}: segment {}", capture.name(), segment.segment.0);
            let inbound = segment.direction == Direction::Inbound;
            let takes_space = segment.header.end_seq() != segment.header.seq;
            let stream = (packet.number("tcp.stream"), inbound);
            let before = seen.get(&stream).copied();
            let goes_back = before.is_some_and(|(highest, _)| takes_space && segment.header.seq.before(highest));
            let marked = is_marked(packet);
            if inbound {
                assert_eq!(marked, goes_back, "{}", name());
                let overtaken = before.is_some_and(|(_, latest)| segment.original.0 <= latest);
                assert!(!marked || segment.retransmission > 0 || overtaken, "{}", name());
                arrived += u32::from(marked);
            } else {
                assert_eq!(marked, segment.retransmission > 0, "{}", name());
                sent += u32::from(marked);
            }
            if !segment.header.rst() {
                let end = segment.header.end_seq();
                let (highest, latest) = before.unwrap_or((end, 0));
                let highest = if end.after(highest) { end } else { highest };
                // Numbers are assigned in the order of sending, so an original precedes its copies.
                seen.insert(stream, (highest, latest.max(segment.original.0)));
            }
        }
    }
    assert!(sent > 100 && arrived > 100, "too few to tell: {sent} sent, {arrived} arrived");
}

fn is_marked(packet: &Packet) -> bool {
    let marks = ["retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order"];
    marks.iter().any(|mark| !packet.field(&format!("tcp.analysis.{mark}")).is_empty())
}

/// The four-tuple from the point of view of the host of the capture.
fn tuple(segment: &Captured) -> FourTuple {
    let theirs = segment.header.tuple_at_receiver();
    if segment.direction == Direction::Inbound { theirs } else { theirs.reversed() }
}
