//! Keyboard shortcuts that work anywhere on the page.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::document;
use super::element::focused;

/// A key press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// The key's name, such as `ArrowLeft` or `z`.
    pub key: String,
    /// Whether Shift was down.
    pub shift: bool,
    /// Whether Ctrl or the command key was down.
    pub command: bool,
    /// The keys that the focused element needs for itself.
    pub taken: Taken,
}

/// The keys that the focused element needs for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// None: the page has the focus.
    None,
    /// The space bar: a button, a switch, a link.
    Space,
    /// Space and the arrows: a slider, a list, a group of radio buttons, a box that scrolls.
    Arrows,
    /// All of them: a text field.
    Text,
}

/// Calls `handle` for each key press until the listener is dropped. If `handle` returns true, the default action of the
/// key is prevented.
#[must_use]
pub fn on_press(handle: impl Fn(Press) -> bool + 'static) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let document = document()?;
    let listener = EventListener::new_with_options(&document, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        // Shortcuts with Alt belong to the browser. Events that an element has handled are skipped.
        if event.alt_key() || event.default_prevented() || event.is_composing() {
            return;
        }
        let command = event.ctrl_key() || event.meta_key();
        let press = Press { key: event.key(), shift: event.shift_key(), command, taken: taken() };
        if handle(press) {
            event.prevent_default();
        }
    });
    Some(listener)
}

fn taken() -> Taken {
    let Some(element) = focused() else { return Taken::None };
    let kind = element.get_attribute("type").unwrap_or_default();
    match (element.tag_name().to_ascii_uppercase().as_str(), kind.as_str()) {
        ("INPUT", "checkbox" | "button" | "file") | ("BUTTON" | "A" | "SUMMARY", _) => Taken::Space,
        ("INPUT", "range" | "radio") | ("SELECT", _) => Taken::Arrows,
        ("INPUT" | "TEXTAREA", _) => Taken::Text,
        ("DIALOG", _) => Taken::Arrows,
        _ if element.has_attribute("tabindex") => Taken::Arrows,
        _ => Taken::None,
    }
}
