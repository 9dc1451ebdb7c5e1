//! From moments to heights: to scale while something happens, with a break where nothing does.

use sim_core::time::{SimTime, Span};
use sim_core::trace::NodeId;

/// The way of a typical segment is so high.
const RUNG: f64 = 36.0;

/// More than this without anything is a break.
const LONGEST: f64 = 72.0;

/// How high a break is.
const BREAK: f64 = 44.0;

/// Where the first moment stands.
const TOP: f64 = 24.0;

/// What must not stand upon another of its sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Where segments leave a node, to the right or not.
    Departures(NodeId, bool),
    /// Where segments reach a node, to the right or not.
    Arrivals(NodeId, bool),
    /// Words beside a node's line.
    Beside(NodeId),
}

/// Room that a moment needs in a lane.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Where.
    pub lane: Lane,
    /// Above its height.
    pub above: f64,
    /// Below it.
    pub below: f64,
}

/// One moment that is drawn. They are given to [`TimeScale::new`] in the order in which they happen.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When.
    pub at: SimTime,
    /// What room it needs.
    pub rooms: Vec<Room>,
}

/// A stretch of time that is not to scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// How long it is.
    pub span: Span,
    /// When it begins.
    pub begins: SimTime,
}

/// Heights for moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeScale {
    /// The height of each moment.
    pub heights: Vec<f64>,
    /// Where time is not to scale.
    pub breaks: Vec<Break>,
    /// Below all the room that was asked for.
    pub bottom: f64,
    /// When each moment is.
    moments: Vec<SimTime>,
}

impl TimeScale {
    /// Heights for `moments`, such that `typical`, the way of a segment, is one rung.
    pub fn new(moments: &[Moment], typical: Span) -> Self {
        let pixels_per_us = RUNG / (typical.as_micros().max(1) as f64);
        let mut scale = Self::default();
        let mut ends = Ends::default();
        let (mut last, mut y) = (moments.first().map_or(SimTime::ZERO, |moment| moment.at), TOP);
        for moment in moments {
            let span = moment.at.since(last);
            let distance = span.as_micros() as f64 * pixels_per_us;
            if distance > LONGEST {
                // A break begins below all words.
                y = scale.bottom.max(y);
            }
            let from = y;
            y += if distance > LONGEST { BREAK } else { distance };
            for room in &moment.rooms {
                y = y.max(ends.of(room.lane) + room.above);
            }
            if distance > LONGEST {
                // What needs room above this moment takes it from the break.
                scale.breaks.push(Break { from, to: y, span, begins: last });
            }
            for room in &moment.rooms {
                ends.set(room.lane, y + room.below);
            }
            scale.bottom = ends.0.iter().fold(y, |bottom, (_, end)| bottom.max(*end));
            scale.heights.push(y);
            scale.moments.push(moment.at);
            last = moment.at;
        }
        scale
    }

    /// The height of `at`: below all that has happened by then. `None` outside of what is drawn.
    pub fn height(&self, at: SimTime) -> Option<f64> {
        let next = self.moments.partition_point(|moment| *moment <= at);
        let last = next.checked_sub(1)?;
        let (from, y) = (*self.moments.get(last)?, *self.heights.get(last)?);
        let Some((to, below)) = self.moments.get(next).zip(self.heights.get(next)) else {
            return (from == at).then_some(y);
        };
        let share = at.since(from).as_secs_f64() / to.since(from).as_secs_f64().max(1e-9);
        Some(y + (below - y) * share)
    }
}

/// Where each lane is free again. There are a handful, and a map would weigh more than it saves.
#[derive(Default)]
struct Ends(Vec<(Lane, f64)>);

impl Ends {
    fn of(&self, lane: Lane) -> f64 {
        self.0.iter().find(|(known, _)| *known == lane).map_or(f64::MIN, |(_, end)| *end)
    }

    fn set(&mut self, lane: Lane, end: f64) {
        match self.0.iter_mut().find(|(known, _)| *known == lane) {
            Some(known) => known.1 = end,
            None => self.0.push((lane, end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(ms: u64) -> Moment {
        Moment { at: SimTime::from_millis(ms), rooms: Vec::new() }
    }

    #[test]
    fn what_happens_is_to_scale_and_what_does_not_is_a_break() {
        let scale = TimeScale::new(&[0, 10, 15, 6_215].map(moment), Span::from_millis(10));
        assert_eq!(scale.heights, [24.0, 60.0, 78.0, 122.0]);
        assert_eq!(scale.breaks.iter().map(|gap| gap.span).collect::<Vec<_>>(), [Span::from_millis(6_200)]);
    }

    #[test]
    fn a_moment_lies_below_all_that_has_happened_by_then() {
        let room = Room { lane: Lane::Beside(NodeId(0)), above: 8.0, below: 8.0 };
        let crowded = |ms| Moment { rooms: vec![room], ..moment(ms) };
        let scale = TimeScale::new(&[crowded(0), crowded(0), moment(10)], Span::from_millis(10));
        assert_eq!(scale.heights, [24.0, 40.0, 76.0]);
        assert_eq!(scale.height(SimTime::ZERO), Some(40.0));
        assert_eq!(scale.height(SimTime::from_millis(5)), Some(58.0));
        assert_eq!(scale.height(SimTime::from_millis(11)), None);
    }
}
