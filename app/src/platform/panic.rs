//! The message that a visitor sees when the program panics, with a way to start again.
//!
//! The message is a hidden element of `index.html`, because Yew cannot draw after a panic. The hook only shows it. To
//! see it, run `window.dispatchEvent(new Event("timewait-lab-panic"))` in the browser's console.

use gloo_events::EventListener;

use super::{document, root_element, window};

/// The event that makes the page panic. Tests use it.
const REHEARSAL: &str = "timewait-lab-panic";

/// Installs the panic hook that shows the message.
pub fn install_hook() {
    // Yew installs its own hook unless it is given another one.
    yew::set_custom_panic_hook(Box::new(|info| show(&info.to_string())));
    if let Some(window) = window() {
        EventListener::new(&window, REHEARSAL, |_| panic!("somebody asked for a panic to see this message")).forget();
    }
}

/// Shows the message in place of the page.
pub fn show(what: &str) {
    let shown = || -> Option<()> {
        let document = document()?;
        document.get_element_by_id("panic-text")?.set_text_content(Some(what));
        document.get_element_by_id("panic")?.remove_attribute("hidden").ok()?;
        root_element()?.set_attribute("hidden", "").ok()
    };
    let _ = shown();
}

/// Shows the message that a part of the page could not be loaded, in place of the page.
pub fn not_loaded() {
    let shown = || -> Option<()> {
        document()?.get_element_by_id("not-loaded")?.remove_attribute("hidden").ok()?;
        root_element()?.set_attribute("hidden", "").ok()
    };
    let _ = shown();
}
