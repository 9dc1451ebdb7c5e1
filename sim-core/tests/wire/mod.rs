//! Captures as others read them: the blocks by `pcap-parser`, the headers and checksums by `etherparse`.
//!
//! What should be in a capture is told here once more, from the flights of the trace's index, which
//! `export::capture` does not use.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use etherparse::{Ipv4Slice, TcpOptionElement, TcpSlice};
use pcap_parser::pcapng::{Block, PcapNGOption};
use pcap_parser::{Linktype, PcapBlockOwned, PcapNGSlice};
use sim_core::addr::Endpoint;
use sim_core::export::{packet, pcapng};
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::time::SimTime;
use sim_core::timestamp::{Timestamps, Tsval};
use sim_core::trace::query::{Fate, Index};
use sim_core::trace::{Event, NodeId, SegmentId, Trace};

/// A packet of a capture: time since 1970 in microseconds, whether it arrived, the number that its IP header bears,
/// what stands on it, and what has to be equal besides.
type Packet = (u64, bool, u16, Segment);

/// Holds the capture at `node` against the trace. The wall clock of the run starts at `wall_us`.
pub fn holds(trace: &Trace, node: NodeId, wall_us: u64, title: &str) -> Result<(), String> {
    let file = pcapng::file(trace, node, title);
    let blocks = PcapNGSlice::from_slice(&file).map_err(|error| format!("no pcapng: {error}"))?;
    let mut read = Vec::new();
    for (position, block) in blocks.enumerate() {
        match (position, block.map_err(|error| format!("block {position}: {error}"))?) {
            (0, PcapBlockOwned::NG(Block::SectionHeader(section))) => told(&section.options, title)?,
            (1, PcapBlockOwned::NG(Block::InterfaceDescription(interface))) => {
                told(&interface.options, title)?;
                let name = interface.if_name().and_then(Result::ok);
                same(name, Some(trace.nodes[usize::from(node.0)].name.as_str()), "the name of the interface")?;
                same(interface.linktype, Linktype::RAW, "the link type")?;
                same(interface.ts_resolution(), Some(1_000_000), "ticks a second")?;
            }
            (2.., PcapBlockOwned::NG(Block::EnhancedPacket(packet))) => {
                let at_us = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let direction = packet.options.iter().find(|option| option.code.0 == 2).map(PcapNGOption::as_u32_le);
                let arrived = match direction {
                    Some(Ok(1)) => true,
                    Some(Ok(2)) => false,
                    other => return Err(format!("neither inbound nor outbound: {other:?}")),
                };
                same((packet.caplen, packet.if_id), (packet.origlen, 0), "length and interface")?;
                // Its reader leaves the padding on.
                let (data, padding) = packet.data.split_at(packet.caplen as usize);
                same(padding.len() < 4, true, "no more padding than it takes")?;
                let (ip_id, segment) = headers(data).map_err(|why| format!("packet {position}: {why}"))?;
                read.push((at_us, arrived, ip_id, segment));
            }
            _ => return Err(format!("block {position} is of another kind")),
        }
    }
    if !read.is_sorted_by_key(|packet| packet.0) {
        return Err("time goes back".into());
    }
    let mut expected = expected(trace, node, wall_us);
    let by = |packet: &Packet| (packet.0, packet.1, packet.2, packet.3.seq.0, packet.3.src, packet.3.dst);
    read.sort_by_key(by);
    expected.sort_by_key(by);
    same(read.len(), expected.len(), "packets")?;
    read.iter().zip(&expected).try_for_each(|(read, expected)| same(read, expected, "a packet"))
}

/// What a capture at `node` has to hold, in no order.
fn expected(trace: &Trace, node: NodeId, wall_us: u64) -> Vec<Packet> {
    let index = Index::new(trace);
    let copied = trace.records.iter().filter_map(|record| match record.event {
        Event::SegmentDuplicated { of } => Some((record.segment?, of)),
        _ => None,
    });
    let copied: Vec<(SegmentId, SegmentId)> = copied.collect();
    let copies: BTreeSet<SegmentId> = copied.iter().map(|(copy, _)| *copy).collect();
    // A copy may be copied on the next link; numbers rise, so one look from the last to the first finds the original.
    let original = |segment| copied.iter().rev().fold(segment, |at, (copy, of)| if *copy == at { *of } else { at });
    let at = |time: SimTime| wall_us + time.as_micros();
    let end = SimTime::ZERO + trace.duration;
    let mut packets = Vec::new();
    for flight in &index.flights {
        let ip_id = original(flight.segment).0 as u16;
        if flight.from == node && !copies.contains(&flight.segment) {
            packets.push((at(flight.sent), false, ip_id, flight.header));
        }
        let arrived = flight.arrives.filter(|arrives| *arrives <= end && !matches!(flight.fate, Fate::Lost(_)));
        if let Some(arrives) = arrived.filter(|_| flight.to == node) {
            packets.push((at(arrives), true, ip_id, flight.header));
        }
    }
    packets
}

/// The identification and the segment of a packet whose checksums, lengths, options and payload are as they should be.
fn headers(packet: &[u8]) -> Result<(u16, Segment), String> {
    let ip = Ipv4Slice::from_slice(packet).map_err(|error| error.to_string())?;
    let header = ip.header().to_header();
    same(header.header_checksum, header.calc_header_checksum(), "the IP checksum")?;
    same(usize::from(header.total_len), packet.len(), "the length of the packet")?;
    same((header.time_to_live, header.dont_fragment), (64, true), "TTL and DF")?;
    let tcp = TcpSlice::from_slice(ip.payload().payload).map_err(|error| error.to_string())?;
    let sum = tcp.calc_checksum_ipv4(header.source, header.destination).map_err(|error| error.to_string())?;
    same(tcp.checksum(), sum, "the TCP checksum")?;

    let (mut mss, mut timestamps) = (None, None);
    for option in tcp.options_iterator() {
        match option.map_err(|error| error.to_string())? {
            TcpOptionElement::Noop => {}
            TcpOptionElement::MaximumSegmentSize(size) => mss = Some(size),
            TcpOptionElement::Timestamp(tsval, tsecr) => {
                timestamps = Some(Timestamps { tsval: Tsval(tsval), tsecr: Tsval(tsecr) });
            }
            other => return Err(format!("an option that the model does not know: {other:?}")),
        }
    }
    same(mss, tcp.syn().then_some(1_460), "the MSS")?;
    let first = tcp.sequence_number();
    let filled = |(at, byte): (usize, &u8)| *byte == packet::FILLER[(first.wrapping_add(at as u32) % 64) as usize];
    same(tcp.payload().iter().enumerate().all(filled), true, "the payload follows from the sequence numbers")?;

    let set = [
        (tcp.fin(), Flags::FIN),
        (tcp.syn(), Flags::SYN),
        (tcp.rst(), Flags::RST),
        (tcp.psh(), Flags::PSH),
        (tcp.ack(), Flags::ACK),
    ];
    same([tcp.urg(), tcp.ece(), tcp.cwr()], [false; 3], "flags that the model does not know")?;
    let flags = set.iter().filter(|(is_set, _)| *is_set).fold(Flags::default(), |all, (_, flag)| all.with(*flag));
    let endpoint = |addr: [u8; 4], port| Endpoint::new(Ipv4Addr::from(addr), port);
    let segment = Segment {
        src: endpoint(header.source, tcp.source_port()),
        dst: endpoint(header.destination, tcp.destination_port()),
        flags,
        seq: Seq(first),
        ack: Seq(tcp.acknowledgment_number()),
        len: tcp.payload().len() as u32,
        window: u32::from(tcp.window_size()),
        timestamps,
    };
    Ok((header.identification, segment))
}

/// Whether a comment says that this is a simulation, and of what.
fn told(options: &[PcapNGOption], title: &str) -> Result<(), String> {
    let comment = options.iter().find(|option| option.code.0 == 1).map(|option| option.as_str());
    match comment {
        Some(Ok(text)) if text.contains("simulation by TIME_WAIT Lab") && text.ends_with(title) => Ok(()),
        other => Err(format!("the comment is {other:?}")),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T, what: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, expected {expected:?}")) }
}
