//! Where things stand on the stage, in CSS pixels: a drawing is laid out for its width, not scaled to it, so that words
//! have the same size on a phone and on a wide screen.

mod form;
mod tall;
mod wide;

use sim_core::trace::{NodeId, Role};

use super::world::{Crowd, Guard, World};
use crate::geometry::{Curve, Point, Rect};

/// Which way the stage is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Hosts on the left, the server on the right.
    Wide,
    /// Hosts above, the server below.
    Tall,
}

/// A host and its box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostPlace {
    /// The host.
    pub node: NodeId,
    /// Its box.
    pub rect: Rect,
}

/// A crowd and its box.
#[derive(Clone, Debug, PartialEq)]
pub struct CrowdPlace {
    /// The crowd.
    pub crowd: Crowd,
    /// Its box.
    pub rect: Rect,
    /// How its hosts stand in it.
    pub grid: Grid,
}

/// How the hosts of a crowd stand in its box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// So many in a row.
    pub columns: usize,
    /// From one to the next.
    pub pitch: f64,
    /// How high all rows are.
    pub height: f64,
}

/// A box on the way and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxPlace {
    /// The box.
    pub guard: Guard,
    /// Its outline.
    pub rect: Rect,
    /// How many mappings it has room for.
    pub mappings: usize,
}

/// A link on which segments travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The node at its end; it begins at the one that asks for it.
    pub to: NodeId,
    /// Its way, towards the server.
    pub curve: Curve,
    /// Whether it goes down or up rather than sideways.
    pub upright: bool,
    /// Whether all segments of a box go this way.
    pub trunk: bool,
}

/// What a run has to have room for, most of it in the server's box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether its kernel remembers clocks at some time.
    pub memory: bool,
    /// Lines for addresses that it remembers, beyond the first.
    pub stamps: usize,
    /// Whether its accept queue is shown.
    pub queue: bool,
    /// Whether the ports of its own connections are shown.
    pub ports: bool,
    /// How wide the numbers of a refusal are at most: on one line, and the second of two.
    pub sum: [u32; 2],
}

/// The whole stage.
#[derive(Clone, Debug, PartialEq)]
pub struct StageLayout {
    /// Which way it is turned.
    pub form: Form,
    /// As wide as the page gives it.
    pub width: f64,
    /// As high as it needs to be.
    pub height: f64,
    /// The single hosts.
    pub hosts: Vec<HostPlace>,
    /// The crowds.
    pub crowds: Vec<CrowdPlace>,
    /// Whether the boxes of the hosts have a second line.
    pub roomy: bool,
    /// Whether the numbers of a refusal fit on one line.
    pub long_lines: bool,
    /// The boxes on the way.
    pub boxes: Vec<BoxPlace>,
    /// The server.
    pub server: Rect,
    /// The database.
    pub database: Option<Rect>,
    /// Where what comes on the main way is refused.
    pub door: Point,
    /// The lower edge of the words about what is refused there, where they stand above.
    pub words_bottom: f64,
    /// What the server has room for.
    pub needs: Needs,
    /// The links, each once.
    pub links: Vec<Link>,
    /// By the number of a node: its link towards the server.
    towards: Vec<Option<usize>>,
}

/// So high is the box of a crowd beside its hosts: a heading, its kind, and those who are called out.
const CROWD_WORDS: f64 = 108.0;

/// Between the server and its database.
const BEFORE_DATABASE: f64 = 96.0;

/// How many hosts of a crowd are called out by name.
pub const CALLED_OUT: usize = 3;

impl Grid {
    /// A grid of `count` hosts in a box of width `w`.
    pub fn of(count: usize, w: f64) -> Self {
        let pitch = if count <= 240 { 10.0 } else { 6.0 };
        let columns = (((w - 24.0) / pitch) as usize).max(1);
        Self { columns, pitch, height: count.div_ceil(columns) as f64 * pitch }
    }

    /// How high a box with this grid is.
    fn box_height(self) -> f64 {
        self.height + CROWD_WORDS
    }
}

impl StageLayout {
    fn empty(form: Form, width: f64, world: &World, needs: Needs) -> Self {
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
            towards: vec![None; world.nodes],
        }
    }

    /// The link of `node` towards the server.
    pub fn link(&self, node: NodeId) -> Option<&Link> {
        self.links.get((*self.towards.get(usize::from(node.0))?)?)
    }

    /// The link between two neighbours, and whether a segment from one to the other goes along its curve.
    pub fn between(&self, from: NodeId, to: NodeId) -> Option<(&Link, bool)> {
        let along = self.link(from).filter(|link| link.to == to).map(|link| (link, true));
        along.or_else(|| self.link(to).filter(|link| link.to == from).map(|link| (link, false)))
    }

    /// The right edge of the column of hosts.
    pub fn hosts_right(&self) -> f64 {
        let crowds = self.crowds.iter().map(|place| place.rect.right());
        self.hosts.iter().map(|place| place.rect.right()).chain(crowds).fold(0.0, f64::max)
    }

    /// Every outline, hosts first.
    pub fn rects(&self) -> Vec<Rect> {
        let mut rects: Vec<Rect> = self.hosts.iter().map(|place| place.rect).collect();
        rects.extend(self.crowds.iter().map(|place| place.rect));
        rects.extend(self.boxes.iter().map(|place| place.rect));
        rects.push(self.server);
        rects.extend(self.database);
        rects
    }

    /// The database stands below the server; `x` is where their link is.
    fn place_database(&mut self, world: &World, x: f64, h: f64) {
        let Some(node) = world.database else { return };
        let server = self.server;
        let rect = Rect { y: server.bottom() + BEFORE_DATABASE, h, ..server };
        let curve = Curve::downwards(Point { x, y: rect.y }, Point { x, y: server.bottom() }, 0.0);
        self.connect(&[node], Link { to: world.server, curve, upright: true, trunk: true });
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

/// How high the box of a guard is with so many mappings.
fn box_height(role: Role, mappings: usize) -> f64 {
    match role {
        Role::Nat => 72.0 + mappings as f64 * 20.0,
        Role::LoadBalancer => 92.0 + mappings as f64 * 20.0,
        _ => 118.0,
    }
}

/// From one of `count` links to the next, where they end beside each other on an edge of this length.
fn step(count: usize, most: f64, edge: f64) -> f64 {
    most.min(edge / (count.max(2) - 1) as f64)
}

/// How far the `index`th of `count` is from their middle.
fn from_middle(index: usize, count: usize, step: f64) -> f64 {
    (index as f64 - (count as f64 - 1.0) / 2.0) * step
}

#[cfg(test)]
mod tests;
