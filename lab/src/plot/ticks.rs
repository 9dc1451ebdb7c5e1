//! Round values for the ticks of an axis, with their labels.

use core::ops::Range;

use super::scale::round_step;
use crate::format::grouped_signed;
use sim_core::words::grouped;

/// Round values in `values`, labelled modulo 2^32: a clock that has wrapped around begins at 0 again.
pub(super) fn clock_ticks(values: &Range<i64>, most: i64) -> Vec<(i64, String)> {
    const TURN: i64 = 1 << 32;
    let step = round_step(values.end - values.start, most);
    let mut ticks = Vec::new();
    for turn in values.start.div_euclid(TURN)..=values.end.div_euclid(TURN) {
        let begin = turn * TURN;
        let first = begin + ((values.start - begin).max(0) + step - 1) / step * step;
        let last = values.end.min(begin + TURN - 1);
        let mut value = first;
        while value <= last {
            ticks.push((value, grouped((value - begin).unsigned_abs())));
            value += step;
        }
    }
    ticks
}

/// Round distances in `values`, labelled with their sign.
pub(super) fn distance_ticks(values: &Range<i64>, most: i64) -> Vec<(i64, String)> {
    let step = round_step(values.end - values.start, most);
    let steps = values.start.div_euclid(step) + 1..=values.end.div_euclid(step);
    let label = |value: i64| if value > 0 { format!("+{}", grouped_signed(value)) } else { grouped_signed(value) };
    steps.map(|index| (index * step, label(index * step))).collect()
}

/// Round counts from 0 to `highest`.
pub(super) fn count_ticks(highest: u32) -> Vec<(i64, String)> {
    let highest = i64::from(highest);
    let step = round_step(highest, 4);
    (0..=highest / step).map(|index| (index * step, grouped((index * step).unsigned_abs()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_have_round_ticks_and_begin_again_at_zero() {
        let labels = |values: Range<i64>| -> Vec<String> {
            clock_ticks(&values, 4).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels(4_993_000..5_057_000), ["5,000,000", "5,020,000", "5,040,000"]);
        let end = 1_i64 << 32;
        assert_eq!(labels(end - 25_000..end + 25_000), ["4,294,960,000", "0", "20,000"]);
    }

    #[test]
    fn distances_have_a_sign() {
        let labels: Vec<String> = distance_ticks(&(-250..130), 4).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["\u{2212}200", "\u{2212}100", "0", "+100"]);
    }

    #[test]
    fn counts_begin_at_zero() {
        let values: Vec<i64> = count_ticks(20).into_iter().map(|(value, _)| value).collect();
        assert_eq!(values, [0, 5, 10, 15, 20]);
        assert_eq!(count_ticks(0).len(), 1);
    }
}
