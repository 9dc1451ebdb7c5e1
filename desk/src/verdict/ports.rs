//! A host that calls runs out of source ports for one destination (R8).

use std::collections::BTreeMap;

use super::Confidence::{Likely, Possible};
use super::Speaks::{For, Notes, Supports};
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::Quote;
use crate::facts::Facts;

/// The range of automatic source ports.
pub const RANGE: &str = "net.ipv4.ip_local_port_range";

/// No port is left.
pub const EXHAUSTED: Signature = Signature {
    id: Id::PortsExhausted,
    title: "Source ports run out",
    meaning: "This host opens connections to one destination and closes them first. Each keeps its source port for 60 s in \
              TIME_WAIT, so 28,232 ports allow 470 connections a second. When none is left, connect() gives EADDRNOTAVAIL; \
              no SYN goes out and no counter moves.",
    rule: "R8",
    function: "__inet_hash_connect",
    rfc: "RFC 9293, 3.6.1 (TIME-WAIT); RFC 6056",
    signs: &[
        Sign { speaks: For(Likely), what: "sockets to one destination fill nine tenths of the port range", look: full },
        Sign { speaks: For(Possible), what: "sockets to one destination fill half of the port range", look: half },
        Sign {
            speaks: For(Possible),
            what: "as many sockets in TIME-WAIT as the range has ports, within 5 in 100",
            look: as_many,
        },
        Sign { speaks: Supports, what: "tcp_tw_reuse is off for connections to other hosts", look: no_reuse },
        Sign { speaks: Notes, what: "tcp_tw_reuse is on: ports in TIME_WAIT may be taken after 1 to 2 s", look: reuse },
    ],
    next: &[
        Next {
            command: "ss -tan state time-wait | awk 'NR > 1 {n = $3; sub(/:[0-9]+$/, \"\", n); c[n \" > \" $4]++} \
                      END {for (k in c) print c[k], k}' | sort -rn | head",
            why: "How many ports each pair of source and destination holds.",
        },
        Next { command: "sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse", why: "How many there are." },
        Next {
            command: "strace -f -e trace=connect -e status=failed -p PID",
            why: "EADDRNOTAVAIL is no counter; the program's log or strace shows it.",
        },
    ],
};

/// How many automatic source ports there are.
#[must_use]
pub fn ports(facts: &Facts<'_>) -> (u16, u16) {
    let said = facts.setting(RANGE).and_then(|setting| {
        let mut numbers = setting.value.split_whitespace().map(str::parse::<u16>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    });
    said.filter(|(low, high)| low <= high).unwrap_or(facts.kernel.profile().local_port_range)
}

/// The pair of local address and destination that holds most ports of the range: how many, how many of them in TIME-WAIT,
/// and one of the lines.
struct Crowd {
    held: u64,
    in_time_wait: u64,
    /// Whether this is reckoned from the rows that were kept.
    is_estimate: bool,
    line: Quote,
}

fn crowd(facts: &Facts<'_>) -> Option<Crowd> {
    let (low, high) = ports(facts);
    let mut crowds: BTreeMap<(&str, &str), Crowd> = BTreeMap::new();
    for row in &facts.evidence.sockets {
        let Some((addr, port)) = row.what.local.rsplit_once(':') else { continue };
        let is_automatic = port.parse::<u16>().is_ok_and(|port| (low..=high).contains(&port));
        if row.what.state == "LISTEN" || !is_automatic {
            continue;
        }
        let crowd = crowds.entry((addr, &row.what.remote));
        let crowd =
            crowd.or_insert_with(|| Crowd { held: 0, in_time_wait: 0, is_estimate: false, line: row.quote.clone() });
        crowd.held += 1;
        crowd.in_time_wait += u64::from(row.what.state == "TIME-WAIT");
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

/// Not every row of a long table is kept, but all are counted: how many of either are in TIME-WAIT.
fn kept_of_all(facts: &Facts<'_>) -> (u64, u64) {
    let kept = facts.evidence.sockets.iter().filter(|row| row.what.state == "TIME-WAIT").count() as u64;
    let counts = facts.evidence.socket_counts.as_ref();
    let all = counts.and_then(|said| said.what.by_state.get("TIME-WAIT")).copied().unwrap_or_default();
    // A few more are another moment's; a cut table has thousands of rows.
    if kept >= MANY_ROWS { (kept, all) } else { (1, 1) }
}

/// A table with so many rows may have been cut.
const MANY_ROWS: u64 = 10_000;

/// The fullest crowd where it fills the range from `least` to below `most` tenths.
fn fills(facts: &Facts<'_>, least: u64, most: u64) -> Option<Reason> {
    let (low, high) = ports(facts);
    let all = u64::from(high - low) + 1;
    let crowd = crowd(facts).filter(|crowd| (all * least..all * most).contains(&(crowd.held * 10)))?;
    let about = if crowd.is_estimate { "About " } else { "" };
    let says = format!(
        "{about}{} sockets go from one address to one destination, {} of them in TIME-WAIT; ports {low} to {high} are {}.",
        clue::grouped(crowd.held),
        clue::grouped(crowd.in_time_wait),
        clue::grouped(all)
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
    // `ss -tln` tells of listening sockets alone.
    if facts.evidence.sockets.iter().any(|row| row.what.state != "LISTEN") {
        return None;
    }
    let (low, high) = ports(facts);
    let all = u64::from(high - low) + 1;
    let counts = facts.evidence.socket_counts.as_ref()?;
    let there = *counts.what.by_state.get("TIME-WAIT")?;
    (there >= all - all / 20 && there <= all + 1).then(|| {
        let says = format!(
            "{} sockets are in TIME-WAIT; ports {low} to {high} are {}.",
            clue::grouped(there),
            clue::grouped(all)
        );
        Reason::new(says, vec![counts.quote.clone()])
    })
}

/// Whether a port in TIME_WAIT may be taken for a connection to another host, if that is known.
fn reuses(facts: &Facts<'_>) -> Option<(bool, Vec<Quote>)> {
    let loopback_only = facts.kernel.profile().reuse_2_is_loopback;
    let (value, lines) = clue::setting(facts, "net.ipv4.tcp_tw_reuse", |_| true)?;
    Some((value == 1 || (value > 1 && !loopback_only), lines))
}

fn no_reuse(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = reuses(facts).filter(|(on, _)| !on)?;
    Some(Reason::new("tcp_tw_reuse is off for connections to other hosts: a port rests the full 60 s.", lines))
}

fn reuse(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = reuses(facts).filter(|(on, _)| *on)?;
    let says = "tcp_tw_reuse is on: a port in TIME_WAIT is taken again after 1 to 2 s where both sides use timestamps.";
    Some(Reason::new(says, lines))
}
