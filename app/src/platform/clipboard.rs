//! Copies text to the clipboard, or selects it where copying is not allowed.

use js_sys::Reflect;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{document, window};

/// Copies `text` and calls `done` with whether it worked.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let clipboard = window().map(|window| window.navigator()).and_then(|navigator| {
        // Without a secure context, `navigator.clipboard` is undefined. The typed binding does not allow for that.
        let present = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|value| !value.is_undefined());
        present.then(|| navigator.clipboard())
    });
    let Some(clipboard) = clipboard else {
        done(false);
        return;
    };
    let copied = clipboard.write_text(text);
    spawn_local(async move { done(JsFuture::from(copied).await.is_ok()) });
}

/// Selects the text of the element `id`, so that the visitor can copy it with the keyboard.
pub fn select(id: &str) {
    let selected = || -> Option<()> {
        let element = document()?.get_element_by_id(id)?;
        let selection = window()?.get_selection().ok()??;
        selection.select_all_children(&element).ok()
    };
    let _ = selected();
}
