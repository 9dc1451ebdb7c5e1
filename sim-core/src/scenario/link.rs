//! A link: how long a segment is on its way, and what can befall it there.

use serde::{Deserialize, Serialize};

/// The link of a host or box towards the server. Jitter, loss and duplication are off unless said, and the way back
/// is like the way there unless it is described too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSetup {
    /// How long a segment is on its way, in milliseconds.
    pub delay_ms: u32,
    /// By how much chance lengthens that at most, in milliseconds. Segments that follow each other more closely can
    /// change places.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub jitter_ms: u32,
    /// How many of a hundred segments are lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub loss_percent: u32,
    /// How many of a hundred segments arrive twice.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub duplicate_percent: u32,
    /// The way from the server, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<WaySetup>,
}

/// One direction of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaySetup {
    /// How long a segment is on its way, in milliseconds.
    pub delay_ms: u32,
    /// By how much chance lengthens that at most, in milliseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub jitter_ms: u32,
    /// How many of a hundred segments are lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub loss_percent: u32,
    /// How many of a hundred segments arrive twice.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub duplicate_percent: u32,
}

impl LinkSetup {
    /// A link that only takes its time.
    #[must_use]
    pub const fn of(delay_ms: u32) -> Self {
        Self { delay_ms, jitter_ms: 0, loss_percent: 0, duplicate_percent: 0, back: None }
    }

    /// The way towards the server.
    #[must_use]
    pub const fn there(self) -> WaySetup {
        let Self { delay_ms, jitter_ms, loss_percent, duplicate_percent, .. } = self;
        WaySetup { delay_ms, jitter_ms, loss_percent, duplicate_percent }
    }

    /// The way from the server.
    #[must_use]
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
