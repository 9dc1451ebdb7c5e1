//! A pure simulation: a [`Scenario`] goes in, a [`Trace`] comes out, and it is the same in every byte each time.
//!
//! A [`Kernel`](kernel::Kernel) models the TCP of one Linux host as far as TIME_WAIT, timestamps and recycling depend
//! on it. [`kernel_version`] says which kernel has which rule. Recordings of real kernels are replayed through the
//! entry points that a simulation uses.
//!
//! This crate uses no browser, no clock and no random numbers but those from the scenario's seed.

pub mod addr;
mod deadline_queue;
mod event_queue;
pub mod export;
pub mod fnv;
mod host;
pub mod invariants;
pub mod kernel;
pub mod kernel_version;
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
