//! The boxes on the way: the source NAT of the hosts, firewalls, and load balancers.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::net::read_addr;
use super::{LinkSetup, Net};

/// A source NAT: one mapping for every connection that leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatSetup {
    /// Its name.
    pub name: String,
    /// The public address that stands for everybody inside.
    #[serde(deserialize_with = "read_addr")]
    pub addr: Ipv4Addr,
    /// The net inside, such as `10.0.0.0/24`.
    pub inside: Net,
    /// The first outside port it gives out.
    pub first_port: u16,
    /// The last; then it starts again at the first that is free.
    pub last_port: u16,
    /// How long a mapping outlives its last segment, in seconds.
    pub idle_s: u32,
    /// Which of the free ports a connection gets.
    #[serde(default, skip_serializing_if = "PortRule::is_default")]
    pub ports: PortRule,
    /// The link to the server.
    pub link: LinkSetup,
}

/// Which outside port a new mapping gets, among those that are free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortRule {
    /// The one after the last that was given out.
    #[default]
    Sequential,
    /// Any.
    Random,
    /// The inside port where that can be, else the next in sequence (RFC 4787, 4.2.1, "port preservation").
    PortPreserving,
}

/// Another box on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxSetup {
    /// Its name.
    pub name: String,
    /// The names of what stands behind it: the server, the NAT, hosts, and boxes that come before it in the list.
    pub in_front_of: Vec<String>,
    /// The link from it to the rest of the world.
    #[serde(default, skip_serializing_if = "LinkSetup::is_instant")]
    pub link: LinkSetup,
    /// What it does.
    pub kind: BoxKind,
}

/// What a box does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum BoxKind {
    /// Looks at segments, changes their timestamps or drops them. It has no address of its own.
    Firewall {
        /// What it does to timestamps.
        #[serde(default)]
        timestamps: StampRule,
        /// The addresses, as it sees them, whose segments it drops without a word.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drops_from: Vec<Ipv4Addr>,
    },
    /// Puts its own address in the place of everybody's who connects, so that the server sees one peer only. The
    /// address that people call stays the server's.
    LoadBalancer {
        /// The address that the server sees.
        #[serde(deserialize_with = "read_addr")]
        addr: Ipv4Addr,
        /// The first port it gives out.
        first_port: u16,
        /// The last.
        last_port: u16,
        /// How long a mapping outlives its last segment, in seconds.
        idle_s: u32,
        /// Which of the free ports a connection gets.
        #[serde(default, skip_serializing_if = "PortRule::is_default")]
        ports: PortRule,
    },
}

/// What a firewall does to timestamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StampRule {
    /// Nothing.
    #[default]
    Pass,
    /// It adds a random number to the clock of whoever opens a connection, another for each, and takes it off again
    /// from what is echoed.
    Random,
    /// It takes the option out.
    Strip,
}

impl PortRule {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
