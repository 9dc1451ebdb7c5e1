//! The components that show a chart.

pub mod figure;
