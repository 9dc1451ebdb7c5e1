//! The parts of the stage that do not change during a run. They are computed once for each run.

use sim_core::trace::Event;

use super::facts::Facts;
use super::layout::Needs;
use super::lettering::width;
use super::topology::Topology;
use crate::run::Run;
use crate::text;

/// The server's box has room for this many remembered addresses besides the first.
const MOST_STAMPS: usize = 3;

/// The parts of the stage that do not change during a run.
pub struct StageModel {
    /// The failures, reboots and clock shifts of the run.
    pub facts: Facts,
    /// The tree of hosts and boxes.
    pub topology: Topology,
    /// What the layout has to reserve room for.
    pub needs: Needs,
}

impl StageModel {
    /// Computes the unchanging parts of the stage for `run`.
    pub fn of(run: &Run) -> Self {
        let (facts, topology) = (Facts::of(run), Topology::of(run));
        let needs = needs(run, &facts, &topology);
        Self { facts, topology, needs }
    }
}

/// What the layout has to reserve room for during the run.
fn needs(run: &Run, facts: &Facts, topology: &Topology) -> Needs {
    let shared = topology.first_box().is_some() && run.scenario.nat.is_some() || topology.peers == 1;
    let stamps = if shared { 0 } else { topology.peers.saturating_sub(1).min(MOST_STAMPS) };
    let memory = run.trace.records.iter().any(|record| match record.event {
        Event::Booted { kernel, .. } => record.node == topology.server && kernel.profile().has_recycle,
        _ => false,
    });
    let stamps = if memory { stamps } else { 0 };
    Needs { memory, stamps, queue: facts.queue_matters, ports: topology.database.is_some(), sum: widest_sum(run) }
}

/// The largest width of a refusal's comparison in this run, in CSS pixels: on one line, and of the second line when it
/// is broken in two.
fn widest_sum(run: &Run) -> [u32; 2] {
    let sums = run.index.refusals.iter().map(|refused| text::sum(&refused.refusal));
    sums.fold([0; 2], |[one, second], sum| {
        let rest = text::halves(&sum).map_or("", |(_, _, rest)| rest);
        // The second line begins with a minus sign and a space, or with the word "and".
        let widths = [width("m", &sum), width("m", rest) + width("m", "and ")];
        let [this, its_second] = widths.map(|width| width.ceil() as u32);
        [one.max(this), second.max(its_second)]
    })
}
