//! The comparison with another run, and the moment at which the last change took effect.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::{SimTime, Span};

use super::State;
use super::history::Forked;
use crate::baseline::Baseline;
use crate::comparison::side_by_side::SideBySide;
use crate::plan::{ChangeKind, Key, Plan};
use crate::route::Rejected;
use crate::tab::Tab;
use crate::text::address as reasons;

impl State {
    /// Where this run differs from the run before the last change; `None` if they differ from the start.
    pub fn forked(&self) -> Option<&Forked> {
        self.forked.as_deref()
    }

    /// The comparison, while its tab is open.
    pub fn side_by_side(&self) -> Option<Rc<SideBySide>> {
        self.side_by_side.clone()
    }

    /// Updates the comparison after a change of the plan, the tab or the baseline.
    pub(super) fn compare(&mut self) {
        let compared = if self.tab == Tab::Compare { self.compared() } else { None };
        self.side_by_side = compared.map(Rc::new);
    }

    /// The plan before the last change. If the page was opened with changes, it is the plan without them.
    fn before(&self) -> Plan {
        let last = self.history.last().filter(|plan| plan.base == self.plan.base).cloned();
        last.unwrap_or_else(|| Plan { changes: Vec::new(), ..(*self.plan).clone() })
    }

    /// The plan of the baseline; `None` if the baseline does not apply.
    fn plan_of_baseline(&self, baseline: Baseline) -> Option<Plan> {
        let plan = &self.plan;
        match baseline {
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

    /// The baseline that the visitor chose, while the comparison is open.
    pub(super) fn chosen_baseline(&self) -> Option<Baseline> {
        self.baseline.filter(|baseline| self.side_by_side.as_ref().is_some_and(|sides| sides.baseline == *baseline))
    }

    /// Adds a notice if the address asks for a baseline that does not apply.
    pub(super) fn reject_baseline(&mut self) {
        let chosen = self.chosen_baseline();
        if let Some(baseline) = self.baseline.take_if(|baseline| Some(*baseline) != chosen) {
            let because = reasons::NOTHING_TO_COMPARE.to_owned();
            Rc::make_mut(&mut self.notices)
                .push(Rejected { parameter: format!("against={}", baseline.name()), because });
        }
    }

    /// Finds the moment at which this run differs from the run before the last change.
    pub(super) fn fork(&mut self) {
        let parted = self.before().first_difference(&self.plan);
        self.forked = parted.filter(|at| *at > SimTime::ZERO).map(|at| {
            let before = self.run.snapshot(at - Span::from_micros(1), None);
            Rc::new(Forked { at, before })
        });
    }

    /// The comparison, if there is a run to compare with.
    fn compared(&self) -> Option<SideBySide> {
        let mut seen = vec![self.plan.scenario()];
        let mut choices = Vec::new();
        for baseline in Baseline::ALL {
            let Some(plan) = self.plan_of_baseline(baseline) else { continue };
            let scenario = plan.scenario();
            match seen.iter().position(|seen| *seen == scenario) {
                None => {
                    seen.push(scenario);
                    choices.push((baseline, plan));
                }
                // If two baselines are the same run, the list shows the one that the visitor chose.
                Some(same) if same > 0 && Some(baseline) == self.baseline => choices[same - 1].0 = baseline,
                Some(_) => {}
            }
        }
        let wanted = choices.iter().position(|(baseline, _)| Some(*baseline) == self.baseline).unwrap_or(0);
        let (baseline, other) = choices.get(wanted)?;
        let (baseline, other) = (*baseline, self.run_of(other));
        let choices = choices.into_iter().map(|(baseline, _)| baseline).collect();
        let current = (Rc::clone(&self.plan), self.run.clone());
        let sides = if baseline.was() { [other, current] } else { [current, other] };
        Some(SideBySide { baseline, choices, plan: Rc::clone(&self.plan), sides })
    }
}
