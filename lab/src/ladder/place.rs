//! Where words may stand: boxes that can be turned, and a board that lets no two of them overlap.

use crate::format;
pub use crate::point::Point;

/// How wide a character of the fixed-width type is at its size on the ladder, rounded up.
pub const CHARACTER: f64 = 7.9;

/// How high a line of words is.
pub const LINE: f64 = 16.0;

/// The direction of words that are not turned.
pub const LEVEL: Point = Point { x: 1.0, y: 0.0 };

/// A box around words, turned about its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slab {
    centre: Point,
    half_width: f64,
    half_height: f64,
    /// The direction of its words, as a step of length 1.
    along: Point,
}

impl Slab {
    /// A box of this size around `centre`.
    #[must_use]
    pub fn around(centre: Point, width: f64, height: f64, along: Point) -> Self {
        Self { centre, half_width: width / 2.0, half_height: height / 2.0, along }
    }

    /// The box that a line takes up on which nothing is to be written.
    fn along(from: Point, to: Point) -> Self {
        Self::around(from.towards(to, 0.5), from.distance(to), 2.0, from.direction(to))
    }

    /// Its four corners.
    #[must_use]
    pub fn corners(&self) -> [Point; 4] {
        let Point { x: cos, y: sin } = self.along;
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(right, down)| {
            let (x, y) = (right * self.half_width, down * self.half_height);
            Point { x: self.centre.x + x * cos - y * sin, y: self.centre.y + x * sin + y * cos }
        })
    }

    /// No corner is further than this from its centre.
    fn reach(&self) -> f64 {
        self.half_width + self.half_height
    }

    /// Whether two boxes share more than an edge: if they do not, one of their four sides has them on either hand.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        // Most are far apart, and that is told soonest.
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

/// What has its place already.
#[derive(Clone, Debug, Default)]
pub struct Board {
    taken: Vec<Slab>,
    lines: Vec<(usize, Slab)>,
}

impl Board {
    /// Keeps a place free.
    pub fn take(&mut self, slab: Slab) {
        self.taken.push(slab);
    }

    /// Notes the line of arrow `arrow`.
    pub fn draw(&mut self, arrow: usize, from: Point, to: Point) {
        self.lines.push((arrow, Slab::along(from, to)));
    }

    /// Whether nothing stands at `slab`.
    #[must_use]
    pub fn is_free(&self, slab: &Slab) -> bool {
        !self.taken.iter().any(|taken| taken.overlaps(slab))
    }

    /// Whether no arrow but `own` runs through `slab`.
    #[must_use]
    pub fn is_clear(&self, slab: &Slab, own: usize) -> bool {
        !self.lines.iter().any(|(arrow, line)| *arrow != own && line.overlaps(slab))
    }
}

/// The words of `text` in lines of at most `most` characters; a word that is longer has a line of its own. What is
/// joined by a no-break space stays together.
#[must_use]
pub fn wrapped(text: &str, most: usize) -> Vec<String> {
    format::wrapped(text, most).into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

/// How wide `text` is.
#[must_use]
pub fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slab(x: f64, y: f64, degrees: f64) -> Slab {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Slab::around(Point { x, y }, 100.0, 10.0, Point { x: cos, y: sin })
    }

    #[test]
    fn boxes_that_are_turned_overlap_only_where_they_meet() {
        assert!(slab(0.0, 0.0, 0.0).overlaps(&slab(0.0, 0.0, 90.0)));
        assert!(!slab(0.0, 0.0, 0.0).overlaps(&slab(0.0, 10.0, 0.0)));
        assert!(slab(0.0, 0.0, 0.0).overlaps(&slab(0.0, 9.0, 0.0)));
        // Side by side on one slope: their upright hulls overlap, they do not.
        assert!(!slab(0.0, 0.0, 45.0).overlaps(&slab(20.0, 0.0, 45.0)));
    }

    #[test]
    fn words_are_wrapped_and_what_belongs_together_stays() {
        assert_eq!(wrapped("remembered 5,012,400 >\u{a0}4,998,200", 32), ["remembered 5,012,400 > 4,998,200"]);
        assert_eq!(wrapped("remembered 5,012,400 >\u{a0}4,998,200", 14), ["remembered", "5,012,400", "> 4,998,200"]);
        assert_eq!(wrapped("FIN-WAIT-1", 4), ["FIN-WAIT-1"]);
    }
}
