//! A point of a drawing.

/// A place on the drawing, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

impl Point {
    /// The place `share` of the way from here to `other`.
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        Self { x: self.x + (other.x - self.x) * share, y: self.y + (other.y - self.y) * share }
    }

    /// How far it is to `other`.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        let (across, down) = (other.x - self.x, other.y - self.y);
        (across * across + down * down).sqrt()
    }

    /// The way to `other`, as a step of length 1; to the right where they are one.
    #[must_use]
    pub fn direction(self, other: Self) -> Self {
        let distance = self.distance(other);
        if distance < 1e-9 {
            return Self { x: 1.0, y: 0.0 };
        }
        Self { x: (other.x - self.x) / distance, y: (other.y - self.y) / distance }
    }
}
