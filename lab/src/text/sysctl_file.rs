//! The words of the sysctl file.

/// The heading.
pub const HEADING: &str = "sysctl file";
/// The name of the text.
pub const TEXT: &str = "Text of the file";
/// Copies it.
pub const COPY: &str = "Copy";
/// It was copied.
pub const COPIED: &str = "Copied.";
/// The browser refused to copy.
pub const NOT_COPIED: &str = "The browser does not let this page copy. The text is selected: copy it with Ctrl+C.";
/// Saves it.
pub const SAVE: &str = "Download";
/// The browser refused to save.
pub const NOT_SAVED: &str = "The browser does not let this page save files. The text is selected: copy it with Ctrl+C.";
