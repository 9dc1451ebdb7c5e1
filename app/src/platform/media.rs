//! What the visitor has told the system: less motion.

use gloo_events::EventListener;

use super::window;

const REDUCED_MOTION: &str = "(prefers-reduced-motion: reduce)";

/// Whether the visitor wants nothing to move.
#[must_use]
pub fn reduced_motion() -> bool {
    query().is_some_and(|query| query.matches())
}

/// Calls `callback` when that changes, until the listener is dropped.
#[must_use]
pub fn on_reduced_motion(callback: impl Fn(bool) + 'static) -> Option<EventListener> {
    let query = query()?;
    Some(EventListener::new(&query, "change", move |_| callback(reduced_motion())))
}

fn query() -> Option<web_sys::MediaQueryList> {
    window()?.match_media(REDUCED_MOTION).ok().flatten()
}
