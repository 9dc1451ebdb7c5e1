//! The network between the hosts: who has which address, which boxes are on the way, and what happens to a segment on
//! each hop.
//!
//! The network is a tree with the open internet as its root. A box is a node with others behind it. A segment goes up
//! from box to box until its destination is below, and then goes down.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::rng::Rng;
use crate::trace::NodeId;

pub(crate) mod firewall;
pub(crate) mod flight;
pub(crate) mod link;
pub(crate) mod nat;
mod next_hop;

use self::firewall::Firewall;
use self::link::{Crossing, Link};
use self::nat::Nat;
use self::next_hop::{NextHop, NextHops};

/// Sets the links' chance apart from the hosts', so that one of them does not move the other's.
const LINK_STREAM: u64 = 2 << 32;

/// The network.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    seed: u64,
    by_addr: BTreeMap<Ipv4Addr, NodeId>,
    /// In the order of the nodes.
    places: Vec<Place>,
    next_hops: NextHops,
}

/// Where a node stands.
#[derive(Clone, Debug)]
struct Place {
    addr: Ipv4Addr,
    /// Whether what is sent to that address comes here.
    reachable: bool,
    link: Link,
    /// The box in front of it.
    behind: Option<NodeId>,
    middlebox: Option<Middlebox>,
    rng: Rng,
}

/// How a node treats the segments of others.
#[derive(Clone, Debug)]
pub(crate) enum Middlebox {
    /// The NAT of the hosts: those behind it have addresses that nobody outside can reach.
    Nat(Nat),
    /// The same in front of the server, whose own address everybody knows.
    LoadBalancer(Nat),
    /// Changes or drops.
    Firewall(Firewall),
}

/// The next step of a segment's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) to: NodeId,
    pub(crate) crossing: Crossing,
}

impl Network {
    /// A network without nodes.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, by_addr: BTreeMap::new(), places: Vec::new(), next_hops: NextHops::default() }
    }

    /// Connects the next node. An address of `0.0.0.0` is none.
    pub(crate) fn connect(&mut self, addr: Ipv4Addr, link: Link, behind: Option<NodeId>, middlebox: Option<Middlebox>) {
        let node = self.next_node();
        let rng = Rng::of_stream(self.seed, LINK_STREAM + u64::from(node.0));
        self.places.push(Place { addr, reachable: false, link, behind, middlebox, rng });
        if addr.is_unspecified() {
            self.next_hops.forget();
        } else {
            self.give(addr, node);
        }
    }

    /// The number of the node that is connected next.
    pub(crate) fn next_node(&self) -> NodeId {
        NodeId(self.places.len() as u16)
    }

    /// The address of a node that is connected.
    pub(crate) fn addr(&self, node: NodeId) -> Ipv4Addr {
        self.place(node).addr
    }

    /// Whether what is sent to `addr` comes to `node`.
    #[inline]
    pub(crate) fn has(&self, node: NodeId, addr: Ipv4Addr) -> bool {
        let place = self.place(node);
        place.reachable && place.addr == addr
    }

    /// Assigns `addr` to `node` and takes it from its holder.
    fn give(&mut self, addr: Ipv4Addr, node: NodeId) {
        let holder = core::mem::replace(self.by_addr.entry(addr).or_insert(node), node);
        self.places[usize::from(holder.0)].reachable = false;
        self.places[usize::from(node.0)].reachable = true;
        self.next_hops.forget();
    }

    /// The box at `node`.
    pub(crate) fn middlebox(&mut self, node: NodeId) -> Option<&mut Middlebox> {
        self.places[usize::from(node.0)].middlebox.as_mut()
    }

    /// The outside ports of the hosts' NAT whose mappings live.
    #[cfg(test)]
    pub(crate) fn living_ports(&mut self, now: crate::time::SimTime) -> std::collections::BTreeSet<u16> {
        let nats = self.places.iter().filter_map(|place| match &place.middlebox {
            Some(Middlebox::Nat(nat)) => Some(nat.living_ports(now)),
            _ => None,
        });
        nats.flatten().collect()
    }

    /// Takes the address away from a node; what is sent there from now on finds nobody.
    pub(crate) fn release(&mut self, node: NodeId) {
        let place = &mut self.places[usize::from(node.0)];
        if core::mem::take(&mut place.reachable) {
            self.by_addr.remove(&place.addr);
            self.next_hops.forget();
        }
    }

    /// Gives a node another address.
    pub(crate) fn readdress(&mut self, node: NodeId, addr: Ipv4Addr) {
        self.release(node);
        self.places[usize::from(node.0)].addr = addr;
        self.give(addr, node);
    }

    /// Gives a node another link.
    pub(crate) fn relink(&mut self, node: NodeId, link: Link) {
        self.places[usize::from(node.0)].link = link;
    }

    /// The next step from `from` towards `dst`, and what becomes of a segment on it; `None` when no way leads there.
    #[inline(always)]
    pub(crate) fn hop(&mut self, from: NodeId, dst: Ipv4Addr) -> Option<Hop> {
        let step = match self.next_hops.step(from, dst) {
            Some(step) => step,
            None => self.find_next_hop(from, dst)?,
        };
        let crossing = match (step.climbs, step.descends) {
            (true, true) => self.up(from).and_then(self.down(step.to)),
            (true, false) => self.up(from),
            (false, _) => self.down(step.to),
        };
        Some(Hop { to: step.to, crossing })
    }

    /// Walks the tree for the next step.
    #[cold]
    fn find_next_hop(&mut self, from: NodeId, dst: Ipv4Addr) -> Option<NextHop> {
        let target = *self.by_addr.get(&dst)?;
        let step = if let Some(to) = self.child_towards(from, target) {
            NextHop { to, climbs: false, descends: true }
        } else if self.is_hidden_from(from, target) {
            return None;
        } else if let Some(to) = self.place(from).behind {
            NextHop { to, climbs: true, descends: false }
        } else {
            NextHop { to: self.top(target), climbs: true, descends: true }
        };
        self.next_hops.keep(from, dst, step);
        Some(step)
    }

    /// The node directly behind the box `from` on the way down to `target`.
    fn child_towards(&self, from: NodeId, target: NodeId) -> Option<NodeId> {
        let mut node = target;
        loop {
            let above = self.place(node).behind?;
            if above == from {
                return Some(node);
            }
            node = above;
        }
    }

    /// Whether `target` stands behind a NAT of hosts that `from` does not stand behind.
    fn is_hidden_from(&self, from: NodeId, target: NodeId) -> bool {
        let mut node = target;
        while let Some(above) = self.place(node).behind {
            let hides = matches!(self.place(above).middlebox, Some(Middlebox::Nat(_)));
            if hides && self.child_towards(above, from).is_none() {
                return true;
            }
            node = above;
        }
        false
    }

    /// The outermost box in front of `node`, or the node itself.
    fn top(&self, node: NodeId) -> NodeId {
        let mut node = node;
        while let Some(above) = self.place(node).behind {
            node = above;
        }
        node
    }

    fn up(&mut self, node: NodeId) -> Crossing {
        let place = &mut self.places[usize::from(node.0)];
        place.link.there.cross(&mut place.rng)
    }

    fn down(&mut self, node: NodeId) -> Crossing {
        let place = &mut self.places[usize::from(node.0)];
        place.link.back.cross(&mut place.rng)
    }

    fn place(&self, node: NodeId) -> &Place {
        &self.places[usize::from(node.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::{Crossing, Hop, Link, Middlebox, Nat, Network};
    use crate::network::firewall::Firewall;
    use crate::rng::Rng;
    use crate::scenario::{LinkSetup, PortRule, StampRule};
    use crate::time::Span;
    use crate::trace::NodeId;

    const SERVER: [u8; 4] = [198, 51, 100, 10];
    const NAT: [u8; 4] = [203, 0, 113, 7];
    const INSIDE: [u8; 4] = [10, 0, 0, 1];
    const OWN: [u8; 4] = [203, 0, 113, 40];

    fn nat(addr: [u8; 4]) -> Nat {
        Nat::new(addr.into(), 1..=9, PortRule::Sequential, Span::from_secs(1), Rng::of_node(1, NodeId(1)))
    }

    fn link(ms: u32) -> Link {
        Link::new(LinkSetup::of(ms))
    }

    fn network() -> Network {
        let mut network = Network::new(1);
        network.connect(SERVER.into(), Link::CENTRAL, None, None);
        network.connect(NAT.into(), link(9), None, Some(Middlebox::Nat(nat(NAT))));
        network.connect(INSIDE.into(), link(1), Some(NodeId(1)), None);
        network.connect(OWN.into(), link(12), None, None);
        network
    }

    fn step(to: u16, ms: u64) -> Option<Hop> {
        Some(Hop { to: NodeId(to), crossing: Crossing { takes: Some(Span::from_millis(ms)), copy: None } })
    }

    #[test]
    fn every_way_is_one_link_or_two() {
        let mut network = network();
        let mut hop = |from, dst: [u8; 4]| network.hop(NodeId(from), dst.into());
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

    /// 3 -> firewall 1 -> balancer 2 -> server 0, and back; the balancer's address lies behind the firewall too.
    #[test]
    fn boxes_are_passed_one_by_one_in_both_directions() {
        let balancer = [198, 51, 100, 1];
        let mut network = Network::new(1);
        network.connect(SERVER.into(), Link::CENTRAL, Some(NodeId(2)), None);
        let firewall = Firewall::new(StampRule::Pass, Vec::new(), Rng::of_node(1, NodeId(1)));
        network.connect([0, 0, 0, 0].into(), link(4), None, Some(Middlebox::Firewall(firewall)));
        network.connect(balancer.into(), link(2), Some(NodeId(1)), Some(Middlebox::LoadBalancer(nat(balancer))));
        network.connect(OWN.into(), link(12), None, None);
        let mut hop = |from, dst: [u8; 4]| network.hop(NodeId(from), dst.into());
        assert_eq!([hop(3, SERVER), hop(1, SERVER), hop(2, SERVER)], [step(1, 16), step(2, 2), step(0, 0)]);
        assert_eq!([hop(0, balancer), hop(2, OWN), hop(1, OWN)], [step(2, 0), step(1, 2), step(3, 16)]);
    }

    #[test]
    fn an_address_that_was_given_up_leads_nowhere_until_another_takes_it() {
        let mut network = network();
        assert_eq!(network.hop(NodeId(0), OWN.into()), step(3, 12));
        assert!(network.has(NodeId(3), OWN.into()));
        network.release(NodeId(3));
        assert_eq!(network.hop(NodeId(0), OWN.into()), None);
        assert!(!network.has(NodeId(3), OWN.into()));
        network.connect([203, 0, 113, 41].into(), link(5), None, None);
        network.readdress(NodeId(4), OWN.into());
        assert_eq!(network.hop(NodeId(0), OWN.into()), step(4, 5));
        assert!(network.has(NodeId(4), OWN.into()) && !network.has(NodeId(3), OWN.into()));
        network.relink(NodeId(4), link(6));
        assert_eq!(network.hop(NodeId(0), OWN.into()), step(4, 6));
        assert_eq!(network.hop(NodeId(0), [203, 0, 113, 41].into()), None);
    }
}
