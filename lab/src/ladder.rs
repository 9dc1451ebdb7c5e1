//! The time-sequence diagram as a model: which hosts and segments it shows, and where each line and label stands.

pub mod arrow;
pub mod columns;
pub mod default_hosts;
pub mod labels;
pub mod layout;
pub mod scale;
pub mod sequence;
#[cfg(test)]
mod tests;
pub mod text_boxes;
