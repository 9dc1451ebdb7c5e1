//! The parts of the support desk that use the lab: the chart of a capture's clocks, an example capture, and a link to
//! the lab.

pub mod capture_clocks;
pub mod example_capture;
pub mod lab_link;
