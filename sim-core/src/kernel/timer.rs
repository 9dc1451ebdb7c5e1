//! Timers: deadlines in one queue, and how late the timer of a timewait socket fires (R5).

use super::clock::Clock;
use crate::deadline_queue::DeadlineQueue;
use crate::kernel_version::{Profile, TIMEWAIT_LEN, TimewaitTimer};
use crate::time::{SimTime, Span};

/// Whose timer it is: an index into the table of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimerOf {
    Request(u32),
    Connection(u32),
    Timewait(u32),
}

/// The mark that a socket keeps of its running timer; an entry of the queue counts only while both agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Armed {
    token: u64,
    /// When it fires; meaningless unless armed.
    pub(super) at: SimTime,
}

impl Armed {
    pub(super) const fn is_running(self) -> bool {
        self.token != 0
    }

    pub(super) const fn stop(&mut self) {
        self.token = 0;
    }
}

/// All deadlines of one kernel, ordered by time and then by when they were set.
#[derive(Clone, Debug, Default)]
pub(super) struct TimerQueue(DeadlineQueue<TimerOf>);

impl TimerQueue {
    /// Sets a timer at `now`; what the socket keeps of it is returned. Setting it again makes the older entry stale.
    #[inline]
    pub(super) fn set(&mut self, of: TimerOf, now: SimTime, at: SimTime) -> Armed {
        Armed { token: self.0.note(now, at, of), at }
    }

    /// The earliest entry that still counts, as `armed` says of its owner, where it is before `bound`. Stale ones are
    /// thrown away, but only as far as that takes: mostly the first entry, stale or not, is late enough.
    #[inline]
    pub(super) fn earliest_before(
        &mut self,
        bound: SimTime,
        armed: impl Fn(TimerOf) -> Option<Armed>,
    ) -> Option<SimTime> {
        while self.0.next_at() < bound {
            let (at, token, of) = self.0.first()?;
            if armed(of).is_some_and(|mark| mark.token == token) {
                return Some(at);
            }
            self.0.take();
        }
        None
    }

    /// Takes the earliest entry that still counts and is due at `now`.
    pub(super) fn take_due(&mut self, now: SimTime, armed: impl Fn(TimerOf) -> Option<Armed>) -> Option<TimerOf> {
        self.earliest_before(now + Span::from_micros(1), armed)?;
        self.0.take().map(|(_, of)| of)
    }
}

/// Slots of the recycle calendar and its tick: 32 slots of 128 ms (`INET_TWDR_RECYCLE_*` at HZ 1000, 3.10).
const CALENDAR_SLOTS: u64 = 32;
const CALENDAR_TICK: Span = Span::from_millis(128);
/// Period of the slow timer: an eighth of 60 s (`INET_TWDR_TWKILL_SLOTS`, 3.10).
const SLOW_SLOTS: u64 = 8;
const SLOW_PERIOD: Span = Span::from_micros(TIMEWAIT_LEN.as_micros() / SLOW_SLOTS);

/// The calendar of 3.10 is shared by all timewait sockets; it starts when the first of them comes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Calendar {
    started: SimTime,
}

/// When a timewait timer set for some time will fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Firing {
    /// The deadline that the kernel stores and `ss` counts down to.
    pub(super) nominal: SimTime,
    /// When it really fires.
    pub(super) actual: SimTime,
}

impl Calendar {
    /// Starts the calendar anew; called when there was no timewait socket.
    pub(super) const fn start(&mut self, now: SimTime) {
        self.started = now;
    }

    fn firing(self, now: SimTime, timeout: Span) -> Firing {
        let since_start = now.since(self.started).as_micros();
        let slots = timeout.as_micros().div_ceil(CALENDAR_TICK.as_micros());
        if slots < CALENDAR_SLOTS {
            let into_slot = Span::from_micros(since_start % CALENDAR_TICK.as_micros());
            let nominal = now + CALENDAR_TICK.times(slots);
            return Firing { nominal, actual: nominal - into_slot };
        }
        let periods = timeout.as_micros().div_ceil(SLOW_PERIOD.as_micros()).min(SLOW_SLOTS - 1) + 1;
        let into_period = Span::from_micros(since_start % SLOW_PERIOD.as_micros());
        Firing { nominal: now + timeout, actual: now + SLOW_PERIOD.times(periods) - into_period }
    }
}

/// When the timer of a timewait socket fires that is set at `now` for `timeout`.
pub(super) fn timewait_firing(
    profile: &Profile,
    clock: &Clock,
    calendar: Calendar,
    now: SimTime,
    timeout: Span,
) -> Firing {
    let nominal = now + timeout;
    match profile.timewait_timer {
        TimewaitTimer::Calendar => calendar.firing(now, timeout),
        TimewaitTimer::Exact => Firing { nominal, actual: nominal },
        TimewaitTimer::Wheel => Firing { nominal, actual: wheel_firing(clock, now, nominal) },
    }
}

/// The timer wheel of 4.8 (`calc_wheel_index`): each of its levels is eight times as coarse as the one below and
/// takes over where 63 steps of that are not enough; a timer fires at the next step of its level.
fn wheel_firing(clock: &Clock, now: SimTime, nominal: SimTime) -> SimTime {
    let expires = clock.jiffies_wide(nominal);
    let delta = expires - clock.jiffies_wide(now);
    let mut shift = 0;
    while delta >= 63 << shift {
        shift += 3;
    }
    clock.moment_of(((expires >> shift) + 1) << shift)
}

#[cfg(test)]
mod tests {
    use super::{Calendar, Clock, timewait_firing};
    use crate::kernel_version::KernelVersion;
    use crate::time::{SimTime, Span};

    fn late_by_ms(version: KernelVersion, hz: u32, now_ms: u64, timeout: Span) -> i64 {
        let clock = Clock { hz, uptime_us: 1_000_000_000, wall_us: 0 };
        let now = SimTime::from_millis(now_ms);
        let firing = timewait_firing(version.profile(), &clock, Calendar::default(), now, timeout);
        (firing.actual.as_micros() as i64 - (now + timeout).as_micros() as i64) / 1_000
    }

    /// R5: up to 64 ms at 0.5 to 4 s and 4 s at 60 s with HZ 1000; about half with HZ 250.
    #[test]
    fn the_wheel_is_late_by_at_most_one_step_of_its_level() {
        let most = |hz, timeout| (0..20_000).map(|ms| late_by_ms(KernelVersion::V4_9, hz, ms, timeout)).max();
        assert_eq!(most(1_000, Span::from_millis(700)), Some(64));
        assert_eq!(most(1_000, Span::from_secs(60)), Some(4_096));
        assert_eq!(most(250, Span::from_millis(700)), Some(32));
        assert_eq!(most(250, Span::from_secs(60)), Some(2_048));
    }

    /// R5: 3.10 rounds 700 ms up to six slots of 128 ms and may end up to one slot early.
    #[test]
    fn the_calendar_counts_slots() {
        let timeout = Span::from_millis(700);
        let early_or_late: Vec<_> = (0..2_000).map(|ms| late_by_ms(KernelVersion::V3_10, 1_000, ms, timeout)).collect();
        assert_eq!((early_or_late.iter().min(), early_or_late.iter().max()), (Some(&(68 - 127)), Some(&68)));
    }
}
