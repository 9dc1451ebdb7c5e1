//! Plays a capture to the kernel model, in slices of any size, to find out why SYNs got no answer.
//!
//! - [`settings`]: the kernel and the sysctls that the evidence names, with the assumptions where it names none
//! - [`tracker`]: follows the connections and matches each SYN with its answer
//! - [`server`]: the kernel model of one server, driven by the captured segments
//! - [`host_clocks`]: tells the clocks behind one address apart

pub mod host_clocks;
pub mod server;
pub mod settings;
pub mod tracker;

use self::settings::replay_settings;
use self::tracker::ConnectionTracker;
use crate::capture::{self, Packet, Reader, Summary};
use crate::evidence::{CaptureSeen, Evidence};

/// A capture that is being read and played.
pub struct CaptureReplay {
    reader: Reader,
    tracker: ConnectionTracker,
    assumed: Vec<String>,
}

impl CaptureReplay {
    /// Starts the replay of the capture `source` against the kernel and the sysctls that `evidence` names.
    pub fn new(source: &str, evidence: &Evidence) -> Self {
        let (settings, assumed) = replay_settings(evidence);
        Self { reader: Reader::new(source), tracker: ConnectionTracker::new(source, settings), assumed }
    }

    /// Plays the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        let tracker = &mut self.tracker;
        self.reader.push(bytes, &mut |packet: Packet| tracker.push(&packet));
    }

    /// Ends the replay, at the end of the file or before it.
    pub fn finish(self) -> CaptureSeen {
        seen(self.reader.finish(), self.tracker, self.assumed)
    }
}

/// Plays the segments that tcpdump printed as text.
pub fn replay_text(source: &str, text: &str, evidence: &Evidence) -> CaptureSeen {
    let (settings, assumed) = replay_settings(evidence);
    let mut tracker = ConnectionTracker::new(source, settings);
    let summary = capture::text::read_text(text, &mut |packet: Packet| tracker.push(&packet));
    seen(summary, tracker, assumed)
}

fn seen(summary: Summary, tracker: ConnectionTracker, mut assumed: Vec<String>) -> CaptureSeen {
    assumed.extend(summary.notes);
    CaptureSeen {
        packets: summary.packets,
        span_us: summary.span_ns.map(|(first, last)| (first / 1_000, last / 1_000)),
        assumed,
        damaged: summary.damaged,
        ..tracker.finish(|addr| summary.addresses.name(addr))
    }
}
