//! The text in the boxes between hosts and server: name, address, NAT mappings, and what a firewall does to timestamps.

use super::layout::BoxPlace;
use super::lettering::{Lines, StageText};
use super::scene::Scene;
use super::top_k::lowest_k;
use super::topology::Guard;
use crate::text::stage as text;
use sim_core::scenario::{BoxKind, StampRule};
use sim_core::time::Span;
use sim_core::trace::snapshot::{MappingRow, NatView, Snapshot};
use sim_core::trace::{NodeId, Role};
use sim_core::words::grouped;

/// A mapping counts as in use for this long after its last segment.
pub const IN_USE: Span = Span::from_millis(60);

/// The distance between the outline and the text, in CSS pixels.
pub const MARGIN: f64 = 12.0;

/// The y coordinate of the line under the heading.
pub fn rule(place: &BoxPlace) -> f64 {
    if place.guard.role == Role::LoadBalancer { 56.0 } else { 36.0 }
}

/// The name, and the address that all hosts behind the box share.
pub fn heading(scene: &Scene, place: &BoxPlace) -> Vec<StageText> {
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

/// What the box does to timestamps. A firewall that shifts them shows the last shift.
pub fn footing(scene: &Scene, place: &BoxPlace) -> Vec<StageText> {
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

/// The box in the scenario file; `None` for the hosts' NAT, which has a section of its own.
fn setup<'a>(scene: &Scene<'a>, node: NodeId) -> Option<&'a BoxKind> {
    let run = scene.run;
    let name = run.name(node);
    run.scenario.boxes.iter().find(|setup| setup.name == name).map(|setup| &setup.kind)
}

/// The text of one mapping: the outside port and the host behind it.
pub fn mapping_words(scene: &Scene, place: &BoxPlace, index: usize, mapping: &MappingRow) -> Vec<StageText> {
    let mut lines = Lines::new(&place.rect, MARGIN);
    let down = rule(place) + 22.0 + index as f64 * 20.0;
    let left = lines.room() - lines.left("m", down, format!(":{}", mapping.outside.port)).width() - 6.0;
    let who = mapping.host.map_or("", |host| scene.run.name(host));
    lines.right("who", down, who.to_owned()).within(left);
    lines.done()
}

/// All text of a box, used by the tests that check for overlaps.
#[cfg(test)]
pub fn all_words(scene: &Scene, place: &BoxPlace) -> Vec<StageText> {
    let mut all = heading(scene, place);
    all.extend(footing(scene, place));
    if let Some(view) = view(scene.snapshot, place) {
        let shown = latest(&view.mappings, place.mappings);
        all.extend(shown.iter().enumerate().flat_map(|(index, row)| mapping_words(scene, place, index, row)));
    }
    all
}

/// The state of the NAT, if the box is the hosts' NAT.
pub fn view<'a>(snapshot: &'a Snapshot, place: &BoxPlace) -> Option<&'a NatView> {
    snapshot.nat.as_ref().filter(|nat| nat.node == place.guard.node)
}

/// The `most` mappings used last, in the order in which they were opened.
pub fn latest(mappings: &[MappingRow], most: usize) -> Vec<&MappingRow> {
    let keys: Vec<u64> = mappings.iter().map(|mapping| !mapping.used.as_micros()).collect();
    let latest = lowest_k(&keys, most);
    mappings.iter().enumerate().filter(|(index, _)| latest.contains(index)).map(|(_, mapping)| mapping).collect()
}
