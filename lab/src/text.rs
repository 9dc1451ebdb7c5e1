//! The words of the page: every sentence, label and accessible name, one module a view. Node and field names of
//! scenarios, tcpdump lines and the rows of sim-core's table are not repeated here.

pub mod address;
pub mod build;
pub mod changes;
pub mod charts;
pub mod compare;
pub mod counters;
pub mod export;
pub mod help;
pub mod ladder;
pub mod log;
pub mod notices;
pub mod page;
pub mod remembered;
pub mod settings;
pub mod sockets;
pub mod stage;
pub mod status_line;
pub mod story;
pub mod sweep;
pub mod sysctl_file;
pub mod theme;
pub mod time_bar;
pub mod why;

use sim_core::kernel_version::PAWS_WINDOW;
use sim_core::time::SimTime;
use sim_core::trace::query::{Attempt, RefusedSyn};
use sim_core::trace::snapshot::{ClientView, Remembered, Snapshot};
use sim_core::trace::{Outcome, Refusal, Role};

use crate::format::{capitalized, grouped_signed, in_words, uptime};
use crate::plan::Place;
use crate::run::Run;
use sim_core::words::grouped;

/// A refusal in numbers, as the kernel computes it.
pub fn sum(refusal: &Refusal) -> String {
    let remembered = grouped(u64::from(refusal.remembered.0));
    match (refusal.tsval, refusal.behind_by()) {
        (Some(tsval), Some(behind)) => {
            let wraps = if tsval.0 > refusal.remembered.0 { " (mod 2^32)" } else { "" };
            let (tsval, behind) = (grouped(u64::from(tsval.0)), grouped_signed(i64::from(behind)));
            format!("remembered {remembered} - tsval {tsval} = {behind}{wraps} > {PAWS_WINDOW}")
        }
        _ => format!("remembered {remembered}, and the SYN has no timestamp"),
    }
}

/// What the two lines of a [`sum`] that is too long for one say, and what begins the second.
pub fn halves(sum: &str) -> Option<(&str, &'static str, &str)> {
    let (first, begins, second) = match sum.split_once('-') {
        Some((first, second)) => (first, "- ", second),
        None => {
            let first = sum.trim_end_matches(|letter| letter != ',');
            (first.strip_suffix(',')?, "and ", sum.strip_prefix(first)?.strip_prefix(" and")?)
        }
    };
    Some((first.trim_end(), begins, second.trim_start()))
}

/// The question above the stage: it follows from who is there and what has happened so far.
pub fn question(run: &Run, snapshot: &Snapshot) -> String {
    let behind = |client: &&ClientView| run.node(client.node).is_some_and(|node| node.behind.is_some());
    let share = match (&run.scenario.nat, snapshot.clients.iter().filter(behind).count()) {
        (None, _) => format!("{}.", run.scenario.title),
        (Some(_), 0) => "No hosts share an address.".to_owned(),
        (Some(_), 1) => "One host is behind the NAT.".to_owned(),
        (Some(_), inside) => format!("{} hosts share one address.", capitalized(&in_words(inside))),
    };
    let server = &snapshot.server;
    let has_recycle = server.kernel.profile().has_recycle && server.sysctls.tcp_tw_recycle > 0;
    let shares = run.scenario.nat.is_some();
    // What is asked at the start does not give the answer away.
    let is_open = snapshot.at == SimTime::ZERO && (has_recycle || shares) || !run.index.refusals.is_empty();
    let asked = match run.index.last_refusal(snapshot.at) {
        Some(refused) => {
            let host = refused.host.map_or("one of them", |host| run.name(host));
            let can = if is_over(run, refused, snapshot.at) { "could" } else { "can" };
            format!("Why {can} {host} not connect?")
        }
        None if is_open && snapshot.clients.len() == 1 => "Can it connect?".to_owned(),
        None if is_open => "Can all hosts connect?".to_owned(),
        None if shares => "Nobody is refused.".to_owned(),
        None if has_recycle => "Recycle refuses no host.".to_owned(),
        None => "Do all connections get through?".to_owned(),
    };
    format!("{share} {asked}")
}

/// How many connections of hosts have failed by `now` without a refusal by recycle.
pub fn failed_otherwise(run: &Run, now: SimTime) -> usize {
    let has_failed = |attempt: &&Attempt| {
        matches!(attempt.ended, Some((at, Outcome::Failed(_))) if at <= now)
            && attempt.refused.is_none_or(|at| at > now)
            && run.node(attempt.host).is_some_and(|node| node.role == Role::Client)
    };
    run.index.attempts.iter().filter(has_failed).count()
}

/// Whether the refused host has got through by now, or has given up.
fn is_over(run: &Run, refused: &RefusedSyn, at: SimTime) -> bool {
    let attempt = refused.connection.and_then(|connection| run.index.attempt(connection));
    attempt.is_some_and(|attempt| {
        let ended = attempt.ended.map(|(ended, _)| ended);
        [attempt.established, ended].into_iter().flatten().any(|over| over <= at)
    })
}

/// Who was refused, and because of whom: the names in a sentence about a refusal.
struct Names<'a> {
    host: &'a str,
    because_of: Option<&'a str>,
    address: String,
}

impl<'a> Names<'a> {
    fn of(run: &'a Run, refused: &RefusedSyn) -> Self {
        let because_of = refused.because_of.filter(|other| Some(*other) != refused.host).map(|other| run.name(other));
        let address = refused.header.map_or_else(|| "its address".to_owned(), |header| header.src.addr.to_string());
        Self { host: refused.host.map_or("unknown", |host| run.name(host)), because_of, address }
    }
}

/// Where a host stands, in words.
const fn place(place: Place) -> &'static str {
    match place {
        Place::BehindNat => "behind the NAT",
        Place::Own => "with its own address",
    }
}

/// What kind of machine a host is, as `kernel` says it, and for how long it has been up.
pub fn machine(run: &Run, client: &ClientView, kernel: &str, at: SimTime) -> String {
    let up = run.uptime_s(client.node, at).map_or_else(String::new, |seconds| format!(", up {}", uptime(seconds)));
    format!("{kernel}{up}")
}

/// Whose clock is remembered, and how old it is.
pub fn written_by(run: &Run, remembered: &Remembered) -> String {
    let age = format!("{} s", remembered.age_s);
    match remembered.written_by {
        Some(host) => format!("from {}, {age} ago", run.name(host)),
        None => format!("{age} ago"),
    }
}

/// A refusal in one sentence with all its numbers, for the ear.
pub fn refused_in_words(run: &Run, refused: &RefusedSyn) -> String {
    let Names { host, address, .. } = Names::of(run, refused);
    let remembered = grouped(u64::from(refused.refusal.remembered.0));
    match refused.refusal.tsval {
        Some(tsval) => {
            let tsval = grouped(u64::from(tsval.0));
            format!(
                "{host} sent a SYN with timestamp {tsval}. The server remembers {remembered} for {address} and refuses \
                 the SYN silently."
            )
        }
        None => format!(
            "{host} sent a SYN without a timestamp. The server remembers {remembered} for {address} and refuses the SYN \
             silently."
        ),
    }
}

#[cfg(test)]
mod tests;
