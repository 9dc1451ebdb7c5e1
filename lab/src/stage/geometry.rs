//! Points, boxes and curves of a drawing, in CSS pixels.

use crate::format::filled;
pub use crate::point::Point;

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

    /// Whether it has a point in common with `other`, give or take `margin`.
    #[must_use]
    pub fn meets(&self, other: &Self, margin: f64) -> bool {
        self.x < other.right() + margin
            && other.x < self.right() + margin
            && self.y < other.bottom() + margin
            && other.y < self.bottom() + margin
    }

    /// Its middle.
    #[must_use]
    pub fn center(&self) -> Point {
        Point { x: self.x + self.w / 2.0, y: self.y + self.h / 2.0 }
    }
}

impl Curve {
    /// A curve that leaves and arrives horizontally.
    #[must_use]
    pub fn sideways(from: Point, to: Point, leave: f64, arrive: f64) -> Self {
        let run = to.x - from.x;
        Self {
            from,
            bend: [Point { x: from.x + run * leave, y: from.y }, Point { x: to.x - run * arrive, y: to.y }],
            to,
        }
    }

    /// A curve that arrives from above, and leaves to `side` pixels beside its start.
    #[must_use]
    pub fn downwards(from: Point, to: Point, side: f64) -> Self {
        let run = to.y - from.y;
        let leave = if side == 0.0 {
            Point { x: from.x, y: from.y + run * 0.5 }
        } else {
            Point { x: from.x + side, y: from.y }
        };
        Self { from, bend: [leave, Point { x: to.x, y: to.y - run * 0.5 }], to }
    }

    /// Where it begins.
    #[must_use]
    pub fn start(&self) -> Point {
        self.from
    }

    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> Point {
        self.to
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
        filled("M# #C# # # # # #", &[from.x, from.y, one.x, one.y, two.x, two.y, to.x, to.y])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_goes_from_its_start_to_its_end() {
        let (from, to) = (Point { x: 1.0, y: 2.0 }, Point { x: 30.0, y: 40.0 });
        let curve = Curve::sideways(from, to, 0.5, 0.5);
        assert_eq!((curve.at(0.0), curve.at(1.0)), (from, to));
    }
}
