//! What the page is in, and how each action changes it. Pure: the browser comes in as actions and nothing goes out.

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

/// A way along the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Earlier.
    Back,
    /// Later.
    Forward,
}

/// What can happen to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The browser came to another address of the page.
    Arrive(Route, Vec<Rejected>),
    /// This many real milliseconds went by.
    Frame(f64),
    /// Play, or pause.
    TogglePlay,
    /// Pause, whatever it does.
    Pause,
    /// To this moment.
    Seek(SimTime),
    /// This far along the time, in seconds; negative is back.
    Nudge(f64),
    /// To the next or previous event.
    Step(Direction),
    /// To the next or previous refusal.
    StepRefusal(Direction),
    /// To a record of the trace.
    Show(usize),
    /// Another view beside the stage.
    Look(Tab),
    /// Another scenario, from its start.
    Open(Base),
    /// A switch was turned.
    Set(Key, u8),
    /// Another kernel from time 0.
    SetKernel(KernelVersion),
    /// A host joins.
    Add(Place),
    /// A change never was.
    Remove(Change),
    /// A change holds from time 0.
    FromStart(Change),
    /// Back to the plan before.
    Undo,
    /// On to the plan that was undone.
    Redo,
    /// Another speed.
    SetSpeed(Speed),
    /// The next slower or faster speed.
    StepSpeed(Direction),
    /// Another run beside this one.
    Compare(Baseline),
    /// Whether silence is hurried through.
    SetSkipIdle(bool),
    /// Whether the visitor wants nothing to move.
    SetStill(bool),
    /// The notices were read.
    Dismiss,
}

/// All that the page shows follows from this.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What is set.
    pub plan: Rc<Plan>,
    /// What came of it.
    pub run: SharedRun,
    /// The playhead.
    pub at: SimTime,
    /// The world at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// The record that was chosen in the log, while the playhead stands there.
    pub chosen: Option<usize>,
    /// Whether it plays.
    pub playing: bool,
    /// What playback does.
    pub mode: Mode,
    /// How fast.
    pub speed: Speed,
    /// Whether silence is hurried through.
    pub skip_idle: bool,
    /// Whether nothing moves: segments stand as arrows, and Play goes from event to event.
    pub still: bool,
    /// The view beside the stage.
    pub view: Tab,
    /// What the address asked for and could not have.
    pub notices: Rc<Vec<Rejected>>,
    /// What the last change will come to, in a line.
    pub status_line: Option<Rc<str>>,
    playback: Playback,
    /// Where play began, or where a hand last was; while it plays, the address says this and not every frame.
    begun: SimTime,
    waited_ms: f64,
    history: Rc<History>,
    /// The last few runs with their plans: going back to one of them costs nothing.
    kept: Rc<RefCell<RunCache>>,
    /// What stands beside this run, as far as the visitor has chosen it.
    against: Option<Baseline>,
    /// The two runs side by side, while they are looked at.
    side_by_side: Option<Rc<SideBySide>>,
    /// Where this run left the one before the last change.
    forked: Option<Rc<Forked>>,
}

impl State {
    /// The page at `route`.
    pub fn open(route: Route, rejected: Vec<Rejected>, still: bool) -> Self {
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
            still,
            view: route.view,
            notices: Rc::new(rejected),
            status_line: None,
            playback: Playback::default(),
            begun: at,
            waited_ms: 0.0,
            history: Rc::default(),
            against: route.against,
            side_by_side: None,
            forked: None,
        };
        state.fork();
        state.compare();
        state.reject_against();
        state
    }

    /// The address of this state.
    pub fn route(&self) -> Route {
        let at = if self.playing { self.begun } else { self.at };
        let at = (at != opening(&self.plan, &self.run)).then_some(at);
        Route { plan: (*self.plan).clone(), at, play: self.playing, view: self.view, against: self.chosen_against() }
    }

    /// The record that the page explains: the one that was chosen, if it is odd; else the refusal because of which a
    /// host waits; else the last odd thing that happened.
    pub fn anomaly(&self) -> Option<(usize, Anomaly)> {
        let chosen = self.chosen.and_then(|chosen| self.run.anomaly_at(chosen));
        let waited_for = || self.run.anomaly_at(self.run.refusal_on_stage(&self.snapshot)?.record);
        chosen.or_else(waited_for).or_else(|| self.run.last_anomaly(self.at))
    }

    /// The refusal that the page explains, if what it explains is one.
    pub fn refusal(&self) -> Option<&RefusedSyn> {
        self.run.index.refusal_at(self.anomaly()?.0)
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// The state after `action`.
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
            Action::Look(view) => {
                self.view = view;
                self.compare();
            }
            Action::Compare(against) => {
                self.against = Some(against);
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
            Action::SetStill(still) => self.still = still,
            Action::Dismiss => self.notices = Rc::default(),
        }
    }

    fn arrive(&mut self, route: Route, rejected: Vec<Rejected>) {
        let opened = Self::open(route, rejected, self.still);
        *self = Self { speed: self.speed, skip_idle: self.skip_idle, ..opened };
    }
}

/// Where the page stands when the address does not say: the incident at its first refusal, which teaches before anyone
/// clicks; the others at their start, where one can still say what will happen.
fn opening(plan: &Plan, run: &Run) -> SimTime {
    let first = run.index.refusals.first().filter(|_| plan.base.is_incident());
    first.map_or(SimTime::ZERO, |refused| refused.at)
}

#[cfg(test)]
mod tests;
