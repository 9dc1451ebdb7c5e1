//! The network between the hosts: who has which address, which way leads there, and how long it takes.

use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;

use crate::time::Span;
use crate::trace::NodeId;

pub(crate) mod flight;
pub(crate) mod link;
pub(crate) mod nat;

use self::link::Link;
use self::nat::Nat;

/// The network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    /// The box that shares one address among those behind it.
    pub(crate) nat: Option<Nat>,
    /// By the number that an address is, which is quicker to hash than its four bytes.
    by_addr: FxHashMap<u32, NodeId>,
    /// The address of each node and its link towards the server, in the order of the nodes.
    places: Vec<(Ipv4Addr, Link)>,
}

/// The next step of a segment's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) to: NodeId,
    pub(crate) takes: Span,
}

impl Network {
    /// A network without nodes.
    pub(crate) fn new() -> Self {
        Self { nat: None, by_addr: FxHashMap::default(), places: Vec::new() }
    }

    /// Connects the next node.
    pub(crate) fn connect(&mut self, node: NodeId, addr: Ipv4Addr, link: Link) {
        debug_assert_eq!(node, self.next_node(), "nodes are connected in their order");
        self.places.push((addr, link));
        self.by_addr.insert(addr.to_bits(), node);
    }

    /// The number of the node that is connected next.
    pub(crate) fn next_node(&self) -> NodeId {
        NodeId(self.places.len() as u16)
    }

    /// The address of a node that is connected.
    pub(crate) fn addr(&self, node: NodeId) -> Ipv4Addr {
        self.places[usize::from(node.0)].0
    }

    /// The way from `from` towards `dst`; `None` when nobody there has that address.
    pub(crate) fn hop(&self, from: NodeId, dst: Ipv4Addr) -> Option<Hop> {
        let here = self.link(from)?;
        if let Some(nat) = self.nat_in_front_of(here) {
            return Some(Hop { to: nat, takes: here.delay });
        }
        let to = *self.by_addr.get(&dst.to_bits())?;
        let there = self.link(to)?;
        match self.nat_in_front_of(there) {
            // The last step from the box to a host behind it; nobody else knows the way.
            Some(nat) if nat == from => Some(Hop { to, takes: there.delay }),
            Some(_) => None,
            None => Some(Hop { to, takes: here.delay + there.delay }),
        }
    }

    fn nat_in_front_of(&self, link: Link) -> Option<NodeId> {
        self.nat.as_ref().filter(|_| link.behind_nat).map(|nat| nat.node)
    }

    fn link(&self, node: NodeId) -> Option<Link> {
        self.places.get(usize::from(node.0)).map(|(_, link)| *link)
    }
}

#[cfg(test)]
mod tests {
    use super::{Hop, Link, Nat, Network};
    use crate::scenario::{LinkSetup, NatSetup};
    use crate::time::Span;
    use crate::trace::NodeId;

    const SERVER: [u8; 4] = [198, 51, 100, 10];
    const NAT: [u8; 4] = [203, 0, 113, 7];
    const INSIDE: [u8; 4] = [10, 0, 0, 1];
    const OWN: [u8; 4] = [203, 0, 113, 40];

    fn network() -> Network {
        let link = LinkSetup { delay_ms: 9 };
        let inside = "10.0.0.0/24".parse().unwrap();
        let setup =
            NatSetup { name: "nat".into(), addr: NAT.into(), inside, first_port: 1, last_port: 9, idle_s: 1, link };
        let mut network = Network::new();
        network.nat = Some(Nat::new(NodeId(1), &setup));
        let far = |ms, behind_nat| Link { delay: Span::from_millis(ms), behind_nat };
        network.connect(NodeId(0), SERVER.into(), far(0, false));
        network.connect(NodeId(1), NAT.into(), far(9, false));
        network.connect(NodeId(2), INSIDE.into(), far(1, true));
        network.connect(NodeId(3), OWN.into(), far(12, false));
        network
    }

    #[test]
    fn every_way_is_one_link_or_two() {
        let network = network();
        let hop = |from, dst: [u8; 4]| network.hop(NodeId(from), dst.into());
        let step = |to, ms| Some(Hop { to: NodeId(to), takes: Span::from_millis(ms) });
        assert_eq!(hop(2, SERVER), step(1, 1));
        assert_eq!(hop(1, SERVER), step(0, 9));
        assert_eq!(hop(0, NAT), step(1, 9));
        assert_eq!(hop(1, INSIDE), step(2, 1));
        assert_eq!(hop(3, SERVER), step(0, 12));
    }

    #[test]
    fn nobody_outside_knows_the_way_inside() {
        assert_eq!(network().hop(NodeId(0), INSIDE.into()), None);
        assert_eq!(network().hop(NodeId(0), [192, 0, 2, 1].into()), None);
    }
}
