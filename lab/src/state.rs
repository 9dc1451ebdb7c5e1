//! The state of the page, and how each action changes it. It does not depend on the browser: events come in as actions,
//! and the views read the state.

mod edit;
mod history;
mod side_by_side;
mod time;

use std::cell::RefCell;
use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::SimTime;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::Snapshot;

pub use self::history::Forked;
use self::history::{History, RunCache};
use crate::anomaly::Anomaly;
use crate::baseline::Baseline;
use crate::comparison::side_by_side::SideBySide;
use crate::plan::{Base, Change, Key, Place, Plan};
use crate::playback::{Mode, Playback, Speed};
use crate::route::{Rejected, Route};
use crate::run::{Run, SharedRun};
use crate::tab::Tab;

/// A direction in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Earlier.
    Back,
    /// Later.
    Forward,
}

/// An event that changes the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The browser navigated to another address of the page.
    Arrive(Route, Vec<Rejected>),
    /// This many real milliseconds have passed.
    Frame(f64),
    /// Starts or pauses playback.
    TogglePlay,
    /// Pauses playback.
    Pause,
    /// Moves the playhead to this moment.
    Seek(SimTime),
    /// Moves the playhead by this many seconds; a negative number moves it back.
    Nudge(f64),
    /// Moves the playhead to the next or previous event.
    Step(Direction),
    /// Moves the playhead to the next or previous refusal.
    StepRefusal(Direction),
    /// Selects a record of the trace and moves the playhead to it.
    Show(usize),
    /// Opens another tab.
    OpenTab(Tab),
    /// Opens another scenario at its start.
    Open(Base),
    /// Sets a switch of the server.
    Set(Key, u8),
    /// Sets the server's kernel from time 0.
    SetKernel(KernelVersion),
    /// Adds a host.
    Add(Place),
    /// Removes a change.
    Remove(Change),
    /// Makes a change take effect from time 0.
    FromStart(Change),
    /// Returns to the previous plan.
    Undo,
    /// Returns to the plan that was undone last.
    Redo,
    /// Sets the playback speed.
    SetSpeed(Speed),
    /// Selects the next slower or faster speed.
    StepSpeed(Direction),
    /// Selects the run to compare with.
    Compare(Baseline),
    /// Sets whether playback skips idle time.
    SetSkipIdle(bool),
    /// Sets whether the visitor prefers reduced motion.
    SetReducedMotion(bool),
    /// Closes the notices.
    Dismiss,
}

/// The state of the page. Everything that the page shows follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The visitor's settings.
    pub plan: Rc<Plan>,
    /// The run of the plan.
    pub run: SharedRun,
    /// The position of the playhead.
    pub at: SimTime,
    /// The state of all nodes at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// The record that was selected in the log. It is cleared when the playhead moves.
    pub chosen: Option<usize>,
    /// Whether playback is running.
    pub playing: bool,
    /// What playback is doing.
    pub mode: Mode,
    /// The playback speed.
    pub speed: Speed,
    /// Whether playback skips idle time.
    pub skip_idle: bool,
    /// Whether motion is reduced: segments are drawn as arrows, and playback goes from event to event.
    pub reduced_motion: bool,
    /// The open tab.
    pub tab: Tab,
    /// The parameters of the address that were rejected.
    pub notices: Rc<Vec<Rejected>>,
    /// The effect of the last change, in one line.
    pub status_line: Option<Rc<str>>,
    playback: Playback,
    /// The position at which playback began or to which the visitor moved it last. The address holds this position
    /// during playback, instead of every frame.
    begun: SimTime,
    waited_ms: f64,
    history: Rc<History>,
    /// The last few runs with their plans. Returning to one of them needs no new run.
    kept: Rc<RefCell<RunCache>>,
    /// The run to compare with, if the visitor chose one.
    baseline: Option<Baseline>,
    /// The comparison, while its tab is open.
    side_by_side: Option<Rc<SideBySide>>,
    /// Where this run differs from the run before the last change.
    forked: Option<Rc<Forked>>,
}

impl State {
    /// The state for `route`.
    pub fn open(route: Route, rejected: Vec<Rejected>, reduced_motion: bool) -> Self {
        let run = Run::of(&route.plan);
        let at = route.at.unwrap_or_else(|| opening(&route.plan, &run)).min(run.end());
        let snapshot = Rc::new(run.snapshot(at, None));
        let plan = Rc::new(route.plan);
        let mut state = Self {
            kept: Rc::new(RefCell::new(RunCache::of(&plan, &run))),
            plan,
            run,
            at,
            snapshot,
            chosen: None,
            playing: route.play,
            mode: Mode::Running,
            speed: Speed::DEFAULT,
            skip_idle: true,
            reduced_motion,
            tab: route.tab,
            notices: Rc::new(rejected),
            status_line: None,
            playback: Playback::default(),
            begun: at,
            waited_ms: 0.0,
            history: Rc::default(),
            baseline: route.baseline,
            side_by_side: None,
            forked: None,
        };
        state.fork();
        state.compare();
        state.reject_baseline();
        state
    }

    /// The address of this state.
    pub fn route(&self) -> Route {
        let at = if self.playing { self.begun } else { self.at };
        let at = (at != opening(&self.plan, &self.run)).then_some(at);
        Route { plan: (*self.plan).clone(), at, play: self.playing, tab: self.tab, baseline: self.chosen_baseline() }
    }

    /// The record that the page explains: the selected one if it is an anomaly, or else the refusal for which a host is
    /// waiting, or else the last anomaly before the playhead.
    pub fn anomaly(&self) -> Option<(usize, Anomaly)> {
        let chosen = self.chosen.and_then(|chosen| self.run.anomaly_at(chosen));
        let waited_for = || self.run.anomaly_at(self.run.refusal_on_stage(&self.snapshot)?.record);
        chosen.or_else(waited_for).or_else(|| self.run.last_anomaly(self.at))
    }

    /// The refusal that the page explains, if the explained record is one.
    pub fn refusal(&self) -> Option<&RefusedSyn> {
        self.run.index.refusal_at(self.anomaly()?.0)
    }

    /// Whether there is a change to undo.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is a change to redo.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Applies `action`.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Arrive(route, rejected) => self.arrive(route, rejected),
            Action::Frame(elapsed_ms) => self.frame(elapsed_ms),
            Action::TogglePlay => self.toggle_play(),
            Action::Pause => self.playing = false,
            Action::Seek(at) => self.take_playhead(at),
            Action::Nudge(seconds) => self.nudge(seconds),
            Action::Step(direction) => self.step(direction),
            Action::StepRefusal(direction) => self.step_refusal(direction),
            Action::Show(record) => self.show(record),
            Action::OpenTab(tab) => {
                self.tab = tab;
                self.compare();
            }
            Action::Compare(baseline) => {
                self.baseline = Some(baseline);
                self.compare();
            }
            Action::Open(base) => self.open_scenario(base),
            Action::Set(key, value) => self.set(key, value),
            Action::SetKernel(kernel) => {
                let plan = Plan { kernel, ..(*self.plan).clone() };
                self.change(plan, self.at, None);
            }
            Action::Add(place) => self.add(place),
            Action::Remove(change) => self.remove(change),
            Action::FromStart(change) => self.move_to_start(change),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::SetSpeed(speed) => self.speed = speed,
            Action::StepSpeed(direction) => self.speed = self.speed.beside(direction == Direction::Forward),
            Action::SetSkipIdle(skip_idle) => self.skip_idle = skip_idle,
            Action::SetReducedMotion(reduced_motion) => self.reduced_motion = reduced_motion,
            Action::Dismiss => self.notices = Rc::default(),
        }
    }

    fn arrive(&mut self, route: Route, rejected: Vec<Rejected>) {
        let opened = Self::open(route, rejected, self.reduced_motion);
        *self = Self { speed: self.speed, skip_idle: self.skip_idle, ..opened };
    }
}

/// The playhead of an address without `t`. The incident opens at its first refusal, so that it teaches before anyone
/// clicks. The other scenarios open at their start, where visitors can still predict the outcome.
fn opening(plan: &Plan, run: &Run) -> SimTime {
    let first = run.index.refusals.first().filter(|_| plan.base.is_incident());
    first.map_or(SimTime::ZERO, |refused| refused.at)
}

#[cfg(test)]
mod tests;
