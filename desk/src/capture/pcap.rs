//! The pcap format: a header of 24 bytes, then records, in either byte order, with micro- or nanoseconds.

use pcap_parser::{parse_pcap_frame, parse_pcap_frame_be, parse_pcap_header};

use super::record::{Frame, LONGEST, RecordStep};

/// The length of the file's header in bytes.
pub(super) const HEADER: usize = 24;
const RECORD_HEADER: usize = 16;

/// The properties of all packets, from the header.
pub(super) struct Header {
    is_big_endian: bool,
    ns_per_unit: u64,
    link: u32,
}

/// Whether a file with these first bytes has this format.
pub(super) fn begins(bytes: &[u8]) -> bool {
    const MAGICS: [[u8; 4]; 4] =
        [[0xd4, 0xc3, 0xb2, 0xa1], [0xa1, 0xb2, 0xc3, 0xd4], [0x4d, 0x3c, 0xb2, 0xa1], [0xa1, 0xb2, 0x3c, 0x4d]];
    MAGICS.iter().any(|magic| bytes.starts_with(magic))
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (_, header) = parse_pcap_header(bytes).ok().filter(|_| begins(bytes))?;
        Some(Self {
            is_big_endian: header.is_bigendian(),
            ns_per_unit: if header.is_nanosecond_precision() { 1 } else { 1_000 },
            // The higher bits are the length of the frame check sequence, and reserved bits.
            link: header.network.0 as u32 & 0x03ff_ffff,
        })
    }

    pub(super) fn step<'a>(&self, bytes: &'a [u8]) -> RecordStep<'a> {
        let Some(claimed) = bytes.get(8..12).and_then(|length| length.try_into().ok()) else {
            return RecordStep::Needs(RECORD_HEADER);
        };
        let claimed =
            if self.is_big_endian { u32::from_be_bytes(claimed) } else { u32::from_le_bytes(claimed) } as usize;
        if claimed > LONGEST {
            return RecordStep::Damaged(format!("a packet that would be {claimed} bytes long"));
        }
        let parse = if self.is_big_endian { parse_pcap_frame_be } else { parse_pcap_frame };
        let Ok((_, record)) = parse(bytes) else { return RecordStep::Needs(RECORD_HEADER + claimed) };
        let seconds = u64::from(record.ts_sec) * 1_000_000_000;
        let frame = Frame {
            at_ns: Some(seconds + u64::from(record.ts_usec) * self.ns_per_unit),
            link: self.link,
            data: record.data,
            original: record.origlen as usize,
        };
        RecordStep::Record((RECORD_HEADER + claimed) as u64, Some(frame))
    }
}
