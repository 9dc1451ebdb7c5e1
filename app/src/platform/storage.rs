//! A few letters that stay on the visitor's machine. In a sandbox there is no storage, and nothing is lost by that.

use super::window;

/// What was stored under `key`.
#[must_use]
pub fn read(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Stores `value` under `key`; `None` removes it.
pub fn write(key: &str, value: Option<&str>) {
    let Some(storage) = window().and_then(|window| window.local_storage().ok().flatten()) else { return };
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}
