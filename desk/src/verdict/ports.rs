//! A client host has no source port left for one destination (R8).

use std::collections::BTreeMap;

use super::Confidence::{Likely, Possible};
use super::Effect::{For, Notes, Supports};
use super::{Indicator, NextCommand, Reason, Signature, VerdictId, indicators};
use crate::evidence::Quote;
use crate::facts::Facts;
use sim_core::words::grouped;

/// The sysctl with the range of automatic source ports.
pub const RANGE: &str = "net.ipv4.ip_local_port_range";

/// Source ports run out.
pub const EXHAUSTED: Signature = Signature {
    id: VerdictId::PortsExhausted,
    title: "Source ports run out",
    meaning: "This host opens connections to one destination and closes them first. Each one holds its source port in \
              TIME_WAIT for 60 s, so 28,232 ports allow 470 connections a second. When no port is left, connect() \
              fails \
              with EADDRNOTAVAIL. The kernel sends no SYN and no counter rises.",
    rule: "R8",
    function: "__inet_hash_connect",
    rfc: "RFC 9293, 3.6.1 (TIME-WAIT); RFC 6056",
    indicators: &[
        Indicator {
            effect: For(Likely),
            label: "sockets to one destination fill nine tenths of the port range",
            find: full,
        },
        Indicator {
            effect: For(Possible),
            label: "sockets to one destination fill half of the port range",
            find: half,
        },
        Indicator {
            effect: For(Possible),
            label: "as many sockets in TIME-WAIT as the range has ports, within 5 in 100",
            find: as_many,
        },
        Indicator { effect: Supports, label: "tcp_tw_reuse is off for connections to other hosts", find: no_reuse },
        Indicator {
            effect: Notes,
            label: "tcp_tw_reuse is on: ports in TIME_WAIT may be taken after 1 to 2 s",
            find: reuse,
        },
    ],
    next: &[
        NextCommand {
            command: "ss -tan state time-wait | awk 'NR > 1 {n = $3; sub(/:[0-9]+$/, \"\", n); c[n \" > \" $4]++} \
                      END {for (k in c) print c[k], k}' | sort -rn | head",
            why: "Shows how many ports each pair of source and destination holds.",
        },
        NextCommand {
            command: "sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse",
            why: "Shows how many ports there are.",
        },
        NextCommand {
            command: "strace -f -e trace=connect -e status=failed -p PID",
            why: "No counter shows EADDRNOTAVAIL; the log of the program or strace does.",
        },
    ],
};

/// The range of automatic source ports: the lowest and the highest.
pub fn ports(facts: &Facts<'_>) -> (u16, u16) {
    let said = facts.setting(RANGE).and_then(|setting| {
        let mut numbers = setting.value.split_whitespace().map(str::parse::<u16>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    said.filter(|(low, high)| low <= high).unwrap_or(facts.kernel.profile().local_port_range)
}

/// The sockets from one local address to one destination.
struct Crowd {
    /// Automatic source ports that they hold.
    held: u64,
    in_time_wait: u64,
    /// Whether the numbers are extrapolated from a part of the rows.
    is_estimate: bool,
    line: Quote,
}

/// The largest crowd.
fn crowd(facts: &Facts<'_>) -> Option<Crowd> {
    let (low, high) = ports(facts);
    let mut crowds: BTreeMap<(&str, &str), Crowd> = BTreeMap::new();
    for row in &facts.evidence.sockets {
        let Some((addr, port)) = row.value.local.rsplit_once(':') else { continue };
        let is_automatic = port.parse::<u16>().is_ok_and(|port| (low..=high).contains(&port));
        if row.value.state == "LISTEN" || !is_automatic {
            continue;
        }
        let crowd = crowds.entry((addr, &row.value.remote));
        let crowd =
            crowd.or_insert_with(|| Crowd { held: 0, in_time_wait: 0, is_estimate: false, line: row.quote.clone() });
        crowd.held += 1;
        crowd.in_time_wait += u64::from(row.value.state == "TIME-WAIT");
    }
    let mut crowd = crowds.into_values().max_by_key(|crowd| crowd.held)?;
    let (kept, all) = kept_of_all(facts);
    if all > kept {
        crowd.held = crowd.held.saturating_mul(all) / kept;
        crowd.in_time_wait = crowd.in_time_wait.saturating_mul(all) / kept;
        crowd.is_estimate = true;
    }
    Some(crowd)
}

/// The sockets in TIME-WAIT among the rows that were kept, and among all rows. Long tables are not kept as a whole.
fn kept_of_all(facts: &Facts<'_>) -> (u64, u64) {
    let kept = facts.evidence.sockets.iter().filter(|row| row.value.state == "TIME-WAIT").count() as u64;
    let counts = facts.evidence.socket_counts.as_ref();
    let all = counts.and_then(|said| said.value.by_state.get("TIME-WAIT")).copied().unwrap_or_default();
    // A small difference comes from another time of measurement; a table that was cut has thousands of rows.
    if kept >= MANY_ROWS { (kept, all) } else { (1, 1) }
}

/// A table with fewer rows in TIME-WAIT was not cut.
const MANY_ROWS: u64 = 10_000;

/// The largest crowd, if it fills at least `least` and less than `most` tenths of the range.
fn fills(facts: &Facts<'_>, least: u64, most: u64) -> Option<Reason> {
    let (low, high) = ports(facts);
    let all = u64::from(high - low) + 1;
    let crowd = crowd(facts).filter(|crowd| (all * least..all * most).contains(&(crowd.held * 10)))?;
    let about = if crowd.is_estimate { "About " } else { "" };
    let says = format!(
        "{about}{} sockets go from one address to one destination, {} of them in TIME-WAIT; ports {low} to {high} are \
         {}.",
        grouped(crowd.held),
        grouped(crowd.in_time_wait),
        grouped(all)
    );
    let range = facts.setting(RANGE).map(|setting| setting.quote.clone());
    Some(Reason::new(says, [crowd.line].into_iter().chain(range).collect()))
}

fn full(facts: &Facts<'_>) -> Option<Reason> {
    fills(facts, 9, u64::MAX / 1_000_000)
}

fn half(facts: &Facts<'_>) -> Option<Reason> {
    fills(facts, 5, 9)
}

fn as_many(facts: &Facts<'_>) -> Option<Reason> {
    // `ss -tln` prints listening sockets only.
    if facts.evidence.sockets.iter().any(|row| row.value.state != "LISTEN") {
        return None;
    }
    let (low, high) = ports(facts);
    let all = u64::from(high - low) + 1;
    let counts = facts.evidence.socket_counts.as_ref()?;
    let there = *counts.value.by_state.get("TIME-WAIT")?;
    (there >= all - all / 20 && there <= all + 1).then(|| {
        let says = format!("{} sockets are in TIME-WAIT; ports {low} to {high} are {}.", grouped(there), grouped(all));
        Reason::new(says, vec![counts.quote.clone()])
    })
}

/// Whether connections to other hosts may take a port in TIME_WAIT, if that is known.
fn reuses(facts: &Facts<'_>) -> Option<(bool, Vec<Quote>)> {
    let loopback_only = facts.kernel.profile().reuse_2_is_loopback;
    let (value, lines) = indicators::setting(facts, "net.ipv4.tcp_tw_reuse", |_| true)?;
    Some((value == 1 || (value > 1 && !loopback_only), lines))
}

fn no_reuse(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = reuses(facts).filter(|(on, _)| !on)?;
    Some(Reason::new(
        "tcp_tw_reuse is off for connections to other hosts: a port stays in TIME_WAIT for the full 60 s.",
        lines,
    ))
}

fn reuse(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = reuses(facts).filter(|(on, _)| *on)?;
    let says = "tcp_tw_reuse is on: a port in TIME_WAIT can be used again after 1 to 2 s if both sides use timestamps.";
    Some(Reason::new(says, lines))
}
