//! The words of the time bar and its marks.

use sim_core::time::Span;

use crate::format::span;

/// The name of the bar.
pub const TIME_BAR: &str = "Time bar";
/// The name of its slider.
pub const TIME: &str = "Time";
/// Stops playback.
pub const PAUSE: &str = "Pause";
/// Starts playback.
pub const PLAY: &str = "Play";
/// Moves to the event before.
pub const PREVIOUS_EVENT: &str = "Previous event";
/// Moves to the event after.
pub const NEXT_EVENT: &str = "Next event";
/// Moves to the refusal before.
pub const PREVIOUS_REFUSAL: &str = "Jump to the previous refusal";
/// Moves to the refusal after.
pub const NEXT_REFUSAL: &str = "Jump to the next refusal";
/// Where nothing is to move, playback has no speed.
pub const STEPS: &str = "Playback moves from event to event.";
/// Over the list of speeds.
pub const SPEED: &str = "Speed";
/// Plays fast where nothing happens.
pub const SKIP_IDLE: &str = "Skip idle time";
/// Playback waits at a refusal.
pub const READING: &str = "paused for reading";

/// The marks on the bar, in this order: attempts, refusals, other anomalies, changes of the visitor,
/// the scenario's changes, the playhead.
pub const MARKS: [&str; 6] = [
    "a host calls connect()",
    "a SYN is refused by recycle",
    "another segment is lost or dropped, a host sends a RST, or connect() fails",
    "you changed a setting",
    "the scenario changed something",
    "the current time",
];

/// Idle time of this length is skipped now.
pub fn skipping(idle: Span) -> String {
    format!("skipping {} of idle time", span(idle))
}

/// The speed of playback.
pub fn speed(label: &str) -> String {
    format!("at {label}")
}

/// The length of the run.
pub fn length(seconds: u64) -> String {
    format!("of {seconds} s")
}
