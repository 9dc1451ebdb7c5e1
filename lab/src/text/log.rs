//! Each record of a trace as a sentence.

use sim_core::trace::{Event, NodeId, Record, Role};

use crate::run::Run;

/// Whether a record belongs to the story that people follow; the rest is how it came about.
#[must_use]
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
#[must_use]
pub const fn is_refusal(record: &Record) -> bool {
    matches!(record.event, Event::SegmentDropped { refusal: Some(_), .. })
}

/// The record at `position` in a sentence.
#[must_use]
pub fn sentence(run: &Run, position: usize) -> String {
    run.index.sentence(&run.trace, position)
}

fn role(run: &Run, node: NodeId) -> Option<Role> {
    run.node(node).map(|node| node.role)
}
