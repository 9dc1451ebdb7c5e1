//! A scenario: the whole input of a run, as people write it in JSON.
//!
//! Reading a scenario is the only step that can fail ([`Scenario::from_json`]); a run cannot. Times are whole
//! milliseconds or seconds, as the names of the fields say, and count from the start of the simulation.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::kernel_version::KernelVersion;

mod action;
mod boxes;
mod check;
mod clock;
mod crowd;
mod database;
mod join;
mod link;
mod net;
mod prediction;
mod preset;
mod promise;
mod read;
#[cfg(feature = "schema")]
mod schema;
mod sysctl_file;

pub use self::action::{Action, TimedAction};
pub use self::boxes::{BoxKind, BoxSetup, NatSetup, PortRule, StampRule};
pub use self::clock::ClockSetup;
pub use self::database::DatabaseSetup;
pub(crate) use self::join::newcomer;
pub use self::link::{LinkSetup, WaySetup};
pub use self::net::Net;
pub use self::prediction::{Answer, Prediction};
pub use self::preset::{PRESETS, Preset};
pub use self::promise::{Bounds, Promise};
pub use self::read::ScenarioError;
pub use self::sysctl_file::SysctlFile;

/// A scenario of TIME_WAIT Lab: the hosts, the network between them, and what happens during the run.
///
/// Times count from the start of the simulation. The reader also checks rules that a schema cannot express: names and
/// addresses are unique, hosts behind the NAT have addresses inside its network, port ranges are in order, sysctls have
/// values that a kernel accepts, and the run has at most 20,000 connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of this format. The only one is 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub version: u32,
    /// A short title.
    pub title: String,
    /// What the scenario is for, in a sentence or two.
    pub purpose: String,
    /// What to notice during the run, one sentence each.
    #[serde(default)]
    pub notice: Vec<String>,
    /// A question for the visitor to answer before the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Prediction>,
    /// What the run of this file must show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// The seed of all random numbers: jitter, initial sequence numbers, the clocks of hosts that join.
    #[cfg_attr(feature = "schema", schemars(range(max = u64::MAX)))]
    pub seed: u64,
    /// The length of the run in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3_600)))]
    pub duration_s: u32,
    /// The wall clock of every host at the start, in milliseconds since 1970. Its phase within a second decides when a
    /// remembered timestamp is 60 whole seconds old.
    #[cfg_attr(feature = "schema", schemars(range(min = 86_400_000, max = 4_294_000_000_000_u64)))]
    pub wall_clock_ms: u64,
    /// The side that closes a connection first, after the last answer.
    pub closes_first: Side,
    /// The server that all hosts call.
    pub server: ServerSetup,
    /// The source NAT that gives the hosts behind it one public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat: Option<NatSetup>,
    /// Firewalls and load balancers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 8)))]
    pub boxes: Vec<BoxSetup>,
    /// The database that the server queries for each request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseSetup>,
    /// The hosts that call the server.
    #[cfg_attr(feature = "schema", schemars(length(max = 256)))]
    pub hosts: Vec<HostSetup>,
    /// What happens during the run, in any order.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 1_000)))]
    pub actions: Vec<TimedAction>,
}

/// One of the two sides of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The host that opened the connection.
    Client,
    /// The host that accepted it.
    Server,
}

/// The server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServerSetup {
    /// A unique name.
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::name"))]
    pub name: String,
    /// A unique IPv4 address.
    #[serde(deserialize_with = "net::read_addr")]
    pub addr: Ipv4Addr,
    /// The port that the program listens on.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub port: u16,
    /// The kernel.
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::server_kernel"))]
    pub kernel: KernelVersion,
    /// The clock.
    pub clock: ClockSetup,
    /// The contents of `/etc/sysctl.d/`, written at every boot. A key that the kernel lacks changes nothing; the trace
    /// reports it, as `sysctl --system` does.
    #[serde(default)]
    pub sysctls: SysctlFile,
    /// The backlog that the program passes to `listen()`.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65_535)))]
    pub backlog: u32,
    /// How long the program works on an answer, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(max = 60_000)))]
    pub service_ms: u32,
    /// The size of a request in bytes. The program answers when it has all of them.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 14_480)))]
    pub request_bytes: u32,
    /// The size of an answer in bytes.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 14_480)))]
    pub response_bytes: u32,
    /// The number of requests in each connection. The default is 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
    pub requests_per_connection: u16,
}

/// A host that calls the server, or a group of such hosts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HostSetup {
    /// A unique name.
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::name"))]
    pub name: String,
    /// The number of hosts in a group. They are called `name-1`, `name-2` and so on, and their addresses count up from
    /// `addr`. The seed sets each clock between 0 and that of this entry, and each first connection within one interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 256)))]
    pub count: Option<u16>,
    /// A unique IPv4 address: inside the network of the NAT for a host behind it, outside for any other.
    #[serde(deserialize_with = "net::read_addr")]
    pub addr: Ipv4Addr,
    /// Whether the host is behind the NAT.
    #[serde(default)]
    pub behind_nat: bool,
    /// The kernel.
    #[cfg_attr(feature = "schema", schemars(schema_with = "schema::client_kernel"))]
    pub kernel: KernelVersion,
    /// The clock.
    pub clock: ClockSetup,
    /// The contents of `/etc/sysctl.d/`.
    #[serde(default, skip_serializing_if = "SysctlFile::is_empty")]
    pub sysctls: SysctlFile,
    /// The link to the NAT, or to the server where the host is not behind the NAT.
    pub link: LinkSetup,
    /// When and how often the program connects.
    pub traffic: Traffic,
}

/// When and how often the program of a host connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// The time of the first connection, in milliseconds after the host joined.
    #[cfg_attr(feature = "schema", schemars(range(max = 3_600_000)))]
    pub first_ms: u32,
    /// The time from the start of one attempt to the start of the next, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3_600_000)))]
    pub interval_ms: u32,
    /// The most by which an interval varies at random in both directions, in milliseconds. At most `interval_ms`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(max = 3_600_000)))]
    pub jitter_ms: u32,
    /// The most connections that are open or being opened at once. An attempt that is due meanwhile is skipped.
    #[serde(default = "one")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
    pub at_once: u16,
    /// How long the program waits for a connection, in milliseconds. The default is as long as the kernel tries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3_600_000)))]
    pub patience_ms: Option<u32>,
    /// The pause before the next request of a connection that carries more than one, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 3_600_000)))]
    pub pause_ms: Option<u32>,
}

impl Scenario {
    /// The version of the format that this code reads and writes.
    pub const VERSION: u32 = 1;

    /// Adds an action; those of the same moment take place in the order in which they were added.
    pub fn act(&mut self, at_ms: u64, action: Action) {
        self.actions.push(TimedAction { at_ms, action });
    }
}

const fn one() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_one(number: &u16) -> bool {
    *number == 1
}
