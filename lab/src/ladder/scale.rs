//! The time scale of the ladder: linear while segments travel, with a break where nothing happens.

use sim_core::time::{SimTime, Span};
use sim_core::trace::NodeId;

/// The height of a segment with the typical travel time, in CSS pixels.
const RUNG: f64 = 36.0;

/// A stretch without events that would be higher than this becomes a break.
const LONGEST: f64 = 72.0;

/// The height of a break.
const BREAK: f64 = 44.0;

/// The y coordinate of the first moment.
const TOP: f64 = 24.0;

/// Items in one lane must not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Segments that leave a node; true for those that go to the right.
    Departures(NodeId, bool),
    /// Segments that reach a node; true for those that come from the left.
    Arrivals(NodeId, bool),
    /// Text beside the line of a node.
    Beside(NodeId),
}

/// The space that a moment needs in a lane.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// The lane.
    pub lane: Lane,
    /// The space above the moment, in CSS pixels.
    pub above: f64,
    /// The space below the moment, in CSS pixels.
    pub below: f64,
}

/// A moment on the scale. [`TimeScale::new`] takes moments in order.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The simulated time.
    pub at: SimTime,
    /// The space that the moment needs.
    pub rooms: Vec<Room>,
}

/// A stretch of time that is not to scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// The top edge, in CSS pixels.
    pub from: f64,
    /// The bottom edge, in CSS pixels.
    pub to: f64,
    /// Its length in simulated time.
    pub span: Span,
    /// Its start in simulated time.
    pub begins: SimTime,
}

/// The y coordinates of a list of moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimeScale {
    /// The y coordinate of each moment, in CSS pixels.
    pub heights: Vec<f64>,
    /// The stretches that are not to scale.
    pub breaks: Vec<Break>,
    /// The bottom edge of all space that was asked for.
    pub bottom: f64,
    /// The simulated time of each moment.
    moments: Vec<SimTime>,
}

impl TimeScale {
    /// The scale for `moments`, in which the travel time `typical` is [`RUNG`] pixels high.
    pub fn new(moments: &[Moment], typical: Span) -> Self {
        let pixels_per_us = RUNG / (typical.as_micros().max(1) as f64);
        let mut scale = Self::default();
        let mut ends = Ends::default();
        let (mut last, mut y) = (moments.first().map_or(SimTime::ZERO, |moment| moment.at), TOP);
        for moment in moments {
            let span = moment.at.since(last);
            let distance = span.as_micros() as f64 * pixels_per_us;
            if distance > LONGEST {
                // A break begins below all text.
                y = scale.bottom.max(y);
            }
            let from = y;
            y += if distance > LONGEST { BREAK } else { distance };
            for room in &moment.rooms {
                y = y.max(ends.of(room.lane) + room.above);
            }
            if distance > LONGEST {
                // The space above this moment is taken from the break.
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

    /// The y coordinate of `at`, below all events up to then. `None` outside of the scale.
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

/// The bottom edge of each lane. There are only a few lanes, so a list is enough.
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
    fn busy_time_is_to_scale_and_idle_time_is_a_break() {
        let scale = TimeScale::new(&[0, 10, 15, 6_215].map(moment), Span::from_millis(10));
        assert_eq!(scale.heights, [24.0, 60.0, 78.0, 122.0]);
        assert_eq!(scale.breaks.iter().map(|gap| gap.span).collect::<Vec<_>>(), [Span::from_millis(6_200)]);
    }

    #[test]
    fn a_time_lies_below_all_earlier_events() {
        let room = Room { lane: Lane::Beside(NodeId(0)), above: 8.0, below: 8.0 };
        let crowded = |ms| Moment { rooms: vec![room], ..moment(ms) };
        let scale = TimeScale::new(&[crowded(0), crowded(0), moment(10)], Span::from_millis(10));
        assert_eq!(scale.heights, [24.0, 40.0, 76.0]);
        assert_eq!(scale.height(SimTime::ZERO), Some(40.0));
        assert_eq!(scale.height(SimTime::from_millis(5)), Some(58.0));
        assert_eq!(scale.height(SimTime::from_millis(11)), None);
    }
}
