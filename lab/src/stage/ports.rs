//! The source ports that the server uses for its own connections (rule R8).

use sim_core::kernel::state::State;
use sim_core::trace::snapshot::{Snapshot, SocketRow};

use crate::run::Run;

/// The source ports of the server's own connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The number of ports in `net.ipv4.ip_local_port_range`.
    pub all: usize,
    /// The number of ports that a socket holds.
    pub in_use: usize,
    /// The number of ports held by a socket in TIME_WAIT.
    pub waiting: usize,
}

/// The port usage at the moment of `snapshot`; `None` without a database.
pub fn ports(run: &Run, snapshot: &Snapshot) -> Option<Ports> {
    let database = run.scenario.database.as_ref()?;
    let (low, high) = snapshot.server.sysctls.ip_local_port_range;
    let own = snapshot
        .server
        .sockets
        .iter()
        .filter(|socket| socket.tuple.remote.addr == database.addr && socket.tuple.remote.port == database.port);
    let (waiting, open): (Vec<&SocketRow>, Vec<&SocketRow>) = own.partition(|socket| socket.state == State::TimeWait);
    let all = usize::from(high.saturating_sub(low)) + 1;
    Some(Ports { all, in_use: waiting.len() + open.len(), waiting: waiting.len() })
}
