//! The facts that the desk read from the input, each with the line that states it.

use std::collections::BTreeMap;

use serde::Serialize;

/// A line of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Quote {
    /// The name of the file, or `pasted text`.
    pub source: String,
    /// The line number, from 1.
    pub line: u32,
    /// The text of the line, cut after 200 characters.
    pub text: String,
}

/// A fact and the line that states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quoted<T> {
    /// The fact.
    pub value: T,
    /// The line.
    pub quote: Quote,
}

/// The counters of one `nstat -az` or `netstat -s`, by their name in `nstat` without the prefix `TcpExt` or `Tcp`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Values since boot.
    pub counters: BTreeMap<String, Quoted<u64>>,
}

/// The source of a setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Origin {
    /// The running kernel: `sysctl -a`, or a read of `/proc/sys`.
    Running,
    /// A file: `/etc/sysctl.conf`, or one of `sysctl.d`. Holds the path as far as it is known.
    File(String),
}

/// A sysctl with its value as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Setting {
    /// The full name, such as `net.ipv4.tcp_tw_recycle`.
    pub key: String,
    /// The value, such as `1`.
    pub value: String,
    /// The running kernel, or a file.
    pub origin: Origin,
    /// The line.
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

/// A row of `ss -tan`, `ss -tln` or `netstat -tan`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SocketRow {
    /// The state as `ss` prints it, such as `TIME-WAIT`.
    pub state: String,
    /// For a listening socket: the connections that wait for `accept()`.
    pub recv_q: u64,
    /// For a listening socket: the backlog. 0 in rows of `netstat`, which does not print it.
    pub send_q: u64,
    /// `address:port`.
    pub local: String,
    /// `address:port`.
    pub remote: String,
}

/// The number of sockets in each state, from `ss -s` or counted in `ss -tan`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SocketCounts {
    /// By the state's name as `ss -tan` prints it.
    pub by_state: BTreeMap<String, u64>,
}

/// Input that was not recognised or not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// The name of the file, or `pasted text`.
    pub source: String,
    /// Its first line, cut after 200 characters.
    pub first_line: String,
    /// The reason, if it is another than that the desk does not know this text.
    pub because: Option<String>,
}

/// A clock behind a remote address: its SYNs have timestamps on one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClockSeen {
    /// Its rate in ticks a second; 0 if there are too few SYNs to measure it.
    pub ticks_per_s: u32,
    /// SYNs with its timestamps.
    pub syns: u64,
    /// Some of these SYNs: microseconds since 1970, and the timestamp. At most [`ClockSeen::MOST_POINTS`].
    pub points: Vec<(u64, u32)>,
}

impl ClockSeen {
    /// The most points of one clock.
    pub const MOST_POINTS: usize = 400;
}

/// A remote address in a capture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RemoteSeen {
    /// The address.
    pub addr: String,
    /// SYNs from it.
    pub syns: u64,
    /// SYNs that got no answer.
    pub unanswered: u64,
    /// Unanswered SYNs that recycle explains.
    pub explained: u64,
    /// The clocks behind it, in the order of their first SYN. At most 64.
    pub clocks: Vec<ClockSeen>,
    /// SYNs without a timestamp.
    pub without_stamp: u64,
}

/// Why a SYN got no answer, according to the replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnansweredCause {
    /// The kernel remembered a newer clock for the address (R1).
    Recycle {
        /// The remembered timestamp.
        remembered: u32,
        /// The timestamp of the SYN, if it has one.
        tsval: Option<u32>,
        /// The age of the remembered timestamp in whole seconds.
        age_s: u32,
    },
    /// A socket in TIME_WAIT or FIN_WAIT2 with the same four-tuple took it (R6).
    SameFourTuple,
    /// The capture does not show the cause.
    Unexplained,
}

/// A SYN that got no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnansweredSyn {
    /// Microseconds since 1970.
    pub at_us: u64,
    /// The packet's number in the capture, from 1, as tcpdump and tshark count.
    pub packet: u64,
    /// The sender, as `address:port`.
    pub remote: String,
    /// The destination, as `address:port`.
    pub local: String,
    /// The sequence number.
    pub seq: u32,
    /// The timestamp, if it has one.
    pub tsval: Option<u32>,
    /// The cause.
    pub because: UnansweredCause,
}

/// The result of a replayed capture.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CaptureSeen {
    /// The name of the file.
    pub source: String,
    /// Packets in it.
    pub packets: u64,
    /// TCP segments that were read.
    pub segments: u64,
    /// The times of the first and the last packet, in microseconds since 1970.
    pub span_us: Option<(u64, u64)>,
    /// Servers as `address:port` with the SYNs to them, the largest number first. At most 64.
    pub called: Vec<(String, u64)>,
    /// Remote addresses, those with the most unanswered SYNs first. At most 1,000.
    pub remotes: Vec<RemoteSeen>,
    /// SYNs to servers.
    pub syns: u64,
    /// SYNs that got no answer.
    pub unanswered_syns: u64,
    /// Unanswered SYNs that recycle explains.
    pub explained_by_recycle: u64,
    /// SYNs with a SYN-ACK that recycle would have refused: it was off, or the server sent a SYN cookie (R15).
    pub answered_all_the_same: u64,
    /// Some unanswered SYNs. At most [`CaptureSeen::MOST_UNANSWERED`].
    pub unanswered: Vec<UnansweredSyn>,
    /// SYNs that the server answered with a RST.
    pub reset_syns: u64,
    /// Connections that the server opened itself and that got no answer.
    pub outgoing_unanswered: u64,
    /// Sentences: what the replay assumes because the evidence does not say it, and what was left out.
    pub assumed: Vec<String>,
    /// Where and why reading stopped early, if it did.
    pub damaged: Option<String>,
}

impl CaptureSeen {
    /// The most unanswered SYNs that are listed one by one.
    pub const MOST_UNANSWERED: usize = 10_000;
}

/// All facts from the input.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// Samples of the counters, in the order of the input.
    pub samples: Vec<Sample>,
    /// Sysctls of the running kernel and of files, in the order of the input.
    pub settings: Vec<Setting>,
    /// Sysctls that the running kernel does not have, such as `net.ipv4.tcp_tw_recycle` since 4.12.
    pub missing_keys: Vec<Quoted<String>>,
    /// `uname -r`, or the release in `uname -a`.
    pub release: Option<Quoted<String>>,
    /// `PRETTY_NAME` of `/etc/os-release`.
    pub distribution: Option<Quoted<String>>,
    /// Rows of socket tables.
    pub sockets: Vec<Quoted<SocketRow>>,
    /// Sockets in each state.
    pub socket_counts: Option<Quoted<SocketCounts>>,
    /// Lines of the kernel's log that name a full queue or table.
    pub log: Vec<Quoted<LogLine>>,
    /// Replayed captures.
    pub captures: Vec<CaptureSeen>,
    /// Input that was not recognised or not read.
    pub unknown: Vec<Unknown>,
}

impl Evidence {
    /// Whether the desk recognised anything in the input.
    pub fn is_recognised(&self) -> bool {
        let has_packets = self.captures.iter().any(|seen| seen.packets > 0);
        has_packets || Self { unknown: vec![], captures: vec![], ..self.clone() } != Self::default()
    }
}
