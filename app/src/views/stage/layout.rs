//! Where things stand on the stage, in CSS pixels: a drawing is laid out for its width, not scaled to it, so that words
//! have the same size on a phone and on a wide screen.

use sim_core::trace::NodeId;

/// A point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// How wide it is.
    pub w: f64,
    /// How high it is.
    pub h: f64,
}

/// A link, as a cubic curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    from: Point,
    bend: [Point; 2],
    to: Point,
}

/// A host and its link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostPlace {
    /// The host.
    pub node: NodeId,
    /// Its box.
    pub rect: Rect,
    /// To the NAT, or to the server.
    pub link: Curve,
}

/// Which way the stage is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Hosts on the left, the server on the right.
    Wide,
    /// Hosts above, the server below.
    Tall,
}

/// The whole stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Which way it is turned.
    pub form: Form,
    /// As wide as the page gives it.
    pub width: f64,
    /// As high as it needs to be.
    pub height: f64,
    /// The hosts, in their order.
    pub hosts: Vec<HostPlace>,
    /// Whether the boxes of the hosts have a second line.
    pub roomy: bool,
    /// Whether the numbers of a refusal fit on one line.
    pub long_lines: bool,
    /// The NAT.
    pub nat: Rect,
    /// How many mappings the NAT has room for.
    pub mappings: usize,
    /// The link from the NAT to the server.
    pub trunk: Curve,
    /// The server.
    pub server: Rect,
    /// Where a refused SYN stands.
    pub door: Point,
}

/// Below this width the stage stands upright.
const TALL_BELOW: f64 = 640.0;

/// From this width on the numbers of a refusal fit on one line between the hosts and the server.
const LONG_LINES_FROM: f64 = 820.0;

/// Between a host's box and the next.
const GAP: f64 = 10.0;

/// Between the hosts behind the NAT and those with an address of their own.
const GROUP_GAP: f64 = 24.0;

/// Up to so many hosts have boxes with two lines.
const MOST_ROOMY: usize = 9;

impl Rect {
    /// Its right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Its lower edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Its middle.
    #[must_use]
    pub fn center(&self) -> Point {
        Point { x: self.x + self.w / 2.0, y: self.y + self.h / 2.0 }
    }
}

impl Curve {
    /// A curve that leaves and arrives horizontally.
    fn sideways(from: Point, to: Point, leave: f64, arrive: f64) -> Self {
        let run = to.x - from.x;
        Self {
            from,
            bend: [Point { x: from.x + run * leave, y: from.y }, Point { x: to.x - run * arrive, y: to.y }],
            to,
        }
    }

    /// A curve that arrives from above, and leaves to `side` pixels beside its start.
    fn downwards(from: Point, to: Point, side: f64) -> Self {
        let run = to.y - from.y;
        let leave = if side == 0.0 {
            Point { x: from.x, y: from.y + run * 0.5 }
        } else {
            Point { x: from.x + side, y: from.y }
        };
        Self { from, bend: [leave, Point { x: to.x, y: to.y - run * 0.5 }], to }
    }

    /// The point at `way` of the curve, from 0 to 1.
    #[must_use]
    pub fn at(&self, way: f64) -> Point {
        let back = 1.0 - way;
        let weights = [back * back * back, 3.0 * back * back * way, 3.0 * back * way * way, way * way * way];
        let points = [self.from, self.bend[0], self.bend[1], self.to];
        let sum = |of: fn(&Point) -> f64| weights.iter().zip(&points).map(|(weight, point)| weight * of(point)).sum();
        Point { x: sum(|point| point.x), y: sum(|point| point.y) }
    }

    /// As the `d` of a path.
    #[must_use]
    pub fn path(&self) -> String {
        let [one, two] = self.bend;
        let Self { from, to, .. } = self;
        format!(
            "M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            from.x, from.y, one.x, one.y, two.x, two.y, to.x, to.y
        )
    }
}

impl Layout {
    /// The stage for these hosts in this width.
    #[must_use]
    pub fn new(width: f64, inside: &[NodeId], own: &[NodeId]) -> Self {
        if width < TALL_BELOW { Self::tall(width.max(280.0), inside, own) } else { Self::wide(width, inside, own) }
    }

    /// The link on which `node` sends and receives, if it is a host.
    #[must_use]
    pub fn link(&self, node: NodeId) -> Option<&Curve> {
        self.hosts.iter().find(|place| place.node == node).map(|place| &place.link)
    }

    fn wide(width: f64, inside: &[NodeId], own: &[NodeId]) -> Self {
        let spacious = width >= 880.0;
        let (host_w, nat_w, server_w) = if spacious { (224.0, 168.0, 196.0) } else { (196.0, 148.0, 168.0) };
        let roomy = inside.len() + own.len() <= MOST_ROOMY;
        let host_h = if roomy { 42.0 } else { 30.0 };
        let pitch = host_h + GAP;
        let inside_h = inside.len() as f64 * pitch - GAP;
        let mappings = if spacious { 5 } else { 4 };
        let nat_h = 72.0 + mappings as f64 * 20.0;
        // The words about a refusal stand above the NAT and never beside the hosts.
        let words_h = if width >= LONG_LINES_FROM { 60.0 } else { 80.0 };
        let trunk_y = (inside_h / 2.0 + 2.0).max(nat_h / 2.0 + words_h);
        let top = trunk_y - inside_h / 2.0;
        let own_top = (top + inside_h).max(trunk_y + nat_h / 2.0) + GROUP_GAP;
        let server_h = 264.0;
        let own_bottom = own_top + own.len() as f64 * pitch - GAP;
        // A label may hang under the lowest link.
        let height = own_bottom.max(trunk_y - 100.0 + server_h) + 24.0;
        let server = Rect { x: width - server_w - 2.0, y: trunk_y - 100.0, w: server_w, h: server_h };
        let nat_x = host_w + (server.x - host_w - nat_w) * 0.42;
        let nat = Rect { x: nat_x, y: trunk_y - nat_h / 2.0, w: nat_w, h: nat_h };

        let port = |index: usize, count: usize, step: f64| (index as f64 - (count as f64 - 1.0) / 2.0) * step;
        let host = |row: usize, first_y: f64| Rect { x: 1.0, y: first_y + row as f64 * pitch, w: host_w, h: host_h };
        let mut hosts = Vec::with_capacity(inside.len() + own.len());
        for (row, node) in inside.iter().enumerate() {
            let rect = host(row, top);
            let to = Point { x: nat.x, y: trunk_y + port(row, inside.len(), 9.0) };
            let link = Curve::sideways(Point { x: rect.right(), y: rect.center().y }, to, 0.5, 0.5);
            hosts.push(HostPlace { node: *node, rect, link });
        }
        for (row, node) in own.iter().enumerate() {
            let rect = host(row, own_top);
            let to = Point { x: server.x, y: server.bottom() - 40.0 + port(row, own.len(), 16.0) };
            let link = Curve::sideways(Point { x: rect.right(), y: rect.center().y }, to, 0.66, 0.3);
            hosts.push(HostPlace { node: *node, rect, link });
        }
        let trunk = Curve::sideways(Point { x: nat.right(), y: trunk_y }, Point { x: server.x, y: trunk_y }, 0.5, 0.5);
        let door = Point { x: server.x - 26.0, y: trunk_y };
        Self {
            form: Form::Wide,
            width,
            height,
            hosts,
            roomy,
            long_lines: width >= LONG_LINES_FROM,
            nat,
            mappings,
            trunk,
            server,
            door,
        }
    }

    fn tall(width: f64, inside: &[NodeId], own: &[NodeId]) -> Self {
        const COLUMNS: usize = 3;
        let (host_h, gap) = (64.0, 8.0);
        let host_w = (width - 2.0 - gap * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
        let host = |column: usize, y: f64| Rect { x: 1.0 + column as f64 * (host_w + gap), y, w: host_w, h: host_h };
        let rows = inside.len().div_ceil(COLUMNS);
        let inside_bottom = 1.0 + rows as f64 * (host_h + gap) - gap;

        let mappings = 3;
        let nat = Rect { x: 1.0, y: inside_bottom + 48.0, w: (host_w * 1.5).min(176.0), h: 132.0 };
        let trunk_x = nat.x + nat.w / 2.0;
        let own_bottom = nat.y + own.len() as f64 * (host_h + gap) - gap;
        let server = Rect { x: 1.0, y: nat.bottom().max(own_bottom) + 148.0, w: width - 2.0, h: 152.0 };

        let mut hosts = Vec::with_capacity(inside.len() + own.len());
        for (index, node) in inside.iter().enumerate() {
            let rect = host(index % COLUMNS, 1.0 + (index / COLUMNS) as f64 * (host_h + gap));
            let shift = (index as f64 - (inside.len() as f64 - 1.0) / 2.0) * 8.0;
            let to = Point { x: trunk_x + shift, y: nat.y };
            let link = Curve::downwards(Point { x: rect.center().x, y: rect.bottom() }, to, 0.0);
            hosts.push(HostPlace { node: *node, rect, link });
        }
        for (row, node) in own.iter().enumerate() {
            let rect = host(COLUMNS - 1, nat.y + row as f64 * (host_h + gap));
            let to = Point { x: rect.x - 22.0 + row as f64 * 7.0, y: server.y };
            let link = Curve::downwards(Point { x: rect.x, y: rect.center().y }, to, to.x - rect.x);
            hosts.push(HostPlace { node: *node, rect, link });
        }
        let trunk = Curve::downwards(Point { x: trunk_x, y: nat.bottom() }, Point { x: trunk_x, y: server.y }, 0.0);
        let door = Point { x: trunk_x, y: server.y - 26.0 };
        let height = server.bottom() + 2.0;
        Self {
            form: Form::Tall,
            width,
            height,
            hosts,
            roomy: true,
            long_lines: false,
            nat,
            mappings,
            trunk,
            server,
            door,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(from: u16, count: u16) -> Vec<NodeId> {
        (from..from + count).map(NodeId).collect()
    }

    fn layouts() -> Vec<Layout> {
        let crowds = [(6, 2), (1, 0), (12, 6), (3, 6)];
        let widths = [280.0, 358.0, 639.0, 640.0, 672.0, 1_008.0, 1_400.0];
        let of = |width: f64| crowds.map(|(inside, own)| Layout::new(width, &nodes(0, inside), &nodes(inside, own)));
        widths.into_iter().flat_map(of).collect()
    }

    fn apart(one: &Rect, other: &Rect) -> bool {
        one.right() <= other.x || other.right() <= one.x || one.bottom() <= other.y || other.bottom() <= one.y
    }

    #[test]
    fn no_box_touches_another_or_the_edge() {
        for layout in layouts() {
            let mut rects: Vec<Rect> = layout.hosts.iter().map(|place| place.rect).collect();
            rects.extend([layout.nat, layout.server]);
            for (index, rect) in rects.iter().enumerate() {
                assert!(
                    rect.x >= 0.0 && rect.y >= 0.0 && rect.right() <= layout.width && rect.bottom() <= layout.height
                );
                assert!(rects[index + 1..].iter().all(|other| apart(rect, other)), "{rect:?} in {layout:?}");
            }
        }
    }

    #[test]
    fn links_begin_at_the_host_and_end_at_a_box() {
        for layout in layouts() {
            for place in &layout.hosts {
                let end = place.link.at(1.0);
                let touches =
                    |rect: &Rect| (rect.x..=rect.right()).contains(&end.x) && (rect.y..=rect.bottom()).contains(&end.y);
                assert!(touches(&layout.nat) || touches(&layout.server), "{place:?}");
            }
        }
    }

    #[test]
    fn a_curve_goes_from_its_start_to_its_end() {
        let (from, to) = (Point { x: 1.0, y: 2.0 }, Point { x: 30.0, y: 40.0 });
        let curve = Curve::sideways(from, to, 0.5, 0.5);
        assert_eq!((curve.at(0.0), curve.at(1.0)), (from, to));
    }
}
