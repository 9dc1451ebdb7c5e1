//! The playhead: moved by animation frames or by the visitor.

use std::rc::Rc;

use sim_core::time::{SimTime, Span};

use super::{Direction, State};
use crate::playback::Mode;

/// The real time per event during playback with reduced motion, in milliseconds.
const STEP_MS: f64 = 1_400.0;

impl State {
    pub(super) fn frame(&mut self, elapsed_ms: f64) {
        if !self.playing {
            return;
        }
        if self.reduced_motion {
            self.waited_ms += elapsed_ms;
            if self.waited_ms >= STEP_MS {
                self.waited_ms = 0.0;
                match self.run.index.next_stop(self.at) {
                    Some(stop) => self.move_to(stop),
                    None => self.playing = false,
                }
            }
            return;
        }
        let (at, mode) = self.playback.advance(self.at, elapsed_ms, self.speed, self.skip_idle, &self.run.timeline);
        self.mode = mode;
        self.playing = mode != Mode::Ended;
        self.move_to(at);
    }

    pub(super) fn toggle_play(&mut self) {
        self.playing = !self.playing;
        self.begun = self.at;
        self.mode = Mode::Running;
        self.waited_ms = 0.0;
        if self.playing && self.at >= self.run.end() {
            self.take_playhead(SimTime::ZERO);
        }
    }

    pub(super) fn nudge(&mut self, seconds: f64) {
        let distance = Span::from_micros((seconds.abs() * 1e6) as u64);
        self.take_playhead(if seconds < 0.0 { self.at - distance } else { self.at + distance });
    }

    pub(super) fn step(&mut self, direction: Direction) {
        let stop = match direction {
            Direction::Back => self.run.index.previous_stop(self.at).unwrap_or(SimTime::ZERO),
            Direction::Forward => self.run.index.next_stop(self.at).unwrap_or(self.run.end()),
        };
        self.playing = false;
        self.take_playhead(stop);
    }

    pub(super) fn step_refusal(&mut self, direction: Direction) {
        let refused = match direction {
            Direction::Back => self.run.refusal_before(self.at),
            Direction::Forward => self.run.index.next_refusal(self.at),
        };
        if let Some(at) = refused.map(|refused| refused.at) {
            self.playing = false;
            self.take_playhead(at);
        }
    }

    pub(super) fn show(&mut self, record: usize) {
        if let Some(at) = self.run.trace.records.get(record).map(|record| record.at) {
            self.playing = false;
            self.take_playhead(at);
            self.chosen = Some(record);
        }
    }

    /// Moves the playhead on behalf of the visitor.
    pub(super) fn take_playhead(&mut self, at: SimTime) {
        self.playback.restart();
        self.mode = Mode::Running;
        self.move_to(at);
        self.begun = self.at;
    }

    pub(super) fn move_to(&mut self, at: SimTime) {
        let at = at.min(self.run.end());
        if at != self.at {
            self.chosen = None;
            self.at = at;
            self.snapshot = Rc::new(self.run.snapshot(at, Some(&self.snapshot)));
        }
    }
}
