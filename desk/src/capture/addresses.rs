//! Stand-ins for IPv6 addresses, because an address of the model has four bytes.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Maps IPv6 addresses to addresses of 240.0.0.0/4, in the order in which they appear. That range is reserved (RFC
/// 1112); an address of it in a packet gets a stand-in too.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// The addresses, by the number of their stand-in.
    names: Vec<Ipv6Addr>,
    numbers: BTreeMap<Ipv6Addr, u32>,
}

/// 240.0.0.0/4.
const RESERVED: u32 = 0xf000_0000;

impl Addresses {
    /// The most stand-ins.
    pub const MOST: usize = 1_000_000;

    /// The stand-in for `addr`; an IPv4 address stays itself. `None` if the table is full.
    pub fn stand_in(&mut self, addr: IpAddr) -> Option<Ipv4Addr> {
        let key = match addr {
            IpAddr::V4(addr) => addr.to_ipv6_mapped(),
            IpAddr::V6(addr) => addr,
        };
        if let Some(plain) = key.to_ipv4_mapped().filter(|plain| plain.to_bits() < RESERVED) {
            return Some(plain);
        }
        let number = match self.numbers.get(&key) {
            Some(number) => *number,
            None if self.names.len() >= Self::MOST => return None,
            None => {
                let number = self.names.len() as u32;
                self.names.push(key);
                self.numbers.insert(key, number);
                number
            }
        };
        Some(Ipv4Addr::from_bits(RESERVED | number))
    }

    /// The address behind the stand-in `addr`, as text.
    pub fn name(&self, addr: Ipv4Addr) -> String {
        let number = addr.to_bits().checked_sub(RESERVED);
        let known = number.and_then(|number| self.names.get(number as usize));
        known.map_or_else(|| addr.to_string(), |known| known.to_canonical().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Addresses, Ipv4Addr};

    #[test]
    fn every_stand_in_leads_back_to_its_address() {
        let mut addresses = Addresses::default();
        let texts = ["2001:db8::1", "203.0.113.7", "2001:db8::2", "::ffff:198.51.100.1", "240.0.0.0", "2001:db8::1"];
        let places = texts.map(|text| addresses.stand_in(text.parse().unwrap()).unwrap());
        let expected = ["240.0.0.0", "203.0.113.7", "240.0.0.1", "198.51.100.1", "240.0.0.2", "240.0.0.0"];
        assert_eq!(places.map(|place| place.to_string()), expected);
        let names = ["2001:db8::1", "203.0.113.7", "2001:db8::2", "198.51.100.1", "240.0.0.0", "2001:db8::1"];
        assert_eq!(places.map(|place| addresses.name(place)), names);
        assert_eq!(addresses.name(Ipv4Addr::new(250, 0, 0, 1)), "250.0.0.1");
    }

    #[test]
    fn a_full_table_takes_no_more() {
        let mut addresses = Addresses::default();
        let mut stand_in = |number: usize| addresses.stand_in(format!("2001:db8::{number:x}:1").parse().unwrap());
        assert!((0..0xffff).all(|number| stand_in(number).is_some()));
        addresses.names.resize(Addresses::MOST, std::net::Ipv6Addr::LOCALHOST);
        assert_eq!(addresses.stand_in("2001:db8::5:1".parse().unwrap()), Some(Ipv4Addr::new(240, 0, 0, 5)));
        assert_eq!(addresses.stand_in("2001:db8::5:2".parse().unwrap()), None);
        assert!(addresses.stand_in("203.0.113.7".parse().unwrap()).is_some());
    }
}
