//! What the desk's page takes from the lab: the clocks of a capture as a chart, a capture to try, the link to the lab.

pub mod capture_clocks;
pub mod example_capture;
pub mod lab_link;
