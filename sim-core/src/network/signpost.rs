//! Signposts: which way leads on from a node towards an address, kept from when it was last looked for.
//!
//! The tree is walked for a pair of node and address once, and not for every segment. A pair that falls on the place of
//! another one takes it over, so what is kept stays small; when the tree or an address changes all is forgotten.

use std::net::Ipv4Addr;

use crate::trace::NodeId;

/// How many pairs are kept: a power of two.
const POSTS: usize = 256;

/// The next step of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) to: NodeId,
    /// Whether it leaves by the link of the node that it starts from.
    pub(super) climbs: bool,
    /// Whether it ends by the link of `to`.
    pub(super) descends: bool,
}

/// What is kept.
#[derive(Clone, Debug)]
pub(super) struct Signposts(Box<[Option<(NodeId, Ipv4Addr, Step)>; POSTS]>);

impl Default for Signposts {
    fn default() -> Self {
        Self(Box::new([None; POSTS]))
    }
}

impl Signposts {
    /// The step from `from` towards `dst`, if it is kept.
    #[inline]
    pub(super) fn step(&self, from: NodeId, dst: Ipv4Addr) -> Option<Step> {
        let (node, addr, step) = self.0[place(from, dst)]?;
        (node == from && addr == dst).then_some(step)
    }

    pub(super) fn keep(&mut self, from: NodeId, dst: Ipv4Addr, step: Step) {
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
    (spread >> 24) as usize % POSTS
}

#[cfg(test)]
mod tests {
    use super::{POSTS, Signposts, Step};
    use crate::trace::NodeId;

    #[test]
    fn a_pair_that_took_the_place_of_another_is_not_taken_for_it() {
        let mut posts = Signposts::default();
        let step = |node| Step { to: NodeId(node), climbs: true, descends: false };
        let pairs: Vec<_> =
            (0..4 * POSTS as u16).map(|node| (NodeId(node), [10, 0, (node >> 8) as u8, node as u8].into())).collect();
        for (node, addr) in &pairs {
            posts.keep(*node, *addr, step(node.0));
        }
        let kept = pairs.iter().filter(|(node, addr)| match posts.step(*node, *addr) {
            Some(kept) => kept == step(node.0),
            None => false,
        });
        let found = pairs.iter().filter(|(node, addr)| posts.step(*node, *addr).is_some()).count();
        assert_eq!(kept.count(), found);
        assert!((POSTS / 4..=POSTS).contains(&found), "{found} of {POSTS} places are used");
        posts.forget();
        assert!(pairs.iter().all(|(node, addr)| posts.step(*node, *addr).is_none()));
    }
}
