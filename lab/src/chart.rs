//! The data of the charts, as pure functions of a run.

pub mod clocks;
pub mod over_time;
pub mod sweep;
