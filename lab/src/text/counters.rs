//! The words of the counters.

use sim_core::time::SimTime;

use crate::format::moment;

/// The heading.
pub const HEADING: &str = "Counters";

/// The numbers in brackets.
pub fn brackets(changed: SimTime) -> String {
    format!("In brackets: the increase since the change at {}.", moment(changed))
}

/// By how much a counter rose since a change.
pub fn since_change(by: u64) -> String {
    format!("{by} since the change")
}

/// By how much a counter rises at this time.
pub fn now(by: u64) -> String {
    format!("{by} now")
}
