//! A segment as the bytes of an IPv4 packet: headers, options, checksums and a made-up payload.
//!
//! Fields that the model does not know are constant: TTL 64, do not fragment, no type of service. The payload is a text
//! that says so. The letter at a sequence number depends on that number alone, so a retransmission carries the same
//! bytes as the first transmission, whatever its length.

use core::net::Ipv4Addr;

use crate::segment::Segment;

/// The maximum segment size in every SYN: an Ethernet frame without the headers of IPv4 and TCP (RFC 9293, 3.7.1).
pub const MSS: u16 = 1_460;

/// Repeated over the whole sequence space: its length divides 2^32, so that the wrap does not show.
pub const FILLER: &[u8; 64] = b"Simulated by TIME_WAIT Lab; nobody ever sent these 64 bytes...\r\n";

const IP_HEADER: usize = 20;
const TCP_HEADER: usize = 20;
/// Protocol number (RFC 9293, 3.1).
const TCP: u8 = 6;
const DO_NOT_FRAGMENT: u16 = 0x4000;
const TTL: u8 = 64;

/// The packet that carries `segment`. `ip_id` is its identification, by which captures of both ends are matched.
///
/// A window over 65,535 is written as 65,535: scaling is not modelled.
pub fn bytes(segment: &Segment, ip_id: u16) -> Vec<u8> {
    let options = options(segment);
    let total = IP_HEADER + TCP_HEADER + options.len() + segment.len as usize;
    let mut packet = Vec::with_capacity(total);
    packet.extend([0x45, 0]);
    // The model sends no more than 1,448 bytes at once; a trace from elsewhere may claim what no packet can hold.
    packet.extend(u16::try_from(total).unwrap_or(u16::MAX).to_be_bytes());
    packet.extend(ip_id.to_be_bytes());
    packet.extend(DO_NOT_FRAGMENT.to_be_bytes());
    packet.extend([TTL, TCP, 0, 0]);
    packet.extend(segment.src.addr.octets());
    packet.extend(segment.dst.addr.octets());
    let checksum = folded(sum_of(&packet));
    packet[10..12].copy_from_slice(&checksum.to_be_bytes());

    packet.extend(segment.src.port.to_be_bytes());
    packet.extend(segment.dst.port.to_be_bytes());
    packet.extend(segment.seq.0.to_be_bytes());
    packet.extend(segment.ack.0.to_be_bytes());
    packet.push(((TCP_HEADER + options.len()) as u8) << 2);
    packet.push(segment.flags.bits());
    packet.extend(u16::try_from(segment.window).unwrap_or(u16::MAX).to_be_bytes());
    packet.extend([0; 4]);
    packet.extend(options);
    packet.extend((0..segment.len).map(|at| FILLER[((segment.seq + at).0 % 64) as usize]));
    let checksum = tcp_checksum(segment.src.addr, segment.dst.addr, &packet[IP_HEADER..]);
    packet[IP_HEADER + 16..IP_HEADER + 18].copy_from_slice(&checksum.to_be_bytes());
    packet
}

/// The options, in tcpdump's words `mss 1460` in a SYN and `nop,nop,TS`; their length is a multiple of four.
fn options(segment: &Segment) -> Vec<u8> {
    let mut options = Vec::with_capacity(16);
    if segment.syn() {
        options.extend([2, 4]);
        options.extend(MSS.to_be_bytes());
    }
    if let Some(stamps) = segment.timestamps {
        options.extend([1, 1, 8, 10]);
        options.extend(stamps.tsval.0.to_be_bytes());
        options.extend(stamps.tsecr.0.to_be_bytes());
    }
    options
}

/// RFC 9293, 3.1: over the pseudo-header and the whole segment.
fn tcp_checksum(src: Ipv4Addr, dst: Ipv4Addr, segment: &[u8]) -> u16 {
    let pseudo = sum_of(&src.octets()) + sum_of(&dst.octets()) + u32::from(TCP) + segment.len() as u32;
    folded(pseudo + sum_of(segment))
}

/// The sum of 16-bit words, an odd byte at the end being the high one. Of a packet it stays below 2^32.
fn sum_of(bytes: &[u8]) -> u32 {
    let words = bytes.chunks(2).map(|word| u32::from(word[0]) << 8 | u32::from(word.get(1).copied().unwrap_or(0)));
    words.sum()
}

/// The Internet checksum of a sum (RFC 1071): carries folded back, then the complement.
const fn folded(sum: u32) -> u16 {
    let once = (sum >> 16) + (sum & 0xffff);
    !((once + (once >> 16)) as u16)
}

#[cfg(test)]
mod tests {
    use super::folded;

    /// The example of RFC 1071, section 3: the words sum to 2ddf0, and folded to ddf2.
    #[test]
    fn the_checksum_of_the_rfc() {
        let words = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(super::sum_of(&words), 0x2_ddf0);
        assert_eq!(folded(0x2_ddf0), !0xddf2);
    }
}
