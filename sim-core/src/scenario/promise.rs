//! What the run of a scenario must show, derived from the rules and not from a run.
//!
//! A promise holds for the unchanged file: an added action or another kernel may break it. The simulator ignores it; tests
//! compare it with the trace.

use serde::{Deserialize, Serialize};

use crate::kernel::counter::Counter;
use crate::trace::Errno;

/// What the run of the unchanged file must show. Tests compare it with the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The reason, by the rules of the kernel.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 240)))]
    pub why: String,
    /// The entries of `hosts` that have a SYN refused by `tcp_tw_recycle` (R1), and no others. In a group at least one
    /// host is refused.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::unique_names"))]
    pub refused: Vec<String>,
    /// The least number of hosts that have a SYN refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 256)))]
    pub refused_at_least: Option<u16>,
    /// Counters of the server that rise, by their `nstat` name without `TcpExt`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::unique_counters"))]
    pub rise: Vec<Counter>,
    /// Counters of the server that stay at 0, by their `nstat` name without `TcpExt`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema::unique_counters"))]
    pub stay: Vec<Counter>,
    /// The errors that connections of the hosts fail with: at least one connection fails, and none with another error.
    /// With an empty list none fails. Without a list nothing is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("uniqueItems" = true)))]
    pub failures: Option<Vec<Errno>>,
    /// The largest number of sockets of the server that are in TIME_WAIT at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_wait: Option<Bounds>,
}

/// Bounds of a number that depends on chance and on late timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The lower bound.
    #[cfg_attr(feature = "schema", schemars(range(max = 20_000)))]
    pub at_least: u32,
    /// The upper bound.
    #[cfg_attr(feature = "schema", schemars(range(max = 20_000)))]
    pub at_most: u32,
}
