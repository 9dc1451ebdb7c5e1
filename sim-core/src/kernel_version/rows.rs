//! The rules of each modelled kernel, one row a kernel.
//!
//! A row names the kernel whose rules it keeps (`..V4_9`) and then every rule that differs.

use super::KernelVersion;
use super::profile::Profile;
use super::rules::{
    AcceptQueueRule, ClosingAck, ReservedQuarter, ReuseAge, StampClock, SynQueueRule, TimewaitTimer, TsvalOffset,
    TsvalUnit, UnstampedSyn,
};
use crate::time::Span;

impl KernelVersion {
    /// The rules of this kernel.
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
            Self::V4_10_0 => &V4_10_0,
            Self::MacOs => &MACOS,
            Self::Windows => &WINDOWS,
        }
    }
}

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
    challenges_old_syn: false,
    has_paws_timewait: false,
    ignores_old_ack: false,
    closing_ack: ClosingAck::Ignored,
    old_ack_within_sent: false,
    challenges_unsent: false,
    syncookies_2_is_always: false,
    cookie_is_listen_drop: true,
    limits_request_acks: false,
    defers_request_stamp: false,
    hurries_syn_after_bad_ack: false,
    replay_ticks_per_s: 1_024,
    checks_third_ack_tsecr: false,
    reuse_age: ReuseAge::WallSeconds,
    reuse_2_is_loopback: false,
    reuse_spares_fin_wait_2: false,
    reuse_default: 0,
    accept_queue: AcceptQueueRule::YoungRequests,
    syn_queue: SynQueueRule::PowerOfTwo,
    reserved_quarter: ReservedQuarter::Nobody,
    timewait_timer: TimewaitTimer::Calendar,
    tsval_unit: TsvalUnit::Jiffies,
    tsval_offset: TsvalOffset::None,
    timestamps_default: 1,
    stamp_clock: StampClock::Wall,
    initial_rto: Span::from_secs(1),
    syn_retries: 6,
    syn_patience: None,
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
    syncookies_2_is_always: true,
    receive_window: 28_960,
    ..V3_10
};

const V4_4: Profile = Profile {
    version: KernelVersion::V4_4,
    local_port_range: (32_768, 60_999),
    accept_queue: AcceptQueueRule::DropSyn,
    closing_ack: ClosingAck::Challenged,
    limits_request_acks: true,
    syn_queue: SynQueueRule::AtBacklog,
    timewait_timer: TimewaitTimer::Exact,
    rst_restarts_time_wait: false,
    ..EL7
};

const V4_9: Profile = Profile {
    version: KernelVersion::V4_9,
    counts_last_port: false,
    cookie_is_listen_drop: false,
    timewait_timer: TimewaitTimer::Wheel,
    ..V4_4
};

const V4_10: Profile = Profile {
    version: KernelVersion::V4_10,
    tsval_offset: TsvalOffset::PerAddressPair,
    rst_restarts_time_wait: true,
    closing_ack: ClosingAck::Ignored,
    ..V4_9
};

const V4_11: Profile =
    Profile { version: KernelVersion::V4_11, per_namespace: true, rst_before_fin_counts: true, ..V4_10 };

const V4_12: Profile = Profile { version: KernelVersion::V4_12, has_recycle: false, ..V4_11 };

const V4_14: Profile = Profile {
    version: KernelVersion::V4_14,
    tsval_unit: TsvalUnit::Milliseconds,
    closing_ack: ClosingAck::Challenged,
    reserved_quarter: ReservedQuarter::Rtt,
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
    challenges_unsent: true,
    tsval_offset: TsvalOffset::PerConnection,
    defers_request_stamp: true,
    hurries_syn_after_bad_ack: true,
    replay_ticks_per_s: 1_200,
    challenges_old_syn: true,
    has_paws_timewait: true,
    ignores_old_ack: true,
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

/// Commit 95a22caee396, 4.10: the offset comes out of the hash that makes sequence numbers, so from the four-tuple.
const V4_10_0: Profile = Profile { version: KernelVersion::V4_10_0, tsval_offset: TsvalOffset::PerConnection, ..V4_10 };

/// Darwin (xnu, `bsd/netinet/tcp_timer.c` and `tcp_timer.h`): SYNs go out again after 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s
/// (`tcp_syn_backoff`, `TCPTV_RTOBASE`), and it gives up at 75 s (`TCPTV_KEEP_INIT`). Timestamps count milliseconds and
/// begin at a random number for each connection (`tcp_randomize_timestamps` 1). Automatic ports from 49,152 on
/// (`ip_portrange_hifirstauto`). Beyond calling it behaves as Linux 4.19 here; its shorter TIME_WAIT is not modelled.
const MACOS: Profile = Profile {
    version: KernelVersion::MacOs,
    tsval_offset: TsvalOffset::PerIncarnation,
    syn_linear_timeouts: 4,
    syn_patience: Some(Span::from_secs(75)),
    local_port_range: (49_152, 65_535),
    receive_window: 65_535,
    ..V4_19
};

/// Windows with its documented defaults: the SYN again after 3 and 9 s, failure at 21 s (`TcpInitialRtt` 3 s,
/// `TcpMaxConnectRetransmissions` 2: learn.microsoft.com, Windows 2000 Server, cc938207 and cc938209), no timestamps
/// (`Tcp1323Opts`; `netsh int tcp show global`), automatic ports from 49,152 on (KB 929851). Beyond calling it behaves as
/// Linux 4.19 here.
const WINDOWS: Profile = Profile {
    version: KernelVersion::Windows,
    timestamps_default: 0,
    initial_rto: Span::from_secs(3),
    syn_retries: 2,
    local_port_range: (49_152, 65_535),
    receive_window: 64_240,
    ..V4_19
};
