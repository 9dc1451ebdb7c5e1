//! The reader on files that the tests build byte by byte.

use sim_core::addr::Endpoint;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::timestamp::{Timestamps, Tsval};

use super::record::LONGEST;
use super::{Packet, Reader, Summary, is_capture};

/// Writes the numbers of one byte order.
#[derive(Clone, Copy)]
struct Order {
    big: bool,
}

const ORDERS: [Order; 2] = [Order { big: false }, Order { big: true }];

impl Order {
    fn u16(self, number: u16) -> Vec<u8> {
        if self.big { number.to_be_bytes().to_vec() } else { number.to_le_bytes().to_vec() }
    }

    fn u32(self, number: u32) -> Vec<u8> {
        if self.big { number.to_be_bytes().to_vec() } else { number.to_le_bytes().to_vec() }
    }

    fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let mut padded = body.to_vec();
        padded.resize(body.len().next_multiple_of(4), 0);
        let length = self.u32(padded.len() as u32 + 12);
        [self.u32(kind), length.clone(), padded, length].concat()
    }

    fn section(self) -> Vec<u8> {
        let body = [self.u32(0x1a2b_3c4d), self.u16(1), self.u16(0), vec![0xff; 8]].concat();
        self.block(0x0a0d_0d0a, &body)
    }

    fn interface(self, link: u16, options: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut body = [self.u16(link), vec![0; 6]].concat();
        for (code, value) in options {
            body.extend([self.u16(*code), self.u16(value.len() as u16), value.clone()].concat());
            body.resize(body.len().next_multiple_of(4), 0);
        }
        self.block(1, &body)
    }

    fn enhanced(self, interface: u32, units: u64, data: &[u8]) -> Vec<u8> {
        let head = [interface, (units >> 32) as u32, units as u32, data.len() as u32, data.len() as u32];
        self.block(6, &[head.map(|word| self.u32(word)).concat(), data.to_vec()].concat())
    }

    fn pcap(self, magic: u32, link: u32, records: &[(u32, u32, &[u8])]) -> Vec<u8> {
        let mut file =
            [self.u32(magic), self.u16(2), self.u16(4), vec![0; 8], self.u32(65_535), self.u32(link)].concat();
        for (seconds, fraction, data) in records {
            let head = [*seconds, *fraction, data.len() as u32, data.len() as u32];
            file.extend([head.map(|word| self.u32(word)).concat(), data.to_vec()].concat());
        }
        file
    }
}

fn syn() -> Segment {
    Segment {
        src: Endpoint::new([203, 0, 113, 7].into(), 40_000),
        dst: Endpoint::new([198, 51, 100, 1].into(), 443),
        flags: Flags::SYN,
        seq: Seq(0xfedc_ba98),
        ack: Seq(0),
        len: 0,
        window: 64_240,
        timestamps: Some(Timestamps { tsval: Tsval(1_234_567_890), tsecr: Tsval(0) }),
    }
}

fn ip() -> Vec<u8> {
    sim_core::export::packet::bytes(&syn(), 1)
}

fn read(file: &[u8]) -> (Vec<Packet>, Summary) {
    let (mut packets, mut reader) = (Vec::new(), Reader::new("file"));
    reader.push(file, &mut |packet| packets.push(packet));
    (packets, reader.finish())
}

/// The file holds the SYN alone, at this time.
fn holds_syn(file: &[u8], at_ns: u64) {
    assert!(is_capture(file));
    let (packets, summary) = read(file);
    assert_eq!(packets, [Packet { number: 1, at_ns, segment: syn(), cut: false }], "{summary:?}");
    assert_eq!((summary.packets, summary.segments, summary.damaged, summary.notes), (1, 1, None, Vec::new()));
    assert_eq!(summary.span_ns, Some((at_ns, at_ns)));
}

#[test]
fn pcap_in_both_byte_orders_and_both_units() {
    for order in ORDERS {
        holds_syn(&order.pcap(0xa1b2_c3d4, 101, &[(1_700_000_000, 500_000, &ip())]), 1_700_000_000_500_000_000);
        holds_syn(&order.pcap(0xa1b2_3c4d, 101, &[(1_700_000_000, 500_000, &ip())]), 1_700_000_000_000_500_000);
        // Four bytes of checksum follow each frame, says the upper half.
        holds_syn(&order.pcap(0xa1b2_c3d4, 0x4400_0065, &[(1, 0, &ip())]), 1_000_000_000);
    }
}

#[test]
fn every_link_layer() {
    let ethertype = [8, 0];
    let layers: [(u32, Vec<u8>); 15] = [
        (0, vec![2, 0, 0, 0]),
        (0, vec![0, 0, 0, 2]),
        (108, vec![0, 0, 0, 2]),
        (1, [&[0; 12][..], &ethertype].concat()),
        (1, [&[0; 12][..], &[0x81, 0, 0, 5], &ethertype].concat()),
        (1, [&[0; 12][..], &[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6], &ethertype].concat()),
        (1, [&[0; 12][..], &[0x91, 0, 0, 5, 0x91, 0, 0, 6, 0x81, 0, 0, 7], &ethertype].concat()),
        (12, vec![]),
        (14, vec![]),
        (101, vec![]),
        (228, vec![]),
        (229, vec![]),
        (113, [&[0; 14][..], &ethertype].concat()),
        (113, [&[0; 14][..], &[0x81, 0, 0, 5], &ethertype].concat()),
        (276, [&ethertype[..], &[0; 18]].concat()),
    ];
    for (link, header) in layers {
        let frame = [header, ip()].concat();
        holds_syn(&ORDERS[0].pcap(0xa1b2_c3d4, link, &[(1, 0, &frame)]), 1_000_000_000);
    }
}

#[test]
fn unknown_link_types_are_counted() {
    let arp = [&[0; 12][..], &[8, 6], &[0; 28]].concat();
    let four_tags = [&[0; 12][..], &[0x81, 0, 0, 5].repeat(4), &[8, 0], &ip()].concat();
    let (packets, summary) = read(&ORDERS[0].pcap(0xa1b2_c3d4, 1, &[(1, 0, &arp), (2, 0, &four_tags), (3, 0, &[])]));
    assert_eq!((packets.len(), summary.packets, summary.segments, summary.notes.len()), (0, 3, 0, 0));
    let (_, summary) = read(&ORDERS[0].pcap(0xa1b2_c3d4, 105, &[(1, 0, &arp), (2, 0, &arp)]));
    assert_eq!(summary.notes, ["2 packets left out: link type 105 is not read"]);
}

#[test]
fn pcapng_with_interfaces_and_sections_of_their_own() {
    let mut file = Vec::new();
    for order in ORDERS {
        file.extend(order.section());
        // Microseconds, the default; nanoseconds; 2^-20 s with an offset of one hour.
        file.extend(order.interface(101, &[]));
        file.extend(order.block(0x0000_0bad, b"skipped"));
        file.extend(order.interface(1, &[(2, b"eth0".to_vec()), (9, vec![9])]));
        let offset = if order.big { 3_600_i64.to_be_bytes() } else { 3_600_i64.to_le_bytes() };
        file.extend(order.interface(228, &[(9, vec![0x94]), (14, offset.to_vec()), (0, vec![])]));
        file.extend(order.enhanced(0, 7_000_001, &ip()));
        file.extend(order.enhanced(1, 8_000_000_001, &[&[0; 12][..], &[8, 0], &ip()].concat()));
        file.extend(order.enhanced(2, (9 << 20) + (1 << 19), &ip()));
        let simple = [order.u32(ip().len() as u32), ip()].concat();
        file.extend(order.block(3, &simple));
        // The old packet block: interface 1, no drops said.
        let frame = [&[0; 12][..], &[8, 0], &ip()].concat();
        let words = [0, 10_000_000, frame.len() as u32, frame.len() as u32].map(|word| order.u32(word)).concat();
        file.extend(order.block(2, &[order.u16(1), order.u16(0xffff), words, frame].concat()));
    }
    // Back to the first byte order, and the first interface is another than before.
    let order = ORDERS[0];
    let frame = [&[0; 12][..], &[8, 0], &ip()].concat();
    file.extend([order.section(), order.interface(1, &[(9, vec![9])]), order.enhanced(0, 11, &frame)].concat());
    let (packets, summary) = read(&file);
    assert_eq!(summary.damaged, None);
    let times = [7_000_001_000, 8_000_000_001, 3_609_500_000_000, 3_609_500_000_000, 10_000_000];
    let expected = times.into_iter().chain(times).chain([11]).zip(1..);
    let expected: Vec<_> =
        expected.map(|(at_ns, number)| Packet { number, at_ns, segment: syn(), cut: false }).collect();
    assert_eq!(packets, expected);
    assert_eq!(summary.span_ns, Some((11, 3_609_500_000_000)));
}

#[test]
fn damage_is_reported_with_its_position_and_earlier_packets_stay() {
    let order = ORDERS[0];
    let start = [order.section(), order.interface(101, &[]), order.enhanced(0, 5, &ip())].concat();
    let long = [order.u32(6), order.u32(LONGEST as u32 + 4), vec![0; 40]].concat();
    let short = [order.u32(6), order.u32(8), vec![0; 40]].concat();
    let stranger = order.enhanced(1, 5, &ip());
    let mut liar = order.enhanced(0, 5, &ip());
    liar[20..24].fill(0x7f);
    let headless = order.block(0x0a0d_0d0a, &[0; 16]);
    for (broken, why) in [
        (long, "a packet or an interface that would be 1048580 bytes long"),
        (short, "a block that would be 8 bytes long"),
        (stranger, "a packet of an interface that was not described"),
        (liar, "a packet whose lengths contradict each other"),
        (headless, "a section without a byte order"),
    ] {
        let (packets, summary) = read(&[start.clone(), broken, order.enhanced(0, 6, &ip())].concat());
        assert_eq!(packets.len(), 1, "{why}");
        assert_eq!(summary.damaged, Some(format!("at byte {}: {why}", start.len())));
    }
    let pcap = order.pcap(0xa1b2_c3d4, 101, &[(1, 0, &ip())]);
    let (packets, summary) = read(&[pcap.clone(), vec![0xff; 100]].concat());
    let why = format!("at byte {}: a packet that would be 4294967295 bytes long", pcap.len());
    assert_eq!((packets.len(), summary.damaged), (1, Some(why)));
}

#[test]
fn a_block_without_packets_may_be_longer_than_a_packet() {
    let order = ORDERS[0];
    let secrets = order.block(10, &vec![1; LONGEST * 2]);
    let file = [order.section(), order.interface(101, &[]), secrets, order.enhanced(0, 5, &ip())].concat();
    holds_syn(&file, 5_000);
}

#[test]
fn other_files_are_refused_with_a_reason() {
    for (bytes, is_one, why) in [
        (&b""[..], false, "the file is empty"),
        (&b"\x1f\x8b\x08\x00"[..], true, "at byte 0: the file is compressed (gzip); unpack it first"),
        (&b"\x28\xb5\x2f\xfd\x00"[..], true, "at byte 0: the file is compressed (zstd); unpack it first"),
        (&[b'x'; 24][..], false, "at byte 0: neither pcap nor pcapng"),
        (&b"\xd4\xc3\xb2\xa1"[..], true, "at byte 0: the file ends in the middle of this record"),
    ] {
        assert_eq!(is_capture(bytes), is_one);
        let (packets, summary) = read(bytes);
        assert_eq!((packets.len(), summary.damaged.as_deref()), (0, Some(why)));
    }
}

#[test]
fn slices_of_every_size_and_files_of_every_length() {
    for order in ORDERS {
        let frames = [order.enhanced(0, 5, &ip()), order.block(77, &[1; 50]), order.enhanced(1, 6, &ip())].concat();
        let pcapng = [order.section(), order.interface(101, &[]), order.interface(12, &[]), frames].concat();
        let pcap = order.pcap(0xa1b2_c3d4, 101, &[(1, 0, &ip()), (2, 0, &ip())]);
        for file in [pcapng, pcap] {
            let (whole, _) = read(&file);
            assert_eq!(whole.len(), 2);
            for size in 1..file.len() {
                let (mut packets, mut reader) = (Vec::new(), Reader::new("file"));
                file.chunks(size).for_each(|slice| reader.push(slice, &mut |packet| packets.push(packet)));
                assert_eq!((&packets, reader.finish().damaged), (&whole, None), "in slices of {size}");
                let (packets, _) = read(&file[..size]);
                assert!(whole.starts_with(&packets), "cut to {size}");
            }
        }
    }
}

#[test]
fn at_most_one_packet_is_in_memory() {
    let large = [ip(), vec![0; LONGEST - ip().len()]].concat();
    let file = ORDERS[0].pcap(0xa1b2_c3d4, 101, &[(1, 0, &large), (2, 0, &large), (3, 0, &large)]);
    for size in [1_000, 100_000, LONGEST, file.len() - 1] {
        let (mut segments, mut reader) = (0, Reader::new("file"));
        for slice in file.chunks(size) {
            reader.push(slice, &mut |_| segments += 1);
            assert!(reader.held.capacity() <= 2 * LONGEST + 64, "{} in slices of {size}", reader.held.capacity());
        }
        assert_eq!((segments, reader.finish().damaged), (3, None));
    }
}
