//! How late it is. Nothing that a run depends on asks; only work that is done in slices does.

/// Milliseconds since some fixed moment.
#[must_use]
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}
