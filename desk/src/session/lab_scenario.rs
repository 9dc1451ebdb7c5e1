//! Makes a scenario for the lab from a capture: each clock behind the address with the most refusals becomes a host.

use std::net::Ipv4Addr;

use serde_json::{Map, Value, json};
use sim_core::Scenario;

use crate::evidence::{CaptureSeen, ClockSeen, Evidence, RemoteSeen};
use crate::format::counted;
use crate::replay::settings::{ServerSettings, replay_settings};

/// The most hosts of the scenario.
const MOST_HOSTS: usize = 12;
/// Networks for the hosts. The first that contains neither the server nor the NAT is used.
const NETS: [[u8; 3]; 3] = [[10, 0, 0], [192, 168, 77], [172, 31, 99]];
/// The ticks a second that a host of the lab can have.
const HZ: [u32; 4] = [1_000, 250, 100, 300];
/// The sysctls that decide whether a SYN is refused.
const KEYS: [&str; 3] = ["net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"];

/// The parts of the capture that the scenario shows.
struct Chosen<'a> {
    seen: &'a CaptureSeen,
    /// The clocks with the most SYNs.
    clocks: Vec<&'a ClockSeen>,
    /// How many clocks are left out.
    more: usize,
    server: (Ipv4Addr, u16),
    nat: Ipv4Addr,
    /// The network of the hosts.
    net: [u8; 3],
}

/// The scenario for the capture with the most refusals.
///
/// # Errors
/// A sentence that says why the evidence gives no scenario.
pub fn scenario(evidence: &Evidence) -> Result<Scenario, String> {
    let chosen = choose(evidence)?;
    let (settings, _) = replay_settings(evidence);
    let json = scenario_json(&chosen, &settings);
    Scenario::from_json(&json.to_string()).map_err(|error| format!("The lab cannot read it: {error}"))
}

fn choose(evidence: &Evidence) -> Result<Chosen<'_>, String> {
    let seen = evidence.captures.iter().filter(|seen| seen.syns > 0);
    let seen = seen.max_by_key(|seen| (seen.explained_by_recycle, seen.unanswered_syns, seen.syns));
    let seen = seen.ok_or("The lab needs a capture with SYNs to the server.")?;
    let is_stamped = |remote: &&RemoteSeen| !remote.clocks.is_empty() && remote.addr.parse::<Ipv4Addr>().is_ok();
    let remote = seen.remotes.iter().filter(is_stamped);
    let remote = remote.max_by_key(|remote| (remote.explained, remote.unanswered, remote.clocks.len(), remote.syns));
    let remote = remote.ok_or("No IPv4 address in the capture sends SYNs with timestamps, so there are no clocks.")?;
    let server = server(seen).ok_or("The lab has no IPv6, and the capture names no server with IPv4.")?;
    let nat: Ipv4Addr = remote.addr.parse().map_err(|_| "The lab has no IPv6.")?;
    let is_free = |net: &&[u8; 3]| [server.0, nat].iter().all(|addr| !addr.octets().starts_with(&net[..]));
    let net = NETS.iter().find(is_free).ok_or("No network is left for the hosts behind the NAT.")?;
    let mut clocks: Vec<&ClockSeen> = remote.clocks.iter().collect();
    clocks.sort_by_key(|clock| std::cmp::Reverse(clock.syns));
    clocks.truncate(MOST_HOSTS);
    let more = remote.clocks.len() - clocks.len();
    Ok(Chosen { seen, clocks, more, server, nat, net: *net })
}

fn scenario_json(chosen: &Chosen<'_>, settings: &ServerSettings) -> Value {
    let Chosen { seen, clocks, nat, net, .. } = chosen;
    let (server, port) = chosen.server;
    let sysctls: Map<String, Value> = settings
        .sysctls
        .iter()
        .filter(|(key, _)| KEYS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), Value::from(value.clone())))
        .collect();
    let (start_us, end_us) = seen.span_us.unwrap_or((0, 60_000_000));
    let hosts: Vec<Value> =
        clocks.iter().enumerate().map(|(index, clock)| host(index + 1, clock, start_us, *net)).collect();
    let left_out = match chosen.more {
        0 => String::new(),
        more => format!(" {} left out.", counted(more, "clock is", "clocks are")),
    };
    let [a, b, c] = net;
    json!({
        "version": 1,
        "title": format!("From a capture: {nat}"),
        "purpose": format!(
            "Made from a capture: {} behind {nat}, with the timestamps that they sent. The hosts call at even \
             intervals.{left_out}",
            counted(clocks.len(), "clock", "clocks")
        ),
        "seed": 1,
        "duration_s": (end_us.saturating_sub(start_us) / 1_000_000 + 1).clamp(60, 600),
        "wall_clock_ms": (start_us / 1_000).clamp(86_400_000, 4_000_000_000_000),
        "closes_first": "server",
        "server": {
            "name": "server", "addr": server.to_string(), "port": port, "kernel": settings.version.name(),
            "clock": { "hz": 1000, "tsval": 91_234_500 }, "sysctls": sysctls,
            "backlog": 128, "service_ms": 40, "request_bytes": 220, "response_bytes": 1200,
        },
        "nat": {
            "name": "nat", "addr": nat.to_string(), "inside": format!("{a}.{b}.{c}.0/24"),
            "first_port": 40_000, "last_port": 60_999, "idle_s": 120, "link": { "delay_ms": 12 },
        },
        "hosts": hosts,
    })
}

/// The IPv4 server with the most SYNs.
fn server(seen: &CaptureSeen) -> Option<(Ipv4Addr, u16)> {
    seen.called.iter().find_map(|(endpoint, _)| {
        let (addr, port) = endpoint.rsplit_once(':')?;
        Some((addr.parse().ok()?, port.parse().ok()?))
    })
}

/// A host with this clock. Linux 4.9 sends its jiffies unchanged, so the lab sends the captured timestamps.
fn host(number: usize, clock: &ClockSeen, start_us: u64, [a, b, c]: [u8; 3]) -> Value {
    let hz = HZ.into_iter().min_by_key(|hz| hz.abs_diff(clock.ticks_per_s)).filter(|_| clock.ticks_per_s > 0);
    let hz = hz.unwrap_or(1_000);
    let (first_us, tsval) = clock.points.first().copied().unwrap_or((start_us, 0));
    let last_us = clock.points.last().map_or(first_us, |(at, _)| *at);
    let after_us = first_us.saturating_sub(start_us);
    let ticks = u128::from(after_us) * u128::from(hz) / 1_000_000;
    let gaps = (clock.points.len() as u64).saturating_sub(1).max(1);
    let interval_ms = match (last_us.saturating_sub(first_us)) / gaps / 1_000 {
        0 => 10_000,
        interval => interval.clamp(1_000, 600_000),
    };
    json!({
        "name": format!("clock-{number}"), "addr": format!("{a}.{b}.{c}.{number}"), "behind_nat": true, "kernel": "4.9",
        "clock": { "hz": hz, "tsval": tsval.wrapping_sub(ticks as u32) }, "link": { "delay_ms": 2 },
        "traffic": {
            "first_ms": (after_us / 1_000).min(600_000), "interval_ms": interval_ms, "jitter_ms": interval_ms / 10,
            "patience_ms": 10_000,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::UnansweredSyn;

    fn clock(syns: u64, first: (u64, u32)) -> ClockSeen {
        ClockSeen { ticks_per_s: 250, syns, points: vec![first, (first.0 + 40_000_000, first.1 + 10_000)] }
    }

    fn evidence(called: &str, clocks: Vec<ClockSeen>) -> Evidence {
        let remote = RemoteSeen {
            addr: "203.0.113.7".to_owned(),
            syns: 8,
            unanswered: 3,
            explained: 3,
            clocks,
            without_stamp: 0,
        };
        let seen = CaptureSeen {
            syns: 8,
            span_us: Some((100_000_000, 200_000_000)),
            called: vec![(called.to_owned(), 8)],
            remotes: vec![remote],
            unanswered: Vec::<UnansweredSyn>::new(),
            ..CaptureSeen::default()
        };
        Evidence { captures: vec![seen], ..Evidence::default() }
    }

    #[test]
    fn each_clock_becomes_a_host_that_sends_the_captured_timestamps() {
        let clocks = vec![clock(3, (101_000_000, 9_000)), clock(5, (120_000_000, 70_000))];
        let scenario = scenario(&evidence("198.51.100.10:443", clocks)).unwrap();
        assert_eq!(scenario.nat.as_ref().map(|nat| nat.addr), Some(Ipv4Addr::new(203, 0, 113, 7)));
        // 250 ticks a second: 20 s and 1 s after the start of the capture.
        let tsvals: Vec<_> = scenario.hosts.iter().map(|host| (host.clock.tsval, host.clock.hz)).collect();
        assert_eq!(tsvals, [(65_000, 250), (8_750, 250)]);
        assert_eq!(scenario.server.port, 443);
    }

    #[test]
    fn clocks_beyond_the_limit_are_left_out_and_counted() {
        let clocks = (0..14).map(|index| clock(1, (101_000_000, index * 1_000_000))).collect();
        let scenario = scenario(&evidence("198.51.100.10:443", clocks)).unwrap();
        assert_eq!(scenario.hosts.len(), MOST_HOSTS);
        assert!(scenario.purpose.contains("2 clocks are left out"), "{}", scenario.purpose);
    }

    #[test]
    fn the_reason_is_given_if_there_is_no_scenario() {
        assert!(scenario(&Evidence::default()).unwrap_err().contains("capture"));
        assert!(scenario(&evidence("198.51.100.10:443", vec![])).unwrap_err().contains("timestamps"));
        let ipv6 = evidence("2001:db8::1:443", vec![clock(3, (101_000_000, 9_000))]);
        assert!(scenario(&ipv6).unwrap_err().contains("IPv6"));
    }
}
