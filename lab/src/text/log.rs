//! Each record of a trace as a sentence.

use sim_core::trace::{Event, NodeId, Record, Role};

use crate::run::Run;

/// Whether a record belongs to the story that people follow; the rest is how it came about.
pub fn in_story(run: &Run, record: &Record) -> bool {
    match &record.event {
        Event::SegmentDropped { .. }
        | Event::SegmentLost { .. }
        | Event::StampRemembered { .. }
        | Event::TimeWaitTaken { .. }
        | Event::ConnectionEnded { .. }
        | Event::SysctlSet { .. }
        | Event::Booted { .. }
        | Event::BoxRestarted
        | Event::AddressTaken { .. }
        | Event::Left
        | Event::Note { .. } => true,
        Event::SegmentSent { header, .. } => header.opens() && role(run, record.node) == Some(Role::Client),
        _ => false,
    }
}

/// Whether a record is a refusal by R1.
pub const fn is_refusal(record: &Record) -> bool {
    matches!(record.event, Event::SegmentDropped { refusal: Some(_), .. })
}

/// The record at `position` in a sentence.
pub fn sentence(run: &Run, position: usize) -> String {
    run.index.sentence(&run.trace, position)
}

fn role(run: &Run, node: NodeId) -> Option<Role> {
    run.node(node).map(|node| node.role)
}

/// The heading.
pub const HEADING: &str = "Event log";
/// Nothing is listed.
pub const EMPTY: &str = "This run has no events of this kind.";
/// The name of the list of filters.
pub const SHOW: &str = "Show";

/// The filters: the events that people follow, the refusals by recycle, every record.
pub const FILTERS: [&str; 3] = ["main events", "refusals", "all records"];

/// Records before the first in the list.
pub fn earlier(count: usize) -> String {
    format!("{count} earlier")
}

/// Records after the last in the list.
pub fn later(count: usize) -> String {
    format!("{count} later")
}
