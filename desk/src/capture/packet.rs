//! From an IP packet to its TCP segment: IPv4 (RFC 791), IPv6 with extension headers (RFC 8200), TCP (RFC 9293, 3.1).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sim_core::addr::Endpoint;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::timestamp::{Timestamps, Tsval};

use super::Addresses;

const TCP: u8 = 6;
const TCP_HEADER: usize = 20;
const IPV6_HEADER: usize = 40;
/// More extension headers are no packet that a host sends.
const MOST_EXTENSIONS: usize = 16;

/// A segment whose addresses have no stand-in yet.
#[derive(Debug)]
pub(super) struct Found {
    src: IpAddr,
    dst: IpAddr,
    header: Segment,
    pub(super) cut: bool,
}

/// The TCP segment in an IP packet, where it has one. `original` is the packet's length before it was cut.
pub(super) fn tcp(packet: &[u8], original: usize) -> Option<Found> {
    match packet.first()? >> 4 {
        4 => ipv4(packet, original),
        6 => ipv6(packet, original),
        _ => None,
    }
}

impl Found {
    /// The segment; none if there is no room for its addresses.
    pub(super) fn segment(&self, addresses: &mut Addresses) -> Option<Segment> {
        let mut segment = self.header;
        segment.src.addr = addresses.stand_in(self.src)?;
        segment.dst.addr = addresses.stand_in(self.dst)?;
        Some(segment)
    }
}

fn ipv4(packet: &[u8], original: usize) -> Option<Found> {
    let header = packet.first_chunk::<20>()?;
    let length = usize::from(header[0] & 0xf) * 4;
    let is_later_fragment = word(header, 6) & 0x1fff != 0;
    if header[9] != TCP || is_later_fragment || length < 20 {
        return None;
    }
    // 0 where the network card cuts the packet into segments, and the capture saw it before that.
    let total = match usize::from(word(header, 2)) {
        0 => original,
        total => total,
    };
    let addr = |at| IpAddr::V4(Ipv4Addr::from_bits(long(header, at)));
    found((addr(12), addr(16)), &packet[..packet.len().min(total)], length, total)
}

fn ipv6(packet: &[u8], original: usize) -> Option<Found> {
    let header = packet.first_chunk::<IPV6_HEADER>()?;
    let total = match usize::from(word(header, 4)) {
        0 => original,
        payload => IPV6_HEADER + payload,
    };
    let packet = &packet[..packet.len().min(total)];
    let addr = |at: usize| {
        let bytes: [u8; 16] = header[at..at + 16].try_into().unwrap_or_default();
        IpAddr::V6(Ipv6Addr::from(bytes))
    };
    let (mut next, mut at) = (header[6], IPV6_HEADER);
    for _ in 0..MOST_EXTENSIONS {
        if next == TCP {
            return found((addr(8), addr(24)), packet, at, total);
        }
        let extension = packet.get(at..)?.first_chunk::<8>()?;
        let length = match next {
            // Hop-by-hop options, routing, destination options.
            0 | 43 | 60 => (usize::from(extension[1]) + 1) * 8,
            // A fragment, whose TCP header is in the first one.
            44 if word(extension, 2) & 0xfff8 == 0 => 8,
            // The authentication header, measured in words of four bytes (RFC 4302, 2.2).
            51 => (usize::from(extension[1]) + 2) * 4,
            _ => return None,
        };
        (next, at) = (extension[0], at + length);
    }
    None
}

/// The segment at `at` in a packet that was `total` bytes long, of which `packet` is there.
fn found((src, dst): (IpAddr, IpAddr), packet: &[u8], at: usize, total: usize) -> Option<Found> {
    let tcp = packet.get(at..)?;
    let header = tcp.first_chunk::<TCP_HEADER>()?;
    let length = usize::from(header[12] >> 4) * 4;
    if length < TCP_HEADER || at + length > total {
        return None;
    }
    let options = &tcp[TCP_HEADER..length.min(tcp.len())];
    let port = |at| Endpoint::new(Ipv4Addr::UNSPECIFIED, word(header, at));
    let header = Segment {
        src: port(0),
        dst: port(2),
        flags: flags(header[13]),
        seq: Seq(long(header, 4)),
        ack: Seq(long(header, 8)),
        len: u32::try_from(total - at - length).ok()?,
        window: u32::from(word(header, 14)),
        timestamps: timestamps(options),
    };
    Some(Found { src, dst, header, cut: tcp.len() < length })
}

/// Those that the model knows, without URG, ECE and CWR.
fn flags(bits: u8) -> Flags {
    let known = [Flags::FIN, Flags::SYN, Flags::RST, Flags::PSH, Flags::ACK];
    known.into_iter().filter(|flag| bits & flag.bits() != 0).fold(Flags::default(), Flags::with)
}

/// The timestamps among the options. A length that cannot be ends the reading, as in `tcp_parse_options`.
fn timestamps(mut options: &[u8]) -> Option<Timestamps> {
    const END: u8 = 0;
    const NOP: u8 = 1;
    const TIMESTAMPS: u8 = 8;
    loop {
        match *options.first()? {
            END => return None,
            NOP => options = &options[1..],
            kind => {
                let length = usize::from(*options.get(1)?);
                let option = options.get(..length).filter(|_| length >= 2)?;
                if kind == TIMESTAMPS && length == 10 {
                    return Some(Timestamps { tsval: Tsval(long(option, 2)), tsecr: Tsval(long(option, 6)) });
                }
                options = &options[length..];
            }
        }
    }
}

/// 16 bits at a place that is there.
fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// 32 bits at a place that is there.
fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(word(bytes, at)) << 16 | u32::from(word(bytes, at + 2))
}
