//! The visibility of the browser tab.

use gloo_events::EventListener;

use super::document;

/// Calls `callback` when the tab is hidden, until the listener is dropped.
#[must_use]
pub fn on_hidden(callback: impl Fn() + 'static) -> Option<EventListener> {
    let document = document()?;
    let watched = document.clone();
    Some(EventListener::new(&document, "visibilitychange", move |_| {
        if watched.hidden() {
            callback();
        }
    }))
}
