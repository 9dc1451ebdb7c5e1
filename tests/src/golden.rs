//! The content of a golden file: short enough to be read, with a digest of the whole trace.

use std::fmt::Write as _;

use sim_core::export::{nstat, tcpdump};
use sim_core::scenario::Scenario;
use sim_core::time::SimTime;
use sim_core::trace::query::{Attempt, Fate, Flight, Index};
use sim_core::trace::snapshot::Snapshot;
use sim_core::trace::{Event, Outcome, Role, Trace};

/// The number of segments that are listed, enough to show how connections of a scenario begin and end.
const SEGMENTS: usize = 40;
/// The most lines of a kind. The digest covers the rest.
const LINES: usize = 200;

/// The text of the golden file of `scenario`.
#[must_use]
pub fn text(scenario: &Scenario, trace: &Trace) -> String {
    let index = Index::new(trace);
    let end = SimTime::ZERO + trace.duration;
    let status = index.status(end);
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        let rest = lines.len().saturating_sub(LINES);
        let mut shown: String = lines.iter().take(LINES).map(|line| format!("{line}\n")).collect();
        if rest > 0 {
            shown += &format!("and {rest} more\n");
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "# {title}\n{shown}\n");
    };
    section(&scenario.title, vec![format!("{} of {} connections refused by R1", status.refused, status.attempted)]);
    section("First segments", index.flights.iter().take(SEGMENTS).map(|flight| segment(trace, flight)).collect());
    section("Refused, dropped or lost", listed_events(trace, &index));
    section("Attempts", index.attempts.iter().map(|attempt| outcome(trace, attempt)).collect());
    section("The server's counters", nstat::lines(&Snapshot::at(trace, end)));
    section("Digest", vec![trace.digest().to_string()]);
    text.trim_end().to_owned() + "\n"
}

fn segment(trace: &Trace, flight: &Flight) -> String {
    let fate = match flight.fate {
        Fate::Taken => "",
        Fate::Dropped(_) => "  DROPPED",
        Fate::Lost(_) => "  LOST",
    };
    let (from, to) = (name(trace, flight.from), name(trace, flight.to));
    format!("{} {from}>{to} {}{fate}", flight.sent, tcpdump::line(&flight.header))
}

/// One line for each segment that was dropped or lost, and for each action.
fn listed_events(trace: &Trace, index: &Index) -> Vec<String> {
    let is_listed = |event: &Event| {
        matches!(
            event,
            Event::SegmentDropped { .. }
                | Event::SegmentLost { .. }
                | Event::TimeWaitTaken { .. }
                | Event::BoxRestarted
                | Event::AddressTaken { .. }
                | Event::Left
                | Event::Note { .. }
        )
    };
    let records = trace.records.iter().enumerate().filter(|(_, record)| is_listed(&record.event));
    records.map(|(position, record)| format!("{} {}", record.at, index.sentence(trace, position))).collect()
}

fn outcome(trace: &Trace, attempt: &Attempt) -> String {
    let ended = match attempt.ended {
        Some((at, Outcome::Answered)) => format!("answered at {at}"),
        Some((at, Outcome::Failed(errno))) => format!("failed at {at}: {errno}"),
        None => "has not ended".to_owned(),
    };
    let refused = if attempt.refused.is_some() { ", refused" } else { "" };
    format!("{} {}{refused}, {ended}", attempt.at, name(trace, attempt.host))
}

fn name(trace: &Trace, node: sim_core::trace::NodeId) -> &str {
    trace.nodes.get(usize::from(node.0)).map_or("", |node| &node.name)
}

/// The hosts that had a connection refused by rule R1, in the order of their nodes.
#[must_use]
pub fn refused_hosts(trace: &Trace) -> Vec<String> {
    let index = Index::new(trace);
    let hosts = trace.nodes.iter().enumerate().filter(|(_, node)| node.role == Role::Client);
    let refused = |position: usize| {
        index.attempts.iter().any(|attempt| usize::from(attempt.host.0) == position && attempt.refused.is_some())
    };
    hosts.filter(|(position, _)| refused(*position)).map(|(_, node)| node.name.clone()).collect()
}
