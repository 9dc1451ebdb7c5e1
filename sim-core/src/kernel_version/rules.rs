//! Rules with several forms, each as an enum with one variant per form; and constants that all kernels share.

use crate::time::Span;

/// When a SYN without a timestamp is refused under R1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnstampedSyn {
    /// Never (mainline to 3.16).
    Passes,
    /// Whenever the address has a fresh remembered timestamp (3.17 and later, Red Hat 7).
    Refused,
}

/// How long a timewait socket must have rested before `connect()` may take its port (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReuseAge {
    /// The whole seconds of the wall clock since the last timestamp differ by 2 or more.
    WallSeconds,
    /// The whole seconds of the monotonic clock since the last timestamp differ by 1 or more.
    MonotonicSeconds,
    /// More than `tcp_tw_reuse_delay` milliseconds since the socket entered TIME_WAIT.
    SinceEntering,
}

/// When a full accept queue makes the kernel drop a SYN (R14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptQueueRule {
    /// Only when more than one young request waits as well; else the third ACK is dropped.
    YoungRequests,
    /// Always.
    DropSyn,
}

/// When the SYN queue is full (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SynQueueRule {
    /// At the backlog plus one rounded up to a power of two, 16 at the least.
    PowerOfTwo,
    /// `len >= backlog`.
    AtBacklog,
    /// `len > backlog`.
    PastBacklog,
}

/// The peers that may use the last quarter of `tcp_max_syn_backlog` when cookies are off (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservedQuarter {
    /// Nobody: the route that the look-up needs is not known yet at that point (to 4.12).
    Nobody,
    /// Peers with a known round trip (4.14 and later).
    Rtt,
}

/// How exactly the timer of a timewait socket fires (R5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimewaitTimer {
    /// Slots of 128 ms for short times and of 7.5 s for long ones.
    Calendar,
    /// On the jiffy.
    Exact,
    /// The timer wheel of 4.8: late by up to an eighth of the time.
    Wheel,
}

/// The unit of a host's TSval (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsvalUnit {
    /// Jiffies since five minutes before boot.
    Jiffies,
    /// Milliseconds since boot.
    Milliseconds,
}

/// The offset that is added to the clock to make a TSval (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsvalOffset {
    /// Nothing: one clock for all.
    None,
    /// A secret of each pair of addresses.
    PerAddressPair,
    /// A secret of each four-tuple.
    PerConnection,
    /// A random number for every incarnation of a connection.
    PerIncarnation,
}

/// The effect of an unacceptable acknowledgment on a closing connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosingAck {
    /// Nothing; the rest of the segment is processed (to 4.12).
    Ignored,
    /// A challenge ACK, and the segment is dropped; also where the acknowledgment is merely old (4.13 to 6.7).
    Challenged,
    /// A challenge ACK, and the segment is dropped; an old acknowledgment is fine (6.8 and later).
    ChallengedUnlessOld,
}

/// Which clock the whole seconds of remembered timestamps are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampClock {
    /// `get_seconds()`, the wall clock (to 4.18).
    Wall,
    /// `ktime_get_seconds()`, since boot (4.19 and later).
    Monotonic,
}

/// `TCP_TIMEWAIT_LEN` (`include/net/tcp.h`): 60 s, set at compile time.
pub const TIMEWAIT_LEN: Span = Span::from_secs(60);
/// `TCP_PAWS_MSL` (`include/net/tcp.h`): whole seconds for which a remembered timestamp of an address counts.
pub const PAWS_MSL_S: u32 = 60;
/// `TCP_PAWS_WINDOW` (`include/net/tcp.h`): ticks that a SYN's clock may lie behind the remembered one.
pub const PAWS_WINDOW: i32 = 1;
/// `TCP_PAWS_24DAYS` (`include/net/tcp.h`): whole seconds after which a timestamp says nothing any more.
pub const PAWS_24DAYS_S: u32 = 60 * 60 * 24 * 24;
