//! The recordings of `tests/kernel-traces/`, as that folder's README describes them.

use std::net::Ipv4Addr;

use serde::Deserialize;

/// One line of a recording.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name.
    pub case: String,
    /// What `uname -r` printed.
    pub kernel: String,
    /// Ticks a second.
    pub hz: u32,
    /// How far past a full second the wall clock stood at the start, in milliseconds.
    pub wall_phase_ms: u64,
    /// What was done and what came back, in order.
    pub steps: Vec<Step>,
}

/// One thing that was done to the kernel.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// When, in milliseconds since the case began.
    pub t: u64,
    /// What.
    #[serde(flatten)]
    pub op: Op,
}

/// What was done, with the kernel's answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
#[expect(missing_docs, reason = "the fields are those of the recordings' README")]
pub enum Op {
    Sysctl { key: String, value: String, error: Option<String> },
    Listen { port: u16, backlog: u32, ok: bool },
    Syn { id: String, src: Ipv4Addr, sport: u16, dport: u16, isn: u32, tsval: Option<u32>, reply: Option<Reply> },
    Ack { id: String, tsval: Option<u32>, reply: Option<Reply> },
    Accept { id: String, accepted: bool },
    Data { id: String, len: u32, tsval: Option<u32>, reply: Option<Reply> },
    SrvClose { id: String, accepted: bool, reply: Option<Reply> },
    Fin { id: String, tsval: Option<u32>, reply: Option<Reply> },
    Rst { id: String, reply: Option<Reply> },
    Dial { id: String, dst: Ipv4Addr, dport: u16, errno: Option<String>, lport: u16, reply: Option<Reply> },
    SynAck { id: String, isn: u32, tsval: Option<u32>, reply: Option<Reply> },
    DialClose { id: String, reply: Option<Reply> },
    Wait { ms: u64 },
    Until { ms: u64 },
    Stat { counters: std::collections::BTreeMap<String, u64>, sockets: Vec<Socket> },
}

/// The first segment that the kernel sent to the peer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Reply {
    /// In tcpdump's letters.
    pub flags: String,
    /// Its sequence number.
    pub seq: u32,
    /// Its acknowledgment number.
    pub ack: u32,
    /// The kernel's clock.
    pub tsval: Option<u32>,
    /// The clock that it echoes.
    pub tsecr: Option<u32>,
}

/// One line of `/proc/net/tcp`.
#[derive(Clone, Debug, Deserialize)]
pub struct Socket {
    /// The state's number.
    pub state: u8,
    /// The local port.
    pub lport: u16,
    /// `address:port`.
    pub remote: String,
    /// The running timer in hundredths of a second.
    pub expires_ticks: i64,
}

impl Op {
    /// The connection that it is about, if any.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Syn { id, .. }
            | Self::Ack { id, .. }
            | Self::Accept { id, .. }
            | Self::Data { id, .. }
            | Self::SrvClose { id, .. }
            | Self::Fin { id, .. }
            | Self::Rst { id, .. }
            | Self::Dial { id, .. }
            | Self::SynAck { id, .. }
            | Self::DialClose { id, .. } => Some(id),
            _ => None,
        }
    }

    /// What the kernel answered; the outer `None` where this is no question.
    #[must_use]
    pub fn reply(&self) -> Option<Option<&Reply>> {
        match self {
            Self::Syn { reply, .. }
            | Self::Ack { reply, .. }
            | Self::Data { reply, .. }
            | Self::SrvClose { reply, .. }
            | Self::Fin { reply, .. }
            | Self::Rst { reply, .. }
            | Self::Dial { reply, .. }
            | Self::SynAck { reply, .. }
            | Self::DialClose { reply, .. } => Some(reply.as_ref()),
            _ => None,
        }
    }

    /// How long the recorder waited for the answer, in milliseconds.
    #[must_use]
    pub fn patience_ms(&self) -> u64 {
        match self {
            Self::Ack { .. } | Self::Rst { .. } => 40,
            Self::Data { .. } => 80,
            _ => 250,
        }
    }
}

/// Reads a file of recordings.
///
/// # Errors
/// A message with the number of the line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1)))
        .collect()
}
