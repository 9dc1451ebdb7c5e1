//! What the run of a scenario must show, written down from the rules before anybody ran it.
//!
//! A promise is about the file as it stands: an action that somebody adds, or another kernel, may break it. Nothing in
//! a run asks for it; tests hold it against the trace.

use serde::{Deserialize, Serialize};

use crate::kernel::mib::Counter;
use crate::trace::Errno;

/// What a run must show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Why it must, by the rules.
    pub why: String,
    /// The entries of [`Scenario::hosts`](super::Scenario::hosts) of which R1 refuses a connection, and no other does
    /// it: of an entry with a `count` one host or more.
    pub refused: Vec<String>,
    /// How many hosts R1 refuses at the least, where an entry stands for many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_at_least: Option<u16>,
    /// Counters of the server that rise, as `nstat` names them but for `TcpExt`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rise: Vec<Counter>,
    /// Counters of the server that stay at 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stay: Vec<Counter>,
    /// How connections of the hosts fail: one at the least, and none in another way. An empty list means that none
    /// fails, no list that nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<Errno>>,
    /// How many sockets of the server are in TIME_WAIT at once when they are most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_wait: Option<Bounds>,
}

/// A number that is only known from its rules up to chance and to timers that fire late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The least that it can be.
    pub at_least: u32,
    /// The most.
    pub at_most: u32,
}
