//! What a file is, by its first bytes and its size, and the slices in which it is read. Sizes are in bytes, as `f64`
//! like those of the browser.

use std::ops::Range;

use crate::capture::is_capture;
use crate::format::size;

/// How many bytes at the beginning of a file show whether it is a capture.
pub const HEAD: f64 = 64.0;
/// How many bytes of a capture are asked for at a time: 2 MiB.
const SLICE: f64 = (2 << 20) as f64;
/// The longest text that is read: 16 MiB.
const MOST_TEXT: f64 = (16 << 20) as f64;

/// The kind of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A capture, or a compressed one.
    Capture,
    /// A text.
    Text,
    /// Neither, and why.
    Unreadable(String),
}

impl FileKind {
    /// Recognises a file of `bytes` bytes by its first [`HEAD`] bytes; `None` if the browser did not deliver them.
    pub fn of(head: Option<&[u8]>, bytes: f64) -> Self {
        match head {
            Some(head) if is_capture(head) => Self::Capture,
            Some(_) if bytes > MOST_TEXT => Self::Unreadable(format!(
                "not a capture, and {} is too long for a text (at most {})",
                size(bytes),
                size(MOST_TEXT)
            )),
            Some(_) => Self::Text,
            None => Self::Unreadable("the browser cannot read this file; folders cannot be added".to_owned()),
        }
    }
}

/// The ranges in which a capture of `bytes` bytes is read.
pub fn slices(bytes: f64) -> impl Iterator<Item = Range<f64>> {
    let starts = std::iter::successors(Some(0.0), |start| Some(start + SLICE));
    starts.take_while(move |start| *start < bytes).map(move |start| start..(start + SLICE).min(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognised_by_their_first_bytes() {
        assert_eq!(FileKind::of(Some(b"\xd4\xc3\xb2\xa1\x02\x00"), 1e9), FileKind::Capture);
        assert_eq!(FileKind::of(Some(b"\x1f\x8b\x08"), 9.0), FileKind::Capture);
        assert_eq!(FileKind::of(Some(b"TcpExtTW 1"), 10.0), FileKind::Text);
        let FileKind::Unreadable(because) = FileKind::of(Some(b"TcpExtTW 1"), 3e7) else { panic!("too long") };
        assert!(because.contains("30.0 MB"), "{because}");
        assert!(matches!(FileKind::of(None, 10.0), FileKind::Unreadable(_)));
    }

    #[test]
    fn slices_cover_the_file_without_gaps() {
        let found: Vec<_> = slices(5.0e6).collect();
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].start, found[2].end), (0.0, 5.0e6));
        assert!(found.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(slices(0.0).count(), 0);
    }
}
