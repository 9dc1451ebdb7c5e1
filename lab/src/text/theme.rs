//! The words of the button for the theme.

/// The theme of the browser, a light one, a dark one.
pub const THEMES: [&str; 3] = ["Theme: system", "Theme: light", "Theme: dark"];
