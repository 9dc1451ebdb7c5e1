//! What a program that was woken does next.

use crate::kernel::SocketId;
use crate::trace::{ConnectionId, Outcome};

/// The next step of a program that was woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Takes the connection that waits at this port.
    Accept(u16),
    /// Sends this many bytes.
    Send(SocketId, u32),
    /// Waits for a moment, and then sends the next request.
    Pause(SocketId),
    /// Works on the answer.
    Work(SocketId),
    /// Calls the database for what this connection asks.
    Ask(SocketId),
    /// Is done with the database.
    Asked(Query, Outcome),
    /// Closes; for a client that is how the attempt ended.
    Close(SocketId, Option<(ConnectionId, Outcome)>),
}

/// A query to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) socket: SocketId,
    pub(crate) connection: ConnectionId,
    /// The connection whose request it is for.
    pub(crate) asked_by: SocketId,
    /// Bytes of the answer that have come.
    pub(super) received: u32,
}
