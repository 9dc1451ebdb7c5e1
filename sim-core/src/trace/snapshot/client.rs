//! The client's part of a snapshot: its clock, its open connections and its current activity.

use super::{ClientView, Ended, OpenConnection, Phase, RunningTimer};
use crate::addr::FourTuple;
use crate::kernel::state::State;
use crate::time::SimTime;
use crate::trace::{Call, ConnectionId, Event, Record, Timer};

impl ClientView {
    /// The client that comes up with `record`, if it is a boot.
    pub(super) fn booting(record: &Record) -> Option<Self> {
        let Event::Booted { kernel, clock, tsval } = record.event else { return None };
        Some(Self {
            node: record.node,
            kernel,
            tsval,
            phase: Phase::Idle,
            open: Vec::new(),
            attempted: 0,
            refused: 0,
            last: None,
            clock,
            booted: record.at,
            booted_tsval: tsval,
        })
    }

    pub(super) fn apply(&mut self, record: &Record) {
        match &record.event {
            Event::Booted { .. } => {
                if let Some(booted) = Self::booting(record) {
                    *self = Self { attempted: self.attempted, refused: self.refused, last: self.last, ..booted };
                }
            }
            Event::CallReturned { call: Call::Connect { .. }, .. } => self.attempted += 1,
            Event::StateSet { tuple, old, new } => self.set_state(record, *tuple, *old, *new),
            Event::TimerSet { tuple, .. } | Event::TimerFired { tuple, .. } => {
                if let Some(open) = self.open_mut(*tuple) {
                    open.timer = RunningTimer::after(open.timer, record.at, &record.event);
                }
            }
            Event::SegmentSent { header, retransmission, .. } if header.opens() => {
                if let Some(open) = self.open_mut(header.tuple_at_receiver().reversed()) {
                    open.retries = *retransmission;
                }
            }
            Event::Left => {
                self.open.clear();
                self.booted_tsval = None;
            }
            Event::ConnectionEnded { outcome } => {
                if let Some(connection) = record.connection {
                    self.open.retain(|open| open.connection != connection);
                    self.last = Some(Ended { connection, at: record.at, outcome: *outcome });
                }
            }
            _ => {}
        }
    }

    /// A SYN of `connection` was refused by R1, for the `times`th time.
    pub(super) fn count_refusal(&mut self, connection: ConnectionId, times: u32) {
        self.refused += u32::from(times == 1);
        if let Some(open) = self.open.iter_mut().find(|open| open.connection == connection) {
            open.refused = times;
        }
    }

    /// Brings what depends on the moment alone up to it.
    pub(super) fn settle(&mut self, now: SimTime) {
        let profile = self.kernel.profile();
        let ticks = self.clock.tsval(profile, now).minus(self.clock.tsval(profile, self.booted));
        self.tsval = self.booted_tsval.map(|tsval| tsval.plus(ticks.cast_unsigned()));
        for open in &mut self.open {
            open.timer = open.timer.filter(|timer| timer.still_runs(now));
        }
        let connecting = self.open.iter().find(|open| open.state == State::SynSent).map(connecting);
        let connected = self.open.iter().find_map(connected);
        self.phase = connecting.or(connected).unwrap_or(Phase::Idle);
    }

    fn set_state(&mut self, record: &Record, tuple: FourTuple, old: State, new: State) {
        if let (State::Close, State::SynSent, Some(connection)) = (old, new, record.connection) {
            self.open.push(OpenConnection {
                connection,
                tuple,
                state: new,
                began: record.at,
                since: record.at,
                established: None,
                retries: 0,
                timer: None,
                refused: 0,
            });
        } else if let Some(open) = self.open_mut(tuple) {
            open.timer = RunningTimer::after(open.timer, record.at, &record.event);
            (open.state, open.since) = (new, record.at);
            if new == State::Established {
                open.established = Some(record.at);
            }
        }
    }

    fn open_mut(&mut self, tuple: FourTuple) -> Option<&mut OpenConnection> {
        self.open.iter_mut().rev().find(|open| open.tuple == tuple)
    }
}

fn connecting(open: &OpenConnection) -> Phase {
    let retry = open.timer.filter(|timer| timer.timer == Timer::Retransmit);
    Phase::Connecting {
        connection: open.connection,
        since: open.began,
        retries: open.retries,
        next_retry: retry.map(|timer| timer.expires),
        refused: open.refused,
    }
}

fn connected(open: &OpenConnection) -> Option<Phase> {
    open.established.map(|since| Phase::Connected { connection: open.connection, since })
}
