//! What stays the same on the stage in the course of a run.

use sim_core::trace::Event;

use super::facts::Facts;
use super::layout::Needs;
use super::lettering::width;
use super::world::World;
use crate::run::Run;
use crate::text;

/// The most lines that the server has for addresses beyond the first.
const MOST_STAMPS: usize = 3;

/// What stays the same for a run.
pub struct Ground {
    /// What happened to whom.
    pub facts: Facts,
    /// Who stands where.
    pub world: World,
    /// What the server has to have room for.
    pub needs: Needs,
}

impl Ground {
    /// The ground of a run.
    pub fn of(run: &Run) -> Self {
        let (facts, world) = (Facts::of(run), World::of(run));
        let needs = needs(run, &facts, &world);
        Self { facts, world, needs }
    }
}

/// What the server has to have room for in the course of a run.
fn needs(run: &Run, facts: &Facts, world: &World) -> Needs {
    let shared = world.first_box().is_some() && run.scenario.nat.is_some() || world.peers == 1;
    let stamps = if shared { 0 } else { world.peers.saturating_sub(1).min(MOST_STAMPS) };
    let memory = run.trace.records.iter().any(|record| match record.event {
        Event::Booted { kernel, .. } => record.node == world.server && kernel.profile().has_recycle,
        _ => false,
    });
    let stamps = if memory { stamps } else { 0 };
    Needs { memory, stamps, queue: facts.queue_matters, ports: world.database.is_some(), sum: widest_sum(run) }
}

/// How wide the numbers of a refusal become in this run, on one line and on the second of two.
fn widest_sum(run: &Run) -> [u32; 2] {
    let sums = run.index.refusals.iter().map(|refused| text::sum(&refused.refusal));
    sums.fold([0; 2], |[one, second], sum| {
        let rest = text::halves(&sum).map_or("", |(_, _, rest)| rest);
        // A hyphen and a blank, or the word "and", begin the second line.
        let widths = [width("m", &sum), width("m", rest) + width("m", "and ")];
        let [this, its_second] = widths.map(|width| width.ceil() as u32);
        [one.max(this), second.max(its_second)]
    })
}
