//! The two clocks of a timestamp option: a host's ticks (`Tsval`), and the seconds at which they were seen
//! (`StampSecs`).

use core::fmt;

use serde::{Deserialize, Serialize};

/// A value of a host's timestamp clock (RFC 7323, 3.2). It wraps, so it has no order, only a signed difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tsval(pub u32);

/// Whole seconds of a kernel's clock, as `tcpm_ts_stamp` and `ts_recent_stamp` hold them; 0 is "never".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StampSecs(pub u32);

/// The timestamp option of a segment (RFC 7323, 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Timestamps {
    /// The sender's clock.
    pub tsval: Tsval,
    /// The last clock value that the sender received; 0 when there was none.
    pub tsecr: Tsval,
}

impl Tsval {
    /// `self - other` as the kernel computes it: `(s32)(a - b)`, in ticks.
    pub const fn minus(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0) as i32
    }

    /// The clock `ticks` later.
    pub const fn plus(self, ticks: u32) -> Self {
        Self(self.0.wrapping_add(ticks))
    }
}

impl StampSecs {
    /// Whole seconds that went by since `earlier`, wrapping as the kernel's unsigned arithmetic does.
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

impl fmt::Display for Tsval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Tsval;

    #[test]
    fn a_clock_that_wrapped_is_ahead() {
        assert_eq!(Tsval(5).minus(Tsval(u32::MAX)), 6);
        assert_eq!(Tsval(0).minus(Tsval(1 << 31)), i32::MIN);
    }
}
