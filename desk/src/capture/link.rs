//! Link layers: finds the IP packet in a frame, by its `LINKTYPE_` (www.tcpdump.org/linktypes.html).

use std::collections::BTreeMap;

const NULL: u32 = 0;
const ETHERNET: u32 = 1;
/// `DLT_RAW` on BSD systems, which some programs write to files.
const RAW_OF_BSD: [u32; 2] = [12, 14];
const RAW: u32 = 101;
const LOOP: u32 = 108;
const LINUX_SLL: u32 = 113;
const IPV4: u32 = 228;
const IPV6: u32 = 229;
const LINUX_SLL2: u32 = 276;

/// VLAN tags: 802.1Q, 802.1ad, and an older number of stacked tags.
const VLAN_TAGS: [u16; 3] = [0x8100, 0x88a8, 0x9100];
const MOST_TAGS: usize = 3;
const ETHERTYPES_OF_IP: [u16; 2] = [0x0800, 0x86dd];
/// `AF_INET`, and `AF_INET6` of Linux, NetBSD, FreeBSD and macOS.
const FAMILIES_OF_IP: [u32; 5] = [2, 10, 24, 28, 30];

/// Counts packets of link types that are not read.
#[derive(Default)]
pub(super) struct Unread(BTreeMap<u32, u64>);

/// The IP packet in a frame; `Ok(None)` if the frame carries another protocol. The error is an unknown link type.
pub(super) fn network_packet(link: u32, frame: &[u8]) -> Result<Option<&[u8]>, u32> {
    let packet = match link {
        ETHERNET => ethertype(frame, 12, 14),
        LINUX_SLL => ethertype(frame, 14, 16),
        LINUX_SLL2 => ethertype(frame, 0, 20),
        // The family is in the byte order of the machine that wrote it, for LOOP in network byte order.
        NULL | LOOP => frame.split_first_chunk().and_then(|(family, packet)| {
            let orders = [u32::from_le_bytes(*family), u32::from_be_bytes(*family)];
            orders.iter().any(|family| FAMILIES_OF_IP.contains(family)).then_some(packet)
        }),
        RAW | IPV4 | IPV6 => Some(frame),
        other if RAW_OF_BSD.contains(&other) => Some(frame),
        other => return Err(other),
    };
    Ok(packet)
}

/// The packet behind a header of `length` bytes with its EtherType at `at`, and behind VLAN tags.
fn ethertype(frame: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    let word = |bytes: &[u8], at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let (mut kind, mut packet) = (word(frame, at)?, frame.get(length..)?);
    for _ in 0..MOST_TAGS {
        if VLAN_TAGS.contains(&kind) {
            (kind, packet) = (word(packet, 2)?, packet.get(4..)?);
        }
    }
    ETHERTYPES_OF_IP.contains(&kind).then_some(packet)
}

impl Unread {
    pub(super) fn count(&mut self, link: u32) {
        // A damaged file may contain any number of link types.
        if self.0.len() < 100 || self.0.contains_key(&link) {
            *self.0.entry(link).or_default() += 1;
        }
    }

    /// A sentence for each link type.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(link, packets)| format!("{packets} packets left out: link type {link} is not read"))
    }
}
