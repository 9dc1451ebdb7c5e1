//! The address of the page: read, rewritten when the hand rests, and followed when the visitor goes back.

use gloo_events::EventListener;
use wasm_bindgen::JsValue;

use super::window;

/// The part of the address from the question mark on.
#[must_use]
pub fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// The whole address of this page with `query`.
#[must_use]
pub fn link(query: &str) -> String {
    let here = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = here.split(['?', '#']).next().unwrap_or_default();
    format!("{page}{query}")
}

/// Writes `query` into the address without a new entry in the history.
///
/// WebKit refuses more than 100 such changes in 10 s, and a sandbox may refuse all. The page works without.
pub fn replace_query(query: &str) {
    let Some(window) = window() else { return };
    let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) else { return };
    let hash = window.location().hash().unwrap_or_default();
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{query}{hash}")));
}

/// Calls `callback` whenever the browser goes to another address of this page, until the listener is dropped.
#[must_use]
pub fn on_change(callback: impl Fn() + 'static) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, "popstate", move |_| callback()))
}
