//! One entry of the list on the page: a text, a capture, or something that cannot be read.

use std::rc::Rc;

use crate::evidence::CaptureSeen;

/// Where the bytes of a capture come from.
#[derive(Clone, Debug, PartialEq)]
pub enum CaptureSource<F> {
    /// A file, which is read again for each replay.
    File(F),
    /// Bytes that the page made itself.
    Bytes(Rc<[u8]>),
}

/// The state of a capture. Positions are in bytes.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// It is read up to this position.
    Reading(f64),
    /// The visitor cancelled it at this position.
    Cancelled(f64),
    /// The browser did not deliver the rest of the file.
    Failed,
    /// It is read to its end.
    Finished(Rc<CaptureSeen>),
}

/// The content of an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Content<F> {
    /// A text.
    Text(Rc<str>),
    /// A capture, with its size in bytes.
    Capture(CaptureSource<F>, f64, Progress),
    /// A file that cannot be read, with the reason.
    Unreadable(Rc<str>),
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Input<F> {
    /// Unique while the page is open.
    pub id: u32,
    /// The name of the file, or `pasted text`.
    pub name: Rc<str>,
    /// What it was recognised as; empty while it is read.
    pub label: String,
    /// Its content.
    pub content: Content<F>,
}
