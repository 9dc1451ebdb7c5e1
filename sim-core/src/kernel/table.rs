//! The table from four-tuples to sockets (`ehash`), and the local ports in use towards each remote endpoint.
//!
//! A search for a source port may have to skip thousands of ports in use. For the remote endpoints that this kernel
//! connects to, a bitmap holds one bit for each port, so that a whole word of used ports is skipped at once.

use std::net::Ipv4Addr;

use super::socket::SocketRef;
use crate::addr::{ByFourTuple, Endpoint, FourTuple};

/// Of how many remote endpoints the ports are kept; for others each port is looked up.
const MOST_REMOTES: usize = 4;
const WORDS: usize = 65_536 / 64;
/// The bits of the ports with an even number in a word.
const EVEN: u64 = 0x5555_5555_5555_5555;

/// All sockets of a kernel by their four-tuple.
#[derive(Clone, Debug, Default)]
pub(super) struct SocketTable {
    sockets: ByFourTuple,
    taken: Vec<TakenPorts>,
}

/// The ports of a local address from which a four-tuple with this remote endpoint is in the table.
#[derive(Clone, Debug)]
struct TakenPorts {
    local: Ipv4Addr,
    remote: Endpoint,
    bits: Vec<u64>,
}

/// `count` ports from `port` on: every one (`step` 1) or every second (2).
#[derive(Clone, Copy, Debug)]
pub(super) struct PortSteps {
    pub(super) port: u32,
    pub(super) count: u32,
    pub(super) step: u32,
}

impl SocketTable {
    #[inline]
    pub(super) fn get(&self, tuple: FourTuple) -> Option<SocketRef> {
        self.sockets.get(&tuple).copied().map(SocketRef::unpacked)
    }

    #[inline]
    pub(super) fn insert(&mut self, tuple: FourTuple, socket: SocketRef) {
        self.sockets.insert(tuple, socket.packed());
        if let Some(ports) = self.taken.iter_mut().find(|ports| ports.are_of(tuple.local.addr, tuple.remote)) {
            ports.set(tuple.local.port, true);
        }
    }

    #[inline]
    pub(super) fn remove(&mut self, tuple: FourTuple) {
        self.sockets.remove(&tuple);
        if let Some(ports) = self.taken.iter_mut().find(|ports| ports.are_of(tuple.local.addr, tuple.remote)) {
            ports.set(tuple.local.port, false);
        }
    }

    /// Whether it is worth to ask [`SocketTable::first_free`] about `remote`. From the first time on its ports are
    /// kept; `known` are the four-tuples that are in the table by then.
    pub(super) fn keeps_ports(
        &mut self,
        local: Ipv4Addr,
        remote: Endpoint,
        known: impl Iterator<Item = FourTuple>,
    ) -> bool {
        if self.taken.iter().any(|ports| ports.are_of(local, remote)) {
            return true;
        }
        if self.taken.len() == MOST_REMOTES {
            return false;
        }
        let mut ports = TakenPorts { local, remote, bits: vec![0; WORDS] };
        for tuple in known.filter(|tuple| tuple.local.addr == local && tuple.remote == remote) {
            ports.set(tuple.local.port, self.sockets.contains_key(&tuple));
        }
        self.taken.push(ports);
        true
    }

    /// The first of some ports that is not taken towards `remote`, counted in steps from 0. `None` when all are, and
    /// also when the ports of `remote` are not kept.
    pub(super) fn first_free(&self, local: Ipv4Addr, remote: Endpoint, ports: PortSteps) -> Option<u32> {
        let PortSteps { port, count, step } = ports;
        let ports = self.taken.iter().find(|ports| ports.are_of(local, remote))?;
        let end = port + count * step;
        let wanted = match (step, port % 2) {
            (1, _) => u64::MAX,
            (_, 0) => EVEN,
            _ => !EVEN,
        };
        let mut from = port;
        while from < end {
            let word = ports.bits.get(from as usize / 64)?;
            let free = !word & wanted & (u64::MAX << (from % 64));
            if free != 0 {
                let found = from / 64 * 64 + free.trailing_zeros();
                return (found < end).then_some((found - port) / step);
            }
            from = (from / 64 + 1) * 64;
        }
        None
    }
}

impl TakenPorts {
    #[inline]
    fn are_of(&self, local: Ipv4Addr, remote: Endpoint) -> bool {
        self.remote == remote && self.local == local
    }

    fn set(&mut self, port: u16, taken: bool) {
        let bit = 1 << (port % 64);
        let word = &mut self.bits[usize::from(port) / 64];
        *word = if taken { *word | bit } else { *word & !bit };
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{PortSteps, SocketRef, SocketTable};
    use crate::addr::{Endpoint, FourTuple};

    const LOCAL: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
    const REMOTE: Endpoint = Endpoint::new(Ipv4Addr::new(198, 51, 100, 10), 80);

    fn tuple(port: u16) -> FourTuple {
        FourTuple { local: Endpoint::new(LOCAL, port), remote: REMOTE }
    }

    #[test]
    fn taken_ports_are_passed_over_also_in_steps_of_two() {
        let mut table = SocketTable::default();
        table.insert(tuple(1_000), SocketRef::Connection(0));
        assert!(table.keeps_ports(LOCAL, REMOTE, [tuple(1_000)].into_iter()));
        (1_001..1_200).for_each(|port| table.insert(tuple(port), SocketRef::Connection(0)));
        table.remove(tuple(1_130));
        table.remove(tuple(1_131));
        let first_free = |port, count, step| table.first_free(LOCAL, REMOTE, PortSteps { port, count, step });
        assert_eq!(first_free(1_000, 500, 1), Some(130));
        assert_eq!(first_free(1_000, 250, 2), Some(65));
        assert_eq!(first_free(1_001, 250, 2), Some(65));
        assert_eq!(first_free(1_132, 68, 1), None);
        assert_eq!(first_free(1_132, 69, 1), Some(68));
    }
}
