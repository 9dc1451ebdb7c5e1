//! The rules that changed between kernels, each as a small enum or a flag of [`Profile`].

use super::KernelVersion;
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

/// For whom the last quarter of `tcp_max_syn_backlog` is kept when cookies are off (R15).
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
    /// A secret of each four-tuple.
    PerConnection,
    /// A random number for every incarnation of a connection.
    PerIncarnation,
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
    /// Whether an acknowledgment of data never sent gets a challenge ACK on an open connection (6.18.44, commit 42726ec644cb).
    pub challenges_unsent: bool,
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
    /// Whether `tcp_syncookies = 2` sends cookies always; else it counts as 1 (mainline 3.10).
    pub syncookies_2_is_always: bool,
    /// Whether a SYN answered by a cookie counts as `ListenDrops` too (to 4.4).
    pub cookie_is_listen_drop: bool,
    /// Whether a request's answers to odd segments are limited too, beside those to a repeated SYN (not on Red Hat 7).
    pub limits_request_acks: bool,
    /// Whether the third segment's timestamp goes to the connection only, not to the request first (6.18).
    pub defers_request_stamp: bool,
    /// Whether a wrong acknowledgment of the first SYN makes it go out again at once (4.20 and later, commit 9603d47bad46).
    pub hurries_syn_after_bad_ack: bool,
    /// TSval units per second of RTO by which a pure ACK may lag without being old (`tcp_disordered_ack`).
    pub replay_ticks_per_s: u64,
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
    /// The default of `tcp_timestamps`.
    pub timestamps_default: u32,
    /// Clock of remembered timestamps.
    pub stamp_clock: StampClock,
    /// How long the first SYN waits for its answer (RFC 6298, 2.1).
    pub initial_rto: Span,
    /// The default of `tcp_syn_retries` (R13).
    pub syn_retries: u32,
    /// When an attempt to connect ends, whatever SYNs are left; Linux has no such limit.
    pub syn_patience: Option<Span>,
    /// SYN retries at one second before the wait doubles (`tcp_syn_linear_timeouts`; 0 before 6.5).
    pub syn_linear_timeouts: u32,
    /// Whether `tcp_syn_linear_timeouts` exists (6.5 and later).
    pub has_syn_linear_timeouts: bool,
    /// The default of `ip_local_port_range`.
    pub local_port_range: (u16, u16),
    /// Whether automatic source ports come from `low..=high` (to 4.5), or every second one first, and one fewer where their
    /// number is odd.
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
