//! One pure door: [`Scenario`](scenario::Scenario) in, [`Trace`](trace::Trace) out, and the same bytes every time.
//!
//! Inside, a [`Kernel`](kernel::Kernel) models the TCP of one Linux host as far as it decides about TIME_WAIT,
//! timestamps and recycling. Which rule holds in which kernel stands in [`kernel_version`]; recordings of real
//! kernels are replayed against the same doors that a simulation uses.
//!
//! This crate knows no browser, reads no clock and draws no random number of its own.

pub mod addr;
pub mod kernel;
pub mod kernel_version;
pub mod segment;
pub mod seq;
pub mod sysctl;
pub mod time;
pub mod timestamp;
pub mod trace;
