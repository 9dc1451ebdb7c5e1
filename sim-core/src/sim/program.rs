//! The programs at work: their decisions become calls of their kernels.

use super::environment::Cause;
use super::{Recorder, Sim};
use crate::addr::Endpoint;
use crate::event_queue::Due;
use crate::host::{Client, Program, Server, Step};
use crate::kernel::SocketId;
use crate::time::Span;
use crate::trace::{ConnectionId, Event, NodeId, Outcome};

impl<R: Recorder> Sim<R> {
    /// Lets the program of `node` look at all that it was woken for.
    pub(super) fn serve(&mut self, node: NodeId) {
        while let Some(wake) = self.wakes.pop_front() {
            if let Some(step) = self.host_mut(node).program.woken(wake) {
                self.take_step(node, step);
            }
        }
    }

    /// An attempt to connect is due. It is left out where the client is busy with as many as it will have.
    pub(super) fn request_is_due(&mut self, node: NodeId) {
        let now = self.now;
        let host = self.host_mut(node);
        let Program::Client(client) = &host.program else { return };
        let (traffic, has_room) = (client.traffic, client.has_room());
        let wait = host.rng.env(u64::from(traffic.interval_ms) * 1_000, u64::from(traffic.jitter_ms) * 1_000);
        self.world.event_queue.note(now + Span::from_micros(wait), Due::Request { node });
        if has_room {
            self.connect(node, traffic.patience_ms);
        }
    }

    /// The client waits no longer for this connection.
    pub(super) fn patience_ends(&mut self, node: NodeId, socket: SocketId, connection: ConnectionId) {
        if let Some(step) = self.client_mut(node).and_then(|client| client.patience_ends(socket, connection)) {
            self.take_step(node, step);
            self.serve(node);
        }
    }

    /// The server has worked on an answer for long enough.
    pub(super) fn answer_is_ready(&mut self, node: NodeId, socket: SocketId, boots: u32) {
        let same_boot = self.host_mut(node).boots == boots;
        let Some(server) = self.server_mut(node).filter(|_| same_boot) else { return };
        let bytes = server.response_bytes;
        let Some(last) = server.answers(socket) else { return };
        self.take_step(node, Step::Send(socket, bytes));
        if last {
            self.take_step(node, Step::Close(socket, None));
        }
        self.serve(node);
    }

    /// The client sends the next request of a connection.
    pub(super) fn pause_ends(&mut self, node: NodeId, socket: SocketId, boots: u32) {
        let same_boot = self.host_mut(node).boots == boots;
        let client = self.client_mut(node).filter(|_| same_boot);
        if let Some(step) = client.and_then(|client| client.pause_ends(socket)) {
            self.take_step(node, step);
            self.serve(node);
        }
    }

    /// The server's program stops calling `accept()`, or resumes and accepts all waiting connections.
    pub(super) fn set_accepting(&mut self, node: NodeId, accepting: bool) {
        let Some(server) = self.server_mut(node) else { return };
        server.accepting = accepting;
        let port = server.port;
        while accepting && self.accept(node, port) {}
        self.serve(node);
    }

    fn take_step(&mut self, node: NodeId, step: Step) {
        let boots = self.host_mut(node).boots;
        match step {
            Step::Accept(port) => {
                self.accept(node, port);
            }
            Step::Send(socket, bytes) => {
                // A connection that broke meanwhile says so by a wake of its own.
                let _ = self.at_door(node, Cause::Itself, |kernel, now, env| kernel.send(now, socket, bytes, env));
            }
            Step::Pause(socket) => {
                let pause_ms = self.client_mut(node).and_then(|client| client.traffic.pause_ms).unwrap_or(0);
                let ends = self.now + Span::from_millis(u64::from(pause_ms));
                self.world.event_queue.note(ends, Due::NextRequest { node, socket, boots });
            }
            Step::Work(socket) => {
                let service = self.server_mut(node).map_or(Span::ZERO, |server| server.service);
                self.world.event_queue.note(self.now + service, Due::Answer { node, socket, boots });
            }
            Step::Ask(socket) => self.ask(node, socket),
            Step::Asked(query, outcome) => {
                self.take_step(node, Step::Close(query.socket, Some((query.connection, outcome))));
                match outcome {
                    Outcome::Answered => self.take_step(node, Step::Work(query.asked_by)),
                    Outcome::Failed(_) => self.give_up(node, query.asked_by),
                }
            }
            Step::Close(socket, ended) => {
                self.at_door(node, Cause::Itself, |kernel, now, env| kernel.close(now, socket, env));
                if let Some((connection, outcome)) = ended {
                    self.world.record(self.now, node, None, Some(connection), Event::ConnectionEnded { outcome });
                }
            }
        }
    }

    /// Takes the connection that waits at `port`; whether there was one.
    fn accept(&mut self, node: NodeId, port: u16) -> bool {
        let accepted = self.at_door(node, Cause::Itself, |kernel, now, env| kernel.accept(now, port, env));
        let Some((socket, server)) = accepted.zip(self.server_mut(node)) else { return false };
        if let Some(step) = server.accepted(socket) {
            self.take_step(node, step);
        }
        true
    }

    /// The server calls its database on behalf of `asked_by`.
    fn ask(&mut self, node: NodeId, asked_by: SocketId) {
        let Some((remote, _)) = self.server_mut(node).and_then(|server| server.database) else { return };
        let connection = self.world.next_connection();
        let cause = Cause::Attempt(connection);
        match self.at_door(node, cause, |kernel, now, env| kernel.connect(now, remote, None, env)) {
            Ok(socket) => {
                if let Some(server) = self.server_mut(node) {
                    server.asks(socket, connection, asked_by);
                }
            }
            Err(errno) => {
                let outcome = Outcome::Failed(errno);
                self.world.record(self.now, node, None, Some(connection), Event::ConnectionEnded { outcome });
                self.give_up(node, asked_by);
            }
        }
    }

    /// The server has no answer, so it closes without one.
    fn give_up(&mut self, node: NodeId, socket: SocketId) {
        if let Some(step) = self.server_mut(node).and_then(|server| server.fails(socket)) {
            self.take_step(node, step);
        }
    }

    /// Begins an attempt.
    pub(super) fn connect(&mut self, node: NodeId, patience_ms: Option<u32>) {
        let remote = Endpoint::new(self.scenario.server.addr, self.scenario.server.port);
        let connection = self.world.next_connection();
        let cause = Cause::Attempt(connection);
        match self.at_door(node, cause, |kernel, now, env| kernel.connect(now, remote, None, env)) {
            Ok(socket) => {
                if let Some(client) = self.client_mut(node) {
                    client.began(socket, connection);
                }
                if let Some(patience_ms) = patience_ms {
                    let ends = self.now + Span::from_millis(u64::from(patience_ms));
                    self.world.event_queue.note(ends, Due::PatienceEnds { node, socket, connection });
                }
            }
            Err(errno) => {
                let outcome = Outcome::Failed(errno);
                self.world.record(self.now, node, None, Some(connection), Event::ConnectionEnded { outcome });
            }
        }
    }

    fn client_mut(&mut self, node: NodeId) -> Option<&mut Client> {
        match &mut self.host_mut(node).program {
            Program::Client(client) => Some(client),
            Program::Server(_) => None,
        }
    }

    fn server_mut(&mut self, node: NodeId) -> Option<&mut Server> {
        match &mut self.host_mut(node).program {
            Program::Server(server) => Some(server),
            Program::Client(_) => None,
        }
    }
}
