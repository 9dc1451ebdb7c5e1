//! Timed actions: a setting changes, the server gets another kernel, a host joins, reboots or leaves.
//!
//! An action in JSON: `{ "at_ms": 24310, "do": { "set-sysctl": { "key": "net.ipv4.tcp_tw_recycle", "value": "0" } } }`.
//! Others are `{ "set-kernel": { "version": "4.12" } }` and `{ "reboot": { "name": "web-2" } }`.

use serde::{Deserialize, Serialize};

use super::LinkSetup;
use crate::kernel_version::KernelVersion;
use crate::time::SimTime;

/// Something that happens at a given moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TimedAction {
    /// The time in milliseconds. The action precedes everything else at that moment.
    #[cfg_attr(feature = "schema", schemars(range(max = 3_600_000)))]
    pub at_ms: u64,
    /// What happens.
    #[serde(rename = "do")]
    pub action: Action,
}

/// What happens. An action on a name that does not exist at that moment does nothing; the trace reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// `sysctl -w key=value` on the server. The value also survives the next boot.
    SetSysctl {
        /// The full name, such as `net.ipv4.tcp_tw_recycle`.
        #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::sysctl_key"))]
        key: String,
        /// The value.
        value: String,
    },
    /// The server reboots with another kernel. It loses its sockets, remembered timestamps and counters, and writes the
    /// sysctls that the new kernel has.
    SetKernel {
        /// The kernel.
        #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::server_kernel"))]
        version: KernelVersion,
    },
    /// A host joins. It gets a name, an address and a clock of its own, and the traffic of its neighbours.
    AddHost {
        /// Whether it joins behind the NAT.
        behind_nat: bool,
    },
    /// A host or box reboots. A host starts its timestamp clock again and loses its connections, a box loses its
    /// mappings.
    Reboot {
        /// The name of the host or box.
        name: String,
    },
    /// A host leaves without closing its connections.
    RemoveHost {
        /// The name of the host.
        name: String,
    },
    /// A host leaves, and another gives up its own address to take the one that is free. It keeps its own clock and
    /// connections.
    PassAddress {
        /// The host that leaves.
        from: String,
        /// The host that takes its address.
        to: String,
    },
    /// The link of a host or box changes.
    SetLink {
        /// The name of the host or box.
        name: String,
        /// The new link.
        link: LinkSetup,
    },
    /// The program of the server stops calling `accept()`, or resumes.
    SetAccepting {
        /// Whether it calls `accept()`.
        accepting: bool,
    },
}

impl TimedAction {
    /// When it happens.
    pub const fn at(&self) -> SimTime {
        SimTime::from_micros(self.at_ms.saturating_mul(1_000))
    }
}
