//! The boxes on the way: a NAT or load balancer with its mappings, a firewall with what it does to timestamps.

use sim_core::scenario::{BoxKind, StampRule};
use sim_core::time::Span;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::{MappingRow, NatView, Snapshot};
use sim_core::trace::{NodeId, Role};
use yew::prelude::*;

use super::Scene;
use super::few::lowest;
use super::layout::BoxPlace;
use super::words::{Lines, Words, draw_all, outline, path};
use super::world::Guard;
use crate::format::{filled, grouped};
use crate::text::stage as text;

/// So long a mapping counts as in use after its last segment.
const IN_USE: Span = Span::from_millis(60);

/// Between the outline and the words.
const MARGIN: f64 = 12.0;

/// Every box.
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

/// How far below the upper edge the heading ends.
fn rule(place: &BoxPlace) -> f64 {
    if place.guard.role == Role::LoadBalancer { 56.0 } else { 36.0 }
}

/// The name, and the address that stands for everybody behind it.
pub(super) fn heading(scene: &Scene, place: &BoxPlace) -> Vec<Words> {
    let mut lines = Lines::new(&place.rect, MARGIN);
    let room = lines.room();
    let Guard { node, role } = place.guard;
    let name = if role == Role::Nat { "NAT" } else { scene.run.name(node) };
    lines.left("name", 24.0, name.to_owned()).within(room);
    let address = scene.run.node(node).map(|node| node.addr.to_string()).unwrap_or_default();
    match role {
        Role::Nat => lines.right("m", 24.0, address).within(room - 34.0),
        Role::LoadBalancer => _ = lines.left("m", 44.0, address),
        _ => {}
    }
    lines.done()
}

/// What it does to clocks; for a firewall that shifts them, the last one that it shifted.
pub(super) fn footing(scene: &Scene, place: &BoxPlace) -> Vec<Words> {
    let mut lines = Lines::new(&place.rect, MARGIN);
    let room = lines.room();
    let kind = setup(scene, place.guard.node);
    let Some(BoxKind::Firewall { timestamps, drops_from }) = kind else {
        lines.left("f", place.rect.h - 12.0, text::CLOCKS_UNCHANGED.to_owned()).within(room);
        return lines.done();
    };
    lines.left("f", 58.0, text::stamp_rule(*timestamps).to_owned()).within(room);
    if *timestamps == StampRule::Random
        && let Some(shift) = scene.facts.last_shift(place.guard.node, scene.snapshot.at)
    {
        let clock = |tsval: Option<sim_core::timestamp::Tsval>| {
            tsval.map_or_else(|| text::NO_TIMESTAMPS.to_owned(), |tsval| grouped(u64::from(tsval.0)))
        };
        lines.right("m s", 82.0, clock(shift.before));
        lines.right("m", 102.0, format!("\u{2192} {}", clock(shift.after)));
    }
    if let [first, rest @ ..] = drops_from.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" +{}", rest.len()) };
        lines.left("f", 82.0, text::DROPS_FROM.to_owned());
        lines.left("m", 102.0, format!("{first}{more}")).within(room);
    }
    lines.done()
}

/// What the scenario says of a box that is not the hosts' NAT.
fn setup<'a>(scene: &Scene<'a>, node: NodeId) -> Option<&'a BoxKind> {
    let run = scene.run;
    let name = run.name(node);
    run.scenario.boxes.iter().find(|setup| setup.name == name).map(|setup| &setup.kind)
}

/// Which port stands for whom.
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

fn mapping_words(scene: &Scene, place: &BoxPlace, index: usize, mapping: &MappingRow) -> Vec<Words> {
    let mut lines = Lines::new(&place.rect, MARGIN);
    let down = rule(place) + 22.0 + index as f64 * 20.0;
    let left = lines.room() - lines.left("m", down, format!(":{}", mapping.outside.port)).width() - 6.0;
    let who = mapping.host.map_or("", |host| scene.run.name(host));
    lines.right("who", down, who.to_owned()).within(left);
    lines.done()
}

/// All words of a box, for those who measure.
#[cfg(test)]
pub(super) fn all_words(scene: &Scene, place: &BoxPlace) -> Vec<Words> {
    let mut all = heading(scene, place);
    all.extend(footing(scene, place));
    if let Some(view) = view(scene.snapshot, place) {
        let shown = latest(&view.mappings, place.mappings);
        all.extend(shown.iter().enumerate().flat_map(|(index, row)| mapping_words(scene, place, index, row)));
    }
    all
}

fn view<'a>(snapshot: &'a Snapshot, place: &BoxPlace) -> Option<&'a NatView> {
    snapshot.nat.as_ref().filter(|nat| nat.node == place.guard.node)
}

/// The mappings used last, in the order in which they were opened.
fn latest(mappings: &[MappingRow], most: usize) -> Vec<&MappingRow> {
    let keys: Vec<u64> = mappings.iter().map(|mapping| !mapping.used.as_micros()).collect();
    let latest = lowest(&keys, most);
    mappings.iter().enumerate().filter(|(index, _)| latest.contains(index)).map(|(_, mapping)| mapping).collect()
}
