//! The clocks of one host (R9): ticks since boot, wall-clock time, and the TSval that follows from them.

use serde::{Deserialize, Serialize};

use crate::kernel_version::{Profile, StampClock, TsvalUnit};
use crate::time::{SimTime, Span};
use crate::timestamp::{StampSecs, Tsval};

/// Jiffies start five minutes before zero, so that code which forgets the wrap fails soon (`INITIAL_JIFFIES`).
const JIFFIES_START_BEFORE_ZERO_S: i64 = 300;

/// The clocks of one machine at the start of the simulation; from there they all run at the same speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Ticks a second (`CONFIG_HZ`).
    pub hz: u32,
    /// Time since boot at the start of the simulation, in microseconds; negative when it boots later.
    pub uptime_us: i64,
    /// The wall clock at the start of the simulation, in microseconds since 1970.
    pub wall_us: u64,
}

impl Clock {
    /// Jiffies, as the low 32 bits of the kernel's count.
    pub fn jiffies(&self, now: SimTime) -> u32 {
        self.jiffies_wide(now) as u32
    }

    /// Jiffies without the wrap; negative in the first five minutes after boot.
    pub fn jiffies_wide(&self, now: SimTime) -> i64 {
        let hz = i64::from(self.hz);
        scaled(self.uptime(now), hz, 1_000_000) - JIFFIES_START_BEFORE_ZERO_S * hz
    }

    /// The clock behind TSval, before any offset.
    pub fn tsval(&self, profile: &Profile, now: SimTime) -> Tsval {
        match profile.tsval_unit {
            TsvalUnit::Jiffies => Tsval(self.jiffies(now)),
            TsvalUnit::Milliseconds => Tsval(self.uptime(now).div_euclid(1_000) as u32),
        }
    }

    /// How long one tick of TSval is.
    pub fn tsval_tick(&self, profile: &Profile) -> Span {
        match profile.tsval_unit {
            TsvalUnit::Jiffies => Span::from_micros(1_000_000 / u64::from(self.hz.max(1))),
            TsvalUnit::Milliseconds => Span::from_millis(1),
        }
    }

    /// The whole seconds in which timestamps are remembered and compared (`get_seconds`, later `ktime_get_seconds`).
    pub fn seconds(&self, profile: &Profile, now: SimTime) -> StampSecs {
        match profile.stamp_clock {
            StampClock::Wall => StampSecs(((self.wall_us + now.as_micros()) / 1_000_000) as u32),
            StampClock::Monotonic => StampSecs(self.uptime(now).div_euclid(1_000_000) as u32),
        }
    }

    /// The moment at which the clock behind [`Clock::jiffies_wide`] reaches `jiffies`.
    pub fn moment_of(&self, jiffies: i64) -> SimTime {
        let hz = i64::from(self.hz);
        let uptime = scaled(jiffies + JIFFIES_START_BEFORE_ZERO_S * hz, 1_000_000, hz);
        SimTime::from_micros(uptime.saturating_sub(self.uptime_us).max(0) as u64)
    }

    fn uptime(&self, now: SimTime) -> i64 {
        self.uptime_us + now.as_micros() as i64
    }
}

/// `value * factor / divisor`, rounded towards zero. A machine word is enough for some centuries of uptime; beyond them
/// the whole divisors are taken apart from the rest, which comes to the same without a division of wide numbers.
#[inline]
fn scaled(value: i64, factor: i64, divisor: i64) -> i64 {
    match value.checked_mul(factor) {
        Some(product) => product / divisor,
        None => (value / divisor).wrapping_mul(factor).wrapping_add(value % divisor * factor / divisor),
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, scaled};
    use crate::kernel_version::KernelVersion;
    use crate::time::SimTime;

    const JUST_BOOTED: Clock = Clock { hz: 250, uptime_us: 0, wall_us: 1_700_000_000_900_000 };

    #[test]
    fn jiffies_start_five_minutes_before_zero() {
        assert_eq!(JUST_BOOTED.jiffies_wide(SimTime::ZERO), -75_000);
        assert_eq!(JUST_BOOTED.tsval(KernelVersion::V4_9.profile(), SimTime::from_secs(301)).0, 250);
        assert_eq!(JUST_BOOTED.moment_of(250), SimTime::from_secs(301));
    }

    #[test]
    fn newer_kernels_count_milliseconds_whatever_hz_is() {
        assert_eq!(JUST_BOOTED.tsval(KernelVersion::V4_14.profile(), SimTime::from_secs(3)).0, 3_000);
    }

    #[test]
    fn whole_seconds_follow_the_wall_and_later_the_uptime() {
        let at = SimTime::from_millis(100);
        assert_eq!(JUST_BOOTED.seconds(KernelVersion::V4_9.profile(), at).0, 1_700_000_001);
        assert_eq!(JUST_BOOTED.seconds(KernelVersion::V4_19.profile(), at).0, 0);
    }

    #[test]
    fn beyond_a_machine_word_the_sum_is_that_of_wide_numbers() {
        for value in [i64::MAX, i64::MIN, i64::MAX / 3, i64::MIN / 7, 9_223_372_036_855, -9_223_372_036_855] {
            for (factor, divisor) in
                [(1_000, 1_000_000), (1_000_000, 250), (1_000_000, 999), (u32::MAX.into(), 1_000_000)]
            {
                let wide = i128::from(value) * i128::from(factor) / i128::from(divisor);
                assert_eq!(scaled(value, factor, divisor), wide as i64, "{value} * {factor} / {divisor}");
            }
        }
    }
}
