//! A cache of next hops: which link leads from a node towards an address.
//!
//! The tree is searched once for each pair of node and address, and not for every segment. The cache has a fixed size:
//! a pair replaces the one in its slot. It is cleared when the tree or an address changes.

use std::net::Ipv4Addr;

use crate::trace::NodeId;

/// The number of cached pairs, a power of two.
const ENTRIES: usize = 256;

/// The next hop of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NextHop {
    pub(super) to: NodeId,
    /// Whether it leaves by the link of the node that it starts from.
    pub(super) climbs: bool,
    /// Whether it ends by the link of `to`.
    pub(super) descends: bool,
}

/// The cache.
#[derive(Clone, Debug)]
pub(super) struct NextHops(Box<[Option<(NodeId, Ipv4Addr, NextHop)>; ENTRIES]>);

impl Default for NextHops {
    fn default() -> Self {
        Self(Box::new([None; ENTRIES]))
    }
}

impl NextHops {
    /// The next hop from `from` towards `dst`, if it is cached.
    #[inline]
    pub(super) fn step(&self, from: NodeId, dst: Ipv4Addr) -> Option<NextHop> {
        let (node, addr, step) = self.0[place(from, dst)]?;
        (node == from && addr == dst).then_some(step)
    }

    pub(super) fn keep(&mut self, from: NodeId, dst: Ipv4Addr, step: NextHop) {
        self.0[place(from, dst)] = Some((from, dst, step));
    }

    pub(super) fn forget(&mut self) {
        self.0.fill(None);
    }
}

/// Neighbouring nodes and neighbouring addresses have different places.
#[inline]
fn place(from: NodeId, dst: Ipv4Addr) -> usize {
    let spread = dst.to_bits().wrapping_mul(0x9e37_79b1).wrapping_add(u32::from(from.0).wrapping_mul(0x85eb_ca6b));
    (spread >> 24) as usize % ENTRIES
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, NextHop, NextHops};
    use crate::trace::NodeId;

    #[test]
    fn a_pair_that_took_the_place_of_another_is_not_taken_for_it() {
        let mut posts = NextHops::default();
        let step = |node| NextHop { to: NodeId(node), climbs: true, descends: false };
        let pairs: Vec<_> =
            (0..4 * ENTRIES as u16).map(|node| (NodeId(node), [10, 0, (node >> 8) as u8, node as u8].into())).collect();
        for (node, addr) in &pairs {
            posts.keep(*node, *addr, step(node.0));
        }
        let kept = pairs.iter().filter(|(node, addr)| match posts.step(*node, *addr) {
            Some(kept) => kept == step(node.0),
            None => false,
        });
        let found = pairs.iter().filter(|(node, addr)| posts.step(*node, *addr).is_some()).count();
        assert_eq!(kept.count(), found);
        assert!((ENTRIES / 4..=ENTRIES).contains(&found), "{found} of {ENTRIES} places are used");
        posts.forget();
        assert!(pairs.iter().all(|(node, addr)| posts.step(*node, *addr).is_none()));
    }
}
