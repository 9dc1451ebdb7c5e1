//! The counters that this model moves, by the names that `nstat` prints without their `TcpExt` prefix.

use serde::{Deserialize, Serialize};

macro_rules! counters {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A counter of the kernel's `TcpExt` group (`net/ipv4/proc.c`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Counter {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Counter {
            /// Every counter, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name without the group, such as `PAWSPassive`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

counters! {
    /// SYNs refused by R1. Gone since 4.12.
    PawsPassive = "PAWSPassive",
    /// SYN-ACKs whose TSecr was none of ours.
    PawsActive = "PAWSActive",
    /// Segments on a connection, or on a timewait socket before 6.14, with an old timestamp.
    PawsEstab = "PAWSEstab",
    /// Segments for a timewait socket with an old timestamp, on newer kernels.
    PawsTimewait = "PAWSTimewait",
    /// Old pure ACKs with an old timestamp, on newer kernels; they are not answered.
    PawsOldAck = "PAWSOldAck",
    /// Third ACKs whose TSecr was none of ours, on newer kernels.
    TsEcrRejected = "TSEcrRejected",
    /// SYNs and third ACKs that a listener dropped, for whatever reason.
    ListenDrops = "ListenDrops",
    /// SYNs and third ACKs dropped because the accept queue was full.
    ListenOverflows = "ListenOverflows",
    /// SYNs answered by a cookie because the SYN queue was full.
    TcpReqQFullDoCookies = "TCPReqQFullDoCookies",
    /// SYNs dropped because the SYN queue was full and cookies are off.
    TcpReqQFullDrop = "TCPReqQFullDrop",
    /// Cookies that came back and were right.
    SyncookiesRecv = "SyncookiesRecv",
    /// Timewait sockets whose four-tuple was taken by an outgoing connection (reuse, not recycle).
    TwRecycled = "TWRecycled",
    /// Timewait sockets denied by `tcp_max_tw_buckets`.
    TcpTimeWaitOverflow = "TCPTimeWaitOverflow",
    /// Challenge ACKs sent (RFC 5961).
    TcpChallengeAck = "TCPChallengeACK",
    /// SYNs on a connection (RFC 5961, 4.2).
    TcpSynChallenge = "TCPSYNChallenge",
    /// ACKs not sent from SYN_RECV because of `tcp_invalid_ratelimit`.
    TcpAckSkippedSynRecv = "TCPACKSkippedSynRecv",
    /// ACKs not sent after a PAWS failure because of `tcp_invalid_ratelimit`.
    TcpAckSkippedPaws = "TCPACKSkippedPAWS",
    /// ACKs not sent after a bad sequence number because of `tcp_invalid_ratelimit`.
    TcpAckSkippedSeq = "TCPACKSkippedSeq",
    /// ACKs not sent from FIN_WAIT2 because of `tcp_invalid_ratelimit`.
    TcpAckSkippedFinWait2 = "TCPACKSkippedFinWait2",
    /// ACKs not sent from TIME_WAIT because of `tcp_invalid_ratelimit`.
    TcpAckSkippedTimeWait = "TCPACKSkippedTimeWait",
    /// Challenge ACKs not sent because of `tcp_invalid_ratelimit`.
    TcpAckSkippedChallenge = "TCPACKSkippedChallenge",
    /// Connections reset because data came after close().
    TcpAbortOnData = "TCPAbortOnData",
    /// Connections given up after too many retransmissions.
    TcpAbortOnTimeout = "TCPAbortOnTimeout",
    /// TIME_WAIT sockets that ran their full time.
    Tw = "TW",
    /// TIME_WAIT sockets that ran their recycled time.
    TwKilled = "TWKilled",
}

/// The counters of one kernel, all zero at boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mib([u64; Counter::ALL.len()]);

impl Mib {
    /// All counters at zero.
    #[must_use]
    pub const fn new() -> Self {
        Self([0; Counter::ALL.len()])
    }

    /// The value of `counter`.
    #[must_use]
    pub const fn value(&self, counter: Counter) -> u64 {
        self.0[counter as usize]
    }

    /// Adds one to `counter` and returns its new value.
    pub const fn increment(&mut self, counter: Counter) -> u64 {
        self.0[counter as usize] += 1;
        self.0[counter as usize]
    }
}

impl Default for Mib {
    fn default() -> Self {
        Self::new()
    }
}
