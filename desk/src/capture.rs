//! Reads captures (pcap and pcapng) in slices. At most one packet is in memory, however large the file is.

use std::mem;

use sim_core::segment::Segment;

pub use self::addresses::Addresses;
use self::pcapng::Section;
use self::record::{Frame, RecordStep};

mod addresses;
mod link;
mod packet;
mod pcap;
mod pcapng;
mod record;
#[cfg(test)]
mod tests;
pub mod text;

/// One TCP segment of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Its number in the file, from 1, as tcpdump and tshark count.
    pub number: u64,
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    /// The segment, with the unscaled window of the header. [`Summary::addresses`] names IPv6 addresses.
    pub segment: Segment,
    /// The snap length cut the TCP header: options may be missing, and `tsecr` may be 0.
    pub cut: bool,
}

/// The totals of a capture.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The name of the file, or `pasted text`.
    pub source: String,
    /// Packets of all protocols.
    pub packets: u64,
    /// TCP segments that were read.
    pub segments: u64,
    /// The times of the earliest and the latest packet, in nanoseconds since 1970.
    pub span_ns: Option<(u64, u64)>,
    /// Where and why reading stopped early. The packets up to there are valid.
    pub damaged: Option<String>,
    /// Sentences about packets that were left out.
    pub notes: Vec<String>,
    /// The names of the addresses in the segments, as IPv6 addresses have stand-ins.
    pub addresses: Addresses,
}

/// Reads a capture that comes in slices.
pub struct Reader {
    format: Format,
    /// The beginning of a record that is not complete yet.
    held: Vec<u8>,
    /// How many of the next bytes are skipped.
    skip: u64,
    /// The position of the next record in the file.
    position: u64,
    links: link::Unread,
    /// Segments left out because there are too many IPv6 addresses.
    unnamed: u64,
    /// The time of the last packet with a time, in nanoseconds since 1970.
    last_ns: u64,
    summary: Summary,
}

enum Format {
    Unknown,
    Pcap(pcap::Header),
    Pcapng(Section),
}

/// Whether a file with these first bytes is a capture: pcap, pcapng, or a compressed file, for which [`Reader`] gives a
/// reason instead of packets.
pub fn is_capture(first_bytes: &[u8]) -> bool {
    pcap::begins(first_bytes) || pcapng::begins(first_bytes) || compression(first_bytes).is_some()
}

fn compression(first_bytes: &[u8]) -> Option<&'static str> {
    const MAGICS: [(&[u8], &str); 4] =
        [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz"), (b"BZh", "bzip2")];
    MAGICS.iter().find(|(magic, _)| first_bytes.starts_with(magic)).map(|(_, name)| *name)
}

impl Reader {
    /// Starts to read the file `source`.
    pub fn new(source: &str) -> Self {
        Self {
            format: Format::Unknown,
            held: Vec::new(),
            skip: 0,
            position: 0,
            links: link::Unread::default(),
            unnamed: 0,
            last_ns: 0,
            summary: Summary { source: source.to_owned(), ..Summary::default() },
        }
    }

    /// Reads the next bytes. Calls `each` with every segment that they complete.
    pub fn push(&mut self, bytes: &[u8], each: &mut impl FnMut(Packet)) {
        let mut rest = bytes;
        while !rest.is_empty() && self.summary.damaged.is_none() {
            if self.skip > 0 {
                let passed = usize::try_from(self.skip).map_or(rest.len(), |skip| skip.min(rest.len()));
                self.skip -= passed as u64;
                rest = &rest[passed..];
            } else if self.held.is_empty() {
                match self.step(rest, each) {
                    Ok(used) => rest = &rest[used..],
                    Err(_) => {
                        self.held.extend_from_slice(rest);
                        rest = &[];
                    }
                }
            } else {
                rest = self.complete(rest, each);
            }
        }
    }

    /// Completes the held record and returns the remaining bytes.
    fn complete<'a>(&mut self, mut rest: &'a [u8], each: &mut impl FnMut(Packet)) -> &'a [u8] {
        let mut held = mem::take(&mut self.held);
        while let Err(length) = self.step(&held, each) {
            let (more, later) = rest.split_at(rest.len().min(length.saturating_sub(held.len())));
            if more.is_empty() {
                self.held = held;
                return later;
            }
            held.extend_from_slice(more);
            rest = later;
        }
        // Keep the memory for the next record.
        held.clear();
        self.held = held;
        rest
    }

    /// Takes one record from the beginning of `bytes`. Returns the number of bytes used, or as an error the number of
    /// bytes needed.
    fn step(&mut self, bytes: &[u8], each: &mut impl FnMut(Packet)) -> Result<usize, usize> {
        match self.format.step(bytes) {
            RecordStep::Needs(length) => Err(length),
            RecordStep::Damaged(why) => {
                self.summary.damaged = Some(format!("at byte {}: {why}", self.position));
                Ok(bytes.len())
            }
            RecordStep::Record(length, frame) => {
                if let Some(frame) = frame {
                    self.take(&frame, each);
                }
                self.position = self.position.saturating_add(length);
                let used = usize::try_from(length).map_or(bytes.len(), |length| length.min(bytes.len()));
                self.skip = length - used as u64;
                Ok(used)
            }
        }
    }

    fn take(&mut self, frame: &Frame<'_>, each: &mut impl FnMut(Packet)) {
        let summary = &mut self.summary;
        summary.packets += 1;
        if let Some(at) = frame.at_ns {
            self.last_ns = at;
            summary.span_ns = Some(summary.span_ns.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        }
        let network = match link::network_packet(frame.link, frame.data) {
            Ok(Some(packet)) => packet,
            Ok(None) => return,
            Err(unread) => return self.links.count(unread),
        };
        let original = frame.original.saturating_sub(frame.data.len() - network.len());
        let Some(found) = packet::tcp(network, original) else { return };
        let Some(segment) = found.segment(&mut summary.addresses) else {
            self.unnamed += 1;
            return;
        };
        summary.segments += 1;
        each(Packet { number: summary.packets, at_ns: self.last_ns, segment, cut: found.cut });
    }

    /// Ends the reading and returns the totals.
    pub fn finish(self) -> Summary {
        let mut summary = self.summary;
        let is_empty = matches!(self.format, Format::Unknown) && self.held.is_empty();
        if summary.damaged.is_none() && is_empty {
            summary.damaged = Some("the file is empty".to_owned());
        } else if summary.damaged.is_none() && (!self.held.is_empty() || self.skip > 0) {
            summary.damaged = Some(format!("at byte {}: the file ends in the middle of this record", self.position));
        }
        summary.notes.extend(self.links.notes());
        if self.unnamed > 0 {
            let most = Addresses::MOST;
            summary.notes.push(format!("{} segments left out: more than {most} IPv6 addresses", self.unnamed));
        }
        summary
    }
}

impl Format {
    fn step<'a>(&mut self, bytes: &'a [u8]) -> RecordStep<'a> {
        match self {
            Self::Pcap(header) => header.step(bytes),
            Self::Pcapng(section) => section.step(bytes),
            Self::Unknown => self.begin(bytes),
        }
    }

    /// Recognises the format by the first bytes.
    fn begin<'a>(&mut self, bytes: &'a [u8]) -> RecordStep<'a> {
        if let Some(name) = compression(bytes) {
            return RecordStep::Damaged(format!("the file is compressed ({name}); unpack it first"));
        }
        if bytes.len() < pcap::HEADER {
            return RecordStep::Needs(pcap::HEADER);
        }
        if pcapng::begins(bytes) {
            let mut section = Section::default();
            let step = section.step(bytes);
            *self = Self::Pcapng(section);
            return step;
        }
        match pcap::Header::read(bytes) {
            Some(header) => {
                *self = Self::Pcap(header);
                RecordStep::Record(pcap::HEADER as u64, None)
            }
            None => RecordStep::Damaged("neither pcap nor pcapng".to_owned()),
        }
    }
}
