//! The counters that this model moves, one row each: its name as `nstat` prints it without `TcpExt`, the kernels that
//! have it, and what it counts.
//!
//! A new counter is a row here and a call of `Kernel::count` where it moves.

use serde::{Deserialize, Serialize};

use crate::kernel_version::Profile;

macro_rules! counters {
    ($($variant:ident = $name:literal, $exists:expr, $about:literal;)+) => {
        /// A counter of the kernel's `TcpExt` group (`net/ipv4/proc.c`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Counter {
            $(#[doc = $about] #[serde(rename = $name)] $variant,)+
        }

        impl Counter {
            /// Every counter, in the order of the rows.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name without the group, such as `PAWSPassive`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it counts, in a phrase with a full stop.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)+ }
            }

            /// Whether a kernel of this profile has it (`snmp4_net_list` in `net/ipv4/proc.c`).
            pub fn exists(self, profile: &Profile) -> bool {
                let exists: fn(&Profile) -> bool = match self { $(Self::$variant => $exists,)+ };
                exists(profile)
            }
        }
    };
}

/// A counter that every modelled kernel has.
const EVERYWHERE: fn(&Profile) -> bool = |_| true;
/// A counter that came with `tcp_invalid_ratelimit`.
const LIMITED: fn(&Profile) -> bool = |profile| profile.limits_odd_acks;

counters! {
    PawsPassive = "PAWSPassive", |profile| profile.has_recycle, "SYNs refused because of a remembered timestamp (R1); gone since 4.12.";
    PawsActive = "PAWSActive", EVERYWHERE, "SYN-ACKs that echo a timestamp this host never sent.";
    PawsEstab = "PAWSEstab", EVERYWHERE, "Segments with an old timestamp on a connection, and on a timewait socket where `PAWSTimewait` does not exist.";
    PawsTimewait = "PAWSTimewait", |profile| profile.has_paws_timewait, "Segments with an old timestamp for a timewait socket.";
    PawsOldAck = "PAWSOldAck", |profile| profile.ignores_old_ack, "Old pure ACKs with an old timestamp, which get no answer.";
    TsEcrRejected = "TSEcrRejected", |profile| profile.checks_third_ack_tsecr, "Third ACKs that echo a timestamp this host never sent.";
    ListenDrops = "ListenDrops", EVERYWHERE, "SYNs and third ACKs that a listener dropped, for any reason.";
    ListenOverflows = "ListenOverflows", EVERYWHERE, "SYNs and third ACKs dropped because the accept queue was full.";
    TcpReqQFullDoCookies = "TCPReqQFullDoCookies", EVERYWHERE, "SYNs answered by a cookie because the SYN queue was full.";
    TcpReqQFullDrop = "TCPReqQFullDrop", EVERYWHERE, "SYNs dropped because the SYN queue was full and cookies are off.";
    SyncookiesRecv = "SyncookiesRecv", EVERYWHERE, "Valid cookies that came back.";
    TwRecycled = "TWRecycled", EVERYWHERE, "Timewait sockets whose four-tuple an outgoing connection took (reuse, not recycle).";
    TcpTimeWaitOverflow = "TCPTimeWaitOverflow", EVERYWHERE, "Timewait sockets denied by `tcp_max_tw_buckets`.";
    TcpChallengeAck = "TCPChallengeACK", EVERYWHERE, "Challenge ACKs sent (RFC 5961).";
    TcpSynChallenge = "TCPSYNChallenge", EVERYWHERE, "SYNs that arrived on an open connection (RFC 5961, 4.2).";
    TcpAckSkippedSynRecv = "TCPACKSkippedSynRecv", LIMITED, "ACKs not sent from SYN_RECV because of `tcp_invalid_ratelimit`.";
    TcpAckSkippedPaws = "TCPACKSkippedPAWS", LIMITED, "ACKs not sent after an old timestamp because of `tcp_invalid_ratelimit`.";
    TcpAckSkippedSeq = "TCPACKSkippedSeq", LIMITED, "ACKs not sent after a bad sequence number because of `tcp_invalid_ratelimit`.";
    TcpAckSkippedFinWait2 = "TCPACKSkippedFinWait2", LIMITED, "ACKs not sent from FIN_WAIT2 because of `tcp_invalid_ratelimit`.";
    TcpAckSkippedTimeWait = "TCPACKSkippedTimeWait", LIMITED, "ACKs not sent from TIME_WAIT because of `tcp_invalid_ratelimit`.";
    TcpAckSkippedChallenge = "TCPACKSkippedChallenge", LIMITED, "Challenge ACKs not sent because of `tcp_invalid_ratelimit`.";
    TcpAbortOnData = "TCPAbortOnData", EVERYWHERE, "Connections reset because data came after `close()`.";
    TcpAbortOnTimeout = "TCPAbortOnTimeout", EVERYWHERE, "Connections given up after too many retransmissions.";
    Tw = "TW", EVERYWHERE, "Timewait sockets that ran their full time.";
    TwKilled = "TWKilled", EVERYWHERE, "Timewait sockets that ran their recycled time.";
}

/// The counters of one kernel, all zero at boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mib([u64; Counter::ALL.len()]);

impl Mib {
    /// All counters at zero.
    pub const fn new() -> Self {
        Self([0; Counter::ALL.len()])
    }

    /// The value of `counter`.
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
