//! The tall form: hosts at the top, boxes below them, the server at the bottom.

use sim_core::trace::NodeId;

use super::super::topology::{Branch, Crowd, Guard, Topology};
use super::{BoxPlace, CrowdPlace, Form, Grid, HostPlace, Link, Needs, StageLayout, box_height, from_middle, step};
use crate::geometry::{Curve, Point, Rect};

/// The distance between hosts.
const GAP: f64 = 8.0;

/// The distance between hosts or boxes and the next box below.
const BEFORE_BOX: f64 = 48.0;

/// The distance between the last box and the server. It has room for the text about a refusal.
const BEFORE_SERVER: f64 = 148.0;

/// The same distance where no box stands between hosts and server.
const BEFORE_SERVER_DIRECT: f64 = 216.0;

/// The height of a host's box.
const HOST_H: f64 = 64.0;

/// From this width on, two crowds stand side by side.
const LEAST_FOR_TWO_CROWDS: f64 = 340.0;

/// The number of NAT mappings that a box shows.
const MAPPINGS: usize = 3;

/// The horizontal range that a branch occupies.
#[derive(Clone, Copy)]
struct Strip {
    x: f64,
    w: f64,
    columns: usize,
}

/// A placed branch: its nodes, and the start of its link.
struct Placed {
    nodes: Vec<NodeId>,
    port: Point,
    /// The horizontal offset at which the link leaves; 0 if it leaves downwards.
    side: f64,
    trunk: bool,
}

pub(super) fn layout(width: f64, topology: &Topology, needs: Needs) -> StageLayout {
    let mut layout = StageLayout::empty(Form::Tall, width, topology, needs);
    let columns = ((width / 160.0) as usize).clamp(3, 5);
    let whole = Strip { x: 1.0, w: width - 2.0, columns };
    let boxed = topology.branches.iter().take_while(|branch| matches!(branch, Branch::Boxed(..))).count();
    let (boxes, rest) = topology.branches.split_at(boxed);
    let mut placed = Vec::new();
    let mut bottom = 0.0_f64;
    let mut aside = Vec::new();
    match boxes {
        [] => {
            let (hosts, hosts_bottom) = layout.hosts_in(rest, whole, 1.0);
            placed = hosts;
            bottom = hosts_bottom;
        }
        [one] => {
            let (trunk, boxes_top, boxes_bottom) = layout.boxed(one, whole, 1.0);
            placed.push(trunk);
            let (hosts, hosts_bottom) = layout.beside(rest, whole, boxes_top);
            aside = hosts;
            bottom = boxes_bottom.max(hosts_bottom);
        }
        several => {
            let strips = several.len() + usize::from(!rest.is_empty());
            let w = (whole.w - GAP * (strips as f64 - 1.0)) / strips as f64;
            let strip = |index: usize| Strip { x: 1.0 + index as f64 * (w + GAP), w, columns: 1 };
            for (index, branch) in several.iter().enumerate() {
                let (trunk, _, its_bottom) = layout.boxed(branch, strip(index), 1.0);
                placed.push(trunk);
                bottom = bottom.max(its_bottom);
            }
            let (hosts, hosts_bottom) = layout.hosts_in(rest, strip(several.len()), 1.0);
            placed.extend(hosts);
            bottom = bottom.max(hosts_bottom);
        }
    }
    layout.lead_to_server(topology, placed, aside, bottom, !boxes.is_empty());
    layout
}

fn host_width(strip: Strip) -> f64 {
    (strip.w - GAP * (strip.columns as f64 - 1.0)) / strip.columns as f64
}

fn guard_width(strip: Strip) -> f64 {
    (host_width(strip) * 1.5).clamp(148.0, 176.0).min(strip.w)
}

fn server_height(needs: Needs) -> f64 {
    let (queue, ports) = (f64::from(u8::from(needs.queue)), f64::from(u8::from(needs.ports)));
    let memory = if needs.memory { 20.0 } else { 0.0 };
    132.0 + memory + needs.stamps as f64 * 20.0 + queue * 24.0 + ports * 44.0
}

impl StageLayout {
    /// Places crowds, then single hosts in a grid. Returns the placed branches and the bottom edge of all of them.
    fn hosts_in(&mut self, branches: &[Branch], strip: Strip, top: f64) -> (Vec<Placed>, f64) {
        let mut placed = Vec::new();
        let mut y = top;
        let crowds = branches.iter().filter_map(|branch| match branch {
            Branch::Crowd(crowd) => Some(crowd),
            _ => None,
        });
        let crowds: Vec<&Crowd> = crowds.collect();
        // Crowds stand side by side where the width allows it, so that no link passes behind a crowd.
        let columns = if strip.w >= LEAST_FOR_TWO_CROWDS { crowds.len().clamp(1, 2) } else { 1 };
        let w = (strip.w - GAP * (columns as f64 - 1.0)) / columns as f64;
        for row in crowds.chunks(columns) {
            let mut bottom = y;
            for (column, crowd) in row.iter().enumerate() {
                let x = strip.x + column as f64 * (w + GAP);
                let rect = self.place_crowd(crowd, Rect { x, y, w, h: 0.0 });
                placed.push(Placed::under(crowd.members.clone(), rect, true));
                bottom = bottom.max(rect.bottom());
            }
            y = bottom + GAP;
        }
        let w = host_width(strip);
        let hosts = branches.iter().filter_map(|branch| match branch {
            Branch::Host(node) => Some(*node),
            _ => None,
        });
        let mut bottom = y - GAP;
        for (index, node) in hosts.enumerate() {
            let x = strip.x + (index % strip.columns) as f64 * (w + GAP);
            let rect = Rect { x, y: y + (index / strip.columns) as f64 * (HOST_H + GAP), w, h: HOST_H };
            self.hosts.push(HostPlace { node, rect });
            placed.push(Placed::under(vec![node], rect, false));
            bottom = rect.bottom();
        }
        (placed, bottom)
    }

    /// Places hosts in the last column, beside the boxes, from the bottom up.
    fn beside(&mut self, branches: &[Branch], strip: Strip, top: f64) -> (Vec<Placed>, f64) {
        let w = (strip.w - GAP * 2.0) / 3.0;
        let x = strip.x + strip.w - w;
        let mut y = top;
        let mut placed = Vec::new();
        for branch in branches {
            let rect = match branch {
                Branch::Crowd(crowd) => self.place_crowd(crowd, Rect { x, y, w, h: 0.0 }),
                Branch::Host(node) => {
                    let rect = Rect { x, y, w, h: HOST_H };
                    self.hosts.push(HostPlace { node: *node, rect });
                    rect
                }
                Branch::Boxed(..) => continue,
            };
            let port = Point { x: rect.x, y: rect.center().y };
            placed.push(Placed { nodes: branch.hosts(), port, side: -22.0, trunk: false });
            y = rect.bottom() + GAP;
        }
        (placed, y - GAP)
    }

    fn place_crowd(&mut self, crowd: &Crowd, rect: Rect) -> Rect {
        let grid = Grid::of(crowd.members.len(), rect.w);
        let rect = Rect { h: grid.box_height(), ..rect };
        self.crowds.push(CrowdPlace { crowd: crowd.clone(), rect, grid });
        rect
    }

    /// Places a box below the branches behind it. Returns the box with its link, and the top and bottom edges of the
    /// boxes.
    fn boxed(&mut self, branch: &Branch, strip: Strip, top: f64) -> (Placed, f64, f64) {
        let Branch::Boxed(guard, inside) = branch else {
            let (mut placed, bottom) = self.hosts_in(core::slice::from_ref(branch), strip, top);
            let first = placed.pop().unwrap_or_else(|| Placed::under(Vec::new(), self.server, false));
            return (first, bottom, bottom);
        };
        let (mut within, mut bottom) = self.hosts_in(inside, strip, top);
        let mut boxes_top = None;
        for branch in inside.iter().filter(|branch| matches!(branch, Branch::Boxed(..))) {
            let (inner, inner_top, inner_bottom) = self.boxed(branch, strip, bottom.max(top - GAP) + GAP);
            within.push(inner);
            boxes_top.get_or_insert(inner_top);
            bottom = inner_bottom;
        }
        let rect = self.place_guard(*guard, strip, bottom + BEFORE_BOX);
        let step = step(within.len(), 8.0, rect.w - 32.0);
        let middle = rect.center().x;
        for (index, from) in within.iter().enumerate() {
            let x = middle + from_middle(index, within.len(), step);
            self.lead(from, guard.node, Point { x, y: rect.y });
        }
        (Placed::under(vec![guard.node], rect, true), boxes_top.unwrap_or(rect.y), rect.bottom())
    }

    fn place_guard(&mut self, guard: Guard, strip: Strip, y: f64) -> Rect {
        let rect = Rect { x: strip.x, y, w: guard_width(strip), h: box_height(guard.role, MAPPINGS) };
        self.boxes.push(BoxPlace { guard, rect, mappings: MAPPINGS });
        rect
    }

    fn lead_to_server(
        &mut self,
        topology: &Topology,
        placed: Vec<Placed>,
        aside: Vec<Placed>,
        bottom: f64,
        boxed: bool,
    ) {
        let whole = Strip { x: 1.0, w: self.width - 2.0, columns: 3 };
        let way_x = 1.0 + guard_width(whole) / 2.0;
        let mut y = bottom;
        let mut ends: Vec<(NodeId, Rect)> = Vec::new();
        for (index, guard) in topology.guards.iter().enumerate() {
            let apart = if index == 0 && !boxed { 84.0 } else { 64.0 };
            let rect = self.place_guard(*guard, whole, y + apart);
            ends.push((guard.node, rect));
            y = rect.bottom();
        }
        let apart = if boxed || !topology.guards.is_empty() { BEFORE_SERVER } else { BEFORE_SERVER_DIRECT };
        self.server = Rect { x: 1.0, y: y + apart, w: self.width - 2.0, h: server_height(self.needs) };
        ends.push((topology.server, self.server));
        for pair in ends.windows(2) {
            let [(node, rect), (to, below)] = [pair[0], pair[1]];
            self.lead(&Placed::under(vec![node], rect, true), to, Point { x: way_x, y: below.y });
        }
        let (entry, entry_rect) = ends[0];
        let step_x = step(placed.len(), 8.0, 120.0);
        for (index, from) in placed.iter().enumerate() {
            let x = way_x + from_middle(index, placed.len(), step_x);
            self.lead(from, entry, Point { x, y: entry_rect.y });
        }
        let count = aside.len();
        for (row, from) in aside.iter().enumerate() {
            let narrow = entry_rect.right() - 12.0 - (count - row) as f64 * 7.0;
            let x = (from.port.x - 22.0 + row as f64 * step(count, 7.0, 80.0)).min(narrow);
            self.lead(&Placed { side: x - from.port.x, ..Placed::copy(from) }, entry, Point { x, y: entry_rect.y });
        }
        self.place_database(topology, way_x, 60.0);
        self.door = Point { x: way_x, y: self.server.y - 26.0 };
        self.height = self.database.unwrap_or(self.server).bottom() + 2.0;
    }

    fn lead(&mut self, from: &Placed, to: NodeId, end: Point) {
        let curve = Curve::downwards(from.port, end, from.side);
        self.connect(&from.nodes, Link { to, curve, upright: true, trunk: from.trunk });
    }
}

impl Placed {
    fn under(nodes: Vec<NodeId>, rect: Rect, trunk: bool) -> Self {
        Self { nodes, port: Point { x: rect.center().x, y: rect.bottom() }, side: 0.0, trunk }
    }

    fn copy(other: &Self) -> Self {
        Self { nodes: other.nodes.clone(), ..*other }
    }
}
