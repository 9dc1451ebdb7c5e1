//! A link: its delay, jitter, loss and duplication.

use serde::{Deserialize, Serialize};

/// The link of a host or box towards the server. Jitter, loss and duplication default to 0. `back` defaults to the
/// same values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkSetup {
    /// The delay of a segment in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub delay_ms: u32,
    /// The most that is added to the delay at random, in milliseconds. Segments that follow each other more closely can
    /// arrive out of order.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub jitter_ms: u32,
    /// The share of segments that are lost, in percent.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub loss_percent: u32,
    /// The share of segments that arrive twice, in percent.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub duplicate_percent: u32,
    /// The direction from the server, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<WaySetup>,
}

/// One direction of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WaySetup {
    /// The delay of a segment in milliseconds.
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub delay_ms: u32,
    /// The most that is added to the delay at random, in milliseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub jitter_ms: u32,
    /// The share of segments that are lost, in percent.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub loss_percent: u32,
    /// The share of segments that arrive twice, in percent.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub duplicate_percent: u32,
}

impl LinkSetup {
    /// A link with a delay and without jitter, loss or duplication.
    pub const fn of(delay_ms: u32) -> Self {
        Self { delay_ms, jitter_ms: 0, loss_percent: 0, duplicate_percent: 0, back: None }
    }

    /// The direction towards the server.
    pub const fn there(self) -> WaySetup {
        let Self { delay_ms, jitter_ms, loss_percent, duplicate_percent, .. } = self;
        WaySetup { delay_ms, jitter_ms, loss_percent, duplicate_percent }
    }

    /// The direction from the server.
    pub const fn back(self) -> WaySetup {
        match self.back {
            Some(way) => way,
            None => self.there(),
        }
    }

    pub(super) fn is_instant(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
