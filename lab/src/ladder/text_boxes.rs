//! Areas of text: rotated rectangles, and a list of occupied areas that keeps labels from overlapping.

use crate::geometry::Point;

/// The width of a character of the ladder's monospace font, rounded up, in CSS pixels.
pub const CHARACTER: f64 = 7.9;

/// The line height of the ladder's text, in CSS pixels.
pub const LINE: f64 = 16.0;

/// A rectangle that is rotated about its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RotatedRect {
    centre: Point,
    half_width: f64,
    half_height: f64,
    /// The unit vector of its text direction.
    along: Point,
}

impl RotatedRect {
    /// A rectangle of this size around `centre`.
    pub fn around(centre: Point, width: f64, height: f64, along: Point) -> Self {
        Self { centre, half_width: width / 2.0, half_height: height / 2.0, along }
    }

    /// The area of a line that no text should cover.
    fn along(from: Point, to: Point) -> Self {
        Self::around(from.towards(to, 0.5), from.distance(to), 2.0, from.direction(to))
    }

    /// The corners: top left, top right, bottom right, bottom left, before rotation.
    pub fn corners(&self) -> [Point; 4] {
        let Point { x: cos, y: sin } = self.along;
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(right, down)| {
            let (x, y) = (right * self.half_width, down * self.half_height);
            Point { x: self.centre.x + x * cos - y * sin, y: self.centre.y + x * sin + y * cos }
        })
    }

    /// An upper bound for the distance of a corner from the centre.
    fn reach(&self) -> f64 {
        self.half_width + self.half_height
    }

    /// Whether two rectangles share more than an edge. They do not if one of their four side directions separates them
    /// (separating axis theorem).
    pub fn overlaps(&self, other: &Self) -> bool {
        // Most rectangles are far apart, and this check is cheap.
        let reach = self.reach() + other.reach();
        if self.centre.distance(other.centre) >= reach {
            return false;
        }
        let (mine, theirs) = (self.corners(), other.corners());
        let across = |side: Point| Point { x: -side.y, y: side.x };
        let sides = [self.along, across(self.along), other.along, across(other.along)];
        sides.into_iter().all(|side| {
            let shadow = |corners: &[Point; 4]| {
                let places = corners.map(|corner| corner.x * side.x + corner.y * side.y);
                (places.into_iter().fold(f64::MAX, f64::min), places.into_iter().fold(f64::MIN, f64::max))
            };
            let ((from, to), (other_from, other_to)) = (shadow(&mine), shadow(&theirs));
            from + 0.01 < other_to && other_from + 0.01 < to
        })
    }
}

/// The areas that labels and arrows occupy.
#[derive(Clone, Debug, Default)]
pub struct OccupiedSpace {
    taken: Vec<RotatedRect>,
    lines: Vec<(usize, RotatedRect)>,
}

impl OccupiedSpace {
    /// Marks an area as occupied.
    pub fn take(&mut self, bounds: RotatedRect) {
        self.taken.push(bounds);
    }

    /// Adds the line of the arrow `arrow`.
    pub fn draw(&mut self, arrow: usize, from: Point, to: Point) {
        self.lines.push((arrow, RotatedRect::along(from, to)));
    }

    /// Whether no occupied area overlaps `bounds`.
    pub fn is_free(&self, bounds: &RotatedRect) -> bool {
        !self.taken.iter().any(|taken| taken.overlaps(bounds))
    }

    /// Whether no arrow except `own` crosses `bounds`.
    pub fn is_clear(&self, bounds: &RotatedRect, own: usize) -> bool {
        !self.lines.iter().any(|(arrow, line)| *arrow != own && line.overlaps(bounds))
    }
}

/// The width of `text`, in CSS pixels.
pub fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(x: f64, y: f64, degrees: f64) -> RotatedRect {
        let (sin, cos) = degrees.to_radians().sin_cos();
        RotatedRect::around(Point { x, y }, 100.0, 10.0, Point { x: cos, y: sin })
    }

    #[test]
    fn boxes_that_are_turned_overlap_only_where_they_meet() {
        assert!(bounds(0.0, 0.0, 0.0).overlaps(&bounds(0.0, 0.0, 90.0)));
        assert!(!bounds(0.0, 0.0, 0.0).overlaps(&bounds(0.0, 10.0, 0.0)));
        assert!(bounds(0.0, 0.0, 0.0).overlaps(&bounds(0.0, 9.0, 0.0)));
        // Two parallel rectangles on a slope. Their axis-aligned bounding boxes overlap, but they do not.
        assert!(!bounds(0.0, 0.0, 45.0).overlaps(&bounds(20.0, 0.0, 45.0)));
    }
}
