//! Escapes text for HTML.

/// Escapes text for an attribute in double quotes or for element content.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
