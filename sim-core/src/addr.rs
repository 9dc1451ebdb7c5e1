//! Addresses: an endpoint, and the four-tuple that names a connection.

use core::fmt;
use core::hash::{Hash, Hasher};
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// An IPv4 address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Endpoint {
    /// The address.
    pub addr: Ipv4Addr,
    /// The port, in host order.
    pub port: u16,
}

/// The two endpoints of a connection as one of its hosts sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FourTuple {
    /// The endpoint on this host.
    pub local: Endpoint,
    /// The endpoint of the peer.
    pub remote: Endpoint,
}

impl Endpoint {
    /// The endpoint `addr:port`.
    pub const fn new(addr: Ipv4Addr, port: u16) -> Self {
        Self { addr, port }
    }
}

impl FourTuple {
    /// The same connection as the peer sees it.
    pub const fn reversed(self) -> Self {
        Self { local: self.remote, remote: self.local }
    }
}

/// A number for each of many connections: a socket's reference, a slot of a table.
pub(crate) type ByFourTuple = FxHashMap<FourTuple, u32>;

impl Endpoint {
    const fn packed(self) -> u64 {
        (self.addr.to_bits() as u64) << 16 | self.port as u64
    }
}

impl Hash for Endpoint {
    /// One number instead of four bytes and a port: every segment is looked up by this.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.packed());
    }
}

impl Hash for FourTuple {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.local.packed());
        state.write_u64(self.remote.packed());
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.addr, self.port)
    }
}
