//! A database that the server's program calls for each request, as a client of its own (R7, R8).

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::net::read_addr;
use super::{ClockSetup, LinkSetup};
use crate::kernel_version::KernelVersion;

/// The database: one connection for each request, which the server's program closes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSetup {
    /// Its name.
    pub name: String,
    /// Its address.
    #[serde(deserialize_with = "read_addr")]
    pub addr: Ipv4Addr,
    /// The port it listens on.
    pub port: u16,
    /// Its kernel.
    pub kernel: KernelVersion,
    /// Its clock.
    pub clock: ClockSetup,
    /// The link to the server.
    pub link: LinkSetup,
    /// How long it works on an answer, in milliseconds.
    pub service_ms: u32,
    /// Bytes of a query.
    pub request_bytes: u32,
    /// Bytes of its answer.
    pub response_bytes: u32,
}
