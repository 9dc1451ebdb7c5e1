//! How a chart looks: `plotters` lays out axes and series of [`crate::chart`] at a width, and the [`backend`] keeps
//! them as SVG paths and texts with classes for colours.

pub mod backend;
pub mod bands;
pub mod clocks;
pub mod frame;
pub mod mark_style;
pub mod over_time;
pub mod scale;
mod ticks;
