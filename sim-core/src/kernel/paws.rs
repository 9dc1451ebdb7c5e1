//! Protection against wrapped sequence numbers (PAWS; RFC 7323, 5): whether a segment's timestamp is older than the
//! last one seen.

use crate::kernel_version::{PAWS_24DAYS_S, PAWS_MSL_S};
use crate::timestamp::{StampSecs, Tsval};

/// The last timestamp of a peer and when it came (`ts_recent`, `ts_recent_stamp`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Recent {
    pub(super) tsval: Tsval,
    /// 0: no timestamp was ever received.
    pub(super) at: StampSecs,
}

impl Recent {
    /// Whether `tsval` is at most `window` ticks behind, or there is no reason to ask (`tcp_paws_check`).
    pub(super) fn passes(self, tsval: Tsval, window: i32, now: StampSecs) -> bool {
        self.tsval.minus(tsval) <= window || now.0 >= self.at.0.saturating_add(PAWS_24DAYS_S) || self.tsval == Tsval(0)
    }

    /// Whether a segment with `tsval` is an old duplicate; a RST is believed after a minute (`tcp_paws_reject`).
    pub(super) fn rejects(self, tsval: Tsval, rst: bool, now: StampSecs) -> bool {
        let believed = rst && now.0 >= self.at.0.saturating_add(PAWS_MSL_S);
        !believed && !self.passes(tsval, 0, now)
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;
    use crate::timestamp::{StampSecs, Tsval};

    const SEEN: Recent = Recent { tsval: Tsval(1_000), at: StampSecs(50) };

    #[test]
    fn an_older_clock_is_rejected_and_an_equal_one_is_not() {
        assert!(SEEN.rejects(Tsval(999), false, StampSecs(51)));
        assert!(!SEEN.rejects(Tsval(1_000), false, StampSecs(51)));
    }

    #[test]
    fn a_reset_is_believed_after_a_minute() {
        assert!(SEEN.rejects(Tsval(999), true, StampSecs(109)));
        assert!(!SEEN.rejects(Tsval(999), true, StampSecs(110)));
    }

    #[test]
    fn after_24_days_nothing_is_too_old() {
        assert!(!SEEN.rejects(Tsval(999), false, StampSecs(50 + 24 * 86_400)));
    }
}
