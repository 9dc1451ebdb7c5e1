//! Captures, read in slices: what is held is one packet at most, however large the file.

use std::mem;

use sim_core::segment::Segment;

pub use self::addresses::Addresses;
use self::pcapng::Section;

mod addresses;
mod link;
mod packet;
mod pcap;
mod pcapng;
#[cfg(test)]
mod tests;
pub mod text;

/// No packet and no block that is read may be longer; tcpdump and tshark stop at 256 KiB.
const LONGEST: usize = 1 << 20;

/// One TCP segment of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// From 1, all packets of the file counted, as tcpdump and tshark number them.
    pub number: u64,
    /// Nanoseconds since 1970.
    pub at_ns: u64,
    /// The segment, with the window as it stands in the header. An IPv6 address is named by [`Summary::addresses`].
    pub segment: Segment,
    /// Options may be missing, and `tsecr` 0, because the packet was cut by the snap length.
    pub cut: bool,
}

/// What a whole capture holds.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The name of the file, or `pasted text`.
    pub source: String,
    /// Packets of all protocols.
    pub packets: u64,
    /// TCP segments that were handed out.
    pub segments: u64,
    /// Nanoseconds since 1970 of the earliest and the latest packet.
    pub span_ns: Option<(u64, u64)>,
    /// Where and why reading ended early. What was read up to there stands.
    pub damaged: Option<String>,
    /// What was left out, in sentences.
    pub notes: Vec<String>,
    /// The names of the addresses in the segments.
    pub addresses: Addresses,
}

/// Reads a capture that comes in slices.
pub struct Reader {
    format: Format,
    /// The beginning of a record that the slices so far do not complete.
    held: Vec<u8>,
    /// Bytes that are passed over, whatever they are.
    skip: u64,
    /// Where in the file the next record begins.
    position: u64,
    links: link::Unread,
    /// Segments without a place for their addresses.
    unnamed: u64,
    /// The time of the last packet that had one.
    last_ns: u64,
    summary: Summary,
}

enum Format {
    Unknown,
    Pcap(pcap::Header),
    Pcapng(Section),
}

/// A packet as a file has it.
struct Frame<'a> {
    /// Simple packets have no time.
    at_ns: Option<u64>,
    /// The `LINKTYPE_` of its interface.
    link: u32,
    data: &'a [u8],
    /// Its length before it was cut.
    original: usize,
}

/// What stands at the beginning of some bytes.
enum Step<'a> {
    /// A record of so many bytes, which may be more than there are.
    Record(u64, Option<Frame<'a>>),
    /// The same cannot be said before there are so many bytes.
    Needs(usize),
    /// Nothing that can be read, and why.
    Damaged(String),
}

/// Whether a file that begins so is a capture: pcap or pcapng, or one of them compressed, which the [`Reader`] refuses
/// with a sentence.
#[must_use]
pub fn is_capture(first_bytes: &[u8]) -> bool {
    pcap::begins(first_bytes) || pcapng::begins(first_bytes) || compression(first_bytes).is_some()
}

fn compression(first_bytes: &[u8]) -> Option<&'static str> {
    const MAGICS: [(&[u8], &str); 4] =
        [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz"), (b"BZh", "bzip2")];
    MAGICS.iter().find(|(magic, _)| first_bytes.starts_with(magic)).map(|(_, name)| *name)
}

impl Reader {
    /// A reader of the file `source`.
    #[must_use]
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

    /// Reads on: `each` gets every segment that these bytes complete.
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

    /// Adds to what is held as much as its record takes, and gives back the rest.
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
        // The room is used again.
        held.clear();
        self.held = held;
        rest
    }

    /// Takes one record from the beginning of `bytes` and says how many of them are done with, or else how many it takes
    /// to say more.
    fn step(&mut self, bytes: &[u8], each: &mut impl FnMut(Packet)) -> Result<usize, usize> {
        match self.format.step(bytes) {
            Step::Needs(length) => Err(length),
            Step::Damaged(why) => {
                self.summary.damaged = Some(format!("at byte {}: {why}", self.position));
                Ok(bytes.len())
            }
            Step::Record(length, frame) => {
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

    /// What the capture held, once there is no more of it.
    #[must_use]
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
    fn step<'a>(&mut self, bytes: &'a [u8]) -> Step<'a> {
        match self {
            Self::Pcap(header) => header.step(bytes),
            Self::Pcapng(section) => section.step(bytes),
            Self::Unknown => self.begin(bytes),
        }
    }

    /// Finds out what the file is; of pcapng the first block is read then as any other.
    fn begin<'a>(&mut self, bytes: &'a [u8]) -> Step<'a> {
        if let Some(name) = compression(bytes) {
            return Step::Damaged(format!("the file is compressed ({name}); unpack it first"));
        }
        if bytes.len() < pcap::HEADER {
            return Step::Needs(pcap::HEADER);
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
                Step::Record(pcap::HEADER as u64, None)
            }
            None => Step::Damaged("neither pcap nor pcapng".to_owned()),
        }
    }
}
