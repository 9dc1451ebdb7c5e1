//! What is handed in finds its reader here: text is read at once, captures when all text is known, since what a capture is
//! played against follows from the kernel and the sysctls.

use std::io::{self, Read};

use crate::capture;
use crate::evidence::{Evidence, Unknown};
use crate::parse;
use crate::play::{self, Play};

/// How much of a capture is read at a time.
const SLICE: usize = 1 << 18;

/// What was handed in so far.
#[derive(Debug, Default)]
pub struct Intake {
    evidence: Evidence,
    /// Texts in which tcpdump printed segments: name and text.
    printed: Vec<(String, String)>,
}

impl Intake {
    /// So many bytes at the beginning of a file show what it is.
    pub const HEAD: usize = 4_096;

    /// Whether what begins so is to be handed to [`Intake::capture`].
    #[must_use]
    pub fn is_capture(head: &[u8]) -> bool {
        capture::is_capture(head)
    }

    /// Takes a text.
    pub fn text(&mut self, source: &str, text: &str) {
        let unknown = self.evidence.unknown.len();
        parse::read_text(source, text, &mut self.evidence);
        if capture::text::is_tcpdump_text(text) {
            // What no parser of counters and settings knows are the segments.
            let mut index = 0;
            self.evidence.unknown.retain(|left| {
                index += 1;
                index <= unknown || left.because.is_some()
            });
            self.printed.push((source.to_owned(), text.to_owned()));
        }
    }

    /// Takes a capture; all texts have to be in before.
    pub fn capture(&mut self, source: &str, bytes: &mut dyn Read) {
        let mut playing = Play::new(source, &self.evidence);
        match read(bytes, &mut playing) {
            Ok(()) => self.evidence.captures.push(playing.finish()),
            Err(error) => self.leave(source, "a capture", error.to_string()),
        }
    }

    /// Takes note of something that cannot be read.
    pub fn leave(&mut self, source: &str, first_line: &str, because: impl Into<String>) {
        let (source, first_line) = (source.to_owned(), first_line.to_owned());
        self.evidence.unknown.push(Unknown { source, first_line, because: Some(because.into()) });
    }

    /// All of it.
    #[must_use]
    pub fn evidence(self) -> Evidence {
        let mut evidence = self.evidence;
        for (source, text) in &self.printed {
            let seen = play::text(source, text, &evidence);
            evidence.captures.push(seen);
        }
        evidence
    }
}

fn read(bytes: &mut dyn Read, playing: &mut Play) -> io::Result<()> {
    let mut slice = vec![0; SLICE];
    loop {
        match bytes.read(&mut slice) {
            Ok(0) => return Ok(()),
            Ok(length) => playing.push(&slice[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether anything was understood.
#[must_use]
pub fn is_anything(evidence: &Evidence) -> bool {
    let read = evidence.captures.iter().any(|seen| seen.packets > 0);
    read || Evidence { unknown: vec![], captures: vec![], ..evidence.clone() } != Evidence::default()
}
