//! The retransmission timeout from measured round trips (RFC 6298 as `tcp_rtt_estimator` does it).

use crate::seq::Seq;
use crate::time::Span;

/// `TCP_RTO_MIN`: 200 ms.
pub(super) const RTO_MIN: Span = Span::from_millis(200);
/// `TCP_RTO_MAX`: 120 s.
pub(super) const RTO_MAX: Span = Span::from_secs(120);
/// `TCP_TIMEOUT_INIT`: 1 s (RFC 6298, 2.1).
pub(super) const TIMEOUT_INIT: Span = Span::from_secs(1);
/// `TCP_TIMEOUT_FALLBACK`: 3 s, when the handshake gave no measurement (RFC 6298, 5.7).
pub(super) const TIMEOUT_FALLBACK: Span = Span::from_secs(3);

/// The estimator of one connection; all in microseconds, `srtt` times 8 as the kernel keeps it.
#[derive(Clone, Debug)]
pub(super) struct RttEstimator {
    /// Smoothed round trip times 8; 0 when nothing was measured.
    pub(super) srtt_us: i64,
    pub(super) mdev_us: i64,
    mdev_max_us: i64,
    rttvar_us: i64,
    rtt_seq: Seq,
    /// The timeout in force, with back-off.
    pub(super) rto: Span,
    /// How often the timeout was doubled since the last measurement.
    pub(super) backoff: u8,
}

impl RttEstimator {
    pub(super) const fn new() -> Self {
        Self { srtt_us: 0, mdev_us: 0, mdev_max_us: 0, rttvar_us: 0, rtt_seq: Seq(0), rto: TIMEOUT_INIT, backoff: 0 }
    }

    /// Takes a measured round trip; `una` and `nxt` are the send sequence numbers of the connection.
    pub(super) fn measured(&mut self, rtt: Span, una: Seq, nxt: Seq) {
        let rto_min = RTO_MIN.as_micros() as i64;
        let mut m = rtt.as_micros() as i64;
        if self.srtt_us == 0 {
            self.srtt_us = m << 3;
            self.mdev_us = m << 1;
            self.rttvar_us = self.mdev_us.max(rto_min);
            self.mdev_max_us = self.rttvar_us;
            self.rtt_seq = nxt;
        } else {
            m -= self.srtt_us >> 3;
            self.srtt_us += m;
            // A round trip that got shorter moves the deviation only an eighth as far.
            if m < 0 {
                m = -m - (self.mdev_us >> 2);
                if m > 0 {
                    m >>= 3;
                }
            } else {
                m -= self.mdev_us >> 2;
            }
            self.mdev_us += m;
            if self.mdev_us > self.mdev_max_us {
                self.mdev_max_us = self.mdev_us;
                self.rttvar_us = self.rttvar_us.max(self.mdev_max_us);
            }
            if una.after(self.rtt_seq) {
                if self.mdev_max_us < self.rttvar_us {
                    self.rttvar_us -= (self.rttvar_us - self.mdev_max_us) >> 2;
                }
                self.rtt_seq = nxt;
                self.mdev_max_us = rto_min;
            }
        }
        self.srtt_us = self.srtt_us.max(1);
        self.backoff = 0;
        let rto = Span::from_micros(((self.srtt_us >> 3) + self.rttvar_us).max(0) as u64);
        self.rto = rto.min(RTO_MAX);
    }

    /// Seeds the first timeout from what is known of the peer, or falls back (`tcp_init_metrics`).
    pub(super) fn seed(&mut self, cached_srtt_us: i64) {
        if cached_srtt_us > self.srtt_us {
            let cached = Span::from_micros((cached_srtt_us >> 3) as u64);
            self.rto = cached + cached.times(2).max(RTO_MIN);
        } else if self.srtt_us == 0 {
            self.rttvar_us = TIMEOUT_FALLBACK.as_micros() as i64;
            self.mdev_us = self.rttvar_us;
            self.mdev_max_us = self.rttvar_us;
            self.rto = TIMEOUT_FALLBACK;
        }
    }

    /// Doubles the timeout (RFC 6298, 5.5).
    pub(super) fn back_off(&mut self) {
        self.backoff = self.backoff.saturating_add(1);
        self.rto = self.rto.times(2).min(RTO_MAX);
    }

    /// 3.5 x RTO, the short life of R5.
    pub(super) fn three_and_a_half_rto(&self) -> Span {
        Span::from_micros(self.rto.as_micros() * 7 / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::{RTO_MIN, RttEstimator};
    use crate::seq::Seq;
    use crate::time::Span;

    #[test]
    fn a_round_trip_of_nothing_gives_the_least_timeout() {
        let mut rtt = RttEstimator::new();
        rtt.measured(Span::from_micros(100), Seq(1), Seq(2));
        assert_eq!(rtt.rto, RTO_MIN + Span::from_micros(100));
        assert_eq!(rtt.three_and_a_half_rto(), Span::from_micros(700_350));
    }

    #[test]
    fn the_first_measurement_sets_three_times_the_round_trip() {
        let mut rtt = RttEstimator::new();
        rtt.measured(Span::from_millis(500), Seq(1), Seq(2));
        assert_eq!(rtt.rto, Span::from_millis(1_500));
    }
}
