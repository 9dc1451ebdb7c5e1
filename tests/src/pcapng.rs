//! Writes segments as a capture: one section, one interface that carries IPv4, microseconds.

use sim_core::export::packet;
use sim_core::segment::Segment;

/// IPv4 without a link header (LINKTYPE_RAW).
const RAW: u16 = 101;

/// The bytes of a pcapng file with these segments and the microseconds since 1970 at which they passed.
#[must_use]
pub fn file(captured: &[(u64, Segment)]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut section = Vec::from(0x1a2b_3c4d_u32.to_le_bytes());
    section.extend(1_u16.to_le_bytes());
    section.extend(0_u16.to_le_bytes());
    section.extend((-1_i64).to_le_bytes());
    block(&mut file, 0x0a0d_0d0a, &section);
    let mut interface = Vec::from(RAW.to_le_bytes());
    interface.extend([0, 0]);
    interface.extend(0_u32.to_le_bytes());
    block(&mut file, 1, &interface);
    for (number, (at_us, segment)) in captured.iter().enumerate() {
        let bytes = packet::bytes(segment, number as u16);
        let mut body = Vec::from(0_u32.to_le_bytes());
        body.extend(((at_us >> 32) as u32).to_le_bytes());
        body.extend((*at_us as u32).to_le_bytes());
        body.extend([bytes.len() as u32; 2].map(u32::to_le_bytes).concat());
        body.extend(&bytes);
        body.resize(body.len().next_multiple_of(4), 0);
        block(&mut file, 6, &body);
    }
    file
}

fn block(file: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = (body.len() as u32 + 12).to_le_bytes();
    file.extend(kind.to_le_bytes());
    file.extend(length);
    file.extend(body);
    file.extend(length);
}
