//! Reads files in slices, so that the page stays responsive: recognises each file, and replays captures.

use std::cell::Cell;
use std::rc::Rc;

use desk::evidence::{CaptureSeen, Evidence};
use desk::replay::CaptureReplay;
use desk::session::recognise::{FileKind, HEAD, slices};
use desk::session::{Action, CaptureSource};
use yew::Callback;

use super::state::DeskAction;
use crate::platform::picked::{Picked, rest};

/// How many bytes are replayed before the browser gets its turn: 128 KiB.
const PIECE: usize = 128 << 10;

/// Adds files one after the other, so that they keep their order.
pub async fn add_files(files: Vec<Picked>, act: Callback<DeskAction>) {
    for file in files {
        act.emit(recognised(file).await);
    }
}

async fn recognised(file: Picked) -> DeskAction {
    let (name, bytes) = (file.name(), file.size());
    match FileKind::of(file.slice(0.0, HEAD).await.as_deref(), bytes) {
        FileKind::Capture => Action::AddCapture(name, CaptureSource::File(file), bytes),
        FileKind::Unreadable(because) => Action::AddUnreadable(name, because),
        FileKind::Text => match file.slice(0.0, bytes).await {
            Some(bytes) => Action::AddText(name, String::from_utf8_lossy(&bytes).into_owned()),
            None => Action::AddUnreadable(name, "the browser cannot read this file".to_owned()),
        },
    }
}

/// How the reading of a capture ended.
#[derive(Debug)]
pub enum ReadingEnd {
    /// At the end of the file.
    Finished(Box<CaptureSeen>),
    /// The browser did not deliver the rest of the file.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// Reads and replays a capture of `bytes` bytes while `wanted` is true. Calls `at` with the position after each slice.
pub async fn replay(
    name: &str,
    source: &CaptureSource<Picked>,
    bytes: f64,
    texts: &Evidence,
    wanted: Rc<Cell<bool>>,
    at: impl Fn(f64),
) -> ReadingEnd {
    let mut replay = CaptureReplay::new(name, texts);
    for range in slices(bytes) {
        let slice = match source {
            CaptureSource::File(file) => file.slice(range.start, range.end).await,
            CaptureSource::Bytes(bytes) => bytes.get(range.start as usize..range.end as usize).map(<[u8]>::to_vec),
        };
        let Some(slice) = slice else { return ReadingEnd::Failed };
        for piece in slice.chunks(PIECE) {
            if !wanted.get() {
                return ReadingEnd::Cancelled;
            }
            replay.push(piece);
            rest().await;
        }
        if wanted.get() {
            at(range.end);
        }
    }
    if wanted.get() { ReadingEnd::Finished(Box::new(replay.finish())) } else { ReadingEnd::Cancelled }
}
