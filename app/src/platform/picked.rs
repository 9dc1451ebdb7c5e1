//! Files of any size. They are read in slices, so that no file is ever in memory as a whole.

use gloo_events::EventListener;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList, HtmlInputElement};
use yew::{Event, TargetCast};

use super::{document, file, window};

/// A file that the visitor picked or dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked(File);

impl Picked {
    /// Its name, without a path.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Its size in bytes.
    pub fn size(&self) -> f64 {
        self.0.size()
    }

    /// The bytes from `from` up to, but not including, `to`; `None` if the browser cannot read them.
    pub async fn slice(&self, from: f64, to: f64) -> Option<Vec<u8>> {
        let slice = self.0.slice_with_f64_and_f64(from, to).ok()?;
        let buffer: ArrayBuffer = JsFuture::from(slice.array_buffer()).await.ok()?.dyn_into().ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    }
}

/// All files that were chosen in the file input that `event` comes from.
pub fn chosen(event: &Event) -> Vec<Picked> {
    let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return Vec::new() };
    let files = input.files().map(all).unwrap_or_default();
    // The visitor can choose the same file again.
    input.set_value("");
    files
}

/// Calls `dropped` with the files of each drop on the page, until the listeners are dropped.
#[must_use]
pub fn on_drop(dropped: impl Fn(Vec<Picked>) + 'static) -> Option<[EventListener; 2]> {
    file::on_files(move |files| dropped(all(files)))
}

fn all(files: FileList) -> Vec<Picked> {
    (0..files.length()).filter_map(|index| files.get(index)).map(Picked).collect()
}

/// Yields to the browser, so that it can draw and handle events.
pub async fn rest() {
    let waited = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback(&resolve);
        }
    });
    let _ = JsFuture::from(waited).await;
}

/// Opens the print dialog of the browser.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// Sets the title of the document.
pub fn entitle(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}
