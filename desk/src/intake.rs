//! What is handed in finds its reader here: text is read at once, captures when all text is known, since what a capture is
//! played against follows from the kernel and the sysctls.

use std::io::Read;

use crate::evidence::{CaptureSeen, Evidence, Unknown};

/// Those who read. The seams between the desk and its parsers stand here, and nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Readers {
    /// Reads a text, and adds what it understands: source, text, evidence.
    pub text: fn(&str, &str, &mut Evidence),
    /// Whether a file that begins so is a capture: pcap, pcapng, or tcpdump's text.
    pub is_capture: fn(&[u8]) -> bool,
    /// Reads a capture in slices and plays it to the kernel that the evidence names: source, bytes, evidence.
    pub capture: fn(&str, &mut dyn Read, &Evidence) -> Result<CaptureSeen, String>,
}

impl Default for Readers {
    fn default() -> Self {
        Self { text: leave_text, is_capture: is_pcap, capture: leave_capture }
    }
}

/// What was handed in so far.
#[derive(Debug, Default)]
pub struct Intake {
    readers: Readers,
    evidence: Evidence,
}

impl Intake {
    /// So many bytes at the beginning of a file show what it is.
    pub const HEAD: usize = 4_096;

    /// Nothing yet, and these readers.
    #[must_use]
    pub fn with(readers: Readers) -> Self {
        Self { readers, evidence: Evidence::default() }
    }

    /// Whether what begins so is to be handed to [`Intake::capture`].
    #[must_use]
    pub fn is_capture(&self, head: &[u8]) -> bool {
        (self.readers.is_capture)(head)
    }

    /// Takes a text.
    pub fn text(&mut self, source: &str, text: &str) {
        (self.readers.text)(source, text, &mut self.evidence);
    }

    /// Takes a capture; all texts have to be in before.
    pub fn capture(&mut self, source: &str, bytes: &mut dyn Read) {
        match (self.readers.capture)(source, bytes, &self.evidence) {
            Ok(seen) => self.evidence.captures.push(seen),
            Err(because) => self.leave(source, "a capture", because),
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
        self.evidence
    }
}

/// Whether anything was understood.
#[must_use]
pub fn is_anything(evidence: &Evidence) -> bool {
    Evidence { unknown: vec![], ..evidence.clone() } != Evidence::default()
}

fn leave_text(source: &str, text: &str, evidence: &mut Evidence) {
    let first_line = text.lines().next().unwrap_or_default().chars().take(200).collect();
    evidence.unknown.push(Unknown { source: source.to_owned(), first_line, because: None });
}

/// By the magic number of pcap, in both byte orders and with both units of time, or of pcapng.
fn is_pcap(head: &[u8]) -> bool {
    let Some(magic) = head.first_chunk::<4>() else { return false };
    [0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1, 0x0a0d_0d0a].contains(&u32::from_be_bytes(*magic))
}

fn leave_capture(_source: &str, _bytes: &mut dyn Read, _evidence: &Evidence) -> Result<CaptureSeen, String> {
    Err("captures cannot be read yet".to_owned())
}
