//! Restores the sequence numbers of segments from those that tcpdump prints.
//!
//! Without `-S`, tcpdump prints the numbers of the first segment with ACK of a connection, or of its SYN-ACK,
//! unchanged. It prints the numbers of later segments with ACK relative to these (`print-tcp.c`, 4.99).

use std::collections::BTreeMap;

use sim_core::addr::FourTuple;
use sim_core::segment::Segment;
use sim_core::seq::Seq;

use super::line::{Printed, PrintedSegment, TcpdumpLine};
use crate::capture::Addresses;

/// How many segments decide whether numbers are relative.
const MOST_VOTES: usize = 1_000;
/// A first number below this is relative itself, because the beginning of the output is missing.
const SMALL: u32 = 1 << 20;

/// The numbers of each connection, by the four-tuple at the receiver of a segment.
pub(super) struct Numbers {
    /// Whether all numbers are absolute, as with `-S`.
    are_absolute: bool,
    connections: BTreeMap<FourTuple, Side>,
}

/// The numbers of one direction.
#[derive(Clone, Copy, Default)]
struct Side {
    /// The number that is added to a relative one.
    base: u32,
    /// The number after the last segment.
    next: Seq,
    /// Whether the connection had a segment with ACK.
    is_based: bool,
}

impl Numbers {
    /// Decides whether the numbers of `text` are relative: acknowledgments are then closer to 0 than to the first
    /// number.
    pub(super) fn of(text: &str) -> Self {
        let (mut bases, mut addresses) = (BTreeMap::new(), Addresses::default());
        let (mut votes, mut absolute) = (0, 0);
        for line in text.lines() {
            let Printed::Segment(printed) = TcpdumpLine::of(line).printed else { continue };
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

    /// Makes the numbers of a segment absolute, and adds the one that a pure ACK does not show.
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
