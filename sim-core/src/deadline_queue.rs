//! A priority queue for deadlines that mostly arrive in order: a few FIFO lanes in front of one heap.
//!
//! Entries with the same delay (that of a link, or the 60 s of TIME_WAIT) are due in the order of adding. They share a
//! lane, where adding and taking are one step each. An entry goes to the lane of the last entry with the same delay; if
//! that does not fit, to the lane whose last entry is the latest that is not later; if none fits, to the heap. The
//! order is exact: by time, and then by the order of adding.

use core::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use crate::time::{SimTime, Span};

/// How many lanes there are; more are only used where so many delays meet.
const LANES: usize = 7;
/// For how many delays the lane is remembered: a power of two.
const DELAYS: usize = 16;
/// Where the heap stands among the lanes.
const HEAP: usize = LANES;

/// Things that are due, in the order of time and then of noting.
#[derive(Clone, Debug)]
pub(crate) struct DeadlineQueue<T> {
    lanes: [VecDeque<Entry<T>>; LANES],
    heap: BinaryHeap<Entry<T>>,
    order: Order,
}

/// The heads and tails of the lanes and the heap, without their entries. It is a type of its own because it is the same
/// code whatever is due.
#[derive(Clone, Debug)]
struct Order {
    /// When the last entry of each lane is due; the start of time for an empty lane.
    tails: [SimTime; LANES],
    /// A delay, and the lane that the last entry with it went to.
    lane_of: [(Span, u8); DELAYS],
    /// The first entry of each lane and of the heap; meaningless where there is none.
    heads: [Key; LANES + 1],
    /// The lanes that are not empty, and the heap if it is not, in the order of their first entries.
    sorted: [u8; LANES + 1],
    filled: usize,
    /// When the first of all is due, or [`SimTime::NEVER`].
    next: SimTime,
    noted: u64,
}

/// When an entry is due, and its number in the order of noting.
type Key = (SimTime, u64);

#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    key: Key,
    what: T,
}

impl<T> Default for DeadlineQueue<T> {
    fn default() -> Self {
        let lanes = core::array::from_fn(|_| VecDeque::new());
        Self { lanes, heap: BinaryHeap::new(), order: Order::default() }
    }
}

impl<T: Copy> DeadlineQueue<T> {
    /// Notes at `now` that `what` is due at `at`; the number of the note is returned, counted from 1.
    #[inline]
    pub(crate) fn note(&mut self, now: SimTime, at: SimTime, what: T) -> u64 {
        self.order.noted += 1;
        let key = (at, self.order.noted);
        match self.order.lane_for(now, at) {
            Some(place) => {
                if self.lanes[place].is_empty() {
                    self.order.begin(place, key);
                }
                self.lanes[place].push_back(Entry { key, what });
            }
            None => self.note_in_heap(Entry { key, what }),
        }
        key.1
    }

    #[cold]
    fn note_in_heap(&mut self, entry: Entry<T>) {
        match self.heap.peek() {
            None => self.order.begin(HEAP, entry.key),
            Some(first) if entry.key < first.key => self.order.hurry(HEAP, entry.key),
            Some(_) => {}
        }
        self.heap.push(entry);
    }

    /// When the first is due, or [`SimTime::NEVER`].
    #[inline]
    pub(crate) const fn next_at(&self) -> SimTime {
        self.order.next
    }

    /// The first, with its number and its moment.
    #[inline]
    pub(crate) fn first(&self) -> Option<(SimTime, u64, T)> {
        let place = self.order.first()?;
        let entry = if place == HEAP { self.heap.peek() } else { self.lanes[place].front() }?;
        Some((entry.key.0, entry.key.1, entry.what))
    }

    /// Takes the first.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<(SimTime, T)> {
        let place = self.order.first()?;
        let (taken, next) = if place == HEAP {
            (self.heap.pop()?, self.heap.peek().map(|entry| entry.key))
        } else {
            let lane = &mut self.lanes[place];
            (lane.pop_front()?, lane.front().map(|entry| entry.key))
        };
        self.order.fall_back(place, next);
        Some((taken.key.0, taken.what))
    }
}

impl Default for Order {
    fn default() -> Self {
        Self {
            tails: [SimTime::ZERO; LANES],
            lane_of: [(Span::ZERO, 0); DELAYS],
            heads: [(SimTime::NEVER, 0); LANES + 1],
            sorted: [0; LANES + 1],
            filled: 0,
            next: SimTime::NEVER,
            noted: 0,
        }
    }
}

impl Order {
    /// Where the first entry of all is.
    #[inline]
    fn first(&self) -> Option<usize> {
        (self.filled > 0).then_some(usize::from(self.sorted[0]))
    }

    /// A lane or the heap gets its first entry.
    #[inline]
    fn begin(&mut self, place: usize, key: Key) {
        self.line_up(place, key, self.filled);
        self.filled += 1;
    }

    /// Something came to be first in a lane or the heap that was not empty.
    fn hurry(&mut self, place: usize, key: Key) {
        let rank = self.sorted.iter().position(|other| usize::from(*other) == place);
        self.line_up(place, key, rank.unwrap_or(0));
    }

    /// Gives a lane whose first entry is now `key` its place in the order, at `rank` or further to the front.
    #[inline]
    fn line_up(&mut self, place: usize, key: Key, mut rank: usize) {
        self.heads[place] = key;
        while rank > 0 && self.heads[usize::from(self.sorted[rank - 1])] > key {
            self.sorted[rank] = self.sorted[rank - 1];
            rank -= 1;
        }
        self.sorted[rank] = place as u8;
        if rank == 0 {
            self.next = key.0;
        }
    }

    /// The first lane lost its first entry: it goes back in the order to where `next` belongs, or out of it.
    #[inline]
    fn fall_back(&mut self, place: usize, next: Option<Key>) {
        let mut rank = 1;
        while rank < self.filled {
            let other = self.sorted[rank];
            if next.is_some_and(|next| next < self.heads[usize::from(other)]) {
                break;
            }
            self.sorted[rank - 1] = other;
            rank += 1;
        }
        if let Some(next) = next {
            self.heads[place] = next;
            self.sorted[rank - 1] = place as u8;
        } else {
            self.filled -= 1;
            if let Some(tail) = self.tails.get_mut(place) {
                *tail = SimTime::ZERO;
            }
        }
        self.next = if self.filled == 0 { SimTime::NEVER } else { self.heads[usize::from(self.sorted[0])].0 };
    }

    /// A lane whose last entry is not later than `at`, and which gets one at `at` now; the one that took the last entry
    /// with this delay, if it can.
    #[inline]
    fn lane_for(&mut self, now: SimTime, at: SimTime) -> Option<usize> {
        let delay = at.since(now);
        let kept = &mut self.lane_of[(delay.as_micros().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60) as usize % DELAYS];
        let lane = usize::from(kept.1) % LANES;
        let lane = if kept.0 == delay && self.tails[lane] <= at && self.tails[lane] > SimTime::ZERO {
            lane
        } else {
            let lane = best_lane_for(&self.tails, at)?;
            *kept = (delay, lane as u8);
            lane
        };
        self.tails[lane] = at;
        Some(lane)
    }
}

/// The lane whose last entry is the latest that is not later than `at`; an empty one only where there is no other.
fn best_lane_for(tails: &[SimTime; LANES], at: SimTime) -> Option<usize> {
    let mut best = LANES;
    let mut best_tail = SimTime::ZERO;
    for (place, tail) in tails.iter().enumerate() {
        let better = *tail <= at && *tail >= best_tail;
        best = if better { place } else { best };
        best_tail = if better { *tail } else { best_tail };
    }
    (best < LANES).then_some(best)
}

impl<T> Ord for Entry<T> {
    /// The earliest entry is the greatest: the heap has its greatest on top.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use super::DeadlineQueue;
    use crate::time::SimTime;

    #[test]
    fn earlier_first_and_then_in_the_order_of_noting() {
        let mut lanes = DeadlineQueue::default();
        for (at, what) in [(5, 0), (3, 1), (5, 2), (3, 3)] {
            lanes.note(SimTime::ZERO, SimTime::from_secs(at), what);
        }
        let order: Vec<i32> = core::iter::from_fn(|| lanes.take()).map(|(_, what)| what).collect();
        assert_eq!(order, [1, 3, 0, 2]);
    }

    /// Against a sorted list, with more falling deadlines than there are lanes, and taking in between.
    #[test]
    fn lanes_and_heap_together_keep_the_order() {
        let mut lanes = DeadlineQueue::default();
        let mut waiting: Vec<(u64, u64)> = Vec::new();
        let mut now = 0;
        for step in 0..20_000_u64 {
            let delay = (step.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % [3, 50, 7_000][step as usize % 3];
            let (noted, due) = (SimTime::from_micros(now), SimTime::from_micros(now + delay));
            waiting.push((now + delay, lanes.note(noted, due, step)));
            if step % 5 < 2 || step > 18_000 {
                let least = waiting.iter().copied().min().unwrap();
                waiting.retain(|entry| *entry != least);
                assert_eq!(lanes.first().map(|(at, number, _)| (at.as_micros(), number)), Some(least));
                assert_eq!(lanes.take().map(|(at, what)| (at.as_micros(), what + 1)), Some(least));
                now = least.0;
            }
        }
    }
}
