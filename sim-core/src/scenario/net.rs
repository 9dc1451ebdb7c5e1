//! A net in CIDR notation, such as `10.0.0.0/24`.

use core::fmt;
use core::str::FromStr;
use std::net::Ipv4Addr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An IPv4 net.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    first: Ipv4Addr,
    prefix: u8,
}

impl Net {
    /// Whether `addr` is one of its addresses.
    pub fn contains(self, addr: Ipv4Addr) -> bool {
        u32::from(addr) & self.mask() == u32::from(self.first)
    }

    /// The addresses that a host can have, lowest first: all but the first and the last of the net.
    pub fn hosts(self) -> impl Iterator<Item = Ipv4Addr> {
        let (first, last) = (u32::from(self.first), u32::from(self.first) | !self.mask());
        (first.saturating_add(1)..last).map(Ipv4Addr::from)
    }

    const fn mask(self) -> u32 {
        match self.prefix {
            0 => 0,
            prefix => u32::MAX << (32 - prefix),
        }
    }
}

impl FromStr for Net {
    type Err = NotANet;
    fn from_str(text: &str) -> Result<Self, NotANet> {
        let (first, prefix) = text.split_once('/').ok_or(NotANet)?;
        let net = Self { first: first.parse().map_err(|_| NotANet)?, prefix: prefix.parse().map_err(|_| NotANet)? };
        (net.prefix <= 32 && net.contains(net.first)).then_some(net).ok_or(NotANet)
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

impl Serialize for Net {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Net {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: String = Deserialize::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"a net such as 10.0.0.0/24"))
    }
}

/// Reads the address of a host, and says what stood there when it is none.
pub(super) fn read_addr<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ipv4Addr, D::Error> {
    let text: String = Deserialize::deserialize(deserializer)?;
    text.parse().map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"an address such as 198.51.100.10"))
}

/// The text is not the first address of a net, a slash and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANet;

#[cfg(test)]
mod tests {
    use super::{Net, NotANet};

    #[test]
    fn a_net_knows_its_addresses() {
        let net: Net = "10.0.0.0/30".parse().unwrap();
        let hosts: Vec<String> = net.hosts().map(|addr| addr.to_string()).collect();
        assert_eq!(hosts, ["10.0.0.1", "10.0.0.2"]);
        assert!(!net.contains([10, 0, 0, 4].into()));
        assert_eq!(net.to_string(), "10.0.0.0/30");
    }

    #[test]
    fn what_is_no_net_is_refused() {
        let refused = ["10.0.0.1/24", "10.0.0.0", "10.0.0.0/33", "x/8"].map(str::parse::<Net>);
        assert_eq!(refused, [Err(NotANet); 4]);
    }
}
