//! One pure door: [`Scenario`] in, [`Trace`] out, and the same bytes every time.
//!
//! Inside, a [`Kernel`](kernel::Kernel) models the TCP of one Linux host as far as it decides about TIME_WAIT,
//! timestamps and recycling. Which rule holds in which kernel stands in [`kernel_version`]; recordings of real
//! kernels are replayed against the same doors that a simulation uses.
//!
//! This crate knows no browser, reads no clock and draws no random number of its own.

pub mod addr;
mod agenda;
pub mod check;
pub mod export;
pub mod fnv;
mod host;
pub mod kernel;
pub mod kernel_version;
mod lanes;
mod network;
mod rng;
pub mod scenario;
pub mod segment;
pub mod seq;
pub mod sim;
pub mod sysctl;
pub mod time;
pub mod timestamp;
pub mod trace;
pub mod words;

pub use self::scenario::Scenario;
pub use self::sim::{Load, Recorder, Sim, run};
pub use self::trace::Trace;
