//! The stage: hosts, boxes, the server, and the segments between them at one moment.

mod boxes;
mod crowd;
mod hosts;
mod marks;
mod segments;
mod server;
mod words;

use std::rc::Rc;

use sim_core::trace::snapshot::Snapshot;
use yew::prelude::*;

use crate::hooks::use_width;
use crate::markup::{Element, element};
use lab::format::filled;
use lab::plan::Settings;
use lab::run::SharedRun;
use lab::stage::ground::Ground;
use lab::stage::layout::{Form, Layout, Link};
use lab::stage::scene::Scene;
use lab::text;

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

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let holder = use_node_ref();
    let width = use_width(&holder);
    let StageProps { run, snapshot, settings, still } = props;
    let ground = use_memo(run.clone(), |run| Ground::of(run));
    let layout = use_memo((run.clone(), width as u32), |_| Layout::new(width, &ground.world, ground.needs));
    let scene = Scene::new(run, snapshot, &ground.facts, &ground.world, &layout);
    let door = scene.refused.map(|refused| (refused, lab::stage::marks::door(&scene, refused)));
    let [width, height] = [layout.width, layout.height].map(|length| filled("#", &[length]));
    let svg = element!(
        "svg",
        "viewBox" = format!("0 0 {width} {height}"),
        "width" = width,
        "height" = height,
        "role" = "img",
        "aria-label" = text::stage::description(&scene, lab::stage::marks::explained(&scene)),
    );
    let svg = svg
        .with(links(&layout))
        .with(hosts::draw(&scene))
        .with(crowd::draw(&scene))
        .with(boxes::draw(&scene))
        .with(server::draw(&scene, settings, door.map(|(_, at)| at)))
        .with(server::database(&scene))
        .with(marks::others(&scene))
        .with(segments::under_way(&scene, *still))
        .with(door.map(|(refused, at)| marks::refusal(&scene, refused, at)));
    let class = if layout.form == Form::Tall { "stage tall" } else { "stage" };
    element!("div", "class" = class).found_by(&holder).with(svg).html()
}

fn links(layout: &Layout) -> Element {
    let line = |link: &Link| {
        element!("path", "d" = link.curve.path(), "class" = if link.trunk { Some("trunk") } else { None })
    };
    element!("g", "class" = "links").with_each(layout.links.iter().map(line))
}
