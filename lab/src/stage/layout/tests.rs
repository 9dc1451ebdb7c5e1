//! The worlds of all presets, and some artificial ones, at every width.

use super::*;
use crate::plan::Plan;
use crate::run::Run;
use crate::stage::model::StageModel;
use crate::stage::samples::plans;

/// The world of every plan, and what the server needs room for.
fn topologies() -> Vec<(String, Topology, Needs)> {
    let topology = |(name, plan): (String, Plan)| {
        let run = Run::of(&plan);
        let StageModel { topology, needs, .. } = StageModel::of(&run);
        (name, topology, needs)
    };
    plans().into_iter().map(topology).collect()
}

fn for_every_layout(check: impl Fn(&str, &Topology, &StageLayout)) {
    for (name, topology, needs) in topologies() {
        let widths = (280..=1_400).step_by(8).map(f64::from).chain([358.0, 639.0, 640.0, 672.0, 879.0, 1_009.0]);
        for width in widths {
            check(&format!("{name} at {width}"), &topology, &StageLayout::new(width, &topology, needs));
        }
    }
}

#[test]
fn no_box_touches_another_or_the_edge() {
    for_every_layout(|name, _, layout| {
        let rects: Vec<Rect> = layout.rects();
        for (index, rect) in rects.iter().enumerate() {
            let within =
                rect.x >= 0.0 && rect.y >= 0.0 && rect.right() <= layout.width && rect.bottom() <= layout.height;
            assert!(within, "{name}: {rect:?} is outside of {} by {}", layout.width, layout.height);
            let met = rects[index + 1..].iter().find(|other| rect.meets(other, 0.0));
            assert!(met.is_none(), "{name}: {rect:?} meets {met:?}");
        }
    });
}

#[test]
fn every_node_has_a_place_and_a_link_that_begins_and_ends_at_a_box() {
    for_every_layout(|name, topology, layout| {
        let hosts = topology.branches.iter().flat_map(super::super::topology::Branch::hosts);
        let boxes = layout.boxes.iter().map(|place| place.guard.node);
        let all: Vec<NodeId> = hosts.chain(boxes).chain(topology.database).collect();
        assert_eq!(all.len() + 1, topology.nodes, "{name}: somebody is not on the stage");
        let rects: Vec<Rect> = layout.rects();
        for node in all {
            let link = layout.link(node).unwrap_or_else(|| panic!("{name}: {node:?} has no link"));
            for point in [link.curve.start(), link.curve.end()] {
                let dot = Rect { x: point.x, y: point.y, w: 0.0, h: 0.0 };
                // Half a pixel of tolerance for rounding.
                let touches = |rect: &Rect| rect.meets(&dot, 0.5);
                assert!(rects.iter().any(touches), "{name}: the link of {node:?} has a loose end at {point:?}");
            }
        }
    });
}

#[test]
fn from_every_host_the_links_lead_to_the_server() {
    for_every_layout(|name, topology, layout| {
        for start in topology.branches.iter().flat_map(super::super::topology::Branch::hosts) {
            let mut node = start;
            for _ in 0..=topology.depth() + topology.guards.len() {
                node = layout.link(node).map_or(node, |link| link.to);
            }
            assert_eq!(node, topology.server, "{name}: from {start:?}");
        }
    });
}

#[test]
fn a_refused_syn_has_room_before_the_door() {
    for_every_layout(|name, _, layout| {
        let door = layout.door;
        let octagon = Rect { x: door.x - 22.0, y: door.y - 22.0, w: 44.0, h: 44.0 };
        assert!(layout.rects().iter().all(|rect| !rect.meets(&octagon, 0.0)), "{name}");
    });
}
