//! The browser: everything that the page asks of it beyond what Yew does. No other module names `web_sys`.
//!
//! In a sandboxed frame much of this fails, and some of it throws. Each function therefore ends in an `Option`, a
//! `bool` or silence, and the page goes on without.

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

/// The element that the page is drawn into.
fn root_element() -> Option<web_sys::Element> {
    document()?.get_element_by_id("app")
}

/// `None` where there is no browser: in tests, and in the program that writes the first frames as HTML.
fn window() -> Option<web_sys::Window> {
    if HAS_BROWSER { web_sys::window() } else { None }
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// Whether this is compiled for a browser.
pub const HAS_BROWSER: bool = cfg!(target_arch = "wasm32");
