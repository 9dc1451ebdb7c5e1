//! The layout of the stage, in CSS pixels. A drawing is laid out for its width instead of being scaled to it, so that
//! text has the same size on a phone and on a wide screen.

mod form;
mod tall;
mod wide;

use sim_core::trace::{NodeId, Role};

use super::topology::{Crowd, Guard, Topology};
use crate::geometry::{Curve, Point, Rect};

/// The orientation of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Hosts on the left, the server on the right.
    Wide,
    /// Hosts at the top, the server at the bottom.
    Tall,
}

/// The outline of a host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostPlace {
    /// The host.
    pub node: NodeId,
    /// The outline.
    pub rect: Rect,
}

/// The outline of a crowd.
#[derive(Clone, Debug, PartialEq)]
pub struct CrowdPlace {
    /// The crowd.
    pub crowd: Crowd,
    /// The outline.
    pub rect: Rect,
    /// The arrangement of its hosts.
    pub grid: Grid,
}

/// The arrangement of a crowd's hosts in rows and columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The number of hosts in a row.
    pub columns: usize,
    /// The distance between the centres of neighbours, in CSS pixels.
    pub pitch: f64,
    /// The height of all rows, in CSS pixels.
    pub height: f64,
}

/// The outline of a NAT, firewall or load balancer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxPlace {
    /// The box.
    pub guard: Guard,
    /// The outline.
    pub rect: Rect,
    /// The number of NAT mappings that fit into the outline.
    pub mappings: usize,
}

/// A link on which segments travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The node at the end nearer to the server. The other end is the node passed to [`StageLayout::link`].
    pub to: NodeId,
    /// The curve, drawn towards the server.
    pub curve: Curve,
    /// Whether the link is vertical rather than horizontal.
    pub upright: bool,
    /// Whether the link carries the segments of all hosts behind a box.
    pub trunk: bool,
}

/// What a run needs room for, mostly in the server's box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether the server's kernel remembers timestamps at any time in the run.
    pub memory: bool,
    /// The number of lines for remembered addresses besides the first.
    pub stamps: usize,
    /// Whether the accept queue is shown.
    pub queue: bool,
    /// Whether the ports of the server's own connections are shown.
    pub ports: bool,
    /// The largest width of a refusal's comparison, in CSS pixels: on one line, and of the second of two lines.
    pub sum: [u32; 2],
}

/// The layout of the whole stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StageLayout {
    /// The orientation.
    pub form: Form,
    /// The width that the page gives the stage, in CSS pixels.
    pub width: f64,
    /// The height that the content needs, in CSS pixels.
    pub height: f64,
    /// The hosts that are drawn one by one.
    pub hosts: Vec<HostPlace>,
    /// The crowds.
    pub crowds: Vec<CrowdPlace>,
    /// Whether a host's box has a second line.
    pub roomy: bool,
    /// Whether the comparison of a refusal fits on one line.
    pub long_lines: bool,
    /// The boxes between hosts and server.
    pub boxes: Vec<BoxPlace>,
    /// The outline of the server.
    pub server: Rect,
    /// The outline of the database, if the scenario has one.
    pub database: Option<Rect>,
    /// The point at which SYNs of the main link are refused.
    pub door: Point,
    /// The bottom edge of the text about such a refusal, where the text stands above the link.
    pub words_bottom: f64,
    /// What the layout has reserved room for.
    pub needs: Needs,
    /// The links, each once.
    pub links: Vec<Link>,
    /// For each node, the index of its link towards the server.
    towards: Vec<Option<usize>>,
}

/// The height of a crowd's box without its grid: the heading, the kind, and the named hosts.
const CROWD_WORDS: f64 = 108.0;

/// The distance between the server and its database.
const BEFORE_DATABASE: f64 = 96.0;

/// The number of hosts of a crowd that are named.
pub const CALLED_OUT: usize = 3;

impl Grid {
    /// A grid of `count` hosts in a box of width `w`.
    pub fn of(count: usize, w: f64) -> Self {
        let pitch = if count <= 240 { 10.0 } else { 6.0 };
        let columns = (((w - 24.0) / pitch) as usize).max(1);
        Self { columns, pitch, height: count.div_ceil(columns) as f64 * pitch }
    }

    /// The height of a box with this grid.
    fn box_height(self) -> f64 {
        self.height + CROWD_WORDS
    }
}

impl StageLayout {
    fn empty(form: Form, width: f64, topology: &Topology, needs: Needs) -> Self {
        let nowhere = Rect { x: 0.0, y: 0.0, w: 0.0, h: 0.0 };
        Self {
            form,
            width,
            height: 0.0,
            hosts: Vec::new(),
            crowds: Vec::new(),
            roomy: true,
            long_lines: false,
            boxes: Vec::new(),
            server: nowhere,
            database: None,
            door: Point { x: 0.0, y: 0.0 },
            words_bottom: 0.0,
            needs,
            links: Vec::new(),
            towards: vec![None; topology.nodes],
        }
    }

    /// The link of `node` towards the server.
    pub fn link(&self, node: NodeId) -> Option<&Link> {
        self.links.get((*self.towards.get(usize::from(node.0))?)?)
    }

    /// The link between two neighbours, and whether `from` is at the start of its curve.
    pub fn between(&self, from: NodeId, to: NodeId) -> Option<(&Link, bool)> {
        let along = self.link(from).filter(|link| link.to == to).map(|link| (link, true));
        along.or_else(|| self.link(to).filter(|link| link.to == from).map(|link| (link, false)))
    }

    /// The right edge of the column of hosts.
    pub fn hosts_right(&self) -> f64 {
        let crowds = self.crowds.iter().map(|place| place.rect.right());
        self.hosts.iter().map(|place| place.rect.right()).chain(crowds).fold(0.0, f64::max)
    }

    /// All outlines, those of hosts first.
    pub fn rects(&self) -> Vec<Rect> {
        let mut rects: Vec<Rect> = self.hosts.iter().map(|place| place.rect).collect();
        rects.extend(self.crowds.iter().map(|place| place.rect));
        rects.extend(self.boxes.iter().map(|place| place.rect));
        rects.push(self.server);
        rects.extend(self.database);
        rects
    }

    /// Places the database below the server. `x` is the x coordinate of their link.
    fn place_database(&mut self, topology: &Topology, x: f64, h: f64) {
        let Some(node) = topology.database else { return };
        let server = self.server;
        let rect = Rect { y: server.bottom() + BEFORE_DATABASE, h, ..server };
        let curve = Curve::downwards(Point { x, y: rect.y }, Point { x, y: server.bottom() }, 0.0);
        self.connect(&[node], Link { to: topology.server, curve, upright: true, trunk: true });
        self.database = Some(rect);
    }

    fn connect(&mut self, nodes: &[NodeId], link: Link) {
        for node in nodes {
            if let Some(slot) = self.towards.get_mut(usize::from(node.0)) {
                *slot = Some(self.links.len());
            }
        }
        self.links.push(link);
    }
}

/// The height of a box with this many mappings.
fn box_height(role: Role, mappings: usize) -> f64 {
    match role {
        Role::Nat => 72.0 + mappings as f64 * 20.0,
        Role::LoadBalancer => 92.0 + mappings as f64 * 20.0,
        _ => 118.0,
    }
}

/// The distance between `count` links that end on an edge of length `edge`, at most `most`.
fn step(count: usize, most: f64, edge: f64) -> f64 {
    most.min(edge / (count.max(2) - 1) as f64)
}

/// The offset of the `index`th of `count` links from the middle of the edge.
fn from_middle(index: usize, count: usize, step: f64) -> f64 {
    (index as f64 - (count as f64 - 1.0) / 2.0) * step
}

#[cfg(test)]
mod tests;
