//! The words of the notice about an address that the page could not read.

/// Before the list of values.
pub const IGNORED: &str = "The address of this page contains values that are not valid. They were ignored:";
/// Takes the notice away.
pub const DISMISS: &str = "Dismiss";

/// The values that have no line of their own.
pub fn more(count: usize) -> String {
    format!("and {count} more")
}
