//! Changes to the plan, undo and redo.

use std::rc::Rc;

use sim_core::time::SimTime;

use super::{State, opening};
use crate::plan::{Base, Change, ChangeKind, Key, Place, Plan};
use crate::run::SharedRun;
use crate::text::status_line;

impl State {
    /// The run of a plan, from the cache if it is there.
    pub(super) fn run_of(&self, plan: &Plan) -> (Rc<Plan>, SharedRun) {
        self.kept.borrow_mut().run(plan)
    }

    pub(super) fn set(&mut self, key: Key, value: u8) {
        let mut plan = (*self.plan).clone();
        // At time 0 the switch becomes an initial setting instead of a change.
        if self.at == SimTime::ZERO {
            plan.set_initial(key, value);
            self.change(plan, self.at, None);
            return;
        }
        let at = self.moment_of_change();
        plan.set_at(at, key, value);
        self.change(plan, at, Some(Change { at, what: ChangeKind::Set(key, value) }));
    }

    pub(super) fn open_scenario(&mut self, base: Base) {
        self.playing = false;
        self.change(Plan::of(base), SimTime::ZERO, None);
        self.take_playhead(opening(&self.plan, &self.run));
        self.status_line = None;
    }

    pub(super) fn add(&mut self, place: Place) {
        if !self.plan.has(place) {
            return;
        }
        if self.plan.added(place) >= place.most_added() {
            self.status_line = Some(status_line::too_many(place).into());
            return;
        }
        let at = if self.at == SimTime::ZERO { self.at } else { self.moment_of_change() };
        let change = Change { at, what: ChangeKind::Add(place) };
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
            ChangeKind::Set(key, value) => plan.set_initial(key, value),
            ChangeKind::Add(_) => plan.insert(Change { at: SimTime::ZERO, ..change }),
        }
        self.change(plan, self.at, None);
    }

    pub(super) fn undo(&mut self) {
        if let Some(plan) = Rc::make_mut(&mut self.history).undo(&self.plan) {
            self.run_again(&plan, self.at, None);
        }
    }

    pub(super) fn redo(&mut self) {
        if let Some(plan) = Rc::make_mut(&mut self.history).redo(&self.plan) {
            self.run_again(&plan, self.at, None);
        }
    }

    /// Replaces the plan. The change can be undone.
    pub(super) fn change(&mut self, plan: Plan, at: SimTime, change: Option<Change>) {
        if plan == *self.plan {
            return;
        }
        Rc::make_mut(&mut self.history).replaced(&self.plan);
        self.run_again(&plan, at, change);
    }

    fn run_again(&mut self, plan: &Plan, at: SimTime, change: Option<Change>) {
        let (plan, run) = self.run_of(plan);
        self.at = at.min(run.end());
        self.begun = self.at;
        self.snapshot = Rc::new(run.snapshot(self.at, None));
        self.chosen = None;
        self.playback.restart();
        self.status_line = Some(status_line::after(&run, &plan, &self.snapshot, change).into());
        self.plan = plan;
        self.run = run;
        self.fork();
        self.compare();
    }
}
