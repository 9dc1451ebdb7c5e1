//! Files on their way in: what each is, and the slices in which a capture is read and played.

use std::cell::Cell;
use std::rc::Rc;

use desk::capture::is_capture;
use desk::evidence::{CaptureSeen, Evidence};
use desk::play::Play;
use yew::Callback;

use super::hand::{Act, Source};
use super::told::size;
use crate::platform::picked::{Picked, rest};

/// What is read at once.
const SLICE: f64 = (2 << 20) as f64;
/// What is played before the browser gets its turn.
const PIECE: usize = 128 << 10;
/// A longer text is none that somebody sends to a support desk.
const MOST_TEXT: f64 = (16 << 20) as f64;
/// So many bytes show whether it is a capture.
const HEAD: f64 = 64.0;

/// Hands in files, one after the other, so that they keep their order.
pub async fn hand_in(files: Vec<Picked>, act: Callback<Act>) {
    for file in files {
        act.emit(recognised(file).await);
    }
}

async fn recognised(file: Picked) -> Act {
    let (name, bytes) = (file.name(), file.size());
    match file.slice(0.0, HEAD).await {
        Some(head) if is_capture(&head) => Act::Capture(name, Source::File(file), bytes),
        Some(_) if bytes > MOST_TEXT => {
            let because =
                format!("no capture, and {} is more than is read of a text ({})", size(bytes), size(MOST_TEXT));
            Act::Left(name, because)
        }
        Some(_) => match file.slice(0.0, bytes).await {
            Some(bytes) => Act::Text(name, String::from_utf8_lossy(&bytes).into_owned()),
            None => Act::Left(name, "the browser does not give this file".to_owned()),
        },
        None => Act::Left(name, "the browser does not give this file; a folder is none".to_owned()),
    }
}

/// How a reading ended.
#[derive(Debug)]
pub enum Ended {
    /// At the end of the file.
    Read(Box<CaptureSeen>),
    /// The browser gave no more.
    Failed,
    /// Nobody waits any more.
    Left,
}

/// Reads a capture and plays it, as long as somebody `waits`; `at` is told after each slice.
pub async fn read(
    name: &str,
    source: &Source,
    bytes: f64,
    texts: &Evidence,
    waits: Rc<Cell<bool>>,
    at: impl Fn(f64),
) -> Ended {
    let mut play = Play::new(name, texts);
    let mut read = 0.0;
    while read < bytes {
        let until = (read + SLICE).min(bytes);
        let slice = match source {
            Source::File(file) => file.slice(read, until).await,
            Source::Made(bytes) => bytes.get(read as usize..until as usize).map(<[u8]>::to_vec),
        };
        let Some(slice) = slice else { return Ended::Failed };
        for piece in slice.chunks(PIECE) {
            if !waits.get() {
                return Ended::Left;
            }
            play.push(piece);
            rest().await;
        }
        read = until;
        if waits.get() {
            at(read);
        }
    }
    if waits.get() { Ended::Read(Box::new(play.finish())) } else { Ended::Left }
}
