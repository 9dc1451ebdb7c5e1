//! Forks: checkpoints of a run, and continuing from one with an additional action.
//!
//! A fork is byte-identical to a fresh run that includes the action. An action precedes all other events of its time,
//! and a checkpoint before that time does not depend on when the action was added.

use core::fmt;

use super::{Recorder, Sim};
use crate::scenario::{Action, Scenario, TimedAction};
use crate::time::{SimTime, Span};
use crate::trace::Trace;

/// Copies of one run, in the order of their moments.
#[derive(Clone, Debug)]
pub struct Checkpoints<R = Trace> {
    copies: Vec<Sim<R>>,
}

/// The moment has been reached already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate {
    /// The moment of the action.
    pub at: SimTime,
    /// The moment that the simulation has reached.
    pub now: SimTime,
}

impl<R: Recorder> Sim<R> {
    /// Notes an action. Those of the same moment take place in the order in which they were noted.
    ///
    /// # Errors
    /// When that moment has been reached, other than by being at the start.
    pub fn act(&mut self, at_ms: u64, action: Action) -> Result<(), TooLate> {
        let timed = TimedAction { at_ms, action };
        let at = timed.at();
        if at < self.now || (at == self.now && self.started) {
            return Err(TooLate { at, now: self.now });
        }
        let position = self.actions.partition_point(|other| other.at() <= at);
        self.actions.insert(position, timed);
        Ok(())
    }
}

impl Checkpoints<Trace> {
    /// Runs `scenario` to its end and keeps a copy of its start, of every moment that is a multiple of `every`, and of
    /// its end.
    pub fn of(scenario: &Scenario, every: Span) -> Self {
        let mut sim = Sim::new(scenario);
        let mut copies = vec![sim.clone()];
        let every = every.max(Span::from_millis(1));
        while sim.now() < sim.end() {
            sim.run_until(sim.now() + every);
            copies.push(sim.clone());
        }
        Self { copies }
    }

    /// The whole run.
    pub fn trace(&self) -> Option<Trace> {
        self.copies.last().cloned().map(Sim::into_trace)
    }
}

impl<R: Recorder + Clone> Checkpoints<R> {
    /// The run with one action more, up to its end.
    ///
    /// # Errors
    /// Never for a moment of the run: its start is always kept.
    pub fn fork(&self, at_ms: u64, action: Action) -> Result<Sim<R>, TooLate> {
        let at = SimTime::from_millis(at_ms);
        let before = self.copies.partition_point(|copy| copy.now() < at).saturating_sub(1);
        let Some(copy) = self.copies.get(before) else { return Err(TooLate { at, now: SimTime::ZERO }) };
        let mut fork = copy.clone();
        fork.act(at_ms, action)?;
        fork.run_until(fork.end());
        Ok(fork)
    }
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the simulation has reached {} and takes no action for {}", self.now, self.at)
    }
}

impl std::error::Error for TooLate {}
