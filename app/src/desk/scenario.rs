//! A scenario of the lab from a capture: the clocks behind the address with most refusals call the same kernel.

use std::net::Ipv4Addr;

use desk::Evidence;
use desk::evidence::{CaptureSeen, ClockSeen, RemoteSeen};
use desk::ran::ran;
use serde_json::{Value, json};
use sim_core::Scenario;

use crate::format::counted;
use crate::link;
use crate::platform::address;

/// More hosts than these tell nothing more.
const MOST_HOSTS: usize = 12;
/// Nets for the hosts; the first that holds neither the server nor the NAT.
const NETS: [[u8; 3]; 3] = [[10, 0, 0], [192, 168, 77], [172, 31, 99]];
const HZ: [u32; 4] = [1_000, 250, 100, 300];
/// Keys that decide about a SYN.
const KEYS: [&str; 3] = ["net.ipv4.tcp_tw_recycle", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps"];

/// The address of the lab with the scenario, relative to this page.
///
/// # Errors
/// Why there is none, in a sentence.
pub fn lab_link(evidence: &Evidence) -> Result<String, String> {
    let scenario = scenario(evidence)?;
    let own = link::written(&scenario).ok_or("The scenario is too long for a link.")?;
    Ok(format!("{}?own={own}", address::root()))
}

/// The scenario.
///
/// # Errors
/// Why there is none, in a sentence.
pub fn scenario(evidence: &Evidence) -> Result<Scenario, String> {
    let seen = evidence.captures.iter().filter(|seen| seen.syns > 0);
    let seen = seen.max_by_key(|seen| (seen.explained_by_recycle, seen.unanswered_syns, seen.syns));
    let seen = seen.ok_or("The lab needs a capture with SYNs to the server.")?;
    let is_stamped = |remote: &&RemoteSeen| !remote.clocks.is_empty() && remote.addr.parse::<Ipv4Addr>().is_ok();
    let remote = seen.remotes.iter().filter(is_stamped);
    let remote = remote.max_by_key(|remote| (remote.explained, remote.unanswered, remote.clocks.len(), remote.syns));
    let remote = remote.ok_or("No IPv4 address in the capture sends SYNs with timestamps, so there are no clocks.")?;
    let (server, port) = server(seen).ok_or("The lab has no IPv6, and the capture names no server with IPv4.")?;
    let nat: Ipv4Addr = remote.addr.parse().map_err(|_| "The lab has no IPv6.")?;
    let inside = |net: &&[u8; 3]| [server, nat].iter().all(|addr| !addr.octets().starts_with(&net[..]));
    let net = NETS.iter().find(inside).ok_or("No net is left for the hosts behind the NAT.")?;
    let (played, _) = ran(evidence);
    let sysctls: serde_json::Map<String, Value> = played
        .sysctls
        .iter()
        .filter(|(key, _)| KEYS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), Value::from(value.clone())))
        .collect();
    let (start_us, end_us) = seen.span_us.unwrap_or((0, 60_000_000));
    let mut clocks: Vec<&ClockSeen> = remote.clocks.iter().collect();
    clocks.sort_by_key(|clock| std::cmp::Reverse(clock.syns));
    clocks.truncate(MOST_HOSTS);
    let hosts: Vec<Value> =
        clocks.iter().enumerate().map(|(index, clock)| host(index + 1, clock, start_us, *net)).collect();
    let left_out = match remote.clocks.len() - clocks.len() {
        0 => String::new(),
        more => format!(" {} left out.", counted(more, "clock is", "clocks are")),
    };
    let [a, b, c] = net;
    let json = json!({
        "version": 1,
        "title": format!("From a capture: {nat}"),
        "purpose": format!(
            "Made from a capture: {} behind {nat}, with the timestamps that they sent. When they call is evened out.{left_out}",
            counted(clocks.len(), "clock", "clocks")
        ),
        "seed": 1,
        "duration_s": (end_us.saturating_sub(start_us) / 1_000_000 + 1).clamp(60, 600),
        "wall_clock_ms": (start_us / 1_000).clamp(86_400_000, 4_000_000_000_000),
        "closes_first": "server",
        "server": {
            "name": "server", "addr": server.to_string(), "port": port, "kernel": played.version.name(),
            "clock": { "hz": 1000, "tsval": 91_234_500 }, "sysctls": sysctls,
            "backlog": 128, "service_ms": 40, "request_bytes": 220, "response_bytes": 1200,
        },
        "nat": {
            "name": "nat", "addr": nat.to_string(), "inside": format!("{a}.{b}.{c}.0/24"),
            "first_port": 40_000, "last_port": 60_999, "idle_s": 120, "link": { "delay_ms": 12 },
        },
        "hosts": hosts,
    });
    Scenario::from_json(&json.to_string()).map_err(|error| format!("The lab does not take it: {error}"))
}

/// What was called most, if that is IPv4.
fn server(seen: &CaptureSeen) -> Option<(Ipv4Addr, u16)> {
    seen.called.iter().find_map(|(endpoint, _)| {
        let (addr, port) = endpoint.rsplit_once(':')?;
        Some((addr.parse().ok()?, port.parse().ok()?))
    })
}

/// A host with this clock. Linux 4.9 sends its jiffies as they are, so that what was seen is what the lab sends.
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
    use crate::desk::example;
    use desk::play::Play;

    fn evidence() -> Evidence {
        let mut evidence = Evidence::default();
        for (name, text) in example::TEXTS {
            desk::parse::read_text(name, text, &mut evidence);
        }
        let mut play = Play::new("example", &evidence);
        play.push(&example::capture().unwrap());
        let seen = play.finish();
        evidence.captures.push(seen);
        evidence
    }

    #[test]
    fn the_example_is_refused_by_recycle() {
        let verdicts = desk::verdicts(&evidence());
        assert_eq!(verdicts[0].id, desk::verdict::Id::RecycleRefuses);
        assert_eq!(verdicts[0].confidence, desk::verdict::Confidence::Certain);
    }

    #[test]
    fn a_capture_of_the_lab_comes_back_with_its_clocks() {
        let scenario = scenario(&evidence()).unwrap();
        assert_eq!(scenario.nat.as_ref().map(|nat| nat.addr), Some(Ipv4Addr::new(203, 0, 113, 7)));
        let original = Scenario::preset("one-address-many-servers").unwrap();
        for host in original.hosts.iter().filter(|host| host.behind_nat) {
            // The capture begins at the first segment and not at the start of the run.
            let near = |tsval: u32| host.clock.tsval.abs_diff(tsval) < 1_000;
            assert!(scenario.hosts.iter().any(|made| near(made.clock.tsval) && made.clock.hz == 250), "{}", host.name);
        }
        assert!(lab_link(&evidence()).unwrap().starts_with("./?own=1."));
    }

    #[test]
    fn without_a_capture_it_is_said_why() {
        assert!(scenario(&Evidence::default()).unwrap_err().contains("capture"));
    }
}
