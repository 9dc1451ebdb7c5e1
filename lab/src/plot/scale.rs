//! A numeric axis with ticks. It may leave out ranges without values.

use core::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use sim_core::time::{SimTime, Span};

/// The length of an axis, in parts.
const PARTS: i64 = 10_000;

/// An axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisScale {
    /// The ranges of the axis, in order. There is at least one.
    pieces: Vec<Piece>,
    ticks: Vec<(i64, String)>,
}

/// A range of values, and the parts of the axis that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    values: Range<i64>,
    parts: Range<i64>,
}

impl AxisScale {
    /// An axis from `values.start` to `values.end`, both included, without ticks.
    pub fn new(values: Range<i64>) -> Self {
        Self { pieces: vec![Piece { values: at_least_one(values), parts: 0..PARTS }], ticks: Vec::new() }
    }

    /// An axis with breaks. Each range of values, the lowest first, has its share of the length; `gap` is the length of
    /// a break. Shares and gap may be in any unit, for example pixels.
    pub fn broken(stretches: &[(Range<i64>, i64)], gap: i64) -> Self {
        let whole = stretches.iter().map(|(_, share)| share + gap).sum::<i64>() - gap;
        let mut start = 0;
        let pieces = stretches.iter().map(|(values, share)| {
            let parts = start * PARTS / whole.max(1)..(start + share) * PARTS / whole.max(1);
            start += share + gap;
            Piece { values: at_least_one(values.clone()), parts }
        });
        let pieces: Vec<Piece> = pieces.collect();
        if pieces.is_empty() { Self::new(0..1) } else { Self { pieces, ticks: Vec::new() } }
    }

    /// The time axis of a run in microseconds, with about one tick per `every_px` of its `length_px`.
    pub fn time(end: SimTime, length_px: i32, every_px: i32) -> Self {
        const STEPS_S: [u64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 3_600];
        let most = u64::from((length_px / every_px.max(1)).max(1).unsigned_abs());
        let end_us = end.as_micros();
        let step = STEPS_S.into_iter().find(|step| end_us / 1_000_000 / step <= most).unwrap_or(3_600);
        let ticks = (0..=end_us / (step * 1_000_000))
            .map(|count| (micros(SimTime::from_secs(count * step)), format!("{} s", count * step)));
        Self::new(0..micros(end)).ticks(ticks)
    }

    /// Sets the ticks.
    #[must_use]
    pub fn ticks(self, ticks: impl IntoIterator<Item = (i64, String)>) -> Self {
        Self { ticks: ticks.into_iter().collect(), ..self }
    }

    /// The ticks with their labels.
    pub fn labels(&self) -> &[(i64, String)] {
        &self.ticks
    }

    /// The position of `value` between `start` and `end`. A value that is left out is at the nearest edge.
    pub fn place(&self, value: i64, (start, end): (i32, i32)) -> i32 {
        let after = self.pieces.partition_point(|piece| piece.values.end < value);
        let Some(piece) = self.pieces.get(after).or(self.pieces.last()) else { return start };
        let value = value.clamp(piece.values.start, piece.values.end) - piece.values.start;
        let length = i64::from(end) - i64::from(start);
        let parts = length * (piece.parts.end - piece.parts.start);
        let inside = i128::from(parts) * i128::from(value) / i128::from(piece.values.end - piece.values.start);
        start + ((length * piece.parts.start + inside as i64) / PARTS) as i32
    }
}

impl Ranged for AxisScale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = i64;

    fn map(&self, value: &i64, limit: (i32, i32)) -> i32 {
        self.place(*value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<i64> {
        // `plotters` draws two grids; the finer one stays empty.
        if hint.weight().allow_light_points() {
            Vec::new()
        } else {
            self.ticks.iter().map(|(value, _)| *value).collect()
        }
    }

    fn range(&self) -> Range<i64> {
        let ends = (self.pieces.first(), self.pieces.last());
        if let (Some(first), Some(last)) = ends { first.values.start..last.values.end } else { 0..1 }
    }
}

impl ValueFormatter<i64> for AxisScale {
    fn format_ext(&self, value: &i64) -> String {
        self.ticks.iter().find(|(tick, _)| tick == value).map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

/// A moment in the unit of the time axis.
pub fn micros(at: SimTime) -> i64 {
    at.since(SimTime::ZERO).micros()
}

/// The smallest of 1, 2, 5, 10, 20, 50 and so on that fits into `length` at most `most` times.
pub fn round_step(length: i64, most: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if length / step <= most.max(1) {
                return step;
            }
        }
        power *= 10;
    }
}

trait Micros {
    fn micros(self) -> i64;
}

impl Micros for Span {
    fn micros(self) -> i64 {
        i64::try_from(self.as_micros()).unwrap_or(i64::MAX)
    }
}

fn at_least_one(values: Range<i64>) -> Range<i64> {
    values.start..values.end.max(values.start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_places() {
        let scale = AxisScale::new(100..300);
        assert_eq!([100, 200, 300, 999, 0].map(|value| scale.place(value, (0, 50))), [0, 25, 50, 50, 0]);
        assert_eq!(scale.place(150, (400, 0)), 300);
    }

    #[test]
    fn a_stretch_is_left_out() {
        let scale = AxisScale::broken(&[(0..10, 20), (4_000_000_000..4_000_000_100, 60)], 20);
        let place = |value| scale.place(value, (0, 100));
        assert_eq!([0, 10, 4_000_000_000, 4_000_000_050, 4_000_000_100].map(place), [0, 20, 40, 70, 100]);
        assert_eq!(place(2_000_000_000), 40, "what is left out lies at an edge");
    }

    #[test]
    fn an_axis_over_all_32_bits_does_not_overflow() {
        let scale = AxisScale::new(-(1 << 33)..1 << 33);
        assert_eq!(scale.place(0, (0, 20_000)), 10_000);
    }

    #[test]
    fn times_have_round_ticks() {
        let labels = |px| -> Vec<String> {
            let scale = AxisScale::time(SimTime::from_secs(180), px, 80);
            scale.labels().iter().map(|(_, label)| label.clone()).collect()
        };
        assert_eq!(labels(700), ["0 s", "30 s", "60 s", "90 s", "120 s", "150 s", "180 s"]);
        assert_eq!(labels(300), ["0 s", "60 s", "120 s", "180 s"]);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(
            [round_step(64_000, 5), round_step(9, 5), round_step(4, 5), round_step(1 << 32, 4)],
            [20_000, 2, 1, 1_000_000_000]
        );
    }
}
