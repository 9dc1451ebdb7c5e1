//! A host: a kernel, a small program that uses it, and a random number generator of its own.
//!
//! The programs are small. A client connects, sends a request, reads the answer and closes, again and again. A server
//! accepts, reads, works for a while and answers. Either can be set to close first.

use crate::kernel::{Kernel, Wake};
use crate::rng::Rng;
use crate::time::SimTime;

mod client;
mod open_sockets;
mod server;
mod step;

pub(crate) use self::client::Client;
pub(crate) use self::server::Server;
pub(crate) use self::step::Step;

/// A host.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) kernel: Kernel,
    pub(crate) program: Program,
    pub(crate) rng: Rng,
    /// The key of its sequence numbers.
    pub(crate) isn_secret: u64,
    /// When the event queue lets its kernel's next timer fire; never, where none is noted.
    pub(crate) timer_noted: SimTime,
    /// How often it has booted; what was noted for an earlier boot is void.
    pub(crate) boots: u32,
    /// Whether it has left; nothing happens there any more.
    pub(crate) left: bool,
}

/// The program of a host.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    Client(Client),
    Server(Server),
}

impl Program {
    /// The next step after `wake`; `None` when the program has finished with that connection.
    pub(crate) fn woken(&mut self, wake: Wake) -> Option<Step> {
        match self {
            Self::Client(client) => client.woken(wake),
            Self::Server(server) => server.woken(wake),
        }
    }
}
