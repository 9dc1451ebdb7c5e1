//! Validation of boxes and of addresses.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::{Checked, check_link, ensure, within};
use crate::scenario::{BoxKind, Scenario};

const MOST_BOXES: usize = 8;

impl Scenario {
    /// Every address but the hosts', with the path of what it belongs to.
    pub(in crate::scenario) fn fixed_addrs(&self) -> impl Iterator<Item = (String, Ipv4Addr)> {
        let server = ("server".to_owned(), self.server.addr);
        let nat = self.nat.iter().map(|nat| ("nat".to_owned(), nat.addr));
        let boxes = self.boxes.iter().enumerate().filter_map(|(index, one)| match one.kind {
            BoxKind::LoadBalancer { addr, .. } => Some((format!("boxes[{index}].kind.load-balancer"), addr)),
            BoxKind::Firewall { .. } => None,
        });
        let database = self.database.iter().map(|database| ("database".to_owned(), database.addr));
        core::iter::once(server).chain(nat).chain(boxes).chain(database)
    }

    pub(super) fn check_boxes(&self) -> Checked {
        within("boxes", self.boxes.len(), 0..=MOST_BOXES)?;
        let mut placed: BTreeSet<&str> =
            self.hosts.iter().filter(|host| host.behind_nat).map(|host| host.name.as_str()).collect();
        for (index, one) in self.boxes.iter().enumerate() {
            let path = format!("boxes[{index}]");
            check_link(&format!("{path}.link"), one.link)?;
            for (position, name) in one.in_front_of.iter().enumerate() {
                let at = || format!("{path}.in_front_of[{position}]");
                let known = self.may_stand_behind(index, name);
                ensure(known, at, name, "the server, the nat, a host, or a box that comes earlier in the list")?;
                ensure(placed.insert(name), at, name, "what stands behind no other box")?;
            }
            if let BoxKind::LoadBalancer { first_port, last_port, idle_s, .. } = one.kind {
                let at = |field: &str| format!("{path}.kind.load-balancer.{field}");
                within(&at("first_port"), first_port, 1..=last_port)?;
                within(&at("idle_s"), idle_s, 1..=86_400)?;
            }
        }
        Ok(())
    }

    fn may_stand_behind(&self, index: usize, name: &str) -> bool {
        let earlier = self.boxes[..index].iter().any(|one| one.name == name);
        let nat = self.nat.as_ref().is_some_and(|nat| nat.name == name);
        let host = self.hosts.iter().any(|host| host.name == name);
        earlier || nat || host || self.server.name == name
    }
}
