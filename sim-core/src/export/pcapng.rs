//! The capture of a run at one host, as a pcapng file for Wireshark, tshark and tcpdump.
//!
//! The writer is our own: three kinds of blocks are enough, and the crates that write them also bring readers, other
//! formats and link layers, 20 to 30 kB of the page's wasm. Tests read the files with two independent readers and
//! `tshark`.
//!
//! The format is that of draft-ietf-opsawg-pcapng, little-endian. Link type 101 is a bare IP packet, which every reader
//! knows; an Ethernet header would need addresses that the model does not have.

use super::capture::{self, Direction};
use super::packet;
use crate::segment::Segment;
use crate::time::Span;
use crate::trace::query::Index;
use crate::trace::{Event, NodeId, Trace};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
/// `LINKTYPE_RAW`: a packet that begins with its IP header.
const LINK_TYPE_RAW: u16 = 101;

const OPT_COMMENT: u16 = 1;
const SHB_USERAPPL: u16 = 4;
const IF_NAME: u16 = 2;
const IF_TSRESOL: u16 = 9;
const EPB_FLAGS: u16 = 2;
/// Times are whole microseconds: 10^-6 s.
const MICROSECONDS: u8 = 6;

/// A packet of a capture.
#[derive(Clone, Debug)]
pub struct Packet {
    /// When it passed, in microseconds since 1970.
    pub time_us: u64,
    /// The identification in its IP header.
    pub identification: u16,
    /// The segment in it.
    pub segment: Segment,
    /// Which way it went; `None` leaves it out.
    pub direction: Option<Direction>,
    /// A comment on it.
    pub comment: Option<String>,
}

/// The file with a capture at `node`; `title` is that of the scenario. A segment that the host dropped has a comment
/// with the reason, which no real capture knows.
pub fn file(trace: &Trace, node: NodeId, title: &str) -> Vec<u8> {
    let index = Index::new(trace);
    let start = wall_clock(trace);
    let name = trace.nodes.get(usize::from(node.0)).map_or("", |node| &node.name);
    let told = format!("A simulation by TIME_WAIT Lab, not a capture of a network: {title}");
    let packets = capture::at(trace, node).into_iter().map(|captured| Packet {
        time_us: start.as_micros().saturating_add(captured.at.as_micros()),
        // The low bits of the segment's number, so that one packet can be found in the captures of both ends.
        identification: captured.original.0 as u16,
        segment: captured.header,
        direction: Some(captured.direction),
        comment: captured.dropped.map(|position| index.sentence(trace, position)),
    });
    written(name, &told, packets)
}

/// The file with `packets`, which one interface called `interface` saw. The comment stands on the file and on the
/// interface.
pub fn written(interface: &str, comment: &str, packets: impl IntoIterator<Item = Packet>) -> Vec<u8> {
    let mut file = section_header(comment);
    file.extend(interface_description(interface, comment));
    for packet in packets {
        file.extend(enhanced_packet(&packet));
    }
    file
}

/// The wall clock at the start of the run, since 1970. All hosts have the same.
pub(super) fn wall_clock(trace: &Trace) -> Span {
    let booted = trace.records.iter().find_map(|record| match record.event {
        Event::Booted { clock, .. } => Some(clock.wall_us),
        _ => None,
    });
    Span::from_micros(booted.unwrap_or(0))
}

fn section_header(told: &str) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(BYTE_ORDER_MAGIC.to_le_bytes());
    // Version 1.0, and a section of unspecified length: it ends with the file.
    body.extend(1_u16.to_le_bytes());
    body.extend(0_u16.to_le_bytes());
    body.extend(u64::MAX.to_le_bytes());
    option(&mut body, OPT_COMMENT, told.as_bytes());
    option(&mut body, SHB_USERAPPL, b"TIME_WAIT Lab");
    end_of_options(&mut body);
    block(SECTION_HEADER, &body)
}

fn interface_description(name: &str, told: &str) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(LINK_TYPE_RAW.to_le_bytes());
    // Two reserved bytes, and no limit to the length of packets.
    body.extend([0; 6]);
    option(&mut body, IF_NAME, name.as_bytes());
    option(&mut body, OPT_COMMENT, told.as_bytes());
    option(&mut body, IF_TSRESOL, &[MICROSECONDS]);
    end_of_options(&mut body);
    block(INTERFACE_DESCRIPTION, &body)
}

fn enhanced_packet(packet: &Packet) -> Vec<u8> {
    let bytes = packet::bytes(&packet.segment, packet.identification);
    let length = bytes.len() as u32;
    let mut body = Vec::with_capacity(bytes.len() + 36);
    body.extend(0_u32.to_le_bytes());
    body.extend(((packet.time_us >> 32) as u32).to_le_bytes());
    body.extend((packet.time_us as u32).to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend(bytes);
    pad(&mut body);
    if let Some(direction) = packet.direction {
        let flags: u32 = match direction {
            Direction::Inbound => 1,
            Direction::Outbound => 2,
        };
        option(&mut body, EPB_FLAGS, &flags.to_le_bytes());
    }
    if let Some(comment) = &packet.comment {
        option(&mut body, OPT_COMMENT, comment.as_bytes());
    }
    end_of_options(&mut body);
    block(ENHANCED_PACKET, &body)
}

/// A block: its type, its length before and after the body, and a body that is padded to four bytes.
fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let length = (body.len() + 12) as u32;
    let mut block = Vec::with_capacity(body.len() + 12);
    block.extend(kind.to_le_bytes());
    block.extend(length.to_le_bytes());
    block.extend(body);
    block.extend(length.to_le_bytes());
    block
}

/// An option. One that does not fit its 16-bit length is cut, at the end of a character.
fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let is_inside = |byte: &u8| byte & 0xc0 == 0x80;
    let mut length = value.len().min(usize::from(u16::MAX));
    while length > 0 && value.get(length).is_some_and(is_inside) {
        length -= 1;
    }
    body.extend(code.to_le_bytes());
    body.extend((length as u16).to_le_bytes());
    body.extend(&value[..length]);
    pad(body);
}

fn end_of_options(body: &mut Vec<u8>) {
    body.extend([0; 4]);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}
