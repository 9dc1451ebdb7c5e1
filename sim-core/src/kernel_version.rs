//! Which rule holds in which kernel: one [`Profile`] a version, looked up and never branched on by number.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// The kernels that are modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KernelVersion {
    /// Mainline 3.10.108.
    #[serde(rename = "3.10")]
    V3_10,
    /// Red Hat Enterprise Linux 7, 3.10.0-1160.
    #[serde(rename = "el7")]
    El7,
    /// Mainline 4.4. Not recorded; from its sources.
    #[serde(rename = "4.4")]
    V4_4,
    /// Mainline 4.9.337, the last long-term kernel with `tcp_tw_recycle`.
    #[serde(rename = "4.9")]
    V4_9,
    /// Mainline 4.10.17.
    #[serde(rename = "4.10")]
    V4_10,
    /// Mainline 4.11.0, the last with `tcp_tw_recycle`.
    #[serde(rename = "4.11")]
    V4_11,
    /// Mainline 4.12, the first without. Not recorded; from its sources.
    #[serde(rename = "4.12")]
    V4_12,
    /// Mainline 4.14.325.
    #[serde(rename = "4.14")]
    V4_14,
    /// Mainline 4.19. Not recorded; from its sources.
    #[serde(rename = "4.19")]
    V4_19,
    /// Mainline 6.18.44.
    #[serde(rename = "6.18")]
    V6_18,
}

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

/// For whom the last quarter of `tcp_max_syn_backlog` is kept when cookies are off (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservedQuarter {
    /// Applies only where recycle is off, for peers with a known round trip and a remembered timestamp.
    RecycleOffRttAndStamp,
    /// For peers with a known round trip.
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

/// What a host's TSval counts (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsvalUnit {
    /// Jiffies since five minutes before boot.
    Jiffies,
    /// Milliseconds since boot.
    Milliseconds,
}

/// What is added to the clock before it becomes a TSval (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TsvalOffset {
    /// Nothing: one clock for all.
    None,
    /// A secret of each pair of addresses.
    PerAddressPair,
    /// A secret of each connection.
    PerConnection,
}

/// What an unacceptable acknowledgment does to a connection that is closing.
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

/// The rules of one kernel, as far as they differ between kernels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Which kernel this is.
    pub version: KernelVersion,
    /// Whether `tcp_tw_recycle` and `PAWSPassive` exist (R10, commit 4396e46187ca).
    pub has_recycle: bool,
    /// Whether recycle and reuse belong to the network namespace instead of the whole host (R11).
    pub per_namespace: bool,
    /// R1 for SYNs without a timestamp.
    pub unstamped_syn: UnstampedSyn,
    /// Whether answers to odd segments are limited by `tcp_invalid_ratelimit` (4.0 and later, Red Hat 7).
    pub limits_odd_acks: bool,
    /// Whether a SYN without ACK reaches `tcp_validate_incoming` on a connection; else it is dropped unseen (mainline 3.10).
    pub examines_bare_syn: bool,
    /// Whether a SYN that takes over a timewait socket keeps the sequence number derived there, and skips the queue checks (R6).
    pub takeover_keeps_isn: bool,
    /// Whether a RST that does not kill a timewait socket (`tcp_rfc1337` 1) still restarts its 60 s (commit 63cc357f7bba).
    pub rst_restarts_time_wait: bool,
    /// Whether a RST just before `rcv_nxt` ends a connection whose peer sent a FIN (4.11 and later).
    pub rst_before_fin_counts: bool,
    /// Whether old timestamps are sorted as 6.14 and later do: `PAWSTimewait`, `PAWSOldAck`, a SYN is challenged first.
    pub sorts_old_timestamps: bool,
    /// Unacceptable acknowledgments on a closing connection.
    pub closing_ack: ClosingAck,
    /// Whether an old acknowledgment must lie within what was ever sent, not merely within a window (6.7 and later).
    pub old_ack_within_sent: bool,
    /// Whether the TSecr of a third ACK is compared with the TSvals of the SYN-ACKs (6.14 and later).
    pub checks_third_ack_tsecr: bool,
    /// The age at which a port may be reused.
    pub reuse_age: ReuseAge,
    /// Whether `tcp_tw_reuse = 2` means loopback only; else any number but 0 means on (4.19 and later).
    pub reuse_2_is_loopback: bool,
    /// Whether reuse leaves FIN_WAIT2 sockets alone (6.11 and later).
    pub reuse_spares_fin_wait_2: bool,
    /// The default of `tcp_tw_reuse`.
    pub reuse_default: u32,
    /// Full accept queue.
    pub accept_queue: AcceptQueueRule,
    /// Full SYN queue.
    pub syn_queue: SynQueueRule,
    /// The last quarter of the SYN backlog.
    pub reserved_quarter: ReservedQuarter,
    /// Timer of timewait sockets.
    pub timewait_timer: TimewaitTimer,
    /// Unit of TSval.
    pub tsval_unit: TsvalUnit,
    /// Offset of TSval.
    pub tsval_offset: TsvalOffset,
    /// Clock of remembered timestamps.
    pub stamp_clock: StampClock,
    /// SYN retries at one second before the wait doubles (`tcp_syn_linear_timeouts`; 0 before 6.5).
    pub syn_linear_timeouts: u32,
    /// Whether `tcp_syn_linear_timeouts` exists (6.5 and later).
    pub has_syn_linear_timeouts: bool,
    /// The default of `ip_local_port_range`.
    pub local_port_range: (u16, u16),
    /// Whether automatic source ports come from `low..=high` (to 4.1), or every second one first and without the last odd one.
    pub counts_last_port: bool,
    /// The default of `somaxconn`.
    pub somaxconn: u32,
    /// Receive window of a new connection, in bytes.
    pub receive_window: u32,
}

/// `TCP_TIMEWAIT_LEN` (`include/net/tcp.h`): 60 s, set at compile time.
pub const TIMEWAIT_LEN: Span = Span::from_secs(60);
/// `TCP_PAWS_MSL` (`include/net/tcp.h`): whole seconds for which a remembered timestamp of an address counts.
pub const PAWS_MSL_S: u32 = 60;
/// `TCP_PAWS_WINDOW` (`include/net/tcp.h`): ticks that a SYN's clock may lie behind the remembered one.
pub const PAWS_WINDOW: i32 = 1;
/// `TCP_PAWS_24DAYS` (`include/net/tcp.h`): whole seconds after which a timestamp says nothing any more.
pub const PAWS_24DAYS_S: u32 = 60 * 60 * 24 * 24;

const V3_10: Profile = Profile {
    version: KernelVersion::V3_10,
    has_recycle: true,
    per_namespace: false,
    unstamped_syn: UnstampedSyn::Passes,
    limits_odd_acks: false,
    examines_bare_syn: false,
    takeover_keeps_isn: true,
    rst_restarts_time_wait: true,
    rst_before_fin_counts: false,
    sorts_old_timestamps: false,
    closing_ack: ClosingAck::Ignored,
    old_ack_within_sent: false,
    checks_third_ack_tsecr: false,
    reuse_age: ReuseAge::WallSeconds,
    reuse_2_is_loopback: false,
    reuse_spares_fin_wait_2: false,
    reuse_default: 0,
    accept_queue: AcceptQueueRule::YoungRequests,
    syn_queue: SynQueueRule::PowerOfTwo,
    reserved_quarter: ReservedQuarter::RecycleOffRttAndStamp,
    timewait_timer: TimewaitTimer::Calendar,
    tsval_unit: TsvalUnit::Jiffies,
    tsval_offset: TsvalOffset::None,
    stamp_clock: StampClock::Wall,
    syn_linear_timeouts: 0,
    has_syn_linear_timeouts: false,
    local_port_range: (32_768, 61_000),
    counts_last_port: true,
    somaxconn: 128,
    receive_window: 14_480,
};

const EL7: Profile = Profile {
    version: KernelVersion::El7,
    unstamped_syn: UnstampedSyn::Refused,
    limits_odd_acks: true,
    examines_bare_syn: true,
    receive_window: 28_960,
    ..V3_10
};

const V4_4: Profile = Profile {
    version: KernelVersion::V4_4,
    local_port_range: (32_768, 60_999),
    counts_last_port: false,
    syn_queue: SynQueueRule::AtBacklog,
    timewait_timer: TimewaitTimer::Exact,
    rst_restarts_time_wait: false,
    ..EL7
};

const V4_9: Profile =
    Profile { version: KernelVersion::V4_9, accept_queue: AcceptQueueRule::DropSyn, timewait_timer: TimewaitTimer::Wheel, ..V4_4 };

const V4_10: Profile = Profile {
    version: KernelVersion::V4_10,
    tsval_offset: TsvalOffset::PerAddressPair,
    rst_restarts_time_wait: true,
    ..V4_9
};

const V4_11: Profile = Profile { version: KernelVersion::V4_11, per_namespace: true, rst_before_fin_counts: true, ..V4_10 };

const V4_12: Profile =
    Profile { version: KernelVersion::V4_12, has_recycle: false, reserved_quarter: ReservedQuarter::Rtt, ..V4_11 };

const V4_14: Profile = Profile {
    version: KernelVersion::V4_14,
    tsval_unit: TsvalUnit::Milliseconds,
    closing_ack: ClosingAck::Challenged,
    takeover_keeps_isn: false,
    rst_restarts_time_wait: false,
    ..V4_12
};

const V4_19: Profile = Profile {
    version: KernelVersion::V4_19,
    reuse_age: ReuseAge::MonotonicSeconds,
    reuse_2_is_loopback: true,
    reuse_default: 2,
    stamp_clock: StampClock::Monotonic,
    ..V4_14
};

const V6_18: Profile = Profile {
    version: KernelVersion::V6_18,
    takeover_keeps_isn: true,
    sorts_old_timestamps: true,
    old_ack_within_sent: true,
    checks_third_ack_tsecr: true,
    closing_ack: ClosingAck::ChallengedUnlessOld,
    reuse_age: ReuseAge::SinceEntering,
    reuse_spares_fin_wait_2: true,
    syn_queue: SynQueueRule::PastBacklog,
    syn_linear_timeouts: 4,
    has_syn_linear_timeouts: true,
    somaxconn: 4096,
    receive_window: 65_160,
    ..V4_19
};

impl KernelVersion {
    /// Every modelled kernel, oldest first.
    pub const ALL: [Self; 10] = [
        Self::V3_10,
        Self::El7,
        Self::V4_4,
        Self::V4_9,
        Self::V4_10,
        Self::V4_11,
        Self::V4_12,
        Self::V4_14,
        Self::V4_19,
        Self::V6_18,
    ];

    /// The rules of this kernel.
    #[must_use]
    pub const fn profile(self) -> &'static Profile {
        match self {
            Self::V3_10 => &V3_10,
            Self::El7 => &EL7,
            Self::V4_4 => &V4_4,
            Self::V4_9 => &V4_9,
            Self::V4_10 => &V4_10,
            Self::V4_11 => &V4_11,
            Self::V4_12 => &V4_12,
            Self::V4_14 => &V4_14,
            Self::V4_19 => &V4_19,
            Self::V6_18 => &V6_18,
        }
    }

    /// The profile's name, as scenarios and addresses of the page write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3_10 => "3.10",
            Self::El7 => "el7",
            Self::V4_4 => "4.4",
            Self::V4_9 => "4.9",
            Self::V4_10 => "4.10",
            Self::V4_11 => "4.11",
            Self::V4_12 => "4.12",
            Self::V4_14 => "4.14",
            Self::V4_19 => "4.19",
            Self::V6_18 => "6.18",
        }
    }

    /// The profile for what `uname -r` prints, such as `4.9.337` or `3.10.0-1160.el7`: by `el7`, else by major and minor.
    #[must_use]
    pub fn from_release(release: &str) -> Option<Self> {
        if release.contains("el7") {
            return Some(Self::El7);
        }
        let mut parts = release.split(['.', '-']);
        let name = format!("{}.{}", parts.next()?, parts.next()?);
        name.parse().ok()
    }
}

impl fmt::Display for KernelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for KernelVersion {
    type Err = UnknownKernel;
    fn from_str(name: &str) -> Result<Self, UnknownKernel> {
        Self::ALL.into_iter().find(|version| version.name() == name).ok_or(UnknownKernel)
    }
}

/// The name is none of the profiles'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKernel;

impl fmt::Display for UnknownKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of ")?;
        let names = KernelVersion::ALL.map(KernelVersion::name);
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::KernelVersion;

    #[test]
    fn a_release_picks_its_profile() {
        let picked = ["3.10.0-1160.el7", "3.10.108", "4.9.337", "4.10.17", "6.18.44", "5.4.0"].map(KernelVersion::from_release);
        let names = picked.map(|version| version.map(KernelVersion::name));
        assert_eq!(names, [Some("el7"), Some("3.10"), Some("4.9"), Some("4.10"), Some("6.18"), None]);
    }
}
