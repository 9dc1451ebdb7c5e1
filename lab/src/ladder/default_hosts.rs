//! Which hosts the ladder shows when nobody chose any: those that the refusal at the playhead is about.

use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::query::RefusedSyn;

use super::sequence::Source;

/// More would leave no room between the lines.
pub const MOST: usize = 3;

/// Who is shown when nobody was chosen: the refused host and the one whose clock is remembered. As long as a refusal
/// is about hosts that are `shown` already, they stay.
pub fn default_hosts(source: Source, at: SimTime, shown: &[NodeId]) -> Vec<NodeId> {
    let callers = source.callers();
    // Before the first refusal, the hosts that it will be about.
    let refused = source.index.last_refusal(at).or_else(|| source.index.first_refusal());
    let about = refused.map(|refused| about(refused, &callers)).unwrap_or_default();
    if about.is_empty() {
        return callers.into_iter().take(2).collect();
    }
    if about.iter().all(|host| shown.contains(host)) { shown.to_vec() } else { about }
}

fn about(refused: &RefusedSyn, callers: &[NodeId]) -> Vec<NodeId> {
    let is_about = |host: &NodeId| [refused.host, refused.because_of].contains(&Some(*host));
    callers.iter().copied().filter(is_about).collect()
}
