//! The captures of real kernels in `tests/evidence/captures`. The expected numbers are from tshark:
//! `tshark -r FILE -Y 'tcp.flags.syn == 1 && tcp.flags.ack == 0'` and so on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use desk::capture::{Packet, Reader, Summary};

/// The counts of a capture.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    packets: u64,
    segments: u64,
    syns: usize,
    /// SYNs of four-tuples without a SYN-ACK.
    unanswered: usize,
    four_tuples: usize,
}

fn read(name: &str) -> (Vec<Packet>, Summary) {
    let file = format!("{}/../tests/evidence/captures/{name}", env!("CARGO_MANIFEST_DIR"));
    let (mut packets, mut reader) = (Vec::new(), Reader::new(name));
    reader.push(&std::fs::read(file).unwrap(), &mut |packet| packets.push(packet));
    (packets, reader.finish())
}

fn counts(name: &str) -> Counts {
    let (packets, summary) = read(name);
    assert_eq!((&summary.damaged, summary.notes.len()), (&None, 0), "{name}");
    let segments = || packets.iter().map(|packet| packet.segment);
    let answers = segments().filter(|segment| segment.syn() && segment.has_ack());
    let answered: BTreeSet<_> = answers.map(|answer| answer.tuple_at_receiver().reversed()).collect();
    let mut syns = BTreeMap::<_, usize>::new();
    for syn in segments().filter(sim_core::segment::Segment::opens) {
        *syns.entry(syn.tuple_at_receiver()).or_default() += 1;
    }
    Counts {
        packets: summary.packets,
        segments: summary.segments,
        syns: syns.values().sum(),
        unanswered: syns.iter().filter(|(tuple, _)| !answered.contains(*tuple)).map(|(_, syns)| syns).sum(),
        four_tuples: syns.len(),
    }
}

#[test]
fn counted_as_tshark_counts() {
    for (name, packets, segments, syns, unanswered, four_tuples) in [
        ("any.pcap", 24, 24, 3, 0, 3),
        ("filter.pcap", 24, 24, 10, 8, 4),
        ("large.pcap", 41, 41, 2, 0, 2),
        ("nat.pcap", 194, 192, 24, 0, 24),
        ("ports.pcap", 320, 320, 40, 0, 1),
        ("queue.pcap", 38, 38, 30, 28, 6),
        ("v6.pcap", 33, 32, 4, 0, 4),
    ] {
        assert_eq!(counts(name), Counts { packets, segments, syns, unanswered, four_tuples }, "{name}");
    }
}

/// tshark: `tcp.len` is more than the 96 bytes that were kept in 16 segments, and 300,000 in all.
#[test]
fn lengths_are_those_before_the_cut() {
    let (packets, _) = read("large.pcap");
    assert_eq!(packets.iter().map(|packet| packet.segment.len).sum::<u32>(), 300_000);
    assert_eq!(packets.iter().filter(|packet| packet.segment.len > 96).count(), 16);
    assert!(packets.iter().all(|packet| packet.segment.timestamps.is_some() && !packet.cut));
}

#[test]
fn ipv6_addresses_keep_their_names() {
    let (packets, summary) = read("v6.pcap");
    let segment = packets[0].segment;
    let names = [segment.src.addr, segment.dst.addr].map(|addr| summary.addresses.name(addr));
    assert_eq!(names, ["2001:db8::1", "2001:db8::10"]);
}
