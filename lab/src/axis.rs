//! The time axis of a whole run: positions of moments, and tick marks as an SVG path.

use sim_core::time::SimTime;

use crate::format::filled;

/// A time axis from the start to the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    end: SimTime,
}

/// The length of the axis, in SVG user units.
pub const LENGTH: f64 = 1_000.0;

/// The least distance between two ticks. Closer ones are drawn as one.
const CLOSEST: f64 = 0.8;

impl Axis {
    /// An axis from the start of the run to `end`.
    pub const fn new(end: SimTime) -> Self {
        Self { end }
    }

    /// The position of `at`, from 0 to [`LENGTH`].
    pub fn place(&self, at: SimTime) -> f64 {
        let end = self.end.as_secs_f64();
        if end <= 0.0 { 0.0 } else { (at.as_secs_f64() / end).clamp(0.0, 1.0) * LENGTH }
    }

    /// Ticks at these moments, as the `d` attribute of an SVG path. Each tick begins at `y` and is `height` long.
    pub fn ticks(&self, moments: impl Iterator<Item = SimTime>, y: f64, height: f64) -> String {
        let mut path = String::new();
        let mut last = f64::NEG_INFINITY;
        for moment in moments {
            let place = self.place(moment);
            if place - last >= CLOSEST {
                last = place;
                path += &filled("M# #v#", &[place, y, height]);
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_maps_to_a_position() {
        let axis = Axis::new(SimTime::from_secs(180));
        assert_eq!([0, 90, 180, 200].map(|s| axis.place(SimTime::from_secs(s))), [0.0, 500.0, 1_000.0, 1_000.0]);
        assert_eq!(Axis::new(SimTime::ZERO).place(SimTime::from_secs(1)), 0.0);
    }

    #[test]
    fn marks_that_are_too_close_are_merged() {
        let axis = Axis::new(SimTime::from_secs(180));
        let moments = [1_000, 1_001, 1_100, 9_000].map(SimTime::from_millis);
        assert_eq!(axis.ticks(moments.into_iter(), 4.0, 20.0), "M5.6 4v20M50 4v20");
    }
}
