//! The views. Each is a function of a run and a moment.
//!
//! A view is a plain function unless it has state of its own. The moment changes with every frame, so a component could
//! not skip any rendering.

pub mod build;
pub mod clocks;
pub mod compare;
pub mod counters;
pub mod event_log;
pub mod export;
pub mod ladder;
pub mod over_time;
pub mod panel;
pub mod region;
pub mod remembered;
pub mod sockets;
pub mod stage;
pub mod story;
pub mod sweep;
pub mod sysctl_file;
pub mod why;
