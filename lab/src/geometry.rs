//! Points, rectangles and curves of a drawing, in CSS pixels. `x` grows to the right and `y` downwards.

use crate::format::filled;

/// The unit vector of text that is not rotated.
pub const LEVEL: Point = Point { x: 1.0, y: 0.0 };

/// A point, or a vector from the origin to it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The distance from the left edge of the drawing.
    pub x: f64,
    /// The distance from the top edge of the drawing.
    pub y: f64,
}

/// A rectangle with horizontal and vertical sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// The x coordinate of the left edge.
    pub x: f64,
    /// The y coordinate of the top edge.
    pub y: f64,
    /// The width.
    pub w: f64,
    /// The height.
    pub h: f64,
}

impl Point {
    /// The point on the segment from `self` (`share` 0) to `other` (`share` 1).
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }

    /// The distance between two points.
    pub fn distance(self, other: Self) -> f64 {
        let (across, down) = (other.x - self.x, other.y - self.y);
        (across * across + down * down).sqrt()
    }

    /// The unit vector from `self` to `other`; [`LEVEL`] if the points coincide.
    #[must_use]
    pub fn direction(self, other: Self) -> Self {
        let distance = self.distance(other);
        if distance < 1e-9 {
            return LEVEL;
        }
        Self { x: (other.x - self.x) / distance, y: (other.y - self.y) / distance }
    }
}

/// A cubic Bezier curve, such as a link on the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    from: Point,
    bend: [Point; 2],
    to: Point,
}

impl Rect {
    /// The x coordinate of the right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// The y coordinate of the bottom edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// Whether the rectangles are less than `margin` pixels apart.
    pub fn meets(&self, other: &Self, margin: f64) -> bool {
        self.x < other.right() + margin
            && other.x < self.right() + margin
            && self.y < other.bottom() + margin
            && other.y < self.bottom() + margin
    }

    /// The centre.
    pub fn center(&self) -> Point {
        Point { x: self.x + self.w / 2.0, y: self.y + self.h / 2.0 }
    }
}

impl Curve {
    /// A curve that is horizontal at both ends. `leave` and `arrive` place the control points, as shares of the
    /// horizontal distance.
    pub fn sideways(from: Point, to: Point, leave: f64, arrive: f64) -> Self {
        let run = to.x - from.x;
        Self {
            from,
            bend: [Point { x: from.x + run * leave, y: from.y }, Point { x: to.x - run * arrive, y: to.y }],
            to,
        }
    }

    /// A curve that arrives vertically. Its first control point lies `side` pixels beside the start, or below it if
    /// `side` is 0.
    pub fn downwards(from: Point, to: Point, side: f64) -> Self {
        let run = to.y - from.y;
        let leave = if side == 0.0 {
            Point { x: from.x, y: from.y + run * 0.5 }
        } else {
            Point { x: from.x + side, y: from.y }
        };
        Self { from, bend: [leave, Point { x: to.x, y: to.y - run * 0.5 }], to }
    }

    /// The first point of the curve.
    pub fn start(&self) -> Point {
        self.from
    }

    /// The last point of the curve.
    pub fn end(&self) -> Point {
        self.to
    }

    /// The point at the curve parameter `t`, from 0 to 1.
    pub fn at(&self, t: f64) -> Point {
        let back = 1.0 - t;
        let weights = [back * back * back, 3.0 * back * back * t, 3.0 * back * t * t, t * t * t];
        let points = [self.from, self.bend[0], self.bend[1], self.to];
        let sum = |of: fn(&Point) -> f64| weights.iter().zip(&points).map(|(weight, point)| weight * of(point)).sum();
        Point { x: sum(|point| point.x), y: sum(|point| point.y) }
    }

    /// The curve as the `d` attribute of an SVG path.
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
