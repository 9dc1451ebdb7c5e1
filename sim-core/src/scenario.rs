//! A scenario: everything that goes into a run, as people write it in JSON.
//!
//! Reading one is the only step that can fail ([`Scenario::from_json`]); a run cannot. Times are whole milliseconds
//! or seconds, as the names of the fields say, and count from the start of the simulation.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::kernel_version::KernelVersion;

mod action;
mod boxes;
mod check;
mod crowd;
mod database;
mod join;
mod link;
mod net;
mod prediction;
mod preset;
mod promise;
mod read;
mod sysctl_file;

pub use self::action::{Action, TimedAction};
pub use self::boxes::{BoxKind, BoxSetup, NatSetup, PortRule, StampRule};
pub use self::database::DatabaseSetup;
pub(crate) use self::join::newcomer;
pub use self::link::{LinkSetup, WaySetup};
pub use self::net::Net;
pub use self::prediction::{Answer, Prediction};
pub use self::preset::{PRESETS, Preset};
pub use self::promise::{Bounds, Promise};
pub use self::read::ScenarioError;
pub use self::sysctl_file::SysctlFile;

/// What goes into a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of this format: [`Scenario::VERSION`].
    pub version: u32,
    /// A short title.
    pub title: String,
    /// What it is for, in a sentence or two.
    pub purpose: String,
    /// What to notice, a sentence each.
    #[serde(default)]
    pub notice: Vec<String>,
    /// What to ask before the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Prediction>,
    /// What the run must show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// Where all chance comes from: jitter, sequence numbers, the clocks of hosts that join.
    pub seed: u64,
    /// How long the run is, in seconds: 1 to 3,600.
    pub duration_s: u32,
    /// The wall clock of every host at the start, in milliseconds since 1970. Its phase within a second decides
    /// when a remembered timestamp turns 60 whole seconds old (R1).
    pub wall_clock_ms: u64,
    /// Who closes a connection first, once the answer is sent.
    pub closes_first: Side,
    /// The server that all hosts call.
    pub server: ServerSetup,
    /// The box that shares one public address among the hosts behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat: Option<NatSetup>,
    /// Other boxes on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<BoxSetup>,
    /// The database that the server calls for each request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseSetup>,
    /// The hosts that call the server.
    pub hosts: Vec<HostSetup>,
    /// What happens on the way, in any order.
    #[serde(default)]
    pub actions: Vec<TimedAction>,
}

/// One of the two sides of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The host that opened the connection.
    Client,
    /// The host that accepted it.
    Server,
}

/// The server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSetup {
    /// Its name.
    pub name: String,
    /// Its address.
    #[serde(deserialize_with = "net::read_addr")]
    pub addr: Ipv4Addr,
    /// The port it listens on.
    pub port: u16,
    /// Its kernel.
    pub kernel: KernelVersion,
    /// Its clock.
    pub clock: ClockSetup,
    /// What its `/etc/sysctl.d/` says. Written at every boot; a key that the kernel lacks is reported in the trace
    /// and changes nothing, as `sysctl --system` does it.
    #[serde(default)]
    pub sysctls: SysctlFile,
    /// The backlog that its program gives to `listen()`.
    pub backlog: u32,
    /// How long its program works on an answer, in milliseconds.
    pub service_ms: u32,
    /// Bytes of a request; its program answers once it has them all.
    pub request_bytes: u32,
    /// Bytes of an answer.
    pub response_bytes: u32,
    /// How many requests a connection carries before it is closed; both sides know the number.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub requests_per_connection: u16,
}

/// A host that calls the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostSetup {
    /// Its name, which no other host has.
    pub name: String,
    /// How many hosts this entry stands for: `name-1` and so on, see [`Scenario::hosts_one_by_one`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u16>,
    /// Its address: inside the NAT's net when it stands behind it, elsewhere when not.
    #[serde(deserialize_with = "net::read_addr")]
    pub addr: Ipv4Addr,
    /// Whether it stands behind the NAT.
    #[serde(default)]
    pub behind_nat: bool,
    /// Its kernel.
    pub kernel: KernelVersion,
    /// Its clock.
    pub clock: ClockSetup,
    /// What its `/etc/sysctl.d/` says.
    #[serde(default, skip_serializing_if = "SysctlFile::is_empty")]
    pub sysctls: SysctlFile,
    /// The link to the NAT, or to the server.
    pub link: LinkSetup,
    /// What its program does.
    pub traffic: Traffic,
}

/// The clock of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockSetup {
    /// Ticks a second of the kernel's timer (`CONFIG_HZ`). From 4.13 on timestamps count milliseconds all the same.
    pub hz: u32,
    /// The timestamp clock at the start, before the random offset that newer kernels add.
    pub tsval: u32,
}

/// What the program of a host does: it connects, again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// When it first connects, in milliseconds after it joined.
    pub first_ms: u32,
    /// From the start of one attempt to the start of the next, in milliseconds.
    pub interval_ms: u32,
    /// By how much chance lengthens or shortens each of these, in milliseconds at most.
    #[serde(default)]
    pub jitter_ms: u32,
    /// How many connections it has open or tries to open at once; an attempt that is due meanwhile is left out.
    #[serde(default = "one")]
    pub at_once: u16,
    /// How long it waits for a connection before it gives up, in milliseconds; without it as long as the kernel (R13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience_ms: Option<u32>,
    /// How long it waits with the next request of a connection, where a connection carries more than one, in
    /// milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
