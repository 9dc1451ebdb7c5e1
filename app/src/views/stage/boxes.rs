//! The boxes between hosts and server: a NAT or load balancer with its mappings, a firewall with its timestamp rule.

use super::words::{draw_all, outline, path};
use lab::format::filled;
use lab::stage::box_text::{IN_USE, MARGIN, footing, heading, latest, mapping_words, rule, view};
use lab::stage::layout::BoxPlace;
use lab::stage::scene::Scene;
use sim_core::trace::Role;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::MappingRow;
use yew::prelude::*;

/// All boxes.
pub fn draw(scene: &Scene) -> Html {
    let one = |place: &BoxPlace| {
        let rect = place.rect;
        let class = if place.guard.role == Role::Firewall { "firewall" } else { "nat" };
        let line = filled("M# #H#", &[rect.x + MARGIN, rect.y + rule(place), rect.right() - MARGIN]);
        html! {
            <g {class} key={place.guard.node.0}>
                { outline(&rect, "10") }
                { path("rule", line) }
                { draw_all(scene.run, heading(scene, place)) }
                { draw_all(scene.run, footing(scene, place)) }
                { mappings(scene, place) }
            </g>
        }
    };
    scene.layout.boxes.iter().map(one).collect()
}

/// The mappings from outside ports to hosts.
fn mappings(scene: &Scene, place: &BoxPlace) -> Html {
    let Scene { run, snapshot, refused, .. } = *scene;
    let Some(view) = view(snapshot, place) else { return Html::default() };
    let row = |(index, mapping): (usize, &&MappingRow)| {
        let is_refused = refused.is_some_and(|refused: &RefusedSyn| refused.connection == mapping.connection);
        let in_use = is_refused || snapshot.at.since(mapping.used) < IN_USE;
        let tint = mapping.host.map(|host| run.tint_class(host));
        html! {
            <g class={classes!("mapping", in_use.then_some("in-use"), tint)} key={mapping.outside.port}>
                { draw_all(run, mapping_words(scene, place, index, mapping)) }
            </g>
        }
    };
    let shown = latest(&view.mappings, place.mappings);
    shown.iter().enumerate().map(row).collect()
}
