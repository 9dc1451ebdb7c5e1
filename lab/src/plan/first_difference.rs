//! The first moment at which two plans differ.

use sim_core::scenario::{Scenario, TimedAction};
use sim_core::time::SimTime;

use super::Plan;

impl Plan {
    /// The first moment at which the settings differ from those of `other`, a plan of the same scenario; `None` if they
    /// never do.
    pub fn first_difference(&self, other: &Self) -> Option<SimTime> {
        let (ours, theirs) = (self.scenario(), other.scenario());
        // A plan sets nothing else at time 0.
        if ours.server.kernel != theirs.server.kernel || ours.server.sysctls != theirs.server.sysctls {
            return Some(SimTime::ZERO);
        }
        let (our_actions, their_actions) = (in_order(ours), in_order(theirs));
        let common = our_actions.iter().zip(&their_actions).take_while(|(ours, theirs)| ours == theirs).count();
        let next = [our_actions.get(common), their_actions.get(common)];
        next.into_iter().flatten().map(TimedAction::at).min()
    }
}

/// The actions of a scenario in the order of time.
fn in_order(scenario: Scenario) -> Vec<TimedAction> {
    let mut actions = scenario.actions;
    actions.sort_by_key(TimedAction::at);
    actions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Key;

    #[test]
    fn plans_differ_from_the_first_change_that_only_one_has() {
        let plan = Plan::incident().unwrap();
        assert_eq!(plan.first_difference(&plan), None);
        let mut changed = plan.clone();
        changed.set_at(SimTime::from_secs(20), Key::REUSE, 1);
        let mut twice = changed.clone();
        twice.set_at(SimTime::from_secs(30), Key::RECYCLE, 0);
        assert_eq!(changed.first_difference(&plan), Some(SimTime::from_secs(20)));
        assert_eq!(twice.first_difference(&changed), Some(SimTime::from_secs(30)));
        assert_eq!(plan.first_difference(&twice), twice.first_difference(&plan));
        let mut otherwise = twice.clone();
        otherwise.set_initial(Key::RECYCLE, 0);
        assert_eq!(otherwise.first_difference(&twice), Some(SimTime::ZERO));
    }
}
