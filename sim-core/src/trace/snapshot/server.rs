//! The server's part of a snapshot: its sockets, remembered timestamps, counters and settings.

use super::{CounterRow, Listening, Remembered, RunningTimer, ServerView, SocketRow};
use crate::addr::FourTuple;
use crate::kernel::Clock;
use crate::kernel::counter::Counter;
use crate::kernel::state::State;
use crate::kernel_version::{KernelVersion, PAWS_MSL_S};
use crate::sysctl::Sysctls;
use crate::time::SimTime;
use crate::trace::{Call, CallResult, Event, NodeId, Record};

impl ServerView {
    /// A server before its first record; what it holds is never seen, since a run begins with a boot.
    pub(super) fn unbooted(node: NodeId) -> Self {
        let clock = Clock { hz: 1_000, uptime_us: 0, wall_us: 0 };
        Self::booted(node, KernelVersion::V4_9, clock, SimTime::ZERO)
    }

    /// A server that has just booted: no sockets, no memory, counters at zero, sysctls at their defaults.
    fn booted(node: NodeId, kernel: KernelVersion, clock: Clock, busy: SimTime) -> Self {
        let profile = kernel.profile();
        let existing = Counter::ALL.iter().copied().filter(|counter| counter.exists(profile));
        Self {
            node,
            kernel,
            clock,
            sysctls: Sysctls::defaults(profile),
            listening: None,
            sockets: Vec::new(),
            remembered: Vec::new(),
            counters: existing.map(|counter| CounterRow { counter, value: 0, rose: None, by: 0 }).collect(),
            busy,
        }
    }

    /// Takes one record of the server; `client` made the connection that it belongs to.
    pub(super) fn apply(&mut self, record: &Record, client: Option<NodeId>) {
        if record.at > self.busy {
            self.busy = record.at;
            self.counters.iter_mut().for_each(|row| row.by = 0);
        }
        match &record.event {
            Event::Booted { kernel, clock, .. } => *self = Self::booted(self.node, *kernel, *clock, record.at),
            Event::StateSet { tuple, old, new } => self.set_state(record, client, *tuple, *old, *new),
            Event::TimerSet { tuple, .. } | Event::TimerFired { tuple, .. } => {
                if let Some(socket) = self.socket_mut(*tuple) {
                    socket.timer = RunningTimer::after(socket.timer, record.at, &record.event);
                }
            }
            Event::StampRemembered { peer, tsval, at } => self.remember(Remembered {
                peer: *peer,
                tsval: *tsval,
                at: *at,
                written: record.at,
                written_by: client,
                age_s: 0,
                counts: true,
            }),
            Event::CounterAdded { counter, total } => self.count(*counter, *total, record.at),
            Event::CallReturned { call, result: CallResult::Done(tuple) } => self.called(*call, *tuple),
            Event::SysctlSet { key, value, error: None } => {
                // The kernel took the value, so this model of it does.
                let _ = self.sysctls.write(self.kernel.profile(), key, value);
            }
            _ => {}
        }
    }

    /// Brings what depends on the moment alone up to it.
    pub(super) fn settle(&mut self, now: SimTime) {
        let second = self.clock.seconds(self.kernel.profile(), now);
        for stamp in &mut self.remembered {
            stamp.age_s = second.since(stamp.at);
            stamp.counts = stamp.age_s < PAWS_MSL_S;
        }
        for socket in &mut self.sockets {
            socket.timer = socket.timer.filter(|timer| timer.still_runs(now));
        }
        let waiting = |socket: &&SocketRow| !socket.accepted && waits_for_accept(socket.state);
        let waiting = self.sockets.iter().filter(waiting).count() as u32;
        if let Some(listening) = &mut self.listening {
            listening.waiting = waiting;
        }
    }

    fn set_state(&mut self, record: &Record, client: Option<NodeId>, tuple: FourTuple, old: State, new: State) {
        let position = self.sockets.iter().rposition(|socket| socket.tuple == tuple);
        match position {
            Some(position) if new == State::Close => {
                self.sockets.remove(position);
            }
            Some(position) if old != State::Close => {
                let socket = &mut self.sockets[position];
                socket.timer = RunningTimer::after(socket.timer, record.at, &record.event);
                (socket.state, socket.since) = (new, record.at);
            }
            _ if new != State::Close => self.sockets.push(SocketRow {
                tuple,
                state: new,
                since: record.at,
                timer: None,
                connection: record.connection,
                client,
                accepted: false,
            }),
            _ => {}
        }
    }

    fn socket_mut(&mut self, tuple: FourTuple) -> Option<&mut SocketRow> {
        self.sockets.iter_mut().rev().find(|socket| socket.tuple == tuple)
    }

    fn remember(&mut self, stamp: Remembered) {
        match self.remembered.iter_mut().find(|known| known.peer == stamp.peer) {
            Some(known) => *known = stamp,
            None => self.remembered.push(stamp),
        }
    }

    fn count(&mut self, counter: Counter, total: u64, at: SimTime) {
        if let Some(row) = self.counters.iter_mut().find(|row| row.counter == counter) {
            row.by += total.saturating_sub(row.value);
            (row.value, row.rose) = (total, Some(at));
        }
    }

    fn called(&mut self, call: Call, tuple: Option<FourTuple>) {
        match call {
            Call::Listen { port, backlog } => {
                let backlog = backlog.min(self.sysctls.somaxconn);
                self.listening = Some(Listening { port, backlog, waiting: 0 });
            }
            Call::Accept => {
                if let Some(socket) = tuple.and_then(|tuple| self.socket_mut(tuple)) {
                    socket.accepted = true;
                }
            }
            Call::Connect { .. } | Call::Send { .. } | Call::Close => {}
        }
    }
}

/// Whether a socket that nobody has accepted sits in the accept queue.
const fn waits_for_accept(state: State) -> bool {
    matches!(state, State::Established | State::CloseWait)
}
