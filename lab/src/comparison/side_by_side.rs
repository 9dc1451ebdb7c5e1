//! Two runs of the same traffic, and what differs between them.

use std::rc::Rc;

use super::Comparison;
use crate::baseline::Baseline;
use crate::plan::Plan;
use crate::run::SharedRun;

/// Two runs of the same traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct SideBySide {
    /// What this run is compared with.
    pub baseline: Baseline,
    /// What it could be compared with.
    pub choices: Vec<Baseline>,
    /// The plan of the page. The other one has none of its changes.
    pub plan: Rc<Plan>,
    /// The two sides in the order in which they are shown: before, after.
    pub sides: [(Rc<Plan>, SharedRun); 2],
    /// What became of each host and attempt on both sides.
    pub comparison: Comparison,
}
