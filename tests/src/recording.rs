//! The recordings in `tests/kernel-traces/`. The README of that folder describes their format.

use std::net::Ipv4Addr;

use serde::Deserialize;

/// One line of a recording.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The name of the case.
    pub case: String,
    /// The output of `uname -r`.
    pub kernel: String,
    /// `CONFIG_HZ`, in ticks per second.
    pub hz: u32,
    /// The milliseconds of the wall clock within its second at the start of the case.
    pub wall_phase_ms: u64,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// A step: an operation on the kernel.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// The time since the start of the case, in milliseconds.
    pub t: u64,
    /// The operation.
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
    /// The flags in tcpdump's letters.
    pub flags: String,
    /// The sequence number.
    pub seq: u32,
    /// The acknowledgment number.
    pub ack: u32,
    /// The TSval, the kernel's timestamp clock.
    pub tsval: Option<u32>,
    /// The TSecr, the timestamp that is echoed.
    pub tsecr: Option<u32>,
}

/// One line of `/proc/net/tcp`.
#[derive(Clone, Debug, Deserialize)]
pub struct Socket {
    /// The number of the state.
    pub state: u8,
    /// The local port.
    pub lport: u16,
    /// The remote end as `address:port`.
    pub remote: String,
    /// The time to the expiry of the timer, in hundredths of a second.
    pub expires_ticks: i64,
}

impl Op {
    /// The connection of the operation, if it has one.
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

    /// The recorded answer. The outer `None` means that the operation has no answer, the inner `None` that none came.
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
/// The number of the line that cannot be read, and the reason.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1)))
        .collect()
}
