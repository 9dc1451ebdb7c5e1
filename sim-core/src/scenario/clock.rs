//! The clock of a host at the start.

use serde::{Deserialize, Serialize};

/// The clock of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClockSetup {
    /// Timer ticks a second (`CONFIG_HZ`). From 4.13 on timestamps count milliseconds whatever this is.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = [100, 250, 300, 1_000])))]
    pub hz: u32,
    /// The timestamp clock at the start, before the random offset that newer kernels add.
    #[cfg_attr(feature = "schema", schemars(range(max = u32::MAX)))]
    pub tsval: u32,
}
