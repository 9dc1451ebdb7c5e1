//! The words around the question that a scenario asks.

/// The heading.
pub const HEADING: &str = "What do you expect?";
/// Starts playback after an answer.
pub const PLAY: &str = "Play the scenario";
/// The answer is right.
pub const RIGHT: &str = "Yes.";
/// The answer is wrong.
pub const WRONG: &str = "No.";
/// Opens the list of things to notice.
pub const NOTICE: &str = "What to notice";
