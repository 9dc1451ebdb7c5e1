//! What is kept for each address: a list in the order of the addresses, searched by halving.
//!
//! There are no more addresses than hosts, and a new one seldom comes, so this is as quick as a hash table. It is also a
//! good deal smaller in wasm, where each type of hash table is a copy of the same 2 kB.

use std::net::Ipv4Addr;

/// Something for each address.
#[derive(Clone, Debug)]
pub(crate) struct ByAddr<T> {
    addrs: Vec<u32>,
    /// In the order of `addrs`.
    values: Vec<T>,
}

impl<T> Default for ByAddr<T> {
    fn default() -> Self {
        Self { addrs: Vec::new(), values: Vec::new() }
    }
}

impl<T> ByAddr<T> {
    /// What is kept for `addr`.
    pub(crate) fn value(&self, addr: Ipv4Addr) -> Option<&T> {
        self.values.get(place(&self.addrs, addr).ok()?)
    }

    /// The same, to be changed.
    pub(crate) fn value_mut(&mut self, addr: Ipv4Addr) -> Option<&mut T> {
        self.values.get_mut(place(&self.addrs, addr).ok()?)
    }

    /// What is kept for `addr`, which is `fresh` where it was nothing.
    pub(crate) fn value_or(&mut self, addr: Ipv4Addr, fresh: T) -> &mut T {
        let place = place(&self.addrs, addr).unwrap_or_else(|place| {
            self.addrs.insert(place, addr.to_bits());
            self.values.insert(place, fresh);
            place
        });
        &mut self.values[place]
    }

    /// Forgets what is kept for `addr`.
    pub(crate) fn remove(&mut self, addr: Ipv4Addr) {
        if let Ok(place) = place(&self.addrs, addr) {
            self.addrs.remove(place);
            self.values.remove(place);
        }
    }
}

/// Where `addr` stands among `addrs`, or where it belongs.
fn place(addrs: &[u32], addr: Ipv4Addr) -> Result<usize, usize> {
    addrs.binary_search(&addr.to_bits())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::ByAddr;

    #[test]
    fn each_address_keeps_its_own_whatever_order_they_come_in() {
        let addr = |last| Ipv4Addr::new(10, 0, 0, last);
        let mut kept = ByAddr::default();
        for last in [7, 2, 9, 4] {
            assert_eq!(*kept.value_or(addr(last), last), last);
        }
        *kept.value_or(addr(4), 0) += 40;
        kept.remove(addr(2));
        kept.remove(addr(3));
        assert_eq!(
            [2, 3, 4, 7, 9].map(|last| kept.value(addr(last)).copied()),
            [None, None, Some(44), Some(7), Some(9)]
        );
        assert_eq!(kept.value_mut(addr(8)), None);
        assert_eq!(kept.value_mut(addr(9)), Some(&mut 9));
    }
}
