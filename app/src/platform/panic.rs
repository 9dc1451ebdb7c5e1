//! What a visitor sees when the program fails: words and a way to start again, not a dead page.
//!
//! The message waits, hidden, in `index.html`, because after a panic nothing can be drawn any more: the hook only
//! shows it. To see it, run `window.dispatchEvent(new Event("timewait-lab-panic"))` in the browser's console.

use gloo_events::EventListener;

use super::{document, root_element, window};

/// The event that makes the page panic, for tests and for the curious.
const REHEARSAL: &str = "timewait-lab-panic";

/// From here on a panic shows the message.
pub fn install_hook() {
    // Yew installs a hook of its own unless it is told of another.
    yew::set_custom_panic_hook(Box::new(|info| show(&info.to_string())));
    if let Some(window) = window() {
        EventListener::new(&window, REHEARSAL, |_| panic!("somebody asked for a panic to see this message")).forget();
    }
}

/// Puts the message in place of the page.
pub fn show(what: &str) {
    let shown = || -> Option<()> {
        let document = document()?;
        document.get_element_by_id("panic-text")?.set_text_content(Some(what));
        document.get_element_by_id("panic")?.remove_attribute("hidden").ok()?;
        root_element()?.set_attribute("hidden", "").ok()
    };
    let _ = shown();
}

/// Says that a part of the page did not arrive, in place of the page.
pub fn not_loaded() {
    let shown = || -> Option<()> {
        document()?.get_element_by_id("not-loaded")?.remove_attribute("hidden").ok()?;
        root_element()?.set_attribute("hidden", "").ok()
    };
    let _ = shown();
}
