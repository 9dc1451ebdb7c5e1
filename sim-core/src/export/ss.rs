//! The server's sockets as `ss -tan` prints them: LISTEN first, then the others in the order of their creation.

use core::fmt::Display;

use crate::time::SimTime;
use crate::trace::Timer;
use crate::trace::snapshot::{Listening, RunningTimer, Snapshot, SocketRow};

/// The line over the columns, which are as wide as an address can be, so that a line fits beside the other parts of the
/// page.
pub const HEADER: &str = "State      Recv-Q Send-Q   Local Address:Port     Peer Address:Port";

/// The lines under [`HEADER`].
pub fn lines(snapshot: &Snapshot) -> Vec<String> {
    let listening = snapshot.server.listening.iter().map(listening_line);
    listening.chain(snapshot.server.sockets.iter().map(socket_line)).collect()
}

/// The line of a LISTEN socket: connections that wait for `accept()`, and how many may.
pub fn listening_line(socket: &Listening) -> String {
    columns("LISTEN", socket.waiting, socket.backlog, ("0.0.0.0", &socket.port), ("0.0.0.0", &"*"))
}

/// The line of any other socket. The queues of the model are always empty: its programs read at once.
pub fn socket_line(socket: &SocketRow) -> String {
    let (local, remote) = (socket.tuple.local, socket.tuple.remote);
    let (from, to) = (local.addr.to_string(), remote.addr.to_string());
    columns(socket.state.name(), 0, 0, (&from, &local.port), (&to, &remote.port))
}

/// What `ss -o` adds for the running timer, such as `timer:(timewait,42sec,0)`.
///
/// The tool prints milliseconds after a dot for times under ten seconds and calls them `ms`: 3.5 s is `3.500ms`.
pub fn timer(timer: &RunningTimer, now: SimTime) -> String {
    let name = match timer.timer {
        Timer::Retransmit => "on",
        Timer::TimeWait | Timer::FinWait2 => "timewait",
    };
    let left_ms = timer.left(now).as_millis();
    let (s, ms) = (left_ms / 1_000, left_ms % 1_000);
    let left = match s {
        0 if ms == 0 => String::new(),
        0 => format!("{ms:03}ms"),
        1..10 if ms > 0 => format!("{s}.{ms:03}ms"),
        1..60 => format!("{s}sec"),
        _ if s % 60 == 0 || s >= 600 => format!("{}min", s / 60),
        _ => format!("{}min{}sec", s / 60, s % 60),
    };
    format!("timer:({name},{left},0)")
}

fn columns(state: &str, recv_q: u32, send_q: u32, local: (&str, &dyn Display), peer: (&str, &dyn Display)) -> String {
    let line = format!(
        "{state:<10} {recv_q:<6} {send_q:<6} {:>15}:{:<5} {:>15}:{}",
        local.0,
        local.1.to_string(),
        peer.0,
        peer.1
    );
    line.trim_end().to_owned()
}
