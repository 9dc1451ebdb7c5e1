//! Which theme the document is drawn in.

use super::document;

/// Marks the document, so that the style sheet follows; `None` leaves it to the system.
pub fn apply(theme: Option<&str>) {
    let Some(element) = document().and_then(|document| document.document_element()) else { return };
    let _ = match theme {
        Some(theme) => element.set_attribute("data-theme", theme),
        None => element.remove_attribute("data-theme"),
    };
}
