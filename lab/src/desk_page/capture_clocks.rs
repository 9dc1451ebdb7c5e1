//! The data of the chart of clocks, taken from a replayed capture.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use desk::evidence::{CaptureSeen, ClockSeen, RemoteSeen, UnansweredCause, UnansweredSyn};
use sim_core::time::SimTime;
use sim_core::trace::NodeId;

use crate::chart::clocks::{ClockLine, Clocks, HostClock, RememberedStep, Syn, Verdict};
use crate::plot::clocks::HostNames;

/// If a host is silent for longer than this before the end of the capture, its line ends at its last SYN.
const SILENT_US: u64 = 60_000_000;

/// The data of the chart, and the names of the clocks.
pub fn of(capture: &CaptureSeen, remote: &RemoteSeen) -> (Clocks, HostNames) {
    let (start, end) = capture.span_us.unwrap_or((0, 0));
    let at = |us: u64| SimTime::from_micros(us.saturating_sub(start));
    let unanswered: Vec<&UnansweredSyn> =
        capture.unanswered.iter().filter(|syn| is_from(&syn.remote, &remote.addr)).collect();
    let stamped = unanswered.iter().filter_map(|syn| Some(((syn.at_us, syn.tsval?), &syn.because)));
    let fates: BTreeMap<(u64, u32), &UnansweredCause> = stamped.collect();
    let near = remote.clocks.iter().find_map(|clock| clock.points.first()).map_or(0, |(_, tsval)| *tsval);
    let value = |tsval: u32| i64::from(near) + i64::from(tsval.wrapping_sub(near).cast_signed());
    let host = |(index, clock): (u16, &ClockSeen)| {
        let syn = |(us, tsval): &(u64, u32)| {
            let verdict = match fates.get(&(*us, *tsval)) {
                None => Verdict::Taken,
                Some(UnansweredCause::Recycle { .. }) => Verdict::Refused,
                Some(_) => Verdict::Dropped,
            };
            Syn { at: at(*us), value: Some(value(*tsval)), verdict }
        };
        let ends = clock.points.first().zip(clock.points.last()).filter(|(first, last)| last.0 > first.0);
        let line = ends.filter(|_| clock.ticks_per_s > 0).map(|(first, last)| {
            let until = if end.saturating_sub(last.0) <= SILENT_US { end.max(last.0) } else { last.0 };
            let ticks = u128::from(until - first.0) * u128::from(clock.ticks_per_s) / 1_000_000;
            let first_value = value(first.1);
            ClockLine { from: at(first.0), until: at(until), first: first_value, last: first_value + ticks as i64 }
        });
        let syns = clock.points.iter().map(syn).collect();
        HostClock { host: NodeId(index), lines: line.into_iter().collect(), syns }
    };
    let hosts = (0..).zip(&remote.clocks).map(host).collect();
    let host_names =
        (0..).zip(&remote.clocks).map(|(index, _)| (NodeId(index), name(index), (index % 10) as u8)).collect();
    let steps = steps(&unanswered, start, value);
    let address = remote.addr.parse().unwrap_or(Ipv4Addr::UNSPECIFIED);
    (Clocks { address, end: at(end), hosts, steps }, host_names)
}

/// The name of a clock.
pub fn name(index: u16) -> String {
    format!("clock {}", index + 1)
}

/// Whether `endpoint`, in the form `address:port`, has the address `addr`.
pub fn is_from(endpoint: &str, addr: &str) -> bool {
    endpoint.rsplit_once(':').is_some_and(|(of, _)| of == addr)
}

/// The remembered timestamps as they follow from the refusals. Each lasts from the time at which it was stored to the
/// last SYN that it caused to be refused.
fn steps(unanswered: &[&UnansweredSyn], start: u64, value: impl Fn(u32) -> i64) -> Vec<RememberedStep> {
    let mut steps: Vec<RememberedStep> = Vec::new();
    for syn in unanswered {
        let UnansweredCause::Recycle { remembered, age_s, .. } = syn.because else { continue };
        let now = syn.at_us.saturating_sub(start);
        let until = SimTime::from_micros(now);
        let value = value(remembered);
        match steps.last_mut() {
            Some(last) if last.value == value => last.until = until,
            last => {
                let last_end = last.map_or(SimTime::ZERO, |last| last.until);
                let from = SimTime::from_micros(now.saturating_sub(u64::from(age_s) * 1_000_000)).max(last_end);
                steps.push(RememberedStep { from, until, value, by: None, counts: true });
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(at_s: u64, remembered: u32, tsval: u32, age_s: u32) -> UnansweredSyn {
        UnansweredSyn {
            at_us: at_s * 1_000_000,
            packet: at_s,
            remote: "203.0.113.7:40000".to_owned(),
            local: "198.51.100.10:80".to_owned(),
            seq: 0,
            tsval: Some(tsval),
            because: UnansweredCause::Recycle { remembered, tsval: Some(tsval), age_s },
        }
    }

    #[test]
    fn refusals_show_the_remembered_timestamps_and_their_age() {
        let syns = [refused(110, 5_000, 3_000, 5), refused(120, 5_000, 3_100, 15), refused(150, 9_000, 3_200, 60)];
        let remote = RemoteSeen {
            addr: "203.0.113.7".to_owned(),
            syns: 3,
            unanswered: 3,
            explained: 3,
            clocks: vec![ClockSeen {
                ticks_per_s: 10,
                syns: 3,
                points: vec![(110_000_000, 3_000), (120_000_000, 3_100)],
            }],
            without_stamp: 0,
        };
        let capture = CaptureSeen {
            span_us: Some((100_000_000, 160_000_000)),
            unanswered: syns.to_vec(),
            ..CaptureSeen::default()
        };
        let (data, host_names) = of(&capture, &remote);
        let steps: Vec<_> =
            data.steps.iter().map(|step| (step.from.as_micros(), step.until.as_micros(), step.value)).collect();
        assert_eq!(steps, [(5_000_000, 20_000_000, 5_000), (20_000_000, 50_000_000, 9_000)]);
        assert_eq!(data.count(Verdict::Refused), 2);
        assert_eq!((data.hosts[0].lines[0].last, host_names[0].1.as_str()), (3_500, "clock 1"));
        assert!(!is_from("203.0.113.70:1", "203.0.113.7"));
    }
}
