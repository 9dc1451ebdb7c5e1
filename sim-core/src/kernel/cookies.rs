//! SYN cookies (RFC 4987, 3.6).
//!
//! A real kernel encodes the handshake in the sequence number and stores nothing. Here sequence numbers come from
//! outside, so the model stores the cookies that it sent. A peer sees no difference.

use std::collections::VecDeque;

use crate::addr::FourTuple;
use crate::seq::Seq;
use crate::time::{SimTime, Span};
use crate::timestamp::Tsval;

/// `TCP_SYNCOOKIE_VALID`: two minutes after the last overflow no cookie is looked at any more.
const VALID: Span = Span::from_secs(120);
/// `TSBITS` (`net/ipv4/syncookies.c`): the low bits of a cookie's TSval hold the options of the SYN.
const OPTION_BITS: u32 = 6;
/// No window scale (0xf), no SACK, no ECN.
const NO_OPTIONS: u32 = 0xf;

#[derive(Clone, Debug)]
struct Cookie {
    sent: SimTime,
    tuple: FourTuple,
    rcv_isn: Seq,
    snt_isn: Seq,
}

/// The cookies of the last two minutes.
#[derive(Clone, Debug, Default)]
pub(super) struct Cookies(VecDeque<Cookie>);

impl Cookies {
    pub(super) fn sent(&mut self, now: SimTime, tuple: FourTuple, rcv_isn: Seq, snt_isn: Seq) {
        while self.0.front().is_some_and(|cookie| now.since(cookie.sent) > VALID) {
            self.0.pop_front();
        }
        self.0.push_back(Cookie { sent: now, tuple, rcv_isn, snt_isn });
    }

    /// Whether cookies were sent lately, so that it is worth looking (`tcp_synq_no_recent_overflow`).
    pub(super) fn recent(&self, now: SimTime) -> bool {
        self.0.back().is_some_and(|cookie| now.since(cookie.sent) <= VALID)
    }

    /// Whether a segment with these numbers answers one of them (`__cookie_v4_check`).
    pub(super) fn answered(&self, now: SimTime, tuple: FourTuple, seq: Seq, ack: Seq) -> bool {
        let fits = |cookie: &Cookie| cookie.tuple == tuple && cookie.rcv_isn + 1 == seq && cookie.snt_isn + 1 == ack;
        self.0.iter().rev().any(|cookie| fits(cookie) && now.since(cookie.sent) <= VALID)
    }
}

/// The TSval of a cookie: the clock with its low bits replaced, and never ahead of the clock (`cookie_init_timestamp`).
pub(super) const fn cookie_tsval(clock: Tsval) -> Tsval {
    let stamped = (clock.0 >> OPTION_BITS << OPTION_BITS) | NO_OPTIONS;
    if stamped > clock.0 { Tsval(stamped.wrapping_sub(1 << OPTION_BITS)) } else { Tsval(stamped) }
}

#[cfg(test)]
mod tests {
    use super::cookie_tsval;
    use crate::timestamp::Tsval;

    /// Two SYN-ACKs of `recycle-and-cookies` on 4.9.337, sent at the same millisecond: 4294700085 without a cookie,
    /// 4294700047 with one.
    #[test]
    fn a_cookie_keeps_its_options_in_the_low_bits() {
        assert_eq!(cookie_tsval(Tsval(4_294_700_085)), Tsval(4_294_700_047));
        assert_eq!(cookie_tsval(Tsval(0x40 + 14)), Tsval(0x0f));
    }
}
