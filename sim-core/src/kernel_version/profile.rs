//! [`Profile`]: the rules of one kernel, one field a rule.
//!
//! Each field says what the rule does, which kernels have it, and the function of the Linux sources that holds it.

use super::KernelVersion;
use super::rules::{
    AcceptQueueRule, ClosingAck, ReservedQuarter, ReuseAge, StampClock, SynQueueRule, TimewaitTimer, TsvalOffset,
    TsvalUnit, UnstampedSyn,
};
use crate::time::Span;

/// The rules of one kernel that differ between kernels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The kernel that has these rules.
    pub version: KernelVersion,

    // Refusal by remembered timestamps (R1, R3, R10, R11).
    /// R10: `tcp_tw_recycle` and its counter `PAWSPassive` exist. To 4.11; commit 4396e46187ca removed both.
    pub has_recycle: bool,
    /// R11: `tcp_tw_recycle` and `tcp_tw_reuse` belong to the network namespace instead of the whole host. 4.11 and
    /// later (`struct netns_ipv4`).
    pub per_namespace: bool,
    /// R1: what a SYN without a timestamp meets where its address is remembered. Refused on Red Hat 7 and from 3.17 on
    /// (`tcp_peer_is_proven`).
    pub unstamped_syn: UnstampedSyn,
    /// R3: the clock that gives the seconds of remembered timestamps. Monotonic from 4.19 on (`tcp_store_ts_recent`).
    pub stamp_clock: StampClock,

    // Segments that an open connection does not take (R6).
    /// `tcp_invalid_ratelimit` and the counters `TCPACKSkipped...` exist: answers to invalid segments are limited.
    /// Red Hat 7, and 4.0 and later (`tcp_oow_rate_limited`).
    pub limits_odd_acks: bool,
    /// A connection in SYN_RECV limits its answers to invalid segments too, and not only those to a repeated SYN. 4.4
    /// and later, not Red Hat 7 (`tcp_check_req`).
    pub limits_request_acks: bool,
    /// A SYN without ACK is examined on an open connection; otherwise it is dropped unseen. All but mainline 3.10
    /// (`tcp_rcv_established`, `tcp_rcv_state_process`).
    pub examines_bare_syn: bool,
    /// A SYN with an old timestamp gets a challenge ACK instead of the answer to an old timestamp. Recorded on 6.18, not
    /// on 4.14 (`tcp_validate_incoming`).
    pub challenges_old_syn: bool,
    /// A pure ACK below `rcv_nxt` with an old timestamp moves `PAWSOldAck` and gets no answer. 6.14 and later
    /// (`tcp_disordered_ack_check`).
    pub ignores_old_ack: bool,
    /// A RST one below `rcv_nxt` ends a connection whose peer has sent a FIN. 4.11 and later (`tcp_reset_check`).
    pub rst_before_fin_counts: bool,
    /// An unacceptable acknowledgment on a closing connection (`tcp_rcv_state_process`). Varies: see [`ClosingAck`].
    pub closing_ack: ClosingAck,
    /// An acknowledgment of data that was never sent gets a challenge ACK on an open connection. 6.18.44 (`tcp_ack`,
    /// commit 42726ec644cb).
    pub challenges_unsent: bool,
    /// An old acknowledgment has to lie within the data that was ever sent, not merely within a window. 6.7 and later
    /// (`tcp_ack`).
    pub old_ack_within_sent: bool,
    /// Units of TSval per second of retransmission timeout by which a pure ACK may lag without being old: 1,024, or 1,200
    /// on 6.18 (`tcp_disordered_ack`, `tcp_tsval_replay`).
    pub replay_ticks_per_s: u64,
    /// A wrong acknowledgment of the first SYN makes it go out again at once. 4.20 and later, commit 9603d47bad46
    /// (`tcp_rcv_synsent_state_process`).
    pub hurries_syn_after_bad_ack: bool,

    // Timewait sockets (R5, R6).
    /// R5: how exactly the timer of a timewait socket fires (`inet_twsk_schedule`). Varies: see [`TimewaitTimer`].
    pub timewait_timer: TimewaitTimer,
    /// R6: an old timestamp at a timewait socket moves the counter `PAWSTimewait` instead of `PAWSEstab`. Commit
    /// c449d5f3a3d7; recorded on 6.18 (`tcp_timewait_state_process`).
    pub has_paws_timewait: bool,
    /// R6: a SYN that takes over a timewait socket keeps the sequence number derived there, and skips the checks of the
    /// queues. To 4.12 and on 6.18 (`tcp_conn_request`, `tcp_timewait_state_process`).
    pub takeover_keeps_isn: bool,
    /// R6: a RST that `tcp_rfc1337` keeps from ending a timewait socket restarts its 60 s. 3.10, Red Hat 7 and 4.10 to
    /// 4.12 (`tcp_timewait_state_process`, commit 63cc357f7bba).
    pub rst_restarts_time_wait: bool,

    // Source ports (R7, R8).
    /// R7: the age at which `connect()` may take the port of a timewait socket (`tcp_twsk_unique`). `SinceEntering`
    /// comes with the sysctl `tcp_tw_reuse_delay`. Varies: see [`ReuseAge`].
    pub reuse_age: ReuseAge,
    /// R7: `tcp_tw_reuse = 2` means loopback only; otherwise every number but 0 means on. 4.19 and later
    /// (`tcp_twsk_unique`).
    pub reuse_2_is_loopback: bool,
    /// R7: reuse leaves sockets in FIN_WAIT2 alone. 6.11 and later (`tcp_twsk_unique`).
    pub reuse_spares_fin_wait_2: bool,
    /// R8: automatic source ports come from the whole of `ip_local_port_range`; otherwise every second port comes first,
    /// and one port is left out where their number is odd. To 4.5 (`__inet_hash_connect`).
    pub counts_last_port: bool,

    // Queues and cookies (R14, R15).
    /// R14: when a full accept queue makes the kernel drop a SYN (`tcp_conn_request`). Varies: see [`AcceptQueueRule`].
    pub accept_queue: AcceptQueueRule,
    /// R15: when the SYN queue is full (`inet_csk_reqsk_queue_is_full`). Varies: see [`SynQueueRule`].
    pub syn_queue: SynQueueRule,
    /// R15: who may use the last quarter of `tcp_max_syn_backlog` (`tcp_conn_request`). Varies: see [`ReservedQuarter`].
    pub reserved_quarter: ReservedQuarter,
    /// R15: `tcp_syncookies = 2` sends cookies always; otherwise it counts as 1. All but mainline 3.10
    /// (`tcp_syn_flood_action`).
    pub syncookies_2_is_always: bool,
    /// R15: a SYN that a cookie answers counts as `ListenDrops` too. To 4.4 (`tcp_conn_request`).
    pub cookie_is_listen_drop: bool,
    /// The TSecr of the third ACK is compared with the TSvals of the SYN-ACKs, and `TSEcrRejected` counts those that
    /// match none. Recorded on 6.18 (`tcp_check_req`).
    pub checks_third_ack_tsecr: bool,
    /// The timestamp of the third segment goes to the connection only, not to the request first. Recorded on 6.18
    /// (`tcp_check_req`).
    pub defers_request_stamp: bool,

    // Timestamps that a host sends (R9).
    /// R9: the unit of a TSval (`tcp_time_stamp`). Milliseconds from 4.13 on.
    pub tsval_unit: TsvalUnit,
    /// R9: what is added to the clock before it becomes a TSval (`secure_tcp_ts_off`). Varies: see [`TsvalOffset`].
    pub tsval_offset: TsvalOffset,

    // Retries of a SYN (R13).
    /// How long the first SYN waits for its answer (RFC 6298, 2.1): 1 s on Linux (`TCP_TIMEOUT_INIT`).
    pub initial_rto: Span,
    /// The time after which an attempt to connect fails, whatever SYNs are left. No Linux has such a limit.
    pub syn_patience: Option<Span>,
    /// `tcp_syn_linear_timeouts` exists. 6.5 and later (`tcp_retransmit_timer`).
    pub has_syn_linear_timeouts: bool,

    // Defaults of sysctls that differ between kernels.
    /// `tcp_tw_reuse`: 0, or 2 from 4.19 on.
    pub reuse_default: u32,
    /// `tcp_timestamps`: 1 on Linux.
    pub timestamps_default: u32,
    /// `tcp_syn_retries` (R13): 6 on Linux.
    pub syn_retries: u32,
    /// `tcp_syn_linear_timeouts`, the SYN retries at one second each before the wait doubles: 4 from 6.5 on, 0 before.
    pub syn_linear_timeouts: u32,
    /// `ip_local_port_range`: the lowest and the highest port.
    pub local_port_range: (u16, u16),
    /// `somaxconn`: 128, or 4,096 from 5.4 on.
    pub somaxconn: u32,
    /// The receive window of a new connection in bytes, as recorded on each kernel.
    pub receive_window: u32,
}
