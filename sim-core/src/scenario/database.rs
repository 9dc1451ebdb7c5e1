//! A database that the server's program calls for each request, as a client of its own (R7, R8).

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::net::read_addr;
use super::{ClockSetup, LinkSetup};
use crate::kernel_version::KernelVersion;

/// A database. The program of the server opens one connection to it for each request, and closes it first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DatabaseSetup {
    /// A unique name.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::name"))]
    pub name: String,
    /// A unique IPv4 address.
    #[serde(deserialize_with = "read_addr")]
    pub addr: Ipv4Addr,
    /// The port that it listens on.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub port: u16,
    /// The kernel.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::server_kernel"))]
    pub kernel: KernelVersion,
    /// The clock.
    pub clock: ClockSetup,
    /// The link to the server.
    pub link: LinkSetup,
    /// How long it works on an answer, in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(max = 60_000)))]
    pub service_ms: u32,
    /// The size of a query in bytes.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 14_480)))]
    pub request_bytes: u32,
    /// The size of an answer in bytes.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 14_480)))]
    pub response_bytes: u32,
}
