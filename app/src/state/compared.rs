//! Another run beside this one: which there can be, and where the two part.

use core::any::Any;
use std::cell::OnceCell;
use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::{SimTime, Span};
use sim_core::trace::snapshot::Snapshot;

use super::State;
use crate::plan::{Key, Plan, What};
use crate::route::Rejected;
use crate::run::SharedRun;
use crate::views::View;
use crate::views::compare::data::Comparison;

/// What a run can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// The same before the last change.
    LastChange,
    /// The scenario without any change.
    AsItWas,
    /// A switch of the server at this value for the whole run.
    Fixed(Key, u8),
    /// The first kernel without recycle.
    Kernel412,
}

/// Two runs of the same traffic.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What this run is compared with.
    pub against: Against,
    /// What it could be compared with.
    pub choices: Vec<Against>,
    /// The plan of the page; the other one is none of its changes.
    pub plan: Rc<Plan>,
    /// The two sides in the order in which they are shown: before, after.
    pub sides: [(Rc<Plan>, SharedRun); 2],
    data: OnceCell<Comparison>,
}

/// Where a run left the one before the last change.
#[derive(Clone, Debug, PartialEq)]
pub struct Forked {
    /// The first moment at which the settings differ.
    pub at: SimTime,
    /// The last of what both have in common.
    pub before: Snapshot,
}

/// Two runs side by side as the state keeps them: without a name, so that all their code comes with their view.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside(OnceCell<Option<Rc<dyn Any>>>);

/// What stands there follows from the rest of the state.
impl PartialEq for Beside {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Compared {
    /// What came of them; found when it is first asked for.
    #[must_use]
    pub fn data(&self) -> &Comparison {
        self.data.get_or_init(|| Comparison::of([&self.sides[0].1, &self.sides[1].1]))
    }
}

/// What came of two runs follows from them.
impl PartialEq for Compared {
    fn eq(&self, other: &Self) -> bool {
        self.against == other.against
            && self.choices == other.choices
            && self.plan == other.plan
            && self.sides == other.sides
    }
}

impl Against {
    /// Everything that there is, in the order of the list.
    pub const ALL: [Self; 7] = [
        Self::LastChange,
        Self::AsItWas,
        Self::Fixed(Key::Recycle, 0),
        Self::Fixed(Key::Recycle, 1),
        Self::Fixed(Key::Reuse, 0),
        Self::Fixed(Key::Reuse, 1),
        Self::Kernel412,
    ];

    /// Its name in the list and in the address.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::LastChange => "last-change".to_owned(),
            Self::AsItWas => "as-it-was".to_owned(),
            Self::Fixed(key, value) => format!("{}-{value}", key.short()),
            Self::Kernel412 => "kernel-4.12".to_owned(),
        }
    }

    /// The one that has this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|against| against.name() == name)
    }

    /// Whether this is what was, and the page what comes after it; else the page comes first.
    #[must_use]
    pub const fn was(self) -> bool {
        matches!(self, Self::LastChange | Self::AsItWas)
    }
}

impl State {
    /// Where this run left the one before the last change, if that was after its start.
    #[must_use]
    pub fn forked(&self) -> Option<&Forked> {
        self.forked.as_deref()
    }

    /// The two runs side by side, while they are looked at; put there when they are first asked for.
    #[must_use]
    pub fn compared(&self) -> Option<Rc<Compared>> {
        if self.view != View::Compare {
            return None;
        }
        let beside = self.beside.0.get_or_init(|| self.side_by_side().map(|compared| Rc::new(compared) as Rc<dyn Any>));
        beside.clone()?.downcast().ok()
    }

    /// The plan before the last change; where that is not known, because the page was opened so, the plan without its
    /// changes.
    fn before(&self) -> Plan {
        let last = self.history.last().filter(|plan| plan.base == self.plan.base).cloned();
        last.unwrap_or_else(|| Plan { changes: Vec::new(), ..(*self.plan).clone() })
    }

    /// The plan of the other side.
    fn plan_against(&self, against: Against) -> Option<Plan> {
        let plan = &self.plan;
        match against {
            Against::LastChange => Some(self.before()),
            Against::AsItWas => Some(Plan::of(plan.base.clone())),
            Against::Fixed(key, value) => key.exists_in(plan.kernel).then(|| {
                let mut other = (**plan).clone();
                other.changes.retain(|change| !matches!(change.what, What::Set(set, _) if set == key));
                other.set_initial(key, value);
                other
            }),
            Against::Kernel412 => {
                let older = Key::Recycle.exists_in(plan.kernel);
                older.then(|| Plan { kernel: KernelVersion::V4_12, ..(**plan).clone() })
            }
        }
    }

    /// What the visitor chose to compare with, while it is looked at.
    pub(super) fn chosen_against(&self) -> Option<Against> {
        self.against.filter(|against| self.compared().is_some_and(|compared| compared.against == *against))
    }

    /// Says that there is nothing of the kind that the address asks to compare with.
    pub(super) fn reject_against(&mut self) {
        let chosen = self.chosen_against();
        if let Some(against) = self.against.take_if(|against| Some(*against) != chosen) {
            let because = "nothing to compare this run with".to_owned();
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
    fn side_by_side(&self) -> Option<Compared> {
        let mut seen = vec![self.plan.scenario()];
        let mut choices = Vec::new();
        for against in Against::ALL {
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
        Some(Compared { against, choices, plan: Rc::clone(&self.plan), sides, data: OnceCell::new() })
    }
}
