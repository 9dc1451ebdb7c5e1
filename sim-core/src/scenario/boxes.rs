//! The boxes on the way: the source NAT of the hosts, firewalls, and load balancers.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::net::read_addr;
use super::{LinkSetup, Net};

/// A source NAT, with one mapping for each outgoing connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NatSetup {
    /// A unique name.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::name"))]
    pub name: String,
    /// The public address that the hosts behind the NAT share.
    #[serde(deserialize_with = "read_addr")]
    pub addr: Ipv4Addr,
    /// The network inside, such as `10.0.0.0/24`.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::net"))]
    pub inside: Net,
    /// The first outside port of its range.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub first_port: u16,
    /// The last outside port of its range. After it the search continues at the first.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub last_port: u16,
    /// How long a mapping is kept after its last segment, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
    pub idle_s: u32,
    /// How a free outside port is chosen. The default is `sequential`.
    #[serde(default, skip_serializing_if = "PortRule::is_default")]
    pub ports: PortRule,
    /// The link to the server.
    pub link: LinkSetup,
}

/// How the outside port of a new mapping is chosen among those that are free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PortRule {
    /// The next after the last that was assigned.
    #[default]
    Sequential,
    /// A random one.
    Random,
    /// The inside port if it is free, else the next in sequence (RFC 4787, 4.2.1, "port preservation").
    PortPreserving,
}

/// A firewall or a load balancer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BoxSetup {
    /// A unique name.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::name"))]
    pub name: String,
    /// The names of the nodes behind it: the server, the NAT, hosts, and boxes that precede it in the list.
    pub in_front_of: Vec<String>,
    /// The link from it to the rest of the network. The default has no delay.
    #[serde(default, skip_serializing_if = "LinkSetup::is_instant")]
    pub link: LinkSetup,
    /// What the box does.
    pub kind: BoxKind,
}

/// What a box does to segments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum BoxKind {
    /// Changes timestamps, or drops segments. It has no address of its own.
    Firewall {
        /// What it does to timestamps. The default is `pass`.
        #[serde(default)]
        timestamps: StampRule,
        /// The source addresses whose segments it drops silently, as they appear at the firewall.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drops_from: Vec<Ipv4Addr>,
    },
    /// Replaces the source address of every connection by its own, so that the server sees one peer only. The hosts
    /// still call the address of the server.
    LoadBalancer {
        /// The address that the server sees.
        #[serde(deserialize_with = "read_addr")]
        addr: Ipv4Addr,
        /// The first port of its range.
        #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
        first_port: u16,
        /// The last port of its range.
        #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
        last_port: u16,
        /// How long a mapping is kept after its last segment, in seconds.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 86_400)))]
        idle_s: u32,
        /// How a free port is chosen. The default is `sequential`.
        #[serde(default, skip_serializing_if = "PortRule::is_default")]
        ports: PortRule,
    },
}

/// What a firewall does to timestamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StampRule {
    /// Leaves them unchanged.
    #[default]
    Pass,
    /// Adds a random offset to those of the host that opens a connection, a new one for each connection, and subtracts
    /// it again from the echo.
    Random,
    /// Removes the option.
    Strip,
}

impl PortRule {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
