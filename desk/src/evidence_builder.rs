//! Collects the [`Evidence`] from texts and captures.
//!
//! Texts are read at once. Captures need all texts first, because the kernel and the sysctls decide how they are
//! replayed.

use std::io::{self, Read};

use crate::capture;
use crate::evidence::{Evidence, Unknown};
use crate::parse;
use crate::replay::{CaptureReplay, replay_text};

/// How many bytes of a capture are read at a time.
const SLICE: usize = 1 << 18;

/// The evidence so far.
#[derive(Debug, Default)]
pub struct EvidenceBuilder {
    evidence: Evidence,
    /// Texts in which tcpdump printed segments: source and text.
    tcpdump_texts: Vec<(String, String)>,
}

impl EvidenceBuilder {
    /// Adds a text. `source` is the name of its file, or `pasted text`.
    pub fn add_text(&mut self, source: &str, text: &str) {
        let unknown_before = self.evidence.unknown.len();
        parse::read_text(source, text, &mut self.evidence);
        if capture::text::is_tcpdump_text(text) {
            // The lines that no other parser knows are the segments.
            let mut index = 0;
            self.evidence.unknown.retain(|unknown| {
                index += 1;
                index <= unknown_before || unknown.because.is_some()
            });
            self.tcpdump_texts.push((source.to_owned(), text.to_owned()));
        }
    }

    /// Adds a capture. All texts have to be added before.
    pub fn add_capture(&mut self, source: &str, bytes: &mut dyn Read) {
        let mut replay = CaptureReplay::new(source, &self.evidence);
        match read(bytes, &mut replay) {
            Ok(()) => self.evidence.captures.push(replay.finish()),
            Err(error) => self.add_unreadable(source, "a capture", error.to_string()),
        }
    }

    /// Notes something that cannot be read, and the reason.
    pub fn add_unreadable(&mut self, source: &str, first_line: &str, because: impl Into<String>) {
        let (source, first_line) = (source.to_owned(), first_line.to_owned());
        self.evidence.unknown.push(Unknown { source, first_line, because: Some(because.into()) });
    }

    /// The evidence of everything that was added.
    pub fn build(self) -> Evidence {
        let mut evidence = self.evidence;
        for (source, text) in &self.tcpdump_texts {
            let seen = replay_text(source, text, &evidence);
            evidence.captures.push(seen);
        }
        evidence
    }
}

fn read(bytes: &mut dyn Read, replay: &mut CaptureReplay) -> io::Result<()> {
    let mut slice = vec![0; SLICE];
    loop {
        match bytes.read(&mut slice) {
            Ok(0) => return Ok(()),
            Ok(length) => replay.push(&slice[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
