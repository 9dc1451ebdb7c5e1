//! What a run can be compared with: the same traffic under other settings.

use crate::plan::Key;

/// What a run can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// The same before the last change.
    LastChange,
    /// The scenario without any change.
    AsItWas,
    /// A switch of the server at this value for the whole run.
    Fixed(Key, u8),
    /// The first kernel without recycle.
    Kernel412,
}

impl Baseline {
    /// Everything that there is, in the order of the list.
    pub const ALL: [Self; 7] = [
        Self::LastChange,
        Self::AsItWas,
        Self::Fixed(Key::RECYCLE, 0),
        Self::Fixed(Key::RECYCLE, 1),
        Self::Fixed(Key::REUSE, 0),
        Self::Fixed(Key::REUSE, 1),
        Self::Kernel412,
    ];

    /// Its name in the list and in the address.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::LastChange => "last-change".to_owned(),
            Self::AsItWas => "as-it-was".to_owned(),
            Self::Fixed(key, value) => format!("{}-{value}", key.short()),
            Self::Kernel412 => "kernel-4.12".to_owned(),
        }
    }

    /// The one that has this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|baseline| baseline.name() == name)
    }

    /// Whether this is what was, and the page what comes after it; else the page comes first.
    #[must_use]
    pub const fn was(self) -> bool {
        matches!(self, Self::LastChange | Self::AsItWas)
    }
}
