//! What can happen on the way: a setting changes, the server gets another kernel, a host joins.
//!
//! In JSON one of them is `{ "at_ms": 24310, "do": { "set-sysctl": { "key": "net.ipv4.tcp_tw_recycle", "value": "0" } } }`;
//! the others are `{ "set-kernel": { "version": "4.12" } }` and `{ "add-host": { "behind_nat": true } }`.

use serde::{Deserialize, Serialize};

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

/// What happens.
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
}

impl TimedAction {
    /// When it happens.
    #[must_use]
    pub const fn at(&self) -> SimTime {
        SimTime::from_micros(self.at_ms.saturating_mul(1_000))
    }
}
