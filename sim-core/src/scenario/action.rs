//! What can happen on the way: a setting changes, the server gets another kernel, a host joins, reboots or leaves.
//!
//! In JSON one of them is `{ "at_ms": 24310, "do": { "set-sysctl": { "key": "net.ipv4.tcp_tw_recycle", "value": "0" } } }`;
//! others are `{ "set-kernel": { "version": "4.12" } }` and `{ "reboot": { "name": "web-2" } }`.

use serde::{Deserialize, Serialize};

use super::LinkSetup;
use crate::kernel_version::KernelVersion;
use crate::time::SimTime;

/// Something that happens at a given moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedAction {
    /// When, in milliseconds. It comes before everything else of that moment.
    pub at_ms: u64,
    /// What.
    #[serde(rename = "do")]
    pub action: Action,
}

/// What happens. A name that nobody has at that moment makes nothing happen, and the trace says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Somebody runs `sysctl -w key=value` on the server; it also outlives the next boot.
    SetSysctl {
        /// The full name, such as `net.ipv4.tcp_tw_recycle`.
        key: String,
        /// What is written.
        value: String,
    },
    /// The server starts again with another kernel: its sockets, remembered timestamps and counters are gone, its
    /// sysctls are written again where the key exists.
    SetKernel {
        /// The kernel.
        version: KernelVersion,
    },
    /// A host joins, with a name, an address and a clock of its own and the traffic of its neighbours.
    AddHost {
        /// Whether it stands behind the NAT. Without a NAT it never does.
        behind_nat: bool,
    },
    /// A host or box starts again: a host's timestamp clock begins anew and its connections are gone, a box forgets
    /// its mappings. The server keeps its kernel.
    Reboot {
        /// Which.
        name: String,
    },
    /// A host leaves, without a word to anybody.
    RemoveHost {
        /// Which.
        name: String,
    },
    /// A host leaves, and another takes its address and gives up the one it had. Its clock and its memory stay its
    /// own; that is the trouble.
    PassAddress {
        /// The host that leaves.
        from: String,
        /// The host that takes its address.
        to: String,
    },
    /// The link of a host or box gets worse, or better.
    SetLink {
        /// Whose.
        name: String,
        /// How it is from now on.
        link: LinkSetup,
    },
    /// The server's program stops calling `accept()`, or goes on with it.
    SetAccepting {
        /// Whether it calls `accept()`.
        accepting: bool,
    },
}

impl TimedAction {
    /// When it happens.
    #[must_use]
    pub const fn at(&self) -> SimTime {
        SimTime::from_micros(self.at_ms.saturating_mul(1_000))
    }
}
