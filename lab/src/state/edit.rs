//! Another plan and its run, and the way back.

use std::rc::Rc;

use sim_core::time::SimTime;

use super::{State, opening};
use crate::plan::{Base, Change, Key, Place, Plan, What};
use crate::run::{Run, SharedRun};
use crate::text::told;

/// How many plans can be gone back to.
const MOST_UNDO: usize = 100;

/// How many runs are kept: this one, the one before it, the one beside it, and one more.
const MOST_KEPT: usize = 4;

/// Plans to go back and on to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    before: Vec<Plan>,
    after: Vec<Plan>,
}

/// The last few runs with their plans, the latest last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept(Vec<(Rc<Plan>, SharedRun)>);

impl History {
    pub(super) fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }

    /// The plan that the last change replaced.
    pub(super) fn last(&self) -> Option<&Plan> {
        self.before.last()
    }
}

impl Kept {
    pub(super) fn of(plan: &Rc<Plan>, run: &SharedRun) -> Self {
        Self(vec![(Rc::clone(plan), run.clone())])
    }

    /// The run of `plan`: an earlier one where there is one.
    fn run(&mut self, plan: &Plan) -> (Rc<Plan>, SharedRun) {
        let found = self.0.iter().position(|(kept, _)| **kept == *plan).map(|index| self.0.remove(index));
        let (plan, run) = found.unwrap_or_else(|| (Rc::new(plan.clone()), Run::of(plan)));
        self.0.push((Rc::clone(&plan), run.clone()));
        if self.0.len() > MOST_KEPT {
            self.0.remove(0);
        }
        (plan, run)
    }
}

impl State {
    /// The run of another plan, from those that are kept if it is there.
    pub(super) fn run_of(&self, plan: &Plan) -> (Rc<Plan>, SharedRun) {
        self.kept.borrow_mut().run(plan)
    }

    pub(super) fn set(&mut self, key: Key, value: u8) {
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

    pub(super) fn open_scenario(&mut self, base: Base) {
        self.playing = false;
        self.change(Plan::of(base), SimTime::ZERO, None);
        self.take_playhead(opening(&self.plan, &self.run));
        self.told = None;
    }

    pub(super) fn add(&mut self, place: Place) {
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

    pub(super) fn remove(&mut self, change: Change) {
        let mut plan = (*self.plan).clone();
        if let Some(index) = plan.changes.iter().position(|other| *other == change) {
            plan.changes.remove(index);
            self.change(plan, self.at, None);
        }
    }

    pub(super) fn move_to_start(&mut self, change: Change) {
        let mut plan = (*self.plan).clone();
        let Some(index) = plan.changes.iter().position(|other| *other == change) else { return };
        plan.changes.remove(index);
        match change.what {
            What::Set(key, value) => plan.set_initial(key, value),
            What::Add(_) => plan.insert(Change { at: SimTime::ZERO, ..change }),
        }
        self.change(plan, self.at, None);
    }

    pub(super) fn undo(&mut self) {
        let history = Rc::make_mut(&mut self.history);
        if let Some(plan) = history.before.pop() {
            history.after.push((*self.plan).clone());
            self.run_again(&plan, self.at, None);
        }
    }

    pub(super) fn redo(&mut self) {
        let history = Rc::make_mut(&mut self.history);
        if let Some(plan) = history.after.pop() {
            history.before.push((*self.plan).clone());
            self.run_again(&plan, self.at, None);
        }
    }

    /// Another plan, which can be undone.
    pub(super) fn change(&mut self, plan: Plan, at: SimTime, change: Option<Change>) {
        if plan == *self.plan {
            return;
        }
        let history = Rc::make_mut(&mut self.history);
        history.after.clear();
        history.before.push((*self.plan).clone());
        if history.before.len() > MOST_UNDO {
            history.before.remove(0);
        }
        self.run_again(&plan, at, change);
    }

    fn run_again(&mut self, plan: &Plan, at: SimTime, change: Option<Change>) {
        let (plan, run) = self.run_of(plan);
        self.at = at.min(run.end());
        self.begun = self.at;
        self.snapshot = Rc::new(run.snapshot(self.at, None));
        self.chosen = None;
        self.playback.restart();
        self.told = Some(told::after(&run, &plan, &self.snapshot, change).into());
        self.plan = plan;
        self.run = run;
        self.fork();
        self.compare();
    }
}
