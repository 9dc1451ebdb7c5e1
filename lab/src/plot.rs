//! The look of the charts: `plotters` lays out the data of [`crate::chart`] at a width, and the [`backend`] turns it
//! into SVG paths and texts with CSS classes.

pub mod backend;
pub mod bands;
pub mod clocks;
pub mod frame;
pub mod mark_style;
pub mod over_time;
pub mod scale;
mod ticks;
