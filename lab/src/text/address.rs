//! The reasons for which a value in the address of the page is ignored.

use crate::format::seconds_exact;
use sim_core::time::SimTime;

/// `scenario`.
pub const UNKNOWN_SCENARIO: &str = "unknown scenario";
/// `view`.
pub const UNKNOWN_VIEW: &str = "unknown view";
/// `against`.
pub const UNKNOWN_COMPARISON: &str = "unknown comparison";
/// Any other name.
pub const UNKNOWN_PARAMETER: &str = "unknown parameter";
/// A change that adds a host behind the NAT.
pub const NO_NAT: &str = "this scenario has no NAT";
/// `do`.
pub const NOT_A_CHANGE: &str = "not a change such as 24.310:recycle=0, 12:nat or 12:own";
/// A switch.
pub const NOT_0_OR_1: &str = "not 0 or 1";
/// `against` where there is no other run.
pub const NOTHING_TO_COMPARE: &str = "no run to compare with";
/// A link of another version.
pub const OTHER_VERSION: &str = "not a link of version 1";
/// A link that is too short.
pub const INCOMPLETE: &str = "an incomplete link";
/// A link with a wrong checksum or wrong letters.
pub const DAMAGED: &str = "a damaged link";
/// A link that is one or the other.
pub const INCOMPLETE_OR_DAMAGED: &str = "an incomplete or damaged link";
/// A link with an unknown start.
pub const UNKNOWN_BASE: &str = "a link based on an unknown scenario";
/// A link that unpacks to more than a scenario can hold.
pub const TOO_LARGE: &str = "a link to a scenario that is too large";

/// A parameter that only one view has.
pub fn only_with(view: &str) -> String {
    format!("only with view={view}")
}

/// More changes than an address may have.
pub fn most_changes(most: usize) -> String {
    format!("at most {most} changes")
}

/// More hosts than the stage has room for.
pub fn most_hosts(most: usize) -> String {
    format!("at most {most} hosts of this kind")
}

/// A sysctl that the kernel does not have.
pub fn no_such_sysctl(kernel: &str, key: &str) -> String {
    format!("{kernel} has no {key}")
}

/// A value out of its bounds.
pub fn not_up_to(maximum: u8) -> String {
    if maximum == 1 { NOT_0_OR_1.to_owned() } else { format!("not a number from 0 to {maximum}") }
}

/// A time out of the run.
pub fn not_seconds_up_to(end: SimTime) -> String {
    format!("not a number of seconds from 0 to {}", seconds_exact(end))
}

/// A link with too many characters.
pub fn too_long(length: usize, most: usize) -> String {
    format!("a link of {length} characters, which is longer than {most}")
}

/// A link whose checksum does not fit its scenario.
pub fn damaged_or_older(scenario: &str) -> String {
    format!("a damaged link, or a link based on an older version of `{scenario}`")
}
