//! The program of a server: it accepts, reads, works for a while and answers, or asks a database first.

use super::open_sockets::OpenSockets;
use super::step::{Query, Step};
use crate::addr::Endpoint;
use crate::kernel::{SocketId, Wake};
use crate::scenario::{DatabaseSetup, Scenario, Side};
use crate::time::Span;
use crate::trace::{ConnectionId, Errno, Outcome};

/// The program of a server.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// The connections that the kernel spoke of and that are not done.
    open: OpenSockets<Served>,
    pub(crate) port: u16,
    pub(crate) backlog: u32,
    pub(crate) service: Span,
    closes_first: bool,
    request_bytes: u32,
    pub(crate) response_bytes: u32,
    /// Requests that a connection carries.
    requests: u16,
    /// Whether it calls `accept()`.
    pub(crate) accepting: bool,
    /// Where its database is, and how many bytes a query has.
    pub(crate) database: Option<(Endpoint, u32)>,
    answer_bytes: u32,
    /// The queries under way.
    queries: OpenSockets<Query>,
}

/// A connection of a server.
#[derive(Clone, Copy, Debug, Default)]
struct Served {
    accepted: bool,
    /// Whether the peer closed or the connection broke before it was accepted.
    over: bool,
    /// Bytes of the request that have come.
    received: u32,
    /// Answers that have been sent.
    answers: u16,
}

impl Server {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let setup = &scenario.server;
        let database = scenario.database.as_ref();
        Self {
            open: OpenSockets::default(),
            port: setup.port,
            backlog: setup.backlog,
            service: Span::from_millis(u64::from(setup.service_ms)),
            closes_first: scenario.closes_first == Side::Server,
            request_bytes: setup.request_bytes,
            response_bytes: setup.response_bytes,
            requests: setup.requests_per_connection,
            accepting: true,
            database: database.map(|setup| (Endpoint::new(setup.addr, setup.port), setup.request_bytes)),
            answer_bytes: database.map_or(0, |setup| setup.response_bytes),
            queries: OpenSockets::default(),
        }
    }

    /// The program of a database. Who asks it closes first.
    pub(crate) fn database(setup: &DatabaseSetup) -> Self {
        Self {
            open: OpenSockets::default(),
            port: setup.port,
            // `listen()` gets `somaxconn` of Linux before 5.4.
            backlog: 128,
            service: Span::from_millis(u64::from(setup.service_ms)),
            closes_first: false,
            request_bytes: setup.request_bytes,
            response_bytes: setup.response_bytes,
            requests: 1,
            accepting: true,
            database: None,
            answer_bytes: 0,
            queries: OpenSockets::default(),
        }
    }

    /// `accept()` gave it `socket`. Bytes may have come before.
    pub(crate) fn accepted(&mut self, socket: SocketId) -> Option<Step> {
        let served = self.open.slot_or_default(socket);
        served.accepted = true;
        if served.over {
            self.open.remove(socket);
            return Some(Step::Close(socket, None));
        }
        self.next_request(socket)
    }

    /// The answer for a connection is ready: whether the connection still waits for it, and whether it is the last.
    pub(crate) fn answers(&mut self, socket: SocketId) -> Option<bool> {
        let served = self.open.slot_mut(socket)?;
        served.answers += 1;
        let last = self.closes_first && served.answers >= self.requests;
        if last {
            self.open.remove(socket);
        }
        Some(last)
    }

    /// `connect()` to the database gave it `socket`.
    pub(crate) fn asks(&mut self, socket: SocketId, connection: ConnectionId, asked_by: SocketId) {
        self.queries.insert(socket, Query { socket, connection, asked_by, received: 0 });
    }

    /// There will be no answer for this connection.
    pub(crate) fn fails(&mut self, socket: SocketId) -> Option<Step> {
        self.open.remove(socket).map(|_| Step::Close(socket, None))
    }

    pub(super) fn woken(&mut self, wake: Wake) -> Option<Step> {
        match wake {
            Wake::Acceptable { port } => self.accepting.then_some(Step::Accept(port)),
            Wake::Readable(socket, bytes) => match self.queries.slot_mut(socket) {
                Some(query) => {
                    query.received += bytes;
                    let done = query.received >= self.answer_bytes;
                    if done { self.asked(socket, Outcome::Answered) } else { None }
                }
                None => {
                    self.open.slot_or_default(socket).received += bytes;
                    self.next_request(socket)
                }
            },
            Wake::PeerClosed(socket) => self.over(socket, Errno::Econnreset),
            Wake::Failed(socket, errno) => self.over(socket, errno),
            Wake::Connected(socket) => {
                let (_, bytes) = self.database?;
                self.queries.slot_mut(socket).map(|query| Step::Send(query.socket, bytes))
            }
            Wake::Finished(_) => None,
        }
    }

    /// Begins with the next request of a connection, if it is complete.
    fn next_request(&mut self, socket: SocketId) -> Option<Step> {
        let served = self.open.slot_mut(socket)?;
        if !served.accepted || served.received < self.request_bytes {
            return None;
        }
        served.received -= self.request_bytes;
        Some(if self.database.is_some() { Step::Ask(socket) } else { Step::Work(socket) })
    }

    /// A connection is over: for a query that is a failure, for any other one a reason to close, once it is accepted.
    fn over(&mut self, socket: SocketId, errno: Errno) -> Option<Step> {
        if self.queries.slot_mut(socket).is_some() {
            return self.asked(socket, Outcome::Failed(errno));
        }
        let served = self.open.slot_or_default(socket);
        served.over = true;
        if served.accepted { self.fails(socket) } else { None }
    }

    fn asked(&mut self, socket: SocketId, outcome: Outcome) -> Option<Step> {
        Some(Step::Asked(self.queries.remove(socket)?, outcome))
    }
}
