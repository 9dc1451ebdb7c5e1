//! The run that the page compares its run with, and the moment at which the last change took effect.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::{SimTime, Span};

use super::State;
use super::history::Forked;
use crate::baseline::Baseline;
use crate::comparison::Comparison;
use crate::comparison::side_by_side::SideBySide;
use crate::plan::{ChangeKind, Key, Plan};
use crate::route::Rejected;
use crate::tab::Tab;
use crate::text::address as reasons;

impl State {
    /// Where this run left the one before the last change, if that was after its start.
    #[must_use]
    pub fn forked(&self) -> Option<&Forked> {
        self.forked.as_deref()
    }

    /// The two runs side by side, while the tab that compares them is open.
    #[must_use]
    pub fn side_by_side(&self) -> Option<Rc<SideBySide>> {
        self.side_by_side.clone()
    }

    /// Finds the two sides again after the plan, the tab or the baseline has changed.
    pub(super) fn compare(&mut self) {
        let compared = if self.view == Tab::Compare { self.compared() } else { None };
        self.side_by_side = compared.map(Rc::new);
    }

    /// The plan before the last change; where that is not known, because the page was opened so, the plan without its
    /// changes.
    fn before(&self) -> Plan {
        let last = self.history.last().filter(|plan| plan.base == self.plan.base).cloned();
        last.unwrap_or_else(|| Plan { changes: Vec::new(), ..(*self.plan).clone() })
    }

    /// The plan of the other side.
    fn plan_against(&self, against: Baseline) -> Option<Plan> {
        let plan = &self.plan;
        match against {
            Baseline::LastChange => Some(self.before()),
            Baseline::AsItWas => Some(Plan::of(plan.base.clone())),
            Baseline::Fixed(key, value) => key.exists_in(plan.kernel).then(|| {
                let mut other = (**plan).clone();
                other.changes.retain(|change| !matches!(change.what, ChangeKind::Set(set, _) if set == key));
                other.set_initial(key, value);
                other
            }),
            Baseline::Kernel412 => {
                let older = Key::RECYCLE.exists_in(plan.kernel);
                older.then(|| Plan { kernel: KernelVersion::V4_12, ..(**plan).clone() })
            }
        }
    }

    /// What the visitor chose to compare with, while it is looked at.
    pub(super) fn chosen_against(&self) -> Option<Baseline> {
        self.against.filter(|against| self.side_by_side.as_ref().is_some_and(|sides| sides.baseline == *against))
    }

    /// Says that there is nothing of the kind that the address asks to compare with.
    pub(super) fn reject_against(&mut self) {
        let chosen = self.chosen_against();
        if let Some(against) = self.against.take_if(|against| Some(*against) != chosen) {
            let because = reasons::NOTHING_TO_COMPARE.to_owned();
            Rc::make_mut(&mut self.notices)
                .push(Rejected { parameter: format!("against={}", against.name()), because });
        }
    }

    /// Finds out where this run left the one before the last change.
    pub(super) fn fork(&mut self) {
        let parted = self.before().parts_from(&self.plan);
        self.forked = parted.filter(|at| *at > SimTime::ZERO).map(|at| {
            let before = self.run.snapshot(at - Span::from_micros(1), None);
            Rc::new(Forked { at, before })
        });
    }

    /// The two runs, if there is another one that can stand beside this.
    fn compared(&self) -> Option<SideBySide> {
        let mut seen = vec![self.plan.scenario()];
        let mut choices = Vec::new();
        for against in Baseline::ALL {
            let Some(plan) = self.plan_against(against) else { continue };
            let scenario = plan.scenario();
            match seen.iter().position(|seen| *seen == scenario) {
                None => {
                    seen.push(scenario);
                    choices.push((against, plan));
                }
                // Of two names for one run the visitor's stands in the list; the first that is seen is this run.
                Some(same) if same > 0 && Some(against) == self.against => choices[same - 1].0 = against,
                Some(_) => {}
            }
        }
        let wanted = choices.iter().position(|(against, _)| Some(*against) == self.against).unwrap_or(0);
        let (against, other) = choices.get(wanted)?;
        let (against, other) = (*against, self.run_of(other));
        let choices = choices.into_iter().map(|(against, _)| against).collect();
        let this = (Rc::clone(&self.plan), self.run.clone());
        let sides = if against.was() { [other, this] } else { [this, other] };
        let comparison = Comparison::of([&sides[0].1, &sides[1].1]);
        Some(SideBySide { baseline: against, choices, plan: Rc::clone(&self.plan), sides, comparison })
    }
}
