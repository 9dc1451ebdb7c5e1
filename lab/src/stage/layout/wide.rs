//! The wide form: hosts on the left, boxes in columns, the server on the right.

use sim_core::trace::NodeId;

use super::super::topology::{Branch, Guard, Topology};
use super::{BoxPlace, CrowdPlace, Form, Grid, HostPlace, Link, Needs, StageLayout, box_height, from_middle, step};
use crate::geometry::{Curve, Point, Rect};

/// The distance between hosts.
const GAP: f64 = 8.0;

/// The distance between the hosts of one box and other hosts.
const GROUP_GAP: f64 = 24.0;

/// With at most this many hosts, their boxes have two lines.
const MOST_ROOMY: usize = 9;

/// The distance from the top edge of the server's box down to the main link.
const ABOVE_WAY: f64 = 100.0;

/// The widths of the columns.
#[derive(Clone, Copy)]
struct Widths {
    host: f64,
    guard: f64,
    server: f64,
    /// The left edge of each column of boxes; the last entry is the server's.
    columns: [f64; 8],
}

/// A placed branch: its nodes, and the start of its link.
struct Placed {
    nodes: Vec<NodeId>,
    bottom: f64,
    port: Point,
    trunk: bool,
}

/// The least width at which this many boxes fit side by side.
pub(super) fn least_width(boxes: usize) -> f64 {
    if boxes > 6 { f64::INFINITY } else { 364.0 + 148.0 * boxes as f64 + 62.0 * (boxes as f64 + 1.0) }
}

pub(super) fn layout(width: f64, topology: &Topology, needs: Needs) -> StageLayout {
    let mut layout = StageLayout::empty(Form::Wide, width, topology, needs);
    layout.roomy = topology.singles() <= MOST_ROOMY;
    let widths = Widths::of(width, topology);
    // The comparison of a refusal stands between hosts and server, on one line if it fits.
    let room = widths.columns[7] - widths.host - 12.0;
    let sum_lines = 1 + needs.sum.iter().filter(|sum| f64::from(**sum) > room).count();
    layout.long_lines = sum_lines == 1;
    let words_h = 40.0 + 20.0 * sum_lines as f64;

    // The first box, or else the first one in front of the server, stands on the main link, with room for text above.
    let boxed = topology.branches.iter().take_while(|branch| matches!(branch, Branch::Boxed(..))).count();
    let main = if boxed > 0 { 1 } else { topology.branches.len() };
    let (main, others) = topology.branches.split_at(main);
    let heights = main.iter().map(|branch| layout.height_of(branch, &widths) + GAP).sum::<f64>() - GAP;
    let guards_h = topology.guards.iter().map(|guard| layout.guard_height(guard)).fold(0.0, f64::max);
    let tallest_box = main.iter().map(|branch| layout.tallest_box(branch)).fold(guards_h, f64::max);
    let way_y = if tallest_box > 0.0 {
        (heights / 2.0 + 2.0).max(tallest_box / 2.0 + words_h)
    } else {
        // Without a box, the text stands above the highest link.
        heights / 2.0 + words_h + 12.0
    };
    let way_y = way_y.max(ABOVE_WAY + 2.0);
    layout.words_bottom =
        if tallest_box > 0.0 { way_y - tallest_box / 2.0 - 14.0 } else { way_y - 46.0_f64.max(heights / 2.0 + 12.0) };

    let (server_y, server_h) = (way_y - ABOVE_WAY, server_height(needs));
    layout.server = Rect { x: widths.columns[7], y: server_y, w: widths.server, h: server_h };
    let mut placed = Vec::new();
    let mut y = way_y - heights / 2.0;
    for branch in main {
        placed.push(layout.place(branch, y, &widths));
        y += layout.height_of(branch, &widths) + GAP;
    }
    let mut later = Vec::new();
    let mut y = placed.iter().map(|placed| placed.bottom).fold(0.0, f64::max) + GROUP_GAP;
    for branch in others {
        let done = layout.place(branch, y, &widths);
        let apart = if matches!(branch, Branch::Boxed(..)) { GROUP_GAP } else { GAP };
        y = done.bottom + apart;
        later.push(done);
    }
    let hosts_bottom = later.iter().chain(&placed).map(|placed| placed.bottom).fold(0.0, f64::max);
    layout.guards_and_server(topology, &widths, way_y);
    let entry = layout.entry(topology);
    layout.enter(&placed, entry, way_y, boxed == 0);
    layout.enter_below(&later, entry);
    layout.place_database(topology, width - widths.server / 2.0 - 2.0, 72.0);
    let lowest = layout.database.unwrap_or(layout.server).bottom();
    layout.height = hosts_bottom.max(lowest).max(entry.0.bottom()) + 24.0;
    layout.door = Point { x: layout.server.x - 26.0, y: way_y };
    layout
}

fn server_height(needs: Needs) -> f64 {
    let memory = if needs.memory { 84.0 + needs.stamps.saturating_sub(1) as f64 * 18.0 } else { 0.0 };
    188.0 + memory + if needs.queue { 24.0 } else { 0.0 } + if needs.ports { 52.0 } else { 0.0 }
}

impl Widths {
    fn of(width: f64, topology: &Topology) -> Self {
        let (depth, guards) = (topology.depth(), topology.guards.len());
        let boxes = depth + guards;
        let spacious = width >= 880.0;
        let (host, guard, server) = if spacious { (224.0, 168.0, 196.0) } else { (196.0, 148.0, 168.0) };
        // Many columns leave little width for each.
        let cramped = width < 1.0 + 364.0 + boxes as f64 * guard + 80.0 * (boxes as f64 + 1.0);
        let (host, guard, server) = if boxes > 1 && cramped { (196.0, 148.0, 168.0) } else { (host, guard, server) };
        let server_x = width - server - 2.0;
        let free = server_x - host - boxes as f64 * guard;
        // The last link is the longest, because refused segments are drawn at its end.
        let gap = free / (boxes as f64 + 1.38);
        let mut columns = [server_x; 8];
        for (index, column) in columns.iter_mut().enumerate().take(boxes.min(7)) {
            *column = host + gap + index as f64 * (guard + gap);
        }
        columns[7] = server_x;
        Self { host, guard, server, columns }
    }
}

impl StageLayout {
    fn host_height(&self) -> f64 {
        if self.roomy { 42.0 } else { 28.0 }
    }

    fn mappings(&self) -> usize {
        if self.width >= 880.0 { 5 } else { 4 }
    }

    fn guard_height(&self, guard: &Guard) -> f64 {
        box_height(guard.role, self.mappings())
    }

    fn tallest_box(&self, branch: &Branch) -> f64 {
        match branch {
            Branch::Host(_) | Branch::Crowd(_) => 0.0,
            Branch::Boxed(guard, inside) => {
                inside.iter().map(|inside| self.tallest_box(inside)).fold(self.guard_height(guard), f64::max)
            }
        }
    }

    /// The height of a branch. A box stands beside the hosts behind it and needs no height of its own.
    fn height_of(&self, branch: &Branch, widths: &Widths) -> f64 {
        match branch {
            Branch::Host(_) => self.host_height(),
            Branch::Crowd(crowd) => Grid::of(crowd.members.len(), widths.host).box_height(),
            Branch::Boxed(guard, inside) => self.height_inside(inside, widths).max(self.guard_height(guard)),
        }
    }

    fn height_inside(&self, inside: &[Branch], widths: &Widths) -> f64 {
        let heights = inside.iter().map(|inside| self.height_of(inside, widths) + GAP);
        (heights.sum::<f64>() - GAP).max(0.0)
    }

    fn place(&mut self, branch: &Branch, y: f64, widths: &Widths) -> Placed {
        match branch {
            Branch::Host(node) => {
                let rect = Rect { x: 1.0, y, w: widths.host, h: self.host_height() };
                self.hosts.push(HostPlace { node: *node, rect });
                Placed::at(vec![*node], rect, false)
            }
            Branch::Crowd(crowd) => {
                let grid = Grid::of(crowd.members.len(), widths.host);
                let rect = Rect { x: 1.0, y, w: widths.host, h: grid.box_height() };
                self.crowds.push(CrowdPlace { crowd: crowd.clone(), rect, grid });
                Placed::at(crowd.members.clone(), rect, true)
            }
            Branch::Boxed(guard, inside) => self.place_boxed(branch, *guard, inside, y, widths),
        }
    }

    fn place_boxed(&mut self, branch: &Branch, guard: Guard, inside: &[Branch], y: f64, widths: &Widths) -> Placed {
        let (inside_h, box_h) = (self.height_inside(inside, widths), self.guard_height(&guard));
        let middle = y + inside_h.max(box_h) / 2.0;
        let mut within = Vec::new();
        let mut next_y = middle - inside_h / 2.0;
        for branch in inside {
            within.push(self.place(branch, next_y, widths));
            next_y += self.height_of(branch, widths) + GAP;
        }
        let x = widths.columns[branch.depth() - 1];
        let rect = Rect { x, y: middle - box_h / 2.0, w: widths.guard, h: box_h };
        self.boxes.push(BoxPlace { guard, rect, mappings: self.mappings() });
        let step = step(within.len(), 9.0, box_h - 32.0);
        for (index, from) in within.iter().enumerate() {
            let y = middle + from_middle(index, within.len(), step);
            self.join(from, guard.node, Point { x: rect.x, y }, (0.5, 0.5));
        }
        let bottom = within.iter().map(|placed| placed.bottom).fold(rect.bottom(), f64::max);
        Placed { nodes: vec![guard.node], bottom, port: Point { x: rect.right(), y: middle }, trunk: true }
    }

    fn guards_and_server(&mut self, topology: &Topology, widths: &Widths, way_y: f64) {
        let first = topology.depth();
        let server = self.server;
        for (index, guard) in topology.guards.iter().enumerate() {
            let h = self.guard_height(guard);
            let rect = Rect { x: widths.columns[first + index], y: way_y - h / 2.0, w: widths.guard, h };
            let next = topology.guards.get(index + 1);
            let (to, end) = match next {
                Some(next) => (next.node, widths.columns[first + index + 1]),
                None => (topology.server, server.x),
            };
            self.boxes.push(BoxPlace { guard: *guard, rect, mappings: self.mappings() });
            let from = Placed::at(vec![guard.node], rect, true);
            self.join(&from, to, Point { x: end, y: way_y }, (0.5, 0.5));
        }
    }

    /// The outline at which the links from the open network end, and its node.
    fn entry(&self, topology: &Topology) -> (Rect, NodeId) {
        let first = topology.guards.first().map_or(topology.server, |guard| guard.node);
        let rect = self.boxes.iter().find(|place| place.guard.node == first).map_or(self.server, |place| place.rect);
        (rect, first)
    }

    /// Adds the main links: one trunk, or a fan of links if there is no box on the side of the hosts.
    fn enter(&mut self, placed: &[Placed], (rect, to): (Rect, NodeId), way_y: f64, fans_out: bool) {
        let step = step(placed.len(), 9.0, 120.0);
        for (index, from) in placed.iter().enumerate() {
            let y = if fans_out { way_y + from_middle(index, placed.len(), step) } else { way_y };
            self.join(from, to, Point { x: rect.x, y }, (0.5, 0.5));
        }
    }

    /// Adds the links of hosts below the main link.
    fn enter_below(&mut self, placed: &[Placed], (rect, to): (Rect, NodeId)) {
        let step = step(placed.len(), 12.0, 60.0);
        for (index, from) in placed.iter().enumerate() {
            let y = rect.bottom() - 44.0 + from_middle(index, placed.len(), step);
            self.join(from, to, Point { x: rect.x, y }, (0.66, 0.3));
        }
    }

    fn join(&mut self, from: &Placed, to: NodeId, end: Point, (leave, arrive): (f64, f64)) {
        let curve = Curve::sideways(from.port, end, leave, arrive);
        self.connect(&from.nodes, Link { to, curve, upright: false, trunk: from.trunk });
    }
}

impl Placed {
    fn at(nodes: Vec<NodeId>, rect: Rect, trunk: bool) -> Self {
        Self { nodes, bottom: rect.bottom(), port: Point { x: rect.right(), y: rect.center().y }, trunk }
    }
}
