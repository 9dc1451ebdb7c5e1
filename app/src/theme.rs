//! Light, dark, or as the system has it.

use crate::platform::{storage, theme};
use lab::text::theme::THEMES;

const STORED: &str = "timewait-lab-theme";

/// The visitor's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// What was chosen on the last visit.
    #[must_use]
    pub fn stored() -> Self {
        match storage::read(STORED).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Draws the page in this theme and remembers it.
    pub fn choose(self) {
        theme::apply(self.name());
        storage::write(STORED, self.name());
    }

    /// The next one around.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// In words, for the button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => THEMES[0],
            Self::Light => THEMES[1],
            Self::Dark => THEMES[2],
        }
    }

    /// As the document is marked; `None` leaves it to the system.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}
