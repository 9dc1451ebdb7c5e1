//! What the page is in, and how each action changes it. Pure: the browser comes in as actions and nothing goes out.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::{SimTime, Span};
use sim_core::trace::snapshot::Snapshot;

use crate::plan::{Change, Key, Place, Plan, What};
use crate::playback::{Mode, Playback, Speed};
use crate::route::{Rejected, Route};
use crate::run::{Run, SharedRun};
use crate::text::told;

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
    /// What the address asked for and could not have.
    pub notices: Rc<Vec<Rejected>>,
    /// What the last change will come to, in a line.
    pub told: Option<Rc<str>>,
    playback: Playback,
    waited_ms: f64,
    history: Rc<History>,
}

impl State {
    /// The page at `route`. `None` only if the scenario of the page were broken.
    #[must_use]
    pub fn open(route: Route, rejected: Vec<Rejected>, still: bool) -> Option<Self> {
        let run = Run::of(&route.plan)?;
        let at = route.at.unwrap_or_else(|| opening(&run)).min(run.end());
        let snapshot = Rc::new(run.snapshot(at, None));
        Some(Self {
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
            notices: Rc::new(rejected),
            told: None,
            playback: Playback::default(),
            waited_ms: 0.0,
            history: Rc::default(),
        })
    }

    /// The address of this state. While it plays, the moment stays out: it would be another one with every frame.
    #[must_use]
    pub fn route(&self) -> Route {
        let at = (self.playing || self.at != opening(&self.run)).then_some(self.at);
        Route { plan: (*self.plan).clone(), at, play: self.playing }
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
            Action::Set(key, value) => self.set(key, value),
            Action::SetKernel(kernel) => {
                let plan = Plan { kernel, ..(*self.plan).clone() };
                self.change(plan, self.at, None);
            }
            Action::Add(place) => self.add(place),
            Action::Remove(change) => self.remove(change),
            Action::FromStart(change) => self.from_start(change),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::SetSpeed(speed) => self.speed = speed,
            Action::SetHurry(hurry) => self.hurry = hurry,
            Action::SetStill(still) => self.still = still,
            Action::Dismiss => self.notices = Rc::default(),
        }
    }

    fn arrive(&mut self, route: Route, rejected: Vec<Rejected>) {
        if let Some(opened) = Self::open(route, rejected, self.still) {
            *self = Self { speed: self.speed, hurry: self.hurry, ..opened };
        }
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

    fn add(&mut self, place: Place) {
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

    fn from_start(&mut self, change: Change) {
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
        let Some(run) = Run::of(&plan) else { return };
        self.at = at.min(run.end());
        self.snapshot = Rc::new(run.snapshot(self.at, None));
        self.chosen = None;
        self.playback.restart();
        self.told = Some(told::after(&run, &plan, &self.snapshot, change).into());
        self.plan = Rc::new(plan);
        self.run = run;
    }
}

/// Where the page stands when the address does not say: at the first refusal, else at the start.
fn opening(run: &Run) -> SimTime {
    run.index.refusals.first().map_or(SimTime::ZERO, |refused| refused.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> State {
        let (route, rejected) = Route::parse(query);
        State::open(route, rejected, false).unwrap()
    }

    fn after(mut state: State, actions: impl IntoIterator<Item = Action>) -> State {
        actions.into_iter().for_each(|action| state.apply(action));
        state
    }

    fn refused_after(state: &State, at: SimTime) -> usize {
        state.run.index.refusals.iter().filter(|refused| refused.at > at).count()
    }

    #[test]
    fn the_page_opens_at_the_first_refusal_and_its_address_stays_bare() {
        let state = page("");
        assert_eq!(Some(state.at), state.run.index.first_refusal().map(|refused| refused.at));
        assert!(state.run.refusal_on_stage(&state.snapshot).is_some());
        assert_eq!(state.route().query(), "");
    }

    #[test]
    fn recycle_off_from_here_heals_what_comes_and_keeps_what_was() {
        let state = after(page(""), [Action::Set(Key::Recycle, 0)]);
        assert_eq!(refused_after(&state, state.at), 0);
        assert_eq!(state.run.index.status(state.at).refused, 1);
        assert!(state.told.as_deref().unwrap().contains("sends its SYN again at"));
        assert_eq!(page(&state.route().query()).plan, state.plan);
    }

    #[test]
    fn a_switch_before_time_moves_holds_from_the_start() {
        let state = after(page("?t=0"), [Action::Set(Key::Recycle, 0)]);
        assert_eq!(state.plan.recycle, Some(0));
        assert!(state.plan.changes.is_empty() && state.run.index.refusals.is_empty());
    }

    #[test]
    fn a_change_can_hold_from_the_start_or_never_have_been() {
        let changed = after(page(""), [Action::Set(Key::Recycle, 0)]);
        let change = changed.plan.changes[0];
        let from_start = after(changed.clone(), [Action::FromStart(change)]);
        assert!(from_start.run.index.refusals.is_empty());
        assert_eq!(*after(changed, [Action::Remove(change)]).plan, Plan::default());
    }

    #[test]
    fn undo_and_redo_go_back_and_on() {
        let changed = after(page(""), [Action::Add(Place::BehindNat), Action::Set(Key::Reuse, 1)]);
        let undone = after(changed.clone(), [Action::Undo, Action::Undo]);
        assert_eq!(*undone.plan, Plan::default());
        assert!(!undone.can_undo());
        assert_eq!(after(undone, [Action::Redo, Action::Redo]).plan, changed.plan);
    }

    #[test]
    fn more_hosts_than_fit_are_refused_with_words() {
        let state = after(page(""), vec![Action::Add(Place::Own); Place::Own.most_added() + 1]);
        assert_eq!(state.plan.added(Place::Own), Place::Own.most_added());
        assert_eq!(
            state.told.as_deref(),
            Some("Four more hosts with their own address are all that fit on the stage.")
        );
    }

    #[test]
    fn changing_a_switch_while_it_plays_goes_on_playing_from_that_moment() {
        let state =
            after(page("?t=20&play=1"), [Action::Frame(50.0), Action::Set(Key::Recycle, 0), Action::Frame(50.0)]);
        assert!(state.playing);
        assert!(state.plan.changes[0].at > SimTime::from_secs(20) && state.plan.changes[0].at <= state.at);
    }

    #[test]
    fn play_at_the_end_starts_again() {
        let state = after(page("?t=180"), [Action::TogglePlay]);
        assert!(state.playing);
        assert_eq!(state.at, SimTime::ZERO);
        let ended = after(page("?t=179.999&play=1"), vec![Action::Frame(100.0); 30]);
        assert!(!ended.playing);
        assert_eq!(ended.at, ended.run.end());
    }

    #[test]
    fn without_motion_play_goes_from_event_to_event() {
        let state = after(page("?t=0&play=1"), [Action::SetStill(true), Action::Frame(1_500.0)]);
        assert_eq!(Some(state.at), state.run.index.next_stop(SimTime::ZERO));
    }

    #[test]
    fn steps_and_refusals_lead_there_and_back() {
        let state = page("");
        let there = after(state.clone(), [Action::Step(Direction::On), Action::Step(Direction::Back)]);
        assert_eq!(there.at, state.at);
        let next = after(state.clone(), [Action::StepRefusal(Direction::On)]);
        assert_eq!(Some(next.at), state.run.index.next_refusal(state.at).map(|refused| refused.at));
        assert_eq!(after(next, [Action::StepRefusal(Direction::Back)]).at, state.at);
    }

    #[test]
    fn a_host_behind_the_nat_joins_the_trouble_and_one_with_its_own_address_does_not() {
        let refused = |place: Place| {
            let state = after(page(""), [Action::Add(place)]);
            let newest = state.run.clients().last().map(|(node, _)| node);
            state.run.index.refusals.iter().filter(|refused| refused.host == newest).count()
        };
        assert!(refused(Place::BehindNat) > 0);
        assert_eq!(refused(Place::Own), 0);
    }
}
