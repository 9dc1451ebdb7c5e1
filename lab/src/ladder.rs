//! The time-sequence diagram as a model: which hosts and segments it shows, and where each line and label stands.

pub mod arrow;
pub mod columns;
pub mod followed;
pub mod labels;
pub mod layout;
pub mod place;
pub mod scale;
pub mod story;
#[cfg(test)]
mod tests;
