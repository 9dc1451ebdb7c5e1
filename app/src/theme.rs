//! The colour theme: light, dark, or the theme of the system.

use crate::platform::{storage, theme};
use lab::text::theme::THEMES;

const STORED: &str = "timewait-lab-theme";

/// The visitor's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The theme of the system.
    #[default]
    System,
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

impl Theme {
    /// The choice of the last visit, from local storage.
    pub fn stored() -> Self {
        match storage::read(STORED).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Applies the theme and stores the choice.
    pub fn choose(self) {
        theme::apply(self.name());
        storage::write(STORED, self.name());
    }

    /// The next theme of the cycle.
    pub const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// The label of the button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => THEMES[0],
            Self::Light => THEMES[1],
            Self::Dark => THEMES[2],
        }
    }

    /// The value of the attribute `data-theme`; `None` leaves the theme to the system.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}
