//! A capture from its first byte to what it shows, in slices of any size.

use crate::capture::{self, Packet, Reader, Summary};
use crate::evidence::{CaptureSeen, Evidence};
use crate::ran::ran;
use crate::watch::Watch;

/// A capture that is being read and played.
pub struct Play {
    reader: Reader,
    watch: Watch,
    assumed: Vec<String>,
}

impl Play {
    /// A capture called `source`, played against the kernel and the sysctls that `evidence` names.
    #[must_use]
    pub fn new(source: &str, evidence: &Evidence) -> Self {
        let (ran, assumed) = ran(evidence);
        Self { reader: Reader::new(source), watch: Watch::new(source, ran), assumed }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        let watch = &mut self.watch;
        self.reader
            .push(bytes, &mut |packet: Packet| watch.segment(packet.number, packet.at_ns / 1_000, packet.segment));
    }

    /// The file is at its end, or nobody wants to wait for it.
    #[must_use]
    pub fn finish(self) -> CaptureSeen {
        seen(self.reader.finish(), self.watch, self.assumed)
    }
}

/// What tcpdump printed, played in the same way.
#[must_use]
pub fn text(source: &str, text: &str, evidence: &Evidence) -> CaptureSeen {
    let (ran, assumed) = ran(evidence);
    let mut watch = Watch::new(source, ran);
    let read = capture::text::read_text(text, &mut |packet: Packet| {
        watch.segment(packet.number, packet.at_ns / 1_000, packet.segment);
    });
    seen(read, watch, assumed)
}

fn seen(read: Summary, watch: Watch, mut assumed: Vec<String>) -> CaptureSeen {
    assumed.extend(read.notes);
    CaptureSeen {
        packets: read.packets,
        span_us: read.span_ns.map(|(first, last)| (first / 1_000, last / 1_000)),
        assumed,
        damaged: read.damaged,
        ..watch.finish(|addr| read.addresses.name(addr))
    }
}
