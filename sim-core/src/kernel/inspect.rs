//! Read-only access to a kernel: its sockets, its counters, its remembered peers.

use std::net::Ipv4Addr;

use super::Kernel;
use super::clock::Clock;
use super::counter::Mib;
use super::socket::{SocketId, SocketRef};
use super::state::State;
use crate::addr::FourTuple;
use crate::kernel_version::KernelVersion;
use crate::sysctl::Sysctls;
use crate::time::SimTime;
use crate::timestamp::{StampSecs, Tsval};

/// One line of `/proc/net/tcp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketView {
    /// The connection.
    pub tuple: FourTuple,
    /// Its state; for a timewait socket its substate.
    pub state: State,
    /// When its timer is due, where one runs.
    pub expires: Option<SimTime>,
    /// Whether it is held as a timewait socket.
    pub timewait: bool,
}

/// A remembered timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerStamp {
    /// The clock.
    pub tsval: Tsval,
    /// The second in which it was received.
    pub at: StampSecs,
}

impl Kernel {
    /// All sockets but the listening ones, in the order of their tables.
    pub fn sockets(&self) -> Vec<SocketView> {
        let timer = |timer: super::Armed| timer.is_running().then_some(timer.at);
        let requests = self.requests.iter().map(|(_, request)| SocketView {
            tuple: request.tuple,
            state: State::SynRecv,
            expires: timer(request.timer),
            timewait: false,
        });
        let open = self.connections.iter().filter(|(_, connection)| connection.state != State::Close);
        let connections = open.map(|(_, connection)| SocketView {
            tuple: connection.tuple,
            state: connection.state,
            expires: timer(connection.timer),
            timewait: false,
        });
        let timewaits = self.timewaits.iter().map(|(_, timewait)| SocketView {
            tuple: timewait.tuple,
            state: timewait.substate,
            expires: Some(timewait.expires),
            timewait: true,
        });
        requests.chain(connections).chain(timewaits).collect()
    }

    /// The state of whatever holds `tuple`; `Close` when nothing does.
    pub fn state(&self, tuple: FourTuple) -> State {
        match self.table.get(tuple) {
            Some(SocketRef::Request(_)) => State::SynRecv,
            Some(SocketRef::Connection(slot)) => self.connections[slot as usize].state,
            Some(SocketRef::Timewait(slot)) => self.timewaits[slot as usize].substate,
            None => State::Close,
        }
    }

    /// The four-tuple behind a handle; `None` once it was closed.
    pub fn tuple(&self, socket: SocketId) -> Option<FourTuple> {
        self.slot_of(socket).map(|slot| self.connections[slot].tuple)
    }

    /// The timestamp that is remembered for `peer`, however old.
    pub fn remembered(&self, peer: Ipv4Addr) -> Option<PeerStamp> {
        let stamp = self.peers.known(peer)?.stamp;
        (stamp.at.0 != 0).then_some(PeerStamp { tsval: stamp.tsval, at: stamp.at })
    }

    /// The TSval of a segment of `tuple` sent at `now`.
    pub fn tsval(&self, now: SimTime, tuple: FourTuple) -> Tsval {
        self.clock.tsval(self.profile, now).plus(self.timestamp_offset(tuple))
    }

    /// The counters since boot.
    pub const fn counters(&self) -> &Mib {
        &self.mib
    }

    /// The sysctls in force.
    pub const fn sysctls(&self) -> &Sysctls {
        &self.sysctls
    }

    /// Which kernel this is.
    pub const fn version(&self) -> KernelVersion {
        self.profile.version
    }

    /// Its clocks.
    pub const fn clock(&self) -> Clock {
        self.clock
    }
}
