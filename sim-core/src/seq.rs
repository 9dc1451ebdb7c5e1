//! Sequence numbers (RFC 9293, 3.4): 32 bits that wrap, so they have no order, only `before` and `after`.

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A TCP sequence or acknowledgment number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u32);

impl Seq {
    /// Whether this number lies before `other` on the circle (the kernel's `before()`).
    pub const fn before(self, other: Self) -> bool {
        (self.0.wrapping_sub(other.0) as i32) < 0
    }

    /// Whether this number lies after `other` on the circle (the kernel's `after()`).
    pub const fn after(self, other: Self) -> bool {
        other.before(self)
    }

    /// How far this number is past `other`, going forward.
    pub const fn past(self, other: Self) -> u32 {
        self.0.wrapping_sub(other.0)
    }
}

impl Add<u32> for Seq {
    type Output = Self;
    fn add(self, count: u32) -> Self {
        Self(self.0.wrapping_add(count))
    }
}

impl Sub<u32> for Seq {
    type Output = Self;
    fn sub(self, count: u32) -> Self {
        Self(self.0.wrapping_sub(count))
    }
}

impl AddAssign<u32> for Seq {
    fn add_assign(&mut self, count: u32) {
        *self = *self + count;
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Seq;

    #[test]
    fn order_follows_the_circle() {
        assert!(Seq(u32::MAX).before(Seq(3)));
        assert!(Seq(3).after(Seq(u32::MAX)));
        assert!(!Seq(7).before(Seq(7)) && !Seq(7).after(Seq(7)));
        assert_eq!(Seq(3).past(Seq(u32::MAX)), 4);
        assert_eq!(Seq(u32::MAX) + 65_537, Seq(65_536));
    }
}
