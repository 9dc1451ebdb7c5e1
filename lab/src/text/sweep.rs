//! The words of the scenarios that a sweep runs.

/// Its title.
pub fn title(hosts: &str, connections: &str) -> String {
    format!("{hosts}, {connections} per minute each")
}

/// Its purpose.
pub fn purpose(hosts: &str, connections: &str) -> String {
    format!("{hosts} behind one address. Each opens {connections} per minute.")
}
