//! Text files that the visitor opens: chosen in a file input, or dropped on the page.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use lab::text::build::Unread;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, File, FileList, HtmlInputElement};
use yew::{Event, TargetCast};

use super::document;

/// A file that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedFile {
    /// The name of the file.
    pub name: String,
    /// Its content.
    pub text: Result<String, Unread>,
}

/// Reads the file that was chosen in the file input that `event` comes from, up to `most` bytes.
pub fn chosen(event: &Event, most: u32, done: impl FnOnce(OpenedFile) + 'static) {
    let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        read(file, most, done);
    }
    // The visitor can choose the same file again after correcting it.
    input.set_value("");
}

/// Reads the first file of each drop on the page, up to `most` bytes, until the listeners are dropped.
#[must_use]
pub fn on_drop(most: u32, done: impl Fn(OpenedFile) + 'static) -> Option<[EventListener; 2]> {
    let done = Rc::new(done);
    on_files(move |files| {
        if let Some(file) = files.get(0) {
            let done = Rc::clone(&done);
            read(file, most, move |opened| done(opened));
        }
    })
}

/// Calls `dropped` with the files of each drop on the page, until the listeners are dropped.
pub(super) fn on_files(dropped: impl Fn(FileList) + 'static) -> Option<[EventListener; 2]> {
    let document = document()?;
    let options = EventListenerOptions::enable_prevent_default();
    // The browser only sends a drop event if the dragover event was cancelled.
    let over = EventListener::new_with_options(&document, "dragover", options, |event| {
        let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
        if transfer.is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0)) {
            event.prevent_default();
        }
    });
    let dropped = EventListener::new_with_options(&document, "drop", options, move |event| {
        let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
        let files = transfer.and_then(|transfer| transfer.files()).filter(|files| files.length() > 0);
        if let Some(files) = files {
            event.prevent_default();
            dropped(files);
        }
    });
    Some([over, dropped])
}

fn read(file: File, most: u32, done: impl FnOnce(OpenedFile) + 'static) {
    let name = file.name();
    if file.size() > f64::from(most) {
        done(OpenedFile { name, text: Err(Unread::TooLong) });
        return;
    }
    spawn_local(async move {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
        done(OpenedFile { name, text: text.ok_or(Unread::Refused) });
    });
}
