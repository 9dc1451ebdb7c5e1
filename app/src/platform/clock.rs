//! The time of day. Only work that is done in slices uses it; runs never depend on it.

/// Milliseconds since the Unix epoch.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}
