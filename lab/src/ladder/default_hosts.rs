//! The hosts that the ladder shows by default: those of the refusal at the playhead.

use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::query::RefusedSyn;

use super::sequence::Source;

/// The most hosts that are shown at once. More would leave no room between the lines.
pub const MOST: usize = 3;

/// The refused host and the host whose timestamp is remembered. If both are in `shown`, the selection stays as it is.
pub fn default_hosts(source: Source, at: SimTime, shown: &[NodeId]) -> Vec<NodeId> {
    let callers = source.callers();
    // Before the first refusal, show the hosts of the first refusal.
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
