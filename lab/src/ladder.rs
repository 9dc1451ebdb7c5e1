//! The model of the ladder, a time-sequence diagram: the hosts and segments that it shows, and the layout of lines and
//! labels in CSS pixels.

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
