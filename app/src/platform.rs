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
pub mod theme;
pub mod visibility;

/// The element that the page is drawn into.
#[must_use]
pub fn root() -> Option<web_sys::Element> {
    document()?.get_element_by_id("app")
}

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}
