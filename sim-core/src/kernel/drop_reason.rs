//! Why a kernel dropped a segment: one row per reason, with its rule, its function, its standard, its counters and
//! its words.
//!
//! A new reason is a row here and a call of `Kernel::dropped` where it arises.

use serde::{Deserialize, Serialize};

use super::counter::Counter;
use crate::words::Words;

/// Where a rule stands, so that a reader can look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The rule's number in ARCHITECTURE.md, such as `R1`.
    pub rule: &'static str,
    /// The function of the Linux sources that decides.
    pub function: &'static str,
    /// The document that has the idea, such as `RFC 7323, 5.3`; empty where there is none.
    pub standard: &'static str,
    /// The counters that move, most telling first.
    pub counters: &'static [Counter],
}

/// A group of reasons that have one cause. The page draws one mark for each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropClass {
    /// `tcp_tw_recycle` refused a SYN (R1).
    Recycle,
    /// A queue of the listening socket is full.
    FullQueue,
    /// A timewait socket judged the segment.
    TimeWait,
    /// The segment does not fit its connection, or has none.
    Unacceptable,
}

macro_rules! drop_reasons {
    ($($(#[$doc:meta])* $reason:ident {
        rule: $rule:literal, function: $function:literal, standard: $standard:literal,
        counters: [$($counter:ident),*],
        class: $class:ident,
        short: $short:literal,
        label: $label:literal,
        sentence: $sentence:literal,
        numbers: $numbers:literal,
    })+) => {
        /// Why a kernel dropped a segment. It answers some of these segments and drops most of them silently.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum DropReason {
            $($(#[$doc])* $reason,)+
        }

        impl DropReason {
            /// Every reason, in the order of the rows.
            pub const ALL: &'static [Self] = &[$(Self::$reason,)+];

            /// The rule behind it.
            pub const fn citation(self) -> Citation {
                match self {
                    $(Self::$reason => Citation {
                        rule: $rule,
                        function: $function,
                        standard: $standard,
                        counters: &[$(Counter::$counter,)*],
                    },)+
                }
            }

            /// The group of reasons that it belongs to.
            pub const fn class(self) -> DropClass {
                match self { $(Self::$reason => DropClass::$class,)+ }
            }

            /// Its words. Slots: `here` (the host), `segment` (such as `web-2's SYN`), `remote` (the other end).
            pub const fn words(self) -> Words {
                match self {
                    $(Self::$reason => Words { short: $short, label: $label, sentence: $sentence },)+
                }
            }

            /// A sentence with the numbers of the server at that moment; empty where there are none. Slots: `waiting`
            /// (such as `3 connections wait`), `backlog`, `requests` (such as `1 request waits`), `max_syn_backlog`,
            /// `invalid_ratelimit` (ms).
            pub const fn numbers(self) -> &'static str {
                match self { $(Self::$reason => $numbers,)+ }
            }
        }
    };
}

drop_reasons! {
    /// R1: the remembered timestamp of the address is newer than the SYN's.
    RecycleTimestamp {
        rule: "R1", function: "tcp_peer_is_proven", standard: "RFC 7323, appendix B.2", counters: [PawsPassive, ListenDrops],
        class: Recycle,
        short: "a newer timestamp is remembered",
        label: "newer timestamp remembered for the address",
        sentence: "{here} remembers a newer timestamp for the address and drops {segment} without an answer.",
        numbers: "",
    }
    /// R1: the address has a remembered timestamp and the SYN carries none.
    RecycleNoTimestamp {
        rule: "R1", function: "tcp_peer_is_proven", standard: "RFC 7323, appendix B.2", counters: [PawsPassive, ListenDrops],
        class: Recycle,
        short: "a timestamp is remembered",
        label: "SYN without a timestamp from a remembered address",
        sentence: "{here} remembers a timestamp for the address. {segment} carries none, so {here} drops it without an answer.",
        numbers: "",
    }
    /// R14: the accept queue is full.
    AcceptQueueFull {
        rule: "R14", function: "tcp_conn_request", standard: "", counters: [ListenOverflows, ListenDrops],
        class: FullQueue,
        short: "accept queue full",
        label: "full accept queue",
        sentence: "The accept queue of {here} is full, so {here} drops {segment}.",
        numbers: "{waiting} for accept(), and the backlog is {backlog}.",
    }
    /// R15: the SYN queue is full and cookies are off.
    SynQueueFull {
        rule: "R15", function: "tcp_syn_flood_action", standard: "RFC 4987, 3.6", counters: [TcpReqQFullDrop, ListenDrops],
        class: FullQueue,
        short: "SYN queue full",
        label: "full SYN queue",
        sentence: "The SYN queue of {here} is full and SYN cookies are off, so {here} drops {segment}.",
        numbers: "{requests} for the third segment.",
    }
    /// R15: the last quarter of `tcp_max_syn_backlog` is kept for proven peers.
    SynBacklogReserved {
        rule: "R15", function: "tcp_conn_request", standard: "", counters: [ListenDrops],
        class: FullQueue,
        short: "SYN queue reserved",
        label: "SYN queue reserved for known peers",
        sentence: "{here} reserves the last quarter of its SYN queue for peers with a known round-trip time, so it drops {segment}.",
        numbers: "tcp_max_syn_backlog is {max_syn_backlog}.",
    }
    /// No socket listens or is connected here. A RST answers, unless the segment is one.
    NoSocket {
        rule: "RST", function: "tcp_v4_send_reset", standard: "RFC 9293, 3.10.7.1", counters: [],
        class: Unacceptable,
        short: "no socket: RST",
        label: "no socket",
        sentence: "{here} has no socket for {segment} from {remote}. It answers with a RST, unless the segment is a RST.",
        numbers: "",
    }
    /// R6: judged by a timewait socket and answered by an ACK.
    TimeWaitAcked {
        rule: "R6", function: "tcp_timewait_state_process", standard: "RFC 9293, 3.10.7.4", counters: [],
        class: TimeWait,
        short: "in TIME-WAIT: ACK",
        label: "timewait socket, answered by an ACK",
        sentence: "{here} holds a timewait socket for the old connection with {remote} and answers {segment} with an ACK.",
        numbers: "",
    }
    /// R6: judged by a timewait socket; the ACK was held back by `tcp_invalid_ratelimit`.
    TimeWaitRateLimited {
        rule: "R6", function: "tcp_timewait_check_oow_rate_limit", standard: "", counters: [TcpAckSkippedTimeWait, TcpAckSkippedFinWait2],
        class: TimeWait,
        short: "in TIME-WAIT: ACK held back",
        label: "timewait socket, ACK held back",
        sentence: "{here} holds a timewait socket for the old connection with {remote}. It does not answer {segment}, because it sent its last ACK too recently.",
        numbers: "tcp_invalid_ratelimit is {invalid_ratelimit} ms.",
    }
    /// R6: judged by a timewait socket, without an answer.
    TimeWaitSilent {
        rule: "R6", function: "tcp_timewait_state_process", standard: "RFC 9293, 3.10.7.4", counters: [],
        class: TimeWait,
        short: "in TIME-WAIT: no answer",
        label: "timewait socket, no answer",
        sentence: "{here} holds a timewait socket for the old connection with {remote} and drops {segment} without an answer.",
        numbers: "",
    }
    /// R6: new data or a SYN on a half-closed connection; answered by RST.
    TimeWaitReset {
        rule: "R6", function: "tcp_timewait_state_process", standard: "RFC 9293, 3.10.7.4", counters: [],
        class: TimeWait,
        short: "half closed: RST",
        label: "half-closed connection, answered by a RST",
        sentence: "{here} has closed its connection with {remote} and waits for a FIN, so it answers {segment} with a RST.",
        numbers: "",
    }
    /// An old timestamp on a connection (PAWS).
    Paws {
        rule: "R6", function: "tcp_validate_incoming", standard: "RFC 7323, 5.3", counters: [PawsEstab],
        class: Unacceptable,
        short: "old timestamp",
        label: "old timestamp (PAWS)",
        sentence: "The timestamp of {segment} is older than the last one of this connection, so {here} drops it as an old duplicate (PAWS).",
        numbers: "",
    }
    /// A sequence number outside the window.
    OutOfWindow {
        rule: "R6", function: "tcp_validate_incoming", standard: "RFC 9293, 3.10.7.4", counters: [],
        class: Unacceptable,
        short: "outside the window",
        label: "sequence number outside the window",
        sentence: "The sequence number of {segment} is outside the window, so {here} drops it.",
        numbers: "",
    }
    /// An acknowledgment of data that was never sent, or one that is too old.
    BadAck {
        rule: "R6", function: "tcp_ack", standard: "RFC 5961, 5.2", counters: [],
        class: Unacceptable,
        short: "wrong ACK number",
        label: "unacceptable acknowledgment",
        sentence: "{segment} acknowledges data that {here} never sent, or its ACK number is too old, so {here} drops it.",
        numbers: "",
    }
    /// A SYN on a connection; a challenge ACK is the answer (RFC 5961, 4.2).
    SynOnConnection {
        rule: "R6", function: "tcp_validate_incoming", standard: "RFC 5961, 4.2", counters: [TcpChallengeAck],
        class: Unacceptable,
        short: "connection is open",
        label: "SYN on an open connection",
        sentence: "{here} already has a connection with {remote}, so {segment} cannot open one. {here} answers with a challenge ACK.",
        numbers: "",
    }
    /// A RST whose sequence number is not the next expected one (RFC 5961, 3.2).
    RstNotExact {
        rule: "R6", function: "tcp_validate_incoming", standard: "RFC 5961, 3.2", counters: [TcpChallengeAck],
        class: Unacceptable,
        short: "RST not exact",
        label: "RST without the exact sequence number",
        sentence: "The sequence number of {segment} is not the next one, so {here} keeps the connection open and answers with a challenge ACK.",
        numbers: "",
    }
    /// Neither ACK nor RST nor (on newer kernels) SYN is set.
    NoUsefulFlag {
        rule: "R6", function: "tcp_rcv_established", standard: "RFC 9293, 3.10.7.4", counters: [],
        class: Unacceptable,
        short: "no ACK flag",
        label: "segment without the ACK flag",
        sentence: "{segment} has no ACK flag, so {here} drops it.",
        numbers: "",
    }
    /// Data after the program called close(); answered by RST.
    DataAfterClose {
        rule: "R6", function: "tcp_rcv_state_process", standard: "RFC 1122, 4.2.2.13", counters: [TcpAbortOnData],
        class: Unacceptable,
        short: "data after close: RST",
        label: "data after close()",
        sentence: "The program of {here} has closed the connection, so {here} answers {segment} with a RST.",
        numbers: "",
    }
    /// A TSecr that none of our segments carried.
    BadTsecr {
        rule: "PAWS", function: "tcp_rcv_synsent_state_process", standard: "RFC 7323, 3.2", counters: [PawsActive],
        class: Unacceptable,
        short: "unknown TSecr",
        label: "echo of an unknown timestamp",
        sentence: "{segment} echoes a timestamp that {here} never sent, so {here} drops it.",
        numbers: "",
    }
}

impl DropReason {
    /// Whether this is a refusal by `tcp_tw_recycle` (R1).
    pub const fn is_recycle(self) -> bool {
        matches!(self.class(), DropClass::Recycle)
    }
}

#[cfg(test)]
mod tests {
    use super::DropReason;
    use crate::words::slots;

    #[test]
    fn every_reason_is_worded_in_the_slots_that_readers_fill() {
        for reason in DropReason::ALL {
            let words = reason.words();
            assert!(slots(words.sentence).all(|slot| ["here", "segment", "remote"].contains(&slot)), "{reason:?}");
            assert!(slots(words.sentence).any(|slot| slot == "segment") && words.sentence.ends_with('.'), "{reason:?}");
            // The ladder has room for so many letters beside an arrow.
            assert!(words.short.chars().count() <= 31 && !words.short.contains('{'), "{reason:?}");
            assert!(!words.label.is_empty() && !words.label.contains('{'), "{reason:?}");
            let numbers = ["waiting", "backlog", "requests", "max_syn_backlog", "invalid_ratelimit"];
            assert!(slots(reason.numbers()).all(|slot| numbers.contains(&slot)), "{reason:?}");
        }
    }
}
