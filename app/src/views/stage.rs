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

use crate::hooks::{InHtml, use_drawn_widths};
use crate::platform::HAS_BROWSER;
use lab::format::filled;
use lab::plan::Settings;
use lab::run::SharedRun;
use lab::stage::ground::Ground;
use lab::stage::layout::{Link, StageLayout};
use lab::stage::scene::Scene;
use lab::text;

/// Phones, tablets, windows of 1280 px, and windows of 1440 px and more. Below 640 px the stage is upright.
const IN_HTML: InHtml = InHtml {
    place: ".stage",
    widths: &[("narrow", 358.0), ("tablet", 720.0), ("middle", 856.0), ("wide", 1016.0)],
};

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
    let widths = use_drawn_widths(&holder, IN_HTML);
    let ground = use_memo(props.run.clone(), |run| Ground::of(run));
    let layouts = use_memo((props.run.clone(), widths.clone()), |(_, widths)| -> Vec<StageLayout> {
        widths.iter().map(|(_, width)| StageLayout::new(*width, &ground.world, ground.needs)).collect()
    });
    let drawn = layouts.iter().map(|layout| drawing(props, &ground, layout));
    if HAS_BROWSER {
        return html! { <div class="stage" ref={holder}>{ for drawn }</div> };
    }
    let drawn = widths.iter().zip(drawn).map(|((class, _), drawing)| html! { <div class={*class}>{ drawing }</div> });
    html! { <div class="stage in-html">{ for drawn }</div> }
}

/// The stage in one layout.
fn drawing(props: &StageProps, ground: &Ground, layout: &StageLayout) -> Html {
    let StageProps { run, snapshot, settings, still } = props;
    let scene = Scene::new(run, snapshot, &ground.facts, &ground.world, layout);
    let door = scene.refused.map(|refused| (refused, lab::stage::marks::door(&scene, refused)));
    let [width, height] = [layout.width, layout.height].map(|length| filled("#", &[length]));
    html! {
        <svg viewBox={format!("0 0 {width} {height}")} {width} {height} role="img"
            aria-label={text::stage::description(&scene, lab::stage::marks::explained(&scene))}>
            { links(layout) }
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
    }
}

fn links(layout: &StageLayout) -> Html {
    let line = |link: &Link| html! { <path d={link.curve.path()} class={link.trunk.then_some("trunk")} /> };
    html! { <g class="links">{ for layout.links.iter().map(line) }</g> }
}
