//! Downloads.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::{document, window};

/// Downloads `text` as a file called `name`. A sandbox may block the download without an error.
pub fn text_file(name: &str, text: &str) -> bool {
    file(name, "text/plain;charset=utf-8", text.as_bytes())
}

/// Downloads `bytes` as a file called `name`, with this media type.
pub fn file(name: &str, kind: &str, bytes: &[u8]) -> bool {
    blob(kind, bytes).is_some_and(|blob| offer(name, &blob).is_some())
}

/// Whether the page is in a sandboxed frame, which may block a download without an error.
pub fn may_be_swallowed() -> bool {
    let origin = window().and_then(|window| Reflect::get(&window, &"origin".into()).ok());
    origin.and_then(|origin| origin.as_string()).is_some_and(|origin| origin == "null")
}

pub(super) fn blob(kind: &str, bytes: &[u8]) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from(Uint8Array::from(bytes)));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

pub(super) fn offer(name: &str, blob: &Blob) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let anchor: HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The click has started the download, so the object URL can be revoked.
    Url::revoke_object_url(&url).ok()
}
