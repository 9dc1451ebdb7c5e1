//! The stage: hosts, boxes, the server, and the segments between them at one moment.

mod boxes;
mod crowd;
mod facts;
mod few;
mod geometry;
mod hosts;
mod layout;
mod marks;
mod segments;
mod server;
mod shapes;
#[cfg(test)]
mod tests;
mod words;
mod world;

use std::rc::Rc;

use sim_core::time::SimTime;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::{ClientView, Snapshot};
use sim_core::trace::{Event, NodeId};
use yew::prelude::*;

use crate::format::filled;
use crate::hooks::use_width;
use crate::plan::Settings;
use crate::run::{Run, SharedRun};
use crate::text;
use facts::Turn;
pub use facts::{Casualty, Cause, Facts};
pub use hosts::{Wait, wait};
use layout::{Form, Layout, Link, Needs};
pub use server::{Ports, ports};
pub use world::{Branch, World};

/// The most lines that the server has for addresses beyond the first.
const MOST_STAMPS: usize = 3;

/// What the stage draws.
#[derive(Clone, Properties)]
pub struct StageProps {
    /// The run.
    pub run: SharedRun,
    /// The moment.
    pub snapshot: Rc<Snapshot>,
    /// The switches at that moment.
    pub settings: Settings,
    /// Whether nothing is to move: segments stand as arrows on their links.
    pub still: bool,
}

/// Each snapshot is of another moment or another run.
impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        self.run == other.run
            && Rc::ptr_eq(&self.snapshot, &other.snapshot)
            && self.settings == other.settings
            && self.still == other.still
    }
}

/// Everything that a part of the drawing looks at.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The run.
    pub run: &'a Run,
    /// The moment.
    pub snapshot: &'a Snapshot,
    /// What is found once for the run.
    pub facts: &'a Facts,
    /// Who stands where.
    pub world: &'a World,
    /// In pixels.
    layout: &'a Layout,
    /// The refusal that is to be seen.
    pub refused: Option<&'a RefusedSyn>,
    /// Whether the addresses of hosts matter: they have their own, or they pass them on.
    pub shows_addresses: bool,
}

/// What stays the same for a run.
struct Ground {
    facts: Facts,
    world: World,
    needs: Needs,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let holder = use_node_ref();
    let width = use_width(&holder);
    let StageProps { run, snapshot, settings, still } = props;
    let ground = use_memo(run.clone(), |run| Ground::of(run));
    let layout = use_memo((run.clone(), width as u32), |_| Layout::new(width, &ground.world, ground.needs));
    let scene = Scene::new(run, snapshot, &ground.facts, &ground.world, &layout);
    let door = scene.refused.map(|refused| (refused, marks::door(&scene, refused)));
    let [width, height] = [layout.width, layout.height].map(|length| filled("#", &[length]));
    let class = classes!("stage", (layout.form == Form::Tall).then_some("tall"));
    html! {
        <div {class} ref={holder}>
            <svg viewBox={format!("0 0 {width} {height}")} {width} {height} role="img"
                aria-label={text::stage::description(&scene)}>
                { links(&layout) }
                { hosts::draw(&scene) }
                { crowd::draw(&scene) }
                { boxes::draw(&scene) }
                { server::draw(&scene, settings, door.map(|(_, at)| at)) }
                { server::database(&scene) }
                { marks::others(&scene) }
                { segments::under_way(&scene, *still) }
                if let Some((refused, at)) = door {
                    { marks::refusal(&scene, refused, at) }
                }
            </svg>
        </div>
    }
}

fn links(layout: &Layout) -> Html {
    let line = |link: &Link| html! { <path d={link.curve.path()} class={link.trunk.then_some("trunk")} /> };
    html! { <g class="links">{ for layout.links.iter().map(line) }</g> }
}

impl Ground {
    fn of(run: &Run) -> Self {
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
        let widths = [words::width("m", &sum), words::width("m", rest) + words::width("m", "and ")];
        let [this, its_second] = widths.map(|width| width.ceil() as u32);
        [one.max(this), second.max(its_second)]
    })
}

impl<'a> Scene<'a> {
    fn new(run: &'a Run, snapshot: &'a Snapshot, facts: &'a Facts, world: &'a World, layout: &'a Layout) -> Self {
        let refused = run.refusal_on_stage(snapshot);
        let shows_addresses = run.scenario.nat.is_none();
        Self { run, snapshot, facts, world, layout, refused, shows_addresses }
    }

    /// The host `node`, if it has joined.
    #[must_use]
    pub fn client(&self, node: NodeId) -> Option<&'a ClientView> {
        let clients = &self.snapshot.clients;
        clients.binary_search_by_key(&node, |client| client.node).ok().and_then(|index| clients.get(index))
    }

    /// When the host `node` left, if it has.
    #[must_use]
    pub fn left(&self, node: NodeId) -> Option<SimTime> {
        match self.facts.last_turn(node, self.snapshot.at) {
            Some((at, Turn::Left)) => Some(at),
            _ => None,
        }
    }

    /// The end that has the word on the stage, if no refusal has it.
    #[must_use]
    pub fn spoken_end(&self) -> Option<&'a Casualty> {
        if self.refused.is_some() { None } else { marks::spoken(self).map(|(casualty, _)| casualty) }
    }
}
