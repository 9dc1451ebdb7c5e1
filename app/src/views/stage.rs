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
use lab::stage::layout::{Link, StageLayout};
use lab::stage::model::StageModel;
use lab::stage::scene::Scene;
use lab::text;

/// Phones, tablets, windows of 1280 px, and windows of 1440 px and more. Below 640 px the stage is upright.
const IN_HTML: InHtml =
    InHtml { place: ".stage", widths: &[("narrow", 358.0), ("tablet", 720.0), ("middle", 856.0), ("wide", 1016.0)] };

/// The properties of [`Stage`].
#[derive(Clone, Properties)]
pub struct StageProps {
    /// The run to draw.
    pub run: SharedRun,
    /// The state of all nodes at the playhead.
    pub snapshot: Rc<Snapshot>,
    /// The settings of the server at the playhead.
    pub settings: Settings,
    /// Whether motion is reduced: segments are drawn as arrows on their links.
    pub reduced_motion: bool,
}

/// Each snapshot belongs to another moment or another run, so comparing the pointers is enough.
impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        self.run == other.run
            && Rc::ptr_eq(&self.snapshot, &other.snapshot)
            && self.settings == other.settings
            && self.reduced_motion == other.reduced_motion
    }
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let holder = use_node_ref();
    let widths = use_drawn_widths(&holder, IN_HTML);
    let model = use_memo(props.run.clone(), |run| StageModel::of(run));
    let layouts = use_memo((props.run.clone(), widths.clone()), |(_, widths)| -> Vec<StageLayout> {
        widths.iter().map(|(_, width)| StageLayout::new(*width, &model.topology, model.needs)).collect()
    });
    let drawn = layouts.iter().map(|layout| drawing(props, &model, layout));
    if HAS_BROWSER {
        return html! { <div class="stage" ref={holder}>{ for drawn }</div> };
    }
    let drawn = widths.iter().zip(drawn).map(|((class, _), drawing)| html! { <div class={*class}>{ drawing }</div> });
    html! { <div class="stage in-html">{ for drawn }</div> }
}

/// Draws the stage in one layout.
fn drawing(props: &StageProps, model: &StageModel, layout: &StageLayout) -> Html {
    let StageProps { run, snapshot, settings, reduced_motion } = props;
    let scene = Scene::new(run, snapshot, &model.facts, &model.topology, layout);
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
            { segments::under_way(&scene, *reduced_motion) }
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
