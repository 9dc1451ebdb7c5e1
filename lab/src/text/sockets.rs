//! The words of the sockets of the server.

/// The heading.
pub const HEADING: &str = "Sockets";
/// The name of the list.
pub const LIST: &str = "ss -tan on the server";
