//! The system setting for reduced motion (`prefers-reduced-motion`).

use gloo_events::EventListener;

use super::window;

const REDUCED_MOTION: &str = "(prefers-reduced-motion: reduce)";

/// Whether the visitor prefers reduced motion.
pub fn reduced_motion() -> bool {
    query().is_some_and(|query| query.matches())
}

/// Calls `callback` when the setting changes, until the listener is dropped.
#[must_use]
pub fn on_reduced_motion(callback: impl Fn(bool) + 'static) -> Option<EventListener> {
    let query = query()?;
    Some(EventListener::new(&query, "change", move |_| callback(reduced_motion())))
}

fn query() -> Option<web_sys::MediaQueryList> {
    window()?.match_media(REDUCED_MOTION).ok().flatten()
}
