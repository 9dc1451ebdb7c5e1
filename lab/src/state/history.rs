//! Earlier plans for undo and redo, and a cache of their runs.

use std::rc::Rc;

use sim_core::time::SimTime;
use sim_core::trace::snapshot::Snapshot;

use crate::plan::Plan;
use crate::run::{Run, SharedRun};

/// The number of changes that can be undone.
const MOST_UNDO: usize = 100;

/// The number of cached runs: the current one, the one before it, the one it is compared with, and one more.
const MOST_KEPT: usize = 4;

/// Plans for undo and redo, the nearest last.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    before: Vec<Plan>,
    after: Vec<Plan>,
}

/// The last few runs with their plans, the latest last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RunCache(Vec<(Rc<Plan>, SharedRun)>);

impl History {
    pub(super) fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }

    /// Stores `plan` for undo, because it is about to be replaced.
    pub(super) fn replaced(&mut self, plan: &Plan) {
        self.after.clear();
        self.before.push(plan.clone());
        if self.before.len() > MOST_UNDO {
            self.before.remove(0);
        }
    }

    /// The plan before `plan`. `plan` can then be redone.
    pub(super) fn undo(&mut self, plan: &Plan) -> Option<Plan> {
        let earlier = self.before.pop()?;
        self.after.push(plan.clone());
        Some(earlier)
    }

    /// The plan that was undone last. `plan` can then be undone.
    pub(super) fn redo(&mut self, plan: &Plan) -> Option<Plan> {
        let later = self.after.pop()?;
        self.before.push(plan.clone());
        Some(later)
    }

    /// The plan that the last change replaced.
    pub(super) fn last(&self) -> Option<&Plan> {
        self.before.last()
    }
}

impl RunCache {
    pub(super) fn of(plan: &Rc<Plan>, run: &SharedRun) -> Self {
        Self(vec![(Rc::clone(plan), run.clone())])
    }

    /// The run of `plan`, from the cache if it is there.
    pub(super) fn run(&mut self, plan: &Plan) -> (Rc<Plan>, SharedRun) {
        let found = self.0.iter().position(|(kept, _)| **kept == *plan).map(|index| self.0.remove(index));
        let (plan, run) = found.unwrap_or_else(|| (Rc::new(plan.clone()), Run::of(plan)));
        self.0.push((Rc::clone(&plan), run.clone()));
        if self.0.len() > MOST_KEPT {
            self.0.remove(0);
        }
        (plan, run)
    }
}

/// Where a run differs from the run before the last change.
#[derive(Clone, Debug, PartialEq)]
pub struct Forked {
    /// The first moment at which the settings differ.
    pub at: SimTime,
    /// The last snapshot that both runs have in common.
    pub before: Snapshot,
}
