//! Axes with breaks for clocks that are far apart, and the positions of names at the ends of lines.

use core::ops::Range;

/// The most bands of an axis. The widest gaps are left out first.
const MOST_BANDS: usize = 3;

/// The ranges of values that cover all `intervals`, the lowest first. A gap is left out if it would take more than half
/// of the axis.
pub fn bands(intervals: &[Range<i64>]) -> Vec<Range<i64>> {
    let mut sorted = intervals.to_vec();
    sorted.sort_by_key(|interval| (interval.start, interval.end));
    let mut stretches: Vec<Range<i64>> = Vec::new();
    for interval in sorted {
        match stretches.last_mut() {
            Some(last) if interval.start <= last.end => last.end = last.end.max(interval.end),
            _ => stretches.push(interval),
        }
    }
    let mut bands: Vec<Range<i64>> = Vec::new();
    bands.extend(whole(&stretches));
    while bands.len() < MOST_BANDS {
        let gaps = stretches.windows(2).map(|pair| pair[0].end..pair[1].start);
        let in_band = |gap: &Range<i64>| bands.iter().position(|band| band.contains(&gap.start) && gap.end <= band.end);
        let widest = gaps.filter_map(|gap| Some((in_band(&gap)?, gap))).max_by_key(|(_, gap)| gap.end - gap.start);
        let Some((index, gap)) = widest else { break };
        let band = bands[index].clone();
        if (gap.end - gap.start) * 2 <= band.end - band.start {
            break;
        }
        bands[index] = band.start..gap.start;
        bands.insert(index + 1, gap.end..band.end);
    }
    bands
}

fn whole(stretches: &[Range<i64>]) -> Option<Range<i64>> {
    Some(stretches.first()?.start..stretches.last()?.end)
}

/// Moves positions apart until neighbours differ by at least `spacing`, as little as possible, within `from..=to`. The
/// order is kept. The range must have room for all.
pub fn spread(places: &[i32], spacing: i32, (from, to): (i32, i32)) -> Vec<i32> {
    /// Names that touch: their number, and the sum of the positions that they want for the first of them.
    struct Block {
        count: i32,
        sum: i32,
    }
    let top = |block: &Block| {
        let wanted = block.sum / block.count;
        wanted.min(to - (block.count - 1) * spacing).max(from)
    };
    let mut blocks: Vec<Block> = Vec::new();
    for place in places {
        let mut block = Block { count: 1, sum: *place };
        while let Some(before) = blocks.last() {
            if top(before) + before.count * spacing <= top(&block) {
                break;
            }
            // Names of the later block want to be lower by the height of the names before them.
            let sum = before.sum + block.sum - block.count * before.count * spacing;
            block = Block { count: before.count + block.count, sum };
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|block| (0..block.count).map(move |index| top(block) + index * spacing)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_one_height_share_a_band() {
        assert_eq!(bands(&[10..20, 15..40, 45..60]), [Range { start: 10, end: 60 }]);
        assert_eq!(bands(&[]), []);
    }

    #[test]
    fn a_clock_far_below_and_one_far_above_get_bands_of_their_own() {
        let far = [731_000..776_000, 4_993_000..5_057_000, 5_011_000..5_056_000, 88_412_300..88_592_300];
        assert_eq!(bands(&far), [731_000..776_000, 4_993_000..5_057_000, 88_412_300..88_592_300]);
    }

    #[test]
    fn evenly_spread_clocks_share_a_band() {
        let crowd: Vec<_> = (0..200).map(|host| host * 2_000_000..host * 2_000_000 + 9_000).collect();
        assert_eq!(bands(&crowd).len(), 1);
    }

    #[test]
    fn names_that_touch_are_moved_apart_evenly() {
        assert_eq!(spread(&[10, 50], 14, (0, 100)), [10, 50]);
        assert_eq!(spread(&[50, 50, 50], 14, (0, 100)), [36, 50, 64]);
    }

    #[test]
    fn names_stay_inside_and_apart() {
        for places in [[0, 1, 2, 3], [97, 98, 99, 100], [0, 0, 100, 100], [40, 60, 61, 62]] {
            let spread = spread(&places, 14, (0, 100));
            assert!(spread.windows(2).all(|pair| pair[1] - pair[0] >= 14), "{places:?} {spread:?}");
            assert!(spread.iter().all(|place| (0..=100).contains(place)), "{places:?} {spread:?}");
        }
    }
}
