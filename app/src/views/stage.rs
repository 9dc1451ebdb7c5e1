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
use crate::hooks::{InHtml, use_drawn_widths};
use crate::markup::{Element, element};
use crate::plan::Settings;
use crate::platform::HAS_BROWSER;
use crate::run::{Run, SharedRun};
use crate::text;
use facts::Turn;
pub use facts::{Casualty, Cause, Facts};
pub use hosts::{Wait, wait};
use layout::{Layout, Link, Needs};
pub use server::{Ports, ports};
pub use world::{Branch, World};

/// The most lines that the server has for addresses beyond the first.
const MOST_STAMPS: usize = 3;

/// Phones, windows of 1280 px and windows of 1440 px and more. Below 640 px the stage stands upright.
const IN_HTML: InHtml = InHtml { place: ".stage", widths: &[("narrow", 358.0), ("middle", 720.0), ("wide", 1016.0)] };

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
    let widths = use_drawn_widths(&holder, IN_HTML);
    let ground = use_memo(props.run.clone(), |run| Ground::of(run));
    let layouts = use_memo((props.run.clone(), widths.clone()), |(_, widths)| -> Vec<Layout> {
        widths.iter().map(|(_, width)| Layout::new(*width, &ground.world, ground.needs)).collect()
    });
    let drawn = layouts.iter().map(|layout| drawing(props, &ground, layout));
    if HAS_BROWSER {
        return html! { <div class="stage" ref={holder}>{ for drawn }</div> };
    }
    let drawn = widths.iter().zip(drawn).map(|((class, _), drawing)| html! { <div class={*class}>{ drawing }</div> });
    html! { <div class="stage in-html">{ for drawn }</div> }
}

/// The stage in one layout.
fn drawing(props: &StageProps, ground: &Ground, layout: &Layout) -> Html {
    let StageProps { run, snapshot, settings, still } = props;
    let scene = Scene::new(run, snapshot, &ground.facts, &ground.world, layout);
    let door = scene.refused.map(|refused| (refused, marks::door(&scene, refused)));
    let [width, height] = [layout.width, layout.height].map(|length| filled("#", &[length]));
    let svg = element!(
        "svg",
        "viewBox" = format!("0 0 {width} {height}"),
        "width" = width,
        "height" = height,
        "role" = "img",
        "aria-label" = text::stage::description(&scene),
    );
    let svg = svg
        .with(links(layout))
        .with(hosts::draw(&scene))
        .with(crowd::draw(&scene))
        .with(boxes::draw(&scene))
        .with(server::draw(&scene, settings, door.map(|(_, at)| at)))
        .with(server::database(&scene))
        .with(marks::others(&scene))
        .with(segments::under_way(&scene, *still))
        .with(door.map(|(refused, at)| marks::refusal(&scene, refused, at)));
    svg.html()
}

fn links(layout: &Layout) -> Element {
    let line = |link: &Link| {
        element!("path", "d" = link.curve.path(), "class" = if link.trunk { Some("trunk") } else { None })
    };
    element!("g", "class" = "links").with_each(layout.links.iter().map(line))
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
