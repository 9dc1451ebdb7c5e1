//! The model of the stage: its nodes, the events at them, the text of each part, and the layout in CSS pixels.

pub mod box_text;
pub mod crowd_text;
pub mod facts;
pub mod host_text;
pub mod layout;
pub mod lettering;
pub mod marks;
pub mod model;
pub mod ports;
#[cfg(test)]
mod samples;
pub mod scene;
pub mod segments;
pub mod server_text;
pub mod shapes;
#[cfg(test)]
mod tests;
pub mod top_k;
pub mod topology;
pub mod wait;
