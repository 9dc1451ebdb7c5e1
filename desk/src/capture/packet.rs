//! Reads the TCP segment (RFC 9293, 3.1) in a packet of IPv4 (RFC 791) or IPv6 with extension headers (RFC 8200).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sim_core::addr::Endpoint;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::timestamp::{Timestamps, Tsval};

use super::Addresses;

const TCP: u8 = 6;
const TCP_HEADER: usize = 20;
const IPV6_HEADER: usize = 40;
/// The most extension headers; hosts send far fewer.
const MOST_EXTENSIONS: usize = 16;

/// A segment before its addresses get their stand-ins.
#[derive(Debug)]
pub(super) struct Found {
    src: IpAddr,
    dst: IpAddr,
    header: Segment,
    pub(super) cut: bool,
}

/// The TCP segment in an IP packet, if there is one. `original` is the packet's length in bytes before it was cut.
pub(super) fn tcp(packet: &[u8], original: usize) -> Option<Found> {
    match packet.first()? >> 4 {
        4 => ipv4(packet, original),
        6 => ipv6(packet, original),
        _ => None,
    }
}

impl Found {
    /// The segment; `None` if there are too many IPv6 addresses.
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
    // The length is 0 if the network card splits the packet into segments after the capture.
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
            // The first fragment, which has the TCP header.
            44 if word(extension, 2) & 0xfff8 == 0 => 8,
            // The authentication header; its length counts words of four bytes (RFC 4302, 2.2).
            51 => (usize::from(extension[1]) + 2) * 4,
            _ => return None,
        };
        (next, at) = (extension[0], at + length);
    }
    None
}

/// The segment at offset `at`. `packet` is the captured part of a packet of `total` bytes.
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

/// The flags of the model: all but URG, ECE and CWR.
fn flags(bits: u8) -> Flags {
    let known = [Flags::FIN, Flags::SYN, Flags::RST, Flags::PSH, Flags::ACK];
    known.into_iter().filter(|flag| bits & flag.bits() != 0).fold(Flags::default(), Flags::with)
}

/// The timestamps among the options. An invalid length ends the reading, as in `tcp_parse_options`. If the packet was
/// cut within the option, its first timestamp is used: 68 bytes, the old default of tcpdump, contain that of a SYN.
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
                if kind == TIMESTAMPS && length == 10 && options.len() >= 6 {
                    let tsecr = if options.len() >= length { long(options, 6) } else { 0 };
                    return Some(Timestamps { tsval: Tsval(long(options, 2)), tsecr: Tsval(tsecr) });
                }
                options = options.get(length..).filter(|_| length >= 2)?;
            }
        }
    }
}

/// 16 bits in network byte order. Panics beyond the end.
fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// 32 bits in network byte order. Panics beyond the end.
fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(word(bytes, at)) << 16 | u32::from(word(bytes, at + 2))
}

#[cfg(test)]
mod tests {
    use super::{Addresses, Found, Segment, tcp};

    /// Ports 40000 and 443, SYN, with these options.
    fn header(options: &[u8]) -> Vec<u8> {
        let fixed =
            [0x9c, 0x40, 1, 187, 0, 0, 0, 9, 0, 0, 0, 0, (5 + options.len() as u8 / 4) << 4, 2, 1, 0, 0, 0, 0, 0];
        [&fixed, options].concat()
    }

    fn v4(length: u16, fragment: u16, options: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x45 + options.len() as u8 / 4, 0];
        packet.extend([length.to_be_bytes(), [0, 1], fragment.to_be_bytes(), [64, 6], [0, 0]].concat());
        packet.extend([[203, 0, 113, 7], [198, 51, 100, 1]].concat());
        [&packet, options, payload].concat()
    }

    fn v6(length: u16, next: u8, payload: &[u8]) -> Vec<u8> {
        let addr = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let [high, low] = length.to_be_bytes();
        [&[0x60, 0, 0, 0, high, low, next, 64][..], &addr, &[1], &addr, &[2], payload].concat()
    }

    fn segment(found: &Found) -> Segment {
        found.segment(&mut Addresses::default()).unwrap()
    }

    const STAMPS: [u8; 12] = [1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 5];

    #[test]
    fn lengths_are_those_before_the_cut() {
        let payload = [header(&[]), vec![0; 100]].concat();
        for (packet, original, len) in [
            (v4(140, 0, &[], &payload), 140, 100),
            (v4(144, 0, &[1, 1, 1, 0], &payload), 144, 100),
            // Cut by the snap length; padded by Ethernet; cut into segments by the network card later.
            (v4(140, 0, &[], &payload[..20]), 140, 100),
            (v4(41, 0, &[], &payload), 140, 1),
            (v4(0, 0, &[], &payload[..30]), 70_000, 69_960),
            (v6(120, 6, &payload), 160, 100),
            (v6(0, 6, &payload[..20]), 70_000, 69_940),
        ] {
            let found = tcp(&packet, original).unwrap();
            assert_eq!((segment(&found).len, found.cut), (len, false));
        }
    }

    #[test]
    fn only_the_first_fragment_has_a_header() {
        assert!(tcp(&v4(40, 0x2000, &[], &header(&[])), 40).is_some());
        assert!(tcp(&v4(40, 0x2001, &[], &header(&[])), 40).is_none());
        let fragment = |offset| v6(28, 44, &[vec![6, 0, 0, offset, 0, 0, 0, 1], header(&[])].concat());
        assert!(tcp(&fragment(1), 68).is_some());
        assert!(tcp(&fragment(8), 68).is_none());
    }

    #[test]
    fn extension_headers_are_skipped() {
        let extensions = [
            &[43, 0, 1, 4, 0, 0, 0, 0][..],
            &[60, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &[51, 0, 1, 4, 0, 0, 0, 0],
            &[6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ];
        let payload = [extensions.concat(), header(&STAMPS)].concat();
        let found = tcp(&v6(payload.len() as u16, 0, &payload), 40 + payload.len()).unwrap();
        assert_eq!((segment(&found).seq.0, segment(&found).len), (9, 0));
        assert_eq!(segment(&found).timestamps.unwrap().tsval.0, 7);
        let no_end = v6(800, 0, &[0; 800]);
        assert!(tcp(&no_end, 840).is_none());
    }

    #[test]
    fn invalid_options_end_the_reading() {
        let stamps = |options: &[u8]| {
            let packet = v4(40 + options.len() as u16, 0, &[], &header(options));
            segment(&tcp(&packet, packet.len()).unwrap()).timestamps.map(|stamps| stamps.tsval.0)
        };
        assert_eq!(stamps(&STAMPS), Some(7));
        assert_eq!(stamps(&[&[3, 3, 7, 1], &STAMPS[..]].concat()), Some(7));
        for broken in [[0, 1, 1, 1], [3, 0, 1, 1], [3, 1, 1, 1], [3, 200, 1, 1], [8, 4, 1, 1]] {
            let expected = (broken[0] == 8).then_some(7);
            assert_eq!(stamps(&[&broken, &STAMPS[..]].concat()), expected, "{broken:?}");
        }
        assert_eq!(stamps(&[8, 10, 0, 0]), None);
    }

    #[test]
    fn a_cut_header_is_reported() {
        let whole = v4(52, 0, &[], &header(&STAMPS));
        for length in 0..=52 {
            let found = tcp(&whole[..length], 52);
            assert_eq!(found.is_some(), length >= 40, "{length}");
            if let Some(found) = found {
                let stamps = segment(&found).timestamps.map(|stamps| (stamps.tsval.0, stamps.tsecr.0));
                let expected = (length >= 48).then_some((7, if length < 52 { 0 } else { 5 }));
                assert_eq!((found.cut, stamps), (length < 52, expected));
            }
        }
    }
}
