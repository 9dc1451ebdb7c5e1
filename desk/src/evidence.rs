//! What was handed in, as far as it was understood: every fact with the line that it stands on.

use std::collections::BTreeMap;

use serde::Serialize;

/// A line of something that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Quote {
    /// The name of the file, or `pasted text`.
    pub source: String,
    /// The number of the line, from 1.
    pub line: u32,
    /// What stands there, cut after 200 characters.
    pub text: String,
}

/// A fact and the line that says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said<T> {
    /// The fact.
    pub what: T,
    /// Where it stands.
    pub quote: Quote,
}

/// All counters of one `nstat -az` or `netstat -s`, by their name in `nstat` without `TcpExt` or `Tcp` before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Values since boot.
    pub counters: BTreeMap<String, Said<u64>>,
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Origin {
    /// The running kernel said so: `sysctl -a`, or a read of `/proc/sys`.
    Running,
    /// A file says so: `/etc/sysctl.conf`, or one of `sysctl.d`. The path as far as it is known.
    File(String),
}

/// A sysctl with its value as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// The full name, such as `net.ipv4.tcp_tw_recycle`.
    pub key: String,
    /// The value, such as `1`.
    pub value: String,
    /// Who says so.
    pub origin: Origin,
    /// Where it stands.
    pub quote: Quote,
}

/// A line of the kernel's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum LogLine {
    /// `TCP: time wait bucket table overflow`.
    TimeWaitOverflow,
    /// `possible SYN flooding on port N`, with the port.
    SynFlooding(u16),
}

/// A socket of `ss -tan` or `ss -tln`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SocketRow {
    /// As `ss` prints it, such as `TIME-WAIT`.
    pub state: String,
    /// For a listening socket: how many wait to be accepted.
    pub recv_q: u64,
    /// For a listening socket: the backlog. Always 0 where `netstat` printed the row, which does not know it.
    pub send_q: u64,
    /// `address:port`.
    pub local: String,
    /// `address:port`.
    pub remote: String,
}

/// Sockets in each state, from `ss -s` or counted in `ss -tan`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SocketCounts {
    /// By the state's name as `ss -tan` prints it.
    pub by_state: BTreeMap<String, u64>,
}

/// Something that was not recognised, and left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// The name of the file, or `pasted text`.
    pub source: String,
    /// Its first line, cut after 200 characters.
    pub first_line: String,
    /// Why it was left alone, where there is more to say than that nobody knows it.
    pub because: Option<String>,
}

/// A clock behind a remote address: SYNs whose timestamps lie on one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockSeen {
    /// How fast it runs, in ticks a second; 0 while only one SYN of it was seen.
    pub ticks_per_s: u32,
    /// How many SYNs carry it.
    pub syns: u64,
    /// Some of them: microseconds since 1970, and the timestamp. At most [`ClockSeen::MOST_POINTS`].
    pub points: Vec<(u64, u32)>,
}

impl ClockSeen {
    /// So many points are kept of a clock.
    pub const MOST_POINTS: usize = 400;
}

/// A remote address in a capture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RemoteSeen {
    /// The address.
    pub addr: String,
    /// SYNs from it.
    pub syns: u64,
    /// Those that got no answer.
    pub unanswered: u64,
    /// Those of the unanswered that recycle explains.
    pub explained: u64,
    /// The clocks behind it, by their first SYN. At most 64.
    pub clocks: Vec<ClockSeen>,
    /// SYNs without a timestamp.
    pub without_stamp: u64,
}

/// Why a SYN got no answer, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The kernel remembered a newer clock for the address (R1).
    Recycle {
        /// The remembered timestamp.
        remembered: u32,
        /// The SYN's, where it has one.
        tsval: Option<u32>,
        /// For how many whole seconds it had been remembered.
        age_s: u32,
    },
    /// A socket in TIME_WAIT or FIN_WAIT2 has the same four-tuple, and judged it (R6).
    SameFourTuple,
    /// Nothing that the capture shows.
    Unexplained,
}

/// A SYN that got no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnansweredSyn {
    /// Microseconds since 1970.
    pub at_us: u64,
    /// The packet's number in the capture, from 1, as other tools count it.
    pub packet: u64,
    /// `address:port` that sent it.
    pub remote: String,
    /// `address:port` that it was sent to.
    pub local: String,
    /// The sequence number.
    pub seq: u32,
    /// Its timestamp.
    pub tsval: Option<u32>,
    /// Why.
    pub because: Because,
}

/// What a capture shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CaptureSeen {
    /// The name of the file.
    pub source: String,
    /// Packets in it.
    pub packets: u64,
    /// TCP segments among them that were read.
    pub segments: u64,
    /// Microseconds since 1970 of the first and the last packet.
    pub span_us: Option<(u64, u64)>,
    /// Addresses that were called, the most called first: `address:port` with the SYNs to it. At most 64.
    pub called: Vec<(String, u64)>,
    /// Remote addresses, those with most unanswered SYNs first. At most 1,000.
    pub remotes: Vec<RemoteSeen>,
    /// SYNs to the server.
    pub syns: u64,
    /// Those that got no answer.
    pub unanswered_syns: u64,
    /// Those of them that recycle explains.
    pub explained_by_recycle: u64,
    /// SYNs that got a SYN-ACK although recycle would have refused them: it was off then, or a cookie let them in (R15).
    pub answered_all_the_same: u64,
    /// Some of the unanswered. At most [`CaptureSeen::MOST_UNANSWERED`].
    pub unanswered: Vec<UnansweredSyn>,
    /// Segments with RST that the server sent in answer to a SYN.
    pub reset_syns: u64,
    /// Connections that the server opened itself and that were not answered.
    pub outgoing_unanswered: u64,
    /// What the explanation rests on where nobody said it: the kernel, recycle. In sentences.
    pub assumed: Vec<String>,
    /// Where and why reading ended early, if it did.
    pub damaged: Option<String>,
}

impl CaptureSeen {
    /// So many unanswered SYNs are kept one by one.
    pub const MOST_UNANSWERED: usize = 10_000;
}

/// Everything that was handed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// Counters, in the order in which they were handed in.
    pub samples: Vec<Sample>,
    /// Sysctls of the running kernel and of files, in the order in which they were handed in.
    pub settings: Vec<Setting>,
    /// Sysctls that the running kernel does not have, such as `net.ipv4.tcp_tw_recycle` from 4.12 on.
    pub missing_keys: Vec<Said<String>>,
    /// `uname -r`, or the release in `uname -a`.
    pub release: Option<Said<String>>,
    /// `PRETTY_NAME` of `/etc/os-release`.
    pub distribution: Option<Said<String>>,
    /// Sockets one by one.
    pub sockets: Vec<Said<SocketRow>>,
    /// Sockets counted.
    pub socket_counts: Option<Said<SocketCounts>>,
    /// Telling lines of the kernel's log.
    pub log: Vec<Said<LogLine>>,
    /// What captures show.
    pub captures: Vec<CaptureSeen>,
    /// What was not recognised.
    pub unknown: Vec<Unknown>,
}
