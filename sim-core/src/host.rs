//! A host: a kernel, a small program on top of it, and its own stream of chance.
//!
//! The programs are as small as the story needs. A client connects, sends a request, reads the answer and closes,
//! again and again. A server accepts, reads, works for a while and answers. Either may be told to close first.

mod open;

use self::open::Open;
use crate::kernel::{Kernel, SocketId, Wake};
use crate::rng::Rng;
use crate::scenario::{Scenario, Side, Traffic};
use crate::time::{SimTime, Span};
use crate::trace::{ConnectionId, Errno, Outcome};

/// A host.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) kernel: Kernel,
    pub(crate) program: Program,
    pub(crate) rng: Rng,
    /// The key of its sequence numbers.
    pub(crate) isn_secret: u64,
    /// When the agenda lets its kernel's next timer fire; never, where none is noted.
    pub(crate) timer_noted: SimTime,
    /// How often it has booted; what was noted for an earlier boot is void.
    pub(crate) boots: u32,
}

/// What runs on a host.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    Client(Client),
    Server(Server),
}

/// The program of a client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) traffic: Traffic,
    /// Its connections.
    pub(crate) open: Open<Exchange>,
    pub(crate) closes_first: bool,
    pub(crate) request_bytes: u32,
    pub(crate) response_bytes: u32,
}

/// One connection of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) connection: ConnectionId,
    pub(crate) connected: bool,
    /// Bytes of the answer that have come.
    pub(crate) received: u32,
}

/// The program of a server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Bytes of the request that have come, for each connection that waits for more or for its answer.
    pub(crate) open: Open<u32>,
    pub(crate) port: u16,
    pub(crate) backlog: u32,
    pub(crate) service: Span,
    pub(crate) closes_first: bool,
    pub(crate) request_bytes: u32,
    pub(crate) response_bytes: u32,
}

/// What a program does next, once it was woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Takes the connection that waits at this port.
    Accept(u16),
    /// Sends this many bytes.
    Send(SocketId, u32),
    /// Works on the answer.
    Work(SocketId),
    /// Closes; for a client that is how the attempt ended.
    Close(SocketId, Option<(ConnectionId, Outcome)>),
}

impl Program {
    /// What follows from `wake`; nothing, when it is about a connection that the program is done with.
    pub(crate) fn woken(&mut self, wake: Wake) -> Option<Step> {
        match self {
            Self::Client(client) => client.woken(wake),
            Self::Server(server) => server.woken(wake),
        }
    }
}

impl Client {
    pub(crate) fn new(scenario: &Scenario, traffic: Traffic) -> Self {
        Self {
            traffic,
            open: Open::default(),
            closes_first: scenario.closes_first == Side::Client,
            request_bytes: scenario.server.request_bytes,
            response_bytes: scenario.server.response_bytes,
        }
    }

    /// Whether it may open one more connection.
    pub(crate) fn has_room(&self) -> bool {
        self.open.len() < usize::from(self.traffic.at_once)
    }

    /// `connect()` gave it `socket`.
    pub(crate) fn began(&mut self, socket: SocketId, connection: ConnectionId) {
        self.open.insert(socket, Exchange { connection, connected: false, received: 0 });
    }

    /// Its patience for a connection ends: it closes, if it is not connected by now.
    pub(crate) fn patience_ends(&mut self, socket: SocketId) -> Option<Step> {
        self.open.slot_mut(socket).filter(|exchange| !exchange.connected)?;
        self.end(socket, Outcome::Failed(Errno::Etimedout))
    }

    fn woken(&mut self, wake: Wake) -> Option<Step> {
        match wake {
            Wake::Connected(socket) => {
                self.open.slot_mut(socket)?.connected = true;
                Some(Step::Send(socket, self.request_bytes))
            }
            Wake::Readable(socket, bytes) => {
                let exchange = self.open.slot_mut(socket)?;
                exchange.received += bytes;
                let done = exchange.received >= self.response_bytes;
                if done && self.closes_first { self.end(socket, Outcome::Answered) } else { None }
            }
            Wake::PeerClosed(socket) => {
                let complete = self.open.slot_mut(socket)?.received >= self.response_bytes;
                // An answer that breaks off is no answer.
                self.end(socket, if complete { Outcome::Answered } else { Outcome::Failed(Errno::Econnreset) })
            }
            Wake::Failed(socket, errno) => self.end(socket, Outcome::Failed(errno)),
            Wake::Acceptable { .. } | Wake::Finished(_) => None,
        }
    }

    fn end(&mut self, socket: SocketId, outcome: Outcome) -> Option<Step> {
        let exchange = self.open.remove(socket)?;
        Some(Step::Close(socket, Some((exchange.connection, outcome))))
    }
}

impl Server {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            open: Open::default(),
            port: scenario.server.port,
            backlog: scenario.server.backlog,
            service: Span::from_millis(u64::from(scenario.server.service_ms)),
            closes_first: scenario.closes_first == Side::Server,
            request_bytes: scenario.server.request_bytes,
            response_bytes: scenario.server.response_bytes,
        }
    }

    /// The answer for a connection is ready: whether the connection still waits for it.
    pub(crate) fn answers(&self, socket: SocketId) -> bool {
        self.open.contains(socket)
    }

    fn woken(&mut self, wake: Wake) -> Option<Step> {
        match wake {
            Wake::Acceptable { port } => Some(Step::Accept(port)),
            Wake::Readable(socket, bytes) => {
                let received = self.open.slot_or_default(socket);
                let before = *received;
                *received += bytes;
                let complete = before < self.request_bytes && *received >= self.request_bytes;
                complete.then_some(Step::Work(socket))
            }
            Wake::PeerClosed(socket) | Wake::Failed(socket, _) => {
                self.open.remove(socket).map(|_| Step::Close(socket, None))
            }
            Wake::Connected(_) | Wake::Finished(_) => None,
        }
    }
}
