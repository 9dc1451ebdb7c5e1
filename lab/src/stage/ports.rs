//! How many of its ports the server has in use for the connections that it opens itself (R8).

use sim_core::kernel::state::State;
use sim_core::trace::snapshot::{Snapshot, SocketRow};

use crate::run::Run;

/// The ports of the connections that the server opens itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// How many there are.
    pub all: usize,
    /// How many a socket of the server has.
    pub in_use: usize,
    /// How many of these are in TIME_WAIT.
    pub waiting: usize,
}

/// The ports that the server has for its database, and how many are taken (R8).
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
