//! The pcapng format (draft-ietf-opsawg-pcapng): blocks in sections, each with its own byte order and interfaces.
//!
//! The length of a block is read before it is parsed, so that blocks without packets need not be in memory.
//! `pcap-parser` always reads `if_tsoffset` as little-endian and has no resolutions in powers of two, so both are
//! computed here.

use pcap_parser::PcapError;
use pcap_parser::nom::IResult;
use pcap_parser::pcapng::{
    EnhancedPacketBlock, InterfaceDescriptionBlock, OptionCode, SimplePacketBlock, parse_enhancedpacketblock_be,
    parse_enhancedpacketblock_le, parse_interfacedescriptionblock_be, parse_interfacedescriptionblock_le,
    parse_simplepacketblock_be, parse_simplepacketblock_le,
};
use pcap_parser::traits::PcapNGPacketBlock;

use super::record::{Frame, LONGEST, RecordStep};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
/// Obsolete since 2004, but all tools still read it.
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
/// The most interfaces of a section; captures have far fewer.
const MOST_INTERFACES: usize = 65_536;

type Parsed<'a, T> = IResult<&'a [u8], T, PcapError<&'a [u8]>>;

/// The current section.
#[derive(Default)]
pub(super) struct Section {
    is_big_endian: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy)]
struct Interface {
    link: u32,
    /// `if_tsresol`: a unit of 10^-n s, or 2^-n s if the highest bit is set.
    resolution: u8,
    /// `if_tsoffset`, in seconds.
    offset_s: i64,
}

/// Whether a file with these first bytes has this format.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(&SECTION_HEADER.to_be_bytes())
}

impl Section {
    pub(super) fn step<'a>(&mut self, bytes: &'a [u8]) -> RecordStep<'a> {
        // Bytes 8 to 12 of a section header give its byte order. No block is shorter.
        let Some(head) = bytes.get(..12) else { return RecordStep::Needs(12) };
        let starts_section = begins(head);
        if starts_section {
            match self.u32_at(head, 8) {
                BYTE_ORDER_MAGIC => {}
                other if other.swap_bytes() == BYTE_ORDER_MAGIC => self.is_big_endian = !self.is_big_endian,
                _ => return RecordStep::Damaged("a section without a byte order".to_owned()),
            }
            self.interfaces.clear();
        }
        let (kind, length) = (self.u32_at(head, 0), self.u32_at(head, 4));
        if length < 12 {
            return RecordStep::Damaged(format!("a block that would be {length} bytes long"));
        }
        if !matches!(kind, INTERFACE_DESCRIPTION | PACKET | SIMPLE_PACKET | ENHANCED_PACKET) {
            return RecordStep::Record(u64::from(length), None);
        }
        let size = length as usize;
        if size > LONGEST {
            return RecordStep::Damaged(format!("a packet or an interface that would be {length} bytes long"));
        }
        let Some(block) = bytes.get(..size) else { return RecordStep::Needs(size) };
        let read = match kind {
            INTERFACE_DESCRIPTION => self.describe(block).map(|()| None),
            PACKET => self.packet(block).map(Some),
            SIMPLE_PACKET => self.simple_packet(block).map(Some),
            _ => self.enhanced_packet(block).map(Some),
        };
        match read {
            Ok(frame) => RecordStep::Record(u64::from(length), frame),
            Err(why) => RecordStep::Damaged(why.to_owned()),
        }
    }

    fn u32_at(&self, bytes: &[u8], at: usize) -> u32 {
        let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).unwrap_or_default();
        if self.is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    }

    fn describe(&mut self, block: &[u8]) -> Result<(), &'static str> {
        let parse: fn(&[u8]) -> Parsed<'_, InterfaceDescriptionBlock<'_>> =
            if self.is_big_endian { parse_interfacedescriptionblock_be } else { parse_interfacedescriptionblock_le };
        let (_, described) = parse(block).map_err(|_| "an interface whose lengths contradict each other")?;
        if self.interfaces.len() >= MOST_INTERFACES {
            return Err("more than 65536 interfaces");
        }
        let option = |code| described.options.iter().find(|option| option.code == code);
        let offset = option(OptionCode::IfTsoffset).and_then(|option| option.as_bytes().ok()?.try_into().ok());
        let offset_s = offset
            .map_or(0, |bytes| if self.is_big_endian { i64::from_be_bytes(bytes) } else { i64::from_le_bytes(bytes) });
        let resolution = option(OptionCode::IfTsresol).and_then(|option| option.value().first().copied());
        let link = described.linktype.0 as u32;
        self.interfaces.push(Interface { link, resolution: resolution.unwrap_or(6), offset_s });
        Ok(())
    }

    fn interface(&self, number: u32) -> Result<&Interface, &'static str> {
        self.interfaces.get(number as usize).ok_or("a packet of an interface that was not described")
    }

    fn enhanced_packet<'a>(&self, block: &'a [u8]) -> Result<Frame<'a>, &'static str> {
        let parse: fn(&'a [u8]) -> Parsed<'a, EnhancedPacketBlock<'a>> =
            if self.is_big_endian { parse_enhancedpacketblock_be } else { parse_enhancedpacketblock_le };
        let (_, packet) = parse(block).map_err(|_| "a packet whose lengths contradict each other")?;
        let interface = self.interface(packet.if_id)?;
        let units = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
        let data = packet.data.get(..packet.caplen as usize).unwrap_or(packet.data);
        let original = packet.origlen as usize;
        Ok(Frame { at_ns: Some(interface.nanoseconds(units)), link: interface.link, data, original })
    }

    /// The block has no time and belongs to the first interface.
    fn simple_packet<'a>(&self, block: &'a [u8]) -> Result<Frame<'a>, &'static str> {
        let parse: fn(&'a [u8]) -> Parsed<'a, SimplePacketBlock<'a>> =
            if self.is_big_endian { parse_simplepacketblock_be } else { parse_simplepacketblock_le };
        let (_, packet) = parse(block).map_err(|_| "a packet whose lengths contradict each other")?;
        let data = packet.data.get(..packet.origlen as usize).unwrap_or(packet.data);
        Ok(Frame { at_ns: None, link: self.interface(0)?.link, data, original: packet.orig_len() as usize })
    }

    /// Like an enhanced packet, but the interface has 16 bits, followed by 16 bits for the number of dropped packets.
    fn packet<'a>(&self, block: &'a [u8]) -> Result<Frame<'a>, &'static str> {
        let body = block.get(28..block.len() - 4).ok_or("a packet that is too short for its header")?;
        let word = self.u32_at(block, 8);
        let interface = self.interface(if self.is_big_endian { word >> 16 } else { word & 0xffff })?;
        let units = u64::from(self.u32_at(block, 12)) << 32 | u64::from(self.u32_at(block, 16));
        let data = body.get(..self.u32_at(block, 20) as usize).ok_or("a packet whose lengths contradict each other")?;
        let original = self.u32_at(block, 24) as usize;
        Ok(Frame { at_ns: Some(interface.nanoseconds(units)), link: interface.link, data, original })
    }
}

impl Interface {
    /// Nanoseconds since 1970 of a packet's time.
    fn nanoseconds(self, units: u64) -> u64 {
        let exponent = u32::from(self.resolution & 0x7f);
        let since = if self.resolution & 0x80 != 0 {
            let seconds = units.checked_shr(exponent).unwrap_or(0);
            let fraction = units ^ seconds.checked_shl(exponent).unwrap_or(0);
            // Use 34 bits of the fraction, so that the product stays below 2^64.
            let kept = fraction.checked_shr(exponent.saturating_sub(34)).unwrap_or(0);
            seconds.saturating_mul(1_000_000_000).saturating_add((kept * 1_000_000_000) >> exponent.min(34))
        } else if exponent <= 9 {
            units.saturating_mul(10_u64.pow(9 - exponent))
        } else {
            10_u64.checked_pow(exponent - 9).map_or(0, |per_ns| units / per_ns)
        };
        let offset = self.offset_s.unsigned_abs().saturating_mul(1_000_000_000);
        if self.offset_s < 0 { since.saturating_sub(offset) } else { since.saturating_add(offset) }
    }
}

#[cfg(test)]
mod tests {
    use super::Interface;

    /// 1,700,000,000.5 s in each resolution.
    #[test]
    fn times_are_read_in_every_resolution() {
        let ns = |resolution, offset_s, units| Interface { link: 1, resolution, offset_s }.nanoseconds(units);
        let half_past = 1_700_000_000_500_000_000;
        assert_eq!(ns(6, 0, 1_700_000_000_500_000), half_past);
        assert_eq!(ns(9, 0, half_past), half_past);
        assert_eq!(ns(3, 0, 1_700_000_000_500), half_past);
        assert_eq!(ns(0, 0, 1_700_000_000), half_past - 500_000_000);
        assert_eq!(ns(10, 0, half_past * 10), half_past);
        assert_eq!(ns(0x80 | 1, 0, 3_400_000_001), half_past);
        assert_eq!(ns(0x80 | 20, 0, (1_700_000_000 << 20) + (1 << 19)), half_past);
        assert_eq!(ns(0x80 | 33, 0, (1_700_000_000 << 33) + (1 << 32)), half_past);
        // With 35 bits or more the seconds no longer fit, so the offset contains them.
        assert_eq!(ns(0x80 | 63, 1_700_000_000, 1 << 62), half_past);
        assert_eq!(ns(6, 1_700_000_000, 500_000), half_past);
        assert_eq!(ns(6, -100, 1_700_000_100_500_000), half_past);
    }

    #[test]
    fn no_time_overflows() {
        for resolution in 0..=255 {
            for (units, offset_s) in [(u64::MAX, i64::MAX), (u64::MAX, i64::MIN), (0, -1), (1, 0)] {
                Interface { link: 1, resolution, offset_s }.nanoseconds(units);
            }
        }
    }
}
