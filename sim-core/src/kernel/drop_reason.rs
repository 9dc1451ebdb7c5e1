//! Why a kernel did not take a segment: each reason with its rule, its function, its counters and its standard.

use serde::{Deserialize, Serialize};

use super::mib::Counter;

/// Why a segment went no further. Some of these are answered, most are silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropReason {
    /// R1: the remembered timestamp of the address is newer than the SYN's.
    RecycleTimestamp,
    /// R1: the address has a remembered timestamp and the SYN carries none.
    RecycleNoTimestamp,
    /// R14: the accept queue is full.
    AcceptQueueFull,
    /// R15: the SYN queue is full and cookies are off.
    SynQueueFull,
    /// R15: the last quarter of `tcp_max_syn_backlog` is kept for proven peers.
    SynBacklogReserved,
    /// No socket listens or is connected here; answered by RST.
    NoSocket,
    /// R6: judged by a timewait socket and answered by an ACK.
    TimeWaitAcked,
    /// R6: judged by a timewait socket; the ACK was held back by `tcp_invalid_ratelimit`.
    TimeWaitRateLimited,
    /// R6: judged by a timewait socket; nothing to say.
    TimeWaitSilent,
    /// R6: new data or a SYN on a half-closed connection; answered by RST.
    TimeWaitReset,
    /// An old timestamp on a connection (PAWS).
    Paws,
    /// A sequence number outside the window.
    OutOfWindow,
    /// An acknowledgment of what was never sent, or of what is long past.
    BadAck,
    /// A SYN on a connection; a challenge ACK is the answer (RFC 5961, 4.2).
    SynOnConnection,
    /// A RST whose sequence number is not the next expected one (RFC 5961, 3.2).
    RstNotExact,
    /// Neither ACK nor RST nor (on newer kernels) SYN is set.
    NoUsefulFlag,
    /// Data after the program called close(); answered by RST.
    DataAfterClose,
    /// A TSecr that none of our segments carried.
    BadTsecr,
}

/// Where a rule stands, so that a reader can look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The rule's number in ARCHITECTURE.md, such as `R1`.
    pub rule: &'static str,
    /// The function of the Linux sources that decides.
    pub function: &'static str,
    /// The document that has the idea, such as `RFC 7323, 5.3`.
    pub standard: &'static str,
    /// The counters that move, most telling first.
    pub counters: &'static [Counter],
}

const fn citation(
    rule: &'static str,
    function: &'static str,
    standard: &'static str,
    counters: &'static [Counter],
) -> Citation {
    Citation { rule, function, standard, counters }
}

impl DropReason {
    /// Whether this is a refusal by `tcp_tw_recycle` (R1).
    #[must_use]
    pub const fn is_recycle(self) -> bool {
        matches!(self, Self::RecycleTimestamp | Self::RecycleNoTimestamp)
    }

    /// The rule behind it.
    #[must_use]
    pub const fn citation(self) -> Citation {
        use Counter as C;
        match self {
            Self::RecycleTimestamp | Self::RecycleNoTimestamp => {
                citation("R1", "tcp_peer_is_proven", "RFC 7323, appendix B.2", &[C::PawsPassive, C::ListenDrops])
            }
            Self::AcceptQueueFull => citation("R14", "tcp_conn_request", "", &[C::ListenOverflows, C::ListenDrops]),
            Self::SynQueueFull => {
                citation("R15", "tcp_syn_flood_action", "RFC 4987, 3.6", &[C::TcpReqQFullDrop, C::ListenDrops])
            }
            Self::SynBacklogReserved => citation("R15", "tcp_conn_request", "", &[C::ListenDrops]),
            Self::NoSocket => citation("RST", "tcp_v4_send_reset", "RFC 9293, 3.10.7.1", &[]),
            Self::TimeWaitAcked | Self::TimeWaitSilent | Self::TimeWaitReset => {
                citation("R6", "tcp_timewait_state_process", "RFC 9293, 3.10.7.4", &[])
            }
            Self::TimeWaitRateLimited => citation(
                "R6",
                "tcp_timewait_check_oow_rate_limit",
                "",
                &[C::TcpAckSkippedTimeWait, C::TcpAckSkippedFinWait2],
            ),
            Self::Paws => citation("R6", "tcp_validate_incoming", "RFC 7323, 5.3", &[C::PawsEstab]),
            Self::OutOfWindow => citation("R6", "tcp_validate_incoming", "RFC 9293, 3.10.7.4", &[]),
            Self::BadAck => citation("R6", "tcp_ack", "RFC 5961, 5.2", &[]),
            Self::SynOnConnection => citation("R6", "tcp_validate_incoming", "RFC 5961, 4.2", &[C::TcpChallengeAck]),
            Self::RstNotExact => citation("R6", "tcp_validate_incoming", "RFC 5961, 3.2", &[C::TcpChallengeAck]),
            Self::NoUsefulFlag => citation("R6", "tcp_rcv_established", "RFC 9293, 3.10.7.4", &[]),
            Self::DataAfterClose => citation("R6", "tcp_rcv_state_process", "RFC 1122, 4.2.2.13", &[C::TcpAbortOnData]),
            Self::BadTsecr => citation("PAWS", "tcp_rcv_synsent_state_process", "RFC 7323, 3.2", &[C::PawsActive]),
        }
    }
}
