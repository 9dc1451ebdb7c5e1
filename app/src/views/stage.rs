//! The stage: hosts, the NAT, the server, and the segments between them at one moment.

mod boxes;
mod hosts;
mod layout;
mod segments;
mod words;

use std::rc::Rc;

use sim_core::trace::NodeId;
use sim_core::trace::snapshot::Snapshot;
use yew::prelude::*;

use crate::hooks::use_width;
use crate::plan::Settings;
use crate::run::{Run, SharedRun};
use crate::text;
use layout::{Form, Layout};

/// What the stage draws.
#[derive(Clone, PartialEq, Properties)]
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

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let holder = use_node_ref();
    let width = use_width(&holder);
    let StageProps { run, snapshot, settings, still } = props;
    let (inside, own) = joined(run, snapshot);
    let layout = Layout::new(width, &inside, &own);
    let refused = run.refusal_on_stage(snapshot);
    let view_box = format!("0 0 {} {}", layout.width, layout.height);
    html! {
        <div class={classes!("stage", (layout.form == Form::Tall).then_some("tall"))} ref={holder}>
            <svg viewBox={view_box} width={layout.width.to_string()} height={layout.height.to_string()} role="img"
                aria-label={description(run, snapshot)}>
                <g class="links">
                    { for layout.hosts.iter().map(|place| html! { <path d={place.link.path()} /> }) }
                    <path class="trunk" d={layout.trunk.path()} />
                </g>
                { hosts::draw(run, snapshot, &layout, refused.and_then(|refused| refused.host)) }
                { boxes::nat(run, snapshot, &layout, refused) }
                { boxes::server(run, snapshot, settings, &layout, refused.is_some()) }
                { segments::under_way(run, snapshot, &layout, *still) }
                { for refused.map(|refused| segments::refusal(run, refused, &layout)) }
            </svg>
        </div>
    }
}

/// The hosts that are there: behind the NAT, and with an address of their own.
fn joined(run: &Run, snapshot: &Snapshot) -> (Vec<NodeId>, Vec<NodeId>) {
    let behind = |node: &NodeId| run.node(*node).is_some_and(|node| node.behind.is_some());
    snapshot.clients.iter().map(|client| client.node).partition(behind)
}

/// The drawing in words, for those who do not see it.
fn description(run: &Run, snapshot: &Snapshot) -> String {
    let (inside, own) = joined(run, snapshot);
    let who = format!("{} behind one address and {} with their own call the server.", inside.len(), own.len());
    match run.refusal_on_stage(snapshot) {
        Some(refused) => format!("{who} {}", text::refused_in_words(run, refused)),
        None => who,
    }
}
