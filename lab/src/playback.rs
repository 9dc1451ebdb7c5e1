//! The movement of the playhead: from real milliseconds to simulated time.
//!
//! A segment is under way for milliseconds and a client waits for seconds, so no single speed suits both. Playback runs
//! at the chosen speed while a segment is under way, skips idle time, and pauses briefly at a refused SYN, so that its
//! numbers can be read. The page always shows the simulated time.

use sim_core::time::{SimTime, Span};

use crate::format::seconds_exact;

/// The speeds that the page offers, in thousandths of real time.
pub const SPEEDS: [Speed; 9] =
    [Speed(10), Speed(20), Speed(50), Speed(100), Speed(250), Speed(1_000), Speed(5_000), Speed(20_000), Speed(60_000)];

/// The real time in which an idle period is skipped, however long it is, in milliseconds.
const SKIPPED_IDLE_MS: f64 = 700.0;

/// The real time for which a refusal is held, in milliseconds.
const HOLD_MS: f64 = 1_600.0;

/// Refusals are not held at a higher speed, because nobody can read along.
const FASTEST_HELD: Speed = Speed(100);

/// A longer frame is cut to this length: the tab was hidden or the machine suspended.
const LONGEST_FRAME_MS: f64 = 100.0;

/// Simulated time per real time, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(pub u32);

impl Speed {
    /// At this speed a segment takes about a second to the server.
    pub const DEFAULT: Self = Self(20);

    /// The speed as the page shows it: `0.02x`.
    pub fn label(self) -> String {
        format!("{}x", seconds_exact(SimTime::from_millis(u64::from(self.0))))
    }

    /// The next faster or slower speed of the list. The first and the last speed have no further one and are returned
    /// as they are.
    #[must_use]
    pub fn beside(self, faster: bool) -> Self {
        let next = if faster {
            SPEEDS.into_iter().find(|speed| *speed > self)
        } else {
            SPEEDS.into_iter().rfind(|speed| *speed < self)
        };
        next.unwrap_or(self)
    }

    /// Simulated microseconds per real millisecond.
    fn micros_per_ms(self) -> f64 {
        f64::from(self.0)
    }
}

/// The data of a run that playback needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The intervals in which segments are under way, in order and disjoint.
    pub busy: Vec<(SimTime, SimTime)>,
    /// The moments at which playback holds, in order.
    pub holds: Vec<SimTime>,
    /// The end of the run.
    pub end: SimTime,
}

/// What playback is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It runs at the chosen speed.
    Running,
    /// It skips an idle period of this length.
    SkippingIdle(Span),
    /// It holds at a refusal.
    Holding,
    /// It has reached the end of the run.
    Ended,
}

/// The state of playback between two frames.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Playback {
    hold_left_ms: f64,
    fraction_us: f64,
}

/// The interval that follows a moment.
enum Ahead {
    Busy { until: SimTime },
    Silence { from: SimTime, until: SimTime },
}

impl Timeline {
    /// Merges the intervals in which segments are under way, and sorts the holds.
    pub fn new(mut under_way: Vec<(SimTime, SimTime)>, mut holds: Vec<SimTime>, end: SimTime) -> Self {
        under_way.sort_unstable();
        holds.sort_unstable();
        holds.dedup();
        let mut busy: Vec<(SimTime, SimTime)> = Vec::new();
        for (from, until) in under_way {
            match busy.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => busy.push((from, until)),
            }
        }
        Self { busy, holds, end }
    }

    fn ahead(&self, at: SimTime) -> Ahead {
        let next = self.busy.partition_point(|interval| interval.1 <= at);
        let before = next.checked_sub(1).and_then(|index| self.busy.get(index));
        let from = before.map_or(SimTime::ZERO, |interval| interval.1);
        match self.busy.get(next) {
            Some((start, until)) if *start <= at => Ahead::Busy { until: (*until).min(self.end) },
            Some((start, _)) => Ahead::Silence { from, until: (*start).min(self.end) },
            None => Ahead::Silence { from, until: self.end },
        }
    }

    fn next_hold(&self, after: SimTime) -> Option<SimTime> {
        self.holds.get(self.holds.partition_point(|hold| *hold <= after)).copied()
    }
}

impl Playback {
    /// Moves the playhead by one frame of `elapsed_ms` real milliseconds. Returns its new position and what playback
    /// was doing last.
    pub fn advance(
        &mut self,
        at: SimTime,
        elapsed_ms: f64,
        speed: Speed,
        skip_idle: bool,
        timeline: &Timeline,
    ) -> (SimTime, Mode) {
        let mut left_ms = elapsed_ms.clamp(0.0, LONGEST_FRAME_MS);
        let mut at = at;
        let mut mode = Mode::Running;
        while left_ms > 0.0 {
            if at >= timeline.end {
                return (timeline.end, Mode::Ended);
            }
            if self.hold_left_ms > 0.0 {
                let held = self.hold_left_ms.min(left_ms);
                self.hold_left_ms -= held;
                left_ms -= held;
                mode = Mode::Holding;
                continue;
            }
            let (rate, mut until) = match timeline.ahead(at) {
                Ahead::Busy { until } => {
                    mode = Mode::Running;
                    (speed.micros_per_ms(), until)
                }
                Ahead::Silence { from, until } => {
                    let silence = until.since(from);
                    let skipping_rate = silence.as_micros() as f64 / SKIPPED_IDLE_MS;
                    let skips = skip_idle && skipping_rate > speed.micros_per_ms();
                    mode = if skips { Mode::SkippingIdle(silence) } else { Mode::Running };
                    (if skips { skipping_rate } else { speed.micros_per_ms() }, until)
                }
            };
            let hold = timeline.next_hold(at).filter(|hold| speed <= FASTEST_HELD && *hold <= until);
            until = hold.unwrap_or(until);
            let distance_us = until.since(at).as_micros() as f64 - self.fraction_us;
            let wanted_us = rate * left_ms;
            if wanted_us < distance_us {
                let moved = self.fraction_us + wanted_us;
                self.fraction_us = moved.fract();
                return (at + Span::from_micros(moved as u64), mode);
            }
            left_ms -= distance_us.max(0.0) / rate;
            self.fraction_us = 0.0;
            at = until;
            if hold.is_some() {
                self.hold_left_ms = HOLD_MS;
            }
        }
        (at, mode)
    }

    /// Discards a hold in progress, because the visitor has moved the playhead.
    pub fn restart(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> SimTime {
        SimTime::from_millis(ms)
    }

    /// A segment from 1,000 to 1,040 ms that is refused, another from 2,040 to 2,080 ms, the end at 5 s.
    fn timeline() -> Timeline {
        Timeline::new(
            vec![(ms(1_000), ms(1_020)), (ms(2_040), ms(2_080)), (ms(1_020), ms(1_040))],
            vec![ms(1_040)],
            ms(5_000),
        )
    }

    fn play(playback: &mut Playback, mut at: SimTime, real_ms: u32, speed: Speed, skip_idle: bool) -> (SimTime, Mode) {
        let mut mode = Mode::Running;
        for _ in 0..real_ms / 10 {
            (at, mode) = playback.advance(at, 10.0, speed, skip_idle, &timeline());
        }
        (at, mode)
    }

    #[test]
    fn intervals_that_touch_are_one() {
        assert_eq!(timeline().busy, [(ms(1_000), ms(1_040)), (ms(2_040), ms(2_080))]);
    }

    #[test]
    fn a_segment_under_way_moves_at_the_chosen_speed() {
        let (at, mode) = play(&mut Playback::default(), ms(1_000), 1_000, Speed(20), true);
        assert_eq!((at, mode), (ms(1_020), Mode::Running));
    }

    #[test]
    fn a_refusal_is_held_and_then_left() {
        let mut playback = Playback::default();
        let (at, mode) = play(&mut playback, ms(1_000), 2_100, Speed(20), true);
        assert_eq!((at, mode), (ms(1_040), Mode::Holding));
        let (at, mode) = play(&mut playback, at, 1_600, Speed(20), true);
        assert!(at > ms(1_040));
        assert_eq!(mode, Mode::SkippingIdle(Span::from_millis(1_000)));
    }

    #[test]
    fn idle_time_is_skipped_only_if_enabled_and_faster() {
        let (at, mode) = play(&mut Playback::default(), ms(1_041), 690, Speed(20), true);
        assert_eq!(mode, Mode::SkippingIdle(Span::from_millis(1_000)));
        assert!(at > ms(2_000) && at < ms(2_040));
        assert_eq!(play(&mut Playback::default(), ms(1_041), 700, Speed(20), false), (ms(1_055), Mode::Running));
        assert_eq!(play(&mut Playback::default(), ms(1_041), 100, Speed(10_000), true).1, Mode::Running);
    }

    #[test]
    fn the_slowest_speed_loses_no_time_to_rounding() {
        let mut playback = Playback::default();
        let mut at = ms(1_000);
        for _ in 0..600 {
            (at, _) = playback.advance(at, 16.67, Speed(1), true, &timeline());
        }
        assert!(at.since(ms(1_000)).as_micros().abs_diff(10_002) <= 1);
    }

    #[test]
    fn playback_stops_at_the_end_of_the_run() {
        assert_eq!(play(&mut Playback::default(), ms(4_000), 10_000, Speed(1_000), true), (ms(5_000), Mode::Ended));
    }

    #[test]
    fn the_keys_reach_every_speed_and_stop_at_the_slowest_and_fastest() {
        let mut up = vec![SPEEDS[0]];
        while let Some(next) = up.last().map(|speed| speed.beside(true)).filter(|next| !up.contains(next)) {
            up.push(next);
        }
        assert_eq!(up, SPEEDS);
        assert!(up.iter().skip(1).all(|speed| speed.beside(false) < *speed));
        assert_eq!((SPEEDS[0].beside(false), Speed(60_000).beside(true)), (SPEEDS[0], Speed(60_000)));
        assert!(SPEEDS.contains(&Speed::DEFAULT));
    }

    #[test]
    fn a_long_frame_is_shortened() {
        let (at, _) = Playback::default().advance(ms(1_000), 60_000.0, Speed(20), true, &timeline());
        assert_eq!(at, ms(1_002));
    }
}
