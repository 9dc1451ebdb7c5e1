//! From the sequence numbers that tcpdump prints back to those of the segments.
//!
//! Without `-S` tcpdump remembers for each connection the first numbers of a segment with ACK, or those of the SYN-ACK,
//! prints these as they are, and all later ones of segments with ACK relative to them (`print-tcp.c`, 4.99).

use std::collections::BTreeMap;

use sim_core::addr::FourTuple;
use sim_core::segment::Segment;
use sim_core::seq::Seq;

use super::line::{Line, Printed, PrintedSegment};
use crate::capture::Addresses;

/// So many segments are asked whether numbers are relative.
const MOST_VOTES: usize = 1_000;
/// A first number below this is itself relative, since what came before was not handed in.
const SMALL: u32 = 1 << 20;

/// What is known of each connection, by the four-tuple as the sender of a segment names it.
pub(super) struct Numbers {
    /// With `-S` all are absolute.
    are_absolute: bool,
    connections: BTreeMap<FourTuple, Side>,
}

/// What one end sends.
#[derive(Clone, Copy, Default)]
struct Side {
    /// Added to a relative number.
    base: u32,
    /// The number after what it sent last.
    next: Seq,
    /// Whether a segment with ACK was seen of the connection.
    is_based: bool,
}

impl Numbers {
    /// Finds out whether the numbers of `text` are relative: whether acknowledgments lie close to 0, or to the first.
    pub(super) fn of(text: &str) -> Self {
        let (mut bases, mut addresses) = (BTreeMap::new(), Addresses::default());
        let (mut votes, mut absolute) = (0, 0);
        for line in text.lines() {
            let Printed::Segment(printed) = Line::of(line).printed else { continue };
            let Some((segment, ack)) = printed.ends(&mut addresses).zip(printed.ack) else { continue };
            let tuple = segment.tuple_at_receiver();
            match bases.get(&tuple) {
                Some(base) if !segment.syn() => {
                    let distance = |from: u32| (ack.wrapping_sub(from) as i32).unsigned_abs();
                    votes += 1;
                    absolute += usize::from(distance(*base) < distance(0));
                }
                _ => {
                    bases.insert(tuple, ack);
                    bases.insert(tuple.reversed(), printed.seq.unwrap_or(0));
                }
            }
            if votes == MOST_VOTES || bases.len() > 2 * MOST_VOTES {
                break;
            }
        }
        Self { are_absolute: absolute * 2 > votes, connections: BTreeMap::new() }
    }

    /// Makes the numbers of a segment absolute, and puts in the one that a pure ACK lacks.
    pub(super) fn restore(&mut self, segment: &mut Segment, printed: &PrintedSegment) {
        let there = segment.tuple_at_receiver();
        let back = there.reversed();
        let (mut sender, mut receiver) = (self.side(there), self.side(back));
        if segment.has_ack() && !self.are_absolute {
            if segment.syn() || !sender.is_based {
                let base = |number: u32| if segment.syn() || number >= SMALL { number } else { 0 };
                sender.base = base(segment.seq.0);
                receiver.base = base(segment.ack.0.wrapping_sub(1));
                (sender.is_based, receiver.is_based) = (true, true);
            } else {
                segment.seq += sender.base;
                segment.ack += receiver.base;
            }
        }
        if printed.seq.is_none() {
            segment.seq = sender.next;
        }
        sender.next = segment.end_seq();
        if segment.has_ack() && receiver.next == Seq(0) {
            receiver.next = segment.ack;
        }
        self.connections.insert(there, sender);
        self.connections.insert(back, receiver);
    }

    fn side(&self, tuple: FourTuple) -> Side {
        self.connections.get(&tuple).copied().unwrap_or_default()
    }
}
