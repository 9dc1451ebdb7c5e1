//! The program of a client: it connects, sends a request, reads the answer and closes, again and again.

use super::open_sockets::OpenSockets;
use super::step::Step;
use crate::kernel::{SocketId, Wake};
use crate::scenario::{Scenario, Side, Traffic};
use crate::trace::{ConnectionId, Errno, Outcome};

/// The program of a client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) traffic: Traffic,
    /// Its connections.
    pub(crate) open: OpenSockets<Exchange>,
    closes_first: bool,
    pub(crate) request_bytes: u32,
    response_bytes: u32,
    /// Requests that a connection carries.
    requests: u16,
}

/// One connection of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) connection: ConnectionId,
    pub(crate) connected: bool,
    /// Bytes of the answer that have come.
    received: u32,
    /// Answers that are complete.
    answers: u16,
}

impl Client {
    pub(crate) fn new(scenario: &Scenario, traffic: Traffic) -> Self {
        Self {
            traffic,
            open: OpenSockets::default(),
            closes_first: scenario.closes_first == Side::Client,
            request_bytes: scenario.server.request_bytes,
            response_bytes: scenario.server.response_bytes,
            requests: scenario.server.requests_per_connection,
        }
    }

    /// Whether it may open one more connection.
    pub(crate) fn has_room(&self) -> bool {
        self.open.len() < usize::from(self.traffic.at_once)
    }

    /// `connect()` gave it `socket`.
    pub(crate) fn began(&mut self, socket: SocketId, connection: ConnectionId) {
        self.open.insert(socket, Exchange { connection, connected: false, received: 0, answers: 0 });
    }

    /// Its patience for a connection ends: it closes, if it is not connected by now.
    pub(crate) fn patience_ends(&mut self, socket: SocketId, connection: ConnectionId) -> Option<Step> {
        // After a boot the handle may be that of another attempt.
        self.open.slot_mut(socket).filter(|exchange| exchange.connection == connection && !exchange.connected)?;
        self.end(socket, Outcome::Failed(Errno::Etimedout))
    }

    /// The pause before the next request is over.
    pub(crate) fn pause_ends(&mut self, socket: SocketId) -> Option<Step> {
        self.open.slot_mut(socket).is_some().then_some(Step::Send(socket, self.request_bytes))
    }

    pub(super) fn woken(&mut self, wake: Wake) -> Option<Step> {
        match wake {
            Wake::Connected(socket) => {
                self.open.slot_mut(socket)?.connected = true;
                Some(Step::Send(socket, self.request_bytes))
            }
            Wake::Readable(socket, bytes) => {
                let (response_bytes, requests) = (self.response_bytes, self.requests);
                let exchange = self.open.slot_mut(socket)?;
                exchange.received += bytes;
                if exchange.received < response_bytes {
                    return None;
                }
                exchange.received -= response_bytes;
                exchange.answers += 1;
                let done = exchange.answers >= requests;
                match (done, self.closes_first) {
                    (false, _) => Some(Step::Pause(socket)),
                    (true, true) => self.end(socket, Outcome::Answered),
                    (true, false) => None,
                }
            }
            Wake::PeerClosed(socket) => {
                let complete = self.open.slot_mut(socket)?.answers >= self.requests;
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
