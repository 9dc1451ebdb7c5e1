//! tshark reads every capture, and its fields agree with the model's segments.

use std::process::Command;

use sim_core::export::capture::Direction;

use super::{Capture, captures, printed};

/// The fields of each packet.
const FIELDS: [&str; 22] = [
    "frame.time_epoch",
    "frame.interface_name",
    "frame.packet_flags_direction",
    "ip.src",
    "tcp.srcport",
    "ip.dst",
    "tcp.dstport",
    "tcp.flags",
    "tcp.seq",
    "tcp.ack",
    "tcp.len",
    "tcp.window_size_value",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
    "ip.checksum.status",
    "tcp.checksum.status",
    "tcp.stream",
    "tcp.completeness",
    "tcp.analysis.retransmission",
    "tcp.analysis.fast_retransmission",
    "tcp.analysis.spurious_retransmission",
    "tcp.analysis.out_of_order",
];

/// The fields of one packet, as tshark prints them.
pub struct Packet(Vec<String>);

impl Packet {
    pub fn field(&self, name: &str) -> &str {
        &self.0[FIELDS.iter().position(|field| *field == name).unwrap()]
    }

    /// The value of a numeric field, decimal or hexadecimal; `None` if the packet does not have it.
    pub fn number(&self, name: &str) -> Option<u64> {
        let text = self.field(name);
        text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |digits| u64::from_str_radix(digits, 16).ok())
    }
}

/// The packets of a capture. tshark is run once per capture.
pub fn read(capture: &Capture) -> &[Packet] {
    capture.by_tshark.get_or_init(|| ask(capture))
}

fn ask(capture: &Capture) -> Vec<Packet> {
    let mut tshark = Command::new("tshark");
    tshark.arg("-n").arg("-r").arg(&capture.file).args(["-T", "fields", "-E", "separator=/t"]);
    for setting in ["ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "tcp.relative_sequence_numbers:FALSE"] {
        tshark.args(["-o", setting]);
    }
    let text = printed(tshark.args(FIELDS.iter().flat_map(|field| ["-e", field])));
    let packets: Vec<Packet> = text.lines().map(|line| Packet(line.split('\t').map(str::to_owned).collect())).collect();
    assert!(packets.iter().all(|packet| packet.0.len() == FIELDS.len()), "{}", capture.name());
    assert_eq!(packets.len(), capture.segments.len(), "{}", capture.name());
    packets
}

#[test]
fn every_packet_is_the_segment_and_its_checksums_are_good() {
    let mut packets = 0;
    for capture in captures() {
        let node = &capture.trace.nodes[usize::from(capture.node.0)];
        for (packet, segment) in read(capture).iter().zip(&capture.segments) {
            let name = || format!("{}: segment {}", capture.name(), segment.segment.0);
            let (header, number) = (&segment.header, |field| packet.number(field));
            let us = capture.scenario.wall_clock_ms * 1_000 + segment.at.as_micros();
            let time = format!("{}.{:06}000", us / 1_000_000, us % 1_000_000);
            assert_eq!((packet.field("frame.time_epoch"), packet.field("frame.interface_name")), (&*time, &*node.name));
            let direction = if segment.direction == Direction::Inbound { 1 } else { 2 };
            assert_eq!(number("frame.packet_flags_direction"), Some(direction), "{}", name());
            let ends = [("ip.src", "tcp.srcport", header.src), ("ip.dst", "tcp.dstport", header.dst)];
            for (addr, port, end) in ends {
                assert_eq!(format!("{}:{}", packet.field(addr), packet.field(port)), end.to_string(), "{}", name());
            }
            let fields = ["tcp.flags", "tcp.seq", "tcp.len", "tcp.window_size_value"].map(number);
            let has = [u32::from(header.flags.bits()), header.seq.0, header.len, header.window];
            assert_eq!(fields, has.map(|number| Some(u64::from(number))), "{}", name());
            if header.has_ack() {
                assert_eq!(number("tcp.ack"), Some(u64::from(header.ack.0)), "{}", name());
            }
            let stamps = ["tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr"].map(number);
            let clocks = [header.timestamps.map(|stamps| stamps.tsval), header.timestamps.map(|stamps| stamps.tsecr)];
            assert_eq!(stamps, clocks.map(|clock| clock.map(|ticks| u64::from(ticks.0))), "{}", name());
            // 1 means "good"; 2 would be "not verified".
            assert_eq!(["ip.checksum.status", "tcp.checksum.status"].map(number), [Some(1); 2], "{}", name());
            packets += 1;
        }
    }
    assert!(packets > 5_000, "only {packets} packets in all");
}
