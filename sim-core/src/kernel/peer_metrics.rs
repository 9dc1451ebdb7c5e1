//! What a kernel remembers for each peer address after its connections are closed (`net/ipv4/tcp_metrics.c`): R1, R3,
//! R4.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::paws::Recent;
use super::rtt::RttEstimator;
use crate::kernel_version::{PAWS_MSL_S, PAWS_WINDOW};
use crate::timestamp::{StampSecs, Tsval};

/// The memory of one address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PeerMetrics {
    /// `tcpm_ts` and `tcpm_ts_stamp`.
    pub(super) stamp: Recent,
    /// `TCP_METRIC_RTT`: smoothed round trip times 8, in microseconds; 0 when unknown.
    pub(super) srtt_us: i64,
}

/// How R1 judges a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// The SYN may pass.
    Proven,
    /// The remembered clock is ahead of the SYN's.
    Older(Recent),
    /// A clock is remembered and the SYN carries none.
    Unstamped(Recent),
}

/// The memory of all addresses.
#[derive(Clone, Debug, Default)]
pub(super) struct PeerTable(BTreeMap<Ipv4Addr, PeerMetrics>);

impl PeerTable {
    pub(super) fn known(&self, peer: Ipv4Addr) -> Option<&PeerMetrics> {
        self.0.get(&peer)
    }

    /// R1, the timestamp half of `tcp_peer_is_proven`; what to do with `Unstamped` is for the profile to say.
    pub(super) fn proof(&self, peer: Ipv4Addr, tsval: Option<Tsval>, now: StampSecs) -> Proof {
        let Some(metrics) = self.0.get(&peer) else { return Proof::Proven };
        if now.since(metrics.stamp.at) >= PAWS_MSL_S {
            return Proof::Proven;
        }
        match tsval {
            None => Proof::Unstamped(metrics.stamp),
            Some(tsval) if metrics.stamp.tsval.minus(tsval) > PAWS_WINDOW => Proof::Older(metrics.stamp),
            Some(_) => Proof::Proven,
        }
    }

    /// R4: writes `recent` unless a newer clock is remembered and still counts. `true` when it was written.
    pub(super) fn remember(&mut self, peer: Ipv4Addr, recent: Recent, now: StampSecs) -> bool {
        let metrics = self.0.entry(peer).or_default();
        let not_lower = metrics.stamp.tsval.minus(recent.tsval) <= 0;
        let outlived = now.since(metrics.stamp.at) > PAWS_MSL_S && metrics.stamp.at <= recent.at;
        if not_lower || outlived {
            metrics.stamp = recent;
        }
        not_lower || outlived
    }

    /// Keeps the round trip of a connection that ends (`tcp_update_metrics`): larger at once, smaller by an eighth.
    pub(super) fn keep_round_trip(&mut self, peer: Ipv4Addr, rtt: &RttEstimator) {
        if rtt.backoff > 0 || rtt.srtt_us == 0 {
            if let Some(metrics) = self.0.get_mut(&peer) {
                metrics.srtt_us = 0;
            }
            return;
        }
        let metrics = self.0.entry(peer).or_default();
        let shorter_by = metrics.srtt_us - rtt.srtt_us;
        metrics.srtt_us = if shorter_by <= 0 { rtt.srtt_us } else { metrics.srtt_us - (shorter_by >> 3) };
    }
}

#[cfg(test)]
mod tests {
    use super::{PeerTable, Proof, Recent};
    use crate::timestamp::{StampSecs, Tsval};
    use std::net::Ipv4Addr;

    const PEER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);

    fn remembering(tsval: u32, at: u32) -> PeerTable {
        let mut table = PeerTable::default();
        assert!(table.remember(PEER, Recent { tsval: Tsval(tsval), at: StampSecs(at) }, StampSecs(at)));
        table
    }

    #[test]
    fn one_tick_behind_passes_and_two_do_not() {
        let table = remembering(5_000, 1_000);
        assert_eq!(table.proof(PEER, Some(Tsval(4_999)), StampSecs(1_001)), Proof::Proven);
        assert!(matches!(table.proof(PEER, Some(Tsval(4_998)), StampSecs(1_001)), Proof::Older(_)));
    }

    #[test]
    fn after_60_whole_seconds_nothing_is_refused() {
        let table = remembering(5_000, 1_000);
        assert!(matches!(table.proof(PEER, Some(Tsval(1)), StampSecs(1_059)), Proof::Older(_)));
        assert_eq!(table.proof(PEER, Some(Tsval(1)), StampSecs(1_060)), Proof::Proven);
    }

    #[test]
    fn a_lower_clock_replaces_only_one_that_is_over_60_s_old() {
        let lower = |at| Recent { tsval: Tsval(10), at: StampSecs(at) };
        assert!(!remembering(5_000, 1_000).remember(PEER, lower(1_060), StampSecs(1_060)));
        assert!(remembering(5_000, 1_000).remember(PEER, lower(1_061), StampSecs(1_061)));
    }

    #[test]
    fn a_clock_in_the_upper_half_of_the_circle_is_remembered_too() {
        let table = remembering(0x9000_0000, 1_700_000_000);
        assert_eq!(table.known(PEER).map(|metrics| metrics.stamp.tsval), Some(Tsval(0x9000_0000)));
    }
}
