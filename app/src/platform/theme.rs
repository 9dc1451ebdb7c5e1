//! The theme and the style sheets of the document.

use super::document;

/// Sets the theme attribute that the style sheet uses; `None` follows the system.
pub fn apply(theme: Option<&str>) {
    let Some(element) = document().and_then(|document| document.document_element()) else { return };
    let _ = match theme {
        Some(theme) => element.set_attribute("data-theme", theme),
        None => element.remove_attribute("data-theme"),
    };
}

/// Adds a style sheet of the site to the document, if it is not there yet.
pub fn add_sheet(href: &str) {
    let added = || -> Option<()> {
        let document = document()?;
        if document.query_selector(&format!("link[href='{href}']")).ok()?.is_some() {
            return None;
        }
        let link = document.create_element("link").ok()?;
        link.set_attribute("rel", "stylesheet").ok()?;
        link.set_attribute("href", href).ok()?;
        document.query_selector("head").ok()??.append_child(&link).ok().map(drop)
    };
    let _ = added();
}
