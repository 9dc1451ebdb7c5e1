//! The runs that a run can be compared with: the same traffic under other settings.

use crate::plan::Key;

/// The run that the current run is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// The plan before the last change.
    LastChange,
    /// The scenario without any change.
    AsItWas,
    /// The plan with one of the server's switches at this value for the whole run.
    Fixed(Key, u8),
    /// The plan on Linux 4.12, the first kernel without `tcp_tw_recycle`.
    Kernel412,
}

impl Baseline {
    /// All baselines, in the order of the list.
    pub const ALL: [Self; 7] = [
        Self::LastChange,
        Self::AsItWas,
        Self::Fixed(Key::RECYCLE, 0),
        Self::Fixed(Key::RECYCLE, 1),
        Self::Fixed(Key::REUSE, 0),
        Self::Fixed(Key::REUSE, 1),
        Self::Kernel412,
    ];

    /// The name in the list and in the address.
    pub fn name(self) -> String {
        match self {
            Self::LastChange => "last-change".to_owned(),
            Self::AsItWas => "as-it-was".to_owned(),
            Self::Fixed(key, value) => format!("{}-{value}", key.short()),
            Self::Kernel412 => "kernel-4.12".to_owned(),
        }
    }

    /// The baseline called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|baseline| baseline.name() == name)
    }

    /// Whether the baseline is an earlier plan. It is then shown before the current run; other baselines are shown
    /// after it.
    pub const fn was(self) -> bool {
        matches!(self, Self::LastChange | Self::AsItWas)
    }
}
