//! The browser APIs that the page uses beyond Yew. No other module uses `web_sys`.
//!
//! In a sandboxed frame many of these APIs fail or throw. Each function therefore returns an `Option` or a `bool`, or
//! ignores the error, and the page works without the API.

pub mod address;
pub mod arrows;
pub mod clipboard;
pub mod clock;
pub mod dialog;
pub mod download;
pub mod element;
pub mod file;
pub mod keyboard;
pub mod media;
pub mod near;
pub mod panic;
pub mod picked;
pub mod picture;
pub mod resize;
pub mod storage;
pub mod takeover;
pub mod theme;
pub mod visibility;

/// The root element of the page.
fn root_element() -> Option<web_sys::Element> {
    document()?.get_element_by_id("app")
}

/// `None` without a browser: in tests, and in the prerender program.
fn window() -> Option<web_sys::Window> {
    if HAS_BROWSER { web_sys::window() } else { None }
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// Whether this is compiled for the browser.
pub const HAS_BROWSER: bool = cfg!(target_arch = "wasm32");
