//! What the page is in, and how each action changes it. Pure: the browser comes in as actions and nothing goes out.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::Snapshot;

use crate::plan::{Base, Change, Key, Place, Plan, What};
use crate::playback::{Mode, Playback, Speed};
use crate::route::{Rejected, Route};
use crate::run::{Run, SharedRun};
use crate::text::told;
use crate::views::View;

/// Without motion, Play goes from event to event at this pace, in real milliseconds.
const STEP_MS: f64 = 1_400.0;

/// How many plans can be gone back to.
const MOST_UNDO: usize = 100;

/// A way along the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Earlier.
    Back,
    /// Later.
    On,
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
    Look(View),
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
    /// Whether silence is hurried through.
    SetHurry(bool),
    /// Whether the visitor wants nothing to move.
    SetStill(bool),
    /// The notices were read.
    Dismiss,
}

/// Plans to go back and on to.
#[derive(Clone, Debug, Default, PartialEq)]
struct History {
    before: Vec<Plan>,
    after: Vec<Plan>,
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
    pub hurry: bool,
    /// Whether nothing moves: segments stand as arrows, and Play goes from event to event.
    pub still: bool,
    /// The view beside the stage.
    pub view: View,
    /// What the address asked for and could not have.
    pub notices: Rc<Vec<Rejected>>,
    /// What the last change will come to, in a line.
    pub told: Option<Rc<str>>,
    playback: Playback,
    /// Where play began, or where a hand last was; while it plays, the address says this and not every frame.
    begun: SimTime,
    waited_ms: f64,
    history: Rc<History>,
}

impl State {
    /// The page at `route`.
    #[must_use]
    pub fn open(route: Route, rejected: Vec<Rejected>, still: bool) -> Self {
        let run = Run::of(&route.plan);
        let at = route.at.unwrap_or_else(|| opening(&route.plan, &run)).min(run.end());
        let snapshot = Rc::new(run.snapshot(at, None));
        Self {
            plan: Rc::new(route.plan),
            run,
            at,
            snapshot,
            chosen: None,
            playing: route.play,
            mode: Mode::Running,
            speed: Speed::DEFAULT,
            hurry: true,
            still,
            view: route.view,
            notices: Rc::new(rejected),
            told: None,
            playback: Playback::default(),
            begun: at,
            waited_ms: 0.0,
            history: Rc::default(),
        }
    }

    /// The address of this state.
    #[must_use]
    pub fn route(&self) -> Route {
        let at = if self.playing { self.begun } else { self.at };
        let at = (at != opening(&self.plan, &self.run)).then_some(at);
        Route { plan: (*self.plan).clone(), at, play: self.playing, view: self.view }
    }

    /// The refusal that the page speaks of: the one that was chosen in the log, else the last one.
    #[must_use]
    pub fn refusal(&self) -> Option<&RefusedSyn> {
        let chosen =
            self.chosen.and_then(|chosen| self.run.index.refusals.iter().find(|refused| refused.record == chosen));
        chosen.or_else(|| self.run.index.last_refusal(self.at))
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.history.before.is_empty()
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
            Action::Look(view) => self.view = view,
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
            Action::SetHurry(hurry) => self.hurry = hurry,
            Action::SetStill(still) => self.still = still,
            Action::Dismiss => self.notices = Rc::default(),
        }
    }

    fn arrive(&mut self, route: Route, rejected: Vec<Rejected>) {
        let opened = Self::open(route, rejected, self.still);
        *self = Self { speed: self.speed, hurry: self.hurry, ..opened };
    }

    fn frame(&mut self, elapsed_ms: f64) {
        if !self.playing {
            return;
        }
        if self.still {
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
        let (at, mode) = self.playback.advance(self.at, elapsed_ms, self.speed, self.hurry, &self.run.timeline);
        self.mode = mode;
        self.playing = mode != Mode::Ended;
        self.move_to(at);
    }

    fn toggle_play(&mut self) {
        self.playing = !self.playing;
        self.begun = self.at;
        self.mode = Mode::Running;
        self.waited_ms = 0.0;
        if self.playing && self.at >= self.run.end() {
            self.take_playhead(SimTime::ZERO);
        }
    }

    fn nudge(&mut self, seconds: f64) {
        let distance = Span::from_micros((seconds.abs() * 1e6) as u64);
        self.take_playhead(if seconds < 0.0 { self.at - distance } else { self.at + distance });
    }

    fn step(&mut self, direction: Direction) {
        let stop = match direction {
            Direction::Back => self.run.index.previous_stop(self.at).unwrap_or(SimTime::ZERO),
            Direction::On => self.run.index.next_stop(self.at).unwrap_or(self.run.end()),
        };
        self.playing = false;
        self.take_playhead(stop);
    }

    fn step_refusal(&mut self, direction: Direction) {
        let refused = match direction {
            Direction::Back => self.run.refusal_before(self.at),
            Direction::On => self.run.index.next_refusal(self.at),
        };
        if let Some(at) = refused.map(|refused| refused.at) {
            self.playing = false;
            self.take_playhead(at);
        }
    }

    fn show(&mut self, record: usize) {
        if let Some(at) = self.run.trace.records.get(record).map(|record| record.at) {
            self.playing = false;
            self.take_playhead(at);
            self.chosen = Some(record);
        }
    }

    /// Somebody moves the playhead by hand.
    fn take_playhead(&mut self, at: SimTime) {
        self.playback.restart();
        self.mode = Mode::Running;
        self.move_to(at);
        self.begun = self.at;
    }

    fn move_to(&mut self, at: SimTime) {
        let at = at.min(self.run.end());
        if at != self.at {
            self.chosen = None;
            self.at = at;
            self.snapshot = Rc::new(self.run.snapshot(at, Some(&self.snapshot)));
        }
    }

    fn set(&mut self, key: Key, value: u8) {
        let mut plan = (*self.plan).clone();
        // Before time moves there is no moment to speak of: the switch simply stands so.
        if self.at == SimTime::ZERO {
            plan.set_initial(key, value);
            self.change(plan, self.at, None);
            return;
        }
        let at = self.moment_of_change();
        plan.set_at(at, key, value);
        self.change(plan, at, Some(Change { at, what: What::Set(key, value) }));
    }

    fn open_scenario(&mut self, base: Base) {
        self.playing = false;
        self.change(Plan::of(base), SimTime::ZERO, None);
        self.take_playhead(opening(&self.plan, &self.run));
        self.told = None;
    }

    fn add(&mut self, place: Place) {
        if !self.plan.has(place) {
            return;
        }
        if self.plan.added(place) >= place.most_added() {
            self.told = Some(told::too_many(place).into());
            return;
        }
        let at = if self.at == SimTime::ZERO { self.at } else { self.moment_of_change() };
        let change = Change { at, what: What::Add(place) };
        let mut plan = (*self.plan).clone();
        plan.insert(change);
        self.change(plan, at, Some(change));
    }

    fn moment_of_change(&self) -> SimTime {
        self.plan.moment_of_change(self.at).min(self.run.end())
    }

    fn remove(&mut self, change: Change) {
        let mut plan = (*self.plan).clone();
        if let Some(index) = plan.changes.iter().position(|other| *other == change) {
            plan.changes.remove(index);
            self.change(plan, self.at, None);
        }
    }

    fn move_to_start(&mut self, change: Change) {
        let mut plan = (*self.plan).clone();
        let Some(index) = plan.changes.iter().position(|other| *other == change) else { return };
        plan.changes.remove(index);
        match change.what {
            What::Set(key, value) => plan.set_initial(key, value),
            What::Add(_) => plan.insert(Change { at: SimTime::ZERO, ..change }),
        }
        self.change(plan, self.at, None);
    }

    fn undo(&mut self) {
        let mut history = (*self.history).clone();
        if let Some(plan) = history.before.pop() {
            history.after.push((*self.plan).clone());
            self.history = Rc::new(history);
            self.run_again(plan, self.at, None);
        }
    }

    fn redo(&mut self) {
        let mut history = (*self.history).clone();
        if let Some(plan) = history.after.pop() {
            history.before.push((*self.plan).clone());
            self.history = Rc::new(history);
            self.run_again(plan, self.at, None);
        }
    }

    /// Another plan, which can be undone.
    fn change(&mut self, plan: Plan, at: SimTime, change: Option<Change>) {
        if plan == *self.plan {
            return;
        }
        let mut history = (*self.history).clone();
        history.after.clear();
        history.before.push((*self.plan).clone());
        if history.before.len() > MOST_UNDO {
            history.before.remove(0);
        }
        self.history = Rc::new(history);
        self.run_again(plan, at, change);
    }

    fn run_again(&mut self, plan: Plan, at: SimTime, change: Option<Change>) {
        let run = Run::of(&plan);
        self.at = at.min(run.end());
        self.begun = self.at;
        self.snapshot = Rc::new(run.snapshot(self.at, None));
        self.chosen = None;
        self.playback.restart();
        self.told = Some(told::after(&run, &plan, &self.snapshot, change).into());
        self.plan = Rc::new(plan);
        self.run = run;
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
