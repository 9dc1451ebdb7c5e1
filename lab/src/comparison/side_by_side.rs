//! The two sides of the comparison tab.

use std::rc::Rc;

use crate::baseline::Baseline;
use crate::plan::Plan;
use crate::run::SharedRun;

/// Two runs of the same traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct SideBySide {
    /// The baseline that is shown.
    pub baseline: Baseline,
    /// All baselines that apply.
    pub choices: Vec<Baseline>,
    /// The visitor's plan.
    pub plan: Rc<Plan>,
    /// Plan and run of both sides, in the order in which they are shown: before, after.
    pub sides: [(Rc<Plan>, SharedRun); 2],
}
