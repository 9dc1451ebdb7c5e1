//! The stage as a model: who stands on it, what happened to them, what each part says, and where it is drawn.

pub mod box_text;
pub mod crowd_text;
pub mod facts;
pub mod ground;
pub mod host_text;
pub mod layout;
pub mod lettering;
pub mod marks;
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
pub mod wait;
pub mod world;
