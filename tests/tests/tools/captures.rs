//! The support desk reads captures as tshark does, whether the model, tcpdump, editcap or mergecap wrote them, and it
//! reads the text that tcpdump prints of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use desk::capture::text::{is_tcpdump_text, read_text};
use desk::capture::{Packet, Reader, Summary, is_capture};

use super::{captures, printed};

/// The fields of each packet: an address in one of two fields, and numbers.
const FIELDS: [&str; 15] = [
    "frame.number",
    "frame.time_epoch",
    "ip.src",
    "ipv6.src",
    "tcp.srcport",
    "ip.dst",
    "ipv6.dst",
    "tcp.dstport",
    "tcp.flags",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.len",
    "tcp.window_size_value",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
];

fn read(file: &Path) -> (Vec<Packet>, Summary) {
    let bytes = std::fs::read(file).unwrap();
    assert!(is_capture(&bytes), "{}", file.display());
    let (mut packets, mut reader) = (Vec::new(), Reader::new("file"));
    bytes.chunks(4_096).for_each(|slice| reader.push(slice, &mut |packet| packets.push(packet)));
    let summary = reader.finish();
    assert_eq!((&summary.damaged, summary.notes.len()), (&None, 0), "{}", file.display());
    (packets, summary)
}

/// The captures of real kernels that `tests/evidence/netns.sh` recorded.
fn recorded() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("evidence/captures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 7);
    files
}

/// The output file of a program. Every test uses a name of its own.
fn written(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn editcap(arguments: &[&str], from: &Path, name: &str) -> PathBuf {
    let to = written(name);
    printed(Command::new("editcap").args(arguments).arg(from).arg(&to));
    to
}

/// Only the flags that the model knows are compared, and the acknowledgment number only with the ACK flag, because it
/// is arbitrary otherwise.
fn fields(packet: &Packet, summary: &Summary) -> String {
    let segment = &packet.segment;
    let name = |addr| {
        let name = summary.addresses.name(addr);
        if name.contains(':') { format!("\t{name}") } else { format!("{name}\t") }
    };
    let stamps = segment.timestamps.map(|stamps| format!("{}\t{}", stamps.tsval, stamps.tsecr));
    [
        packet.number.to_string(),
        format!("{}.{:09}", packet.at_ns / 1_000_000_000, packet.at_ns % 1_000_000_000),
        name(segment.src.addr),
        segment.src.port.to_string(),
        name(segment.dst.addr),
        segment.dst.port.to_string(),
        format!("0x{:04x}", segment.flags.bits()),
        segment.seq.to_string(),
        segment.ack.to_string(),
        segment.len.to_string(),
        segment.window.to_string(),
        stamps.unwrap_or_else(|| "\t".to_owned()),
    ]
    .join("\t")
}

fn agrees_with_tshark(file: &Path) -> usize {
    let (packets, summary) = read(file);
    let mut tshark = Command::new("tshark");
    tshark.arg("-n").arg("-r").arg(file).args(["-Y", "tcp", "-T", "fields", "-E", "separator=/t"]);
    let theirs = printed(tshark.args(FIELDS.iter().flat_map(|field| ["-e", field])));
    let ours: Vec<_> = packets.iter().map(|packet| fields(packet, &summary)).collect();
    assert_eq!(ours.len(), theirs.lines().count(), "{}", file.display());
    for (ours, theirs) in ours.iter().zip(theirs.lines()) {
        assert_eq!(ours, theirs, "{}", file.display());
    }
    let all =
        printed(Command::new("tshark").arg("-n").arg("-r").arg(file).args(["-T", "fields", "-e", "frame.number"]));
    assert_eq!(summary.packets, all.lines().count() as u64, "{}", file.display());
    packets.len()
}

#[test]
fn what_the_model_writes_is_read_as_it_was() {
    for capture in captures() {
        let (packets, _) = read(&capture.file);
        assert_eq!(packets.len(), capture.segments.len(), "{}", capture.name());
        for (number, (packet, captured)) in (1..).zip(packets.iter().zip(&capture.segments)) {
            let us = capture.scenario.wall_clock_ms * 1_000 + captured.at.as_micros();
            let window = captured.header.window.min(65_535);
            let segment = sim_core::segment::Segment { window, ..captured.header };
            assert_eq!(*packet, Packet { number, at_ns: us * 1_000, segment, cut: false }, "{}", capture.name());
        }
    }
}

#[test]
fn every_format_gives_the_same_packets() {
    let capture = &captures()[0];
    let (packets, _) = read(&capture.file);
    for (name, arguments) in [
        ("desk.us.pcap", &["-F", "pcap"][..]),
        ("desk.ns.pcap", &["-F", "nsecpcap"]),
        ("desk.pcapng", &["-F", "pcapng"]),
        ("desk.228.pcap", &["-F", "pcap", "-T", "rawip4"]),
        ("desk.228.pcapng", &["-F", "pcapng", "-T", "rawip4"]),
    ] {
        assert_eq!(read(&editcap(arguments, &capture.file, name)).0, packets, "{name}");
    }
}

#[test]
fn tshark_sees_the_same_in_every_packet() {
    let model: Vec<_> = captures().iter().take(4).map(|capture| capture.file.clone()).collect();
    let mut segments = 0;
    for file in recorded().iter().chain(&model) {
        segments += agrees_with_tshark(file);
        segments += agrees_with_tshark(&editcap(&["-F", "pcapng"], file, "desk.tshark.pcapng"));
    }
    assert!(segments > 1_000, "only {segments} in all");
}

#[test]
fn merged_and_cut_captures() {
    let files = recorded();
    let merged = written("desk.merged.pcapng");
    // Ethernet, Linux cooked capture and raw IP, with microseconds and nanoseconds, each on an interface of its own.
    printed(Command::new("mergecap").args(["-F", "pcapng", "-w"]).arg(&merged).args(&files).arg(&captures()[0].file));
    agrees_with_tshark(&merged);
    // Concatenated files are one file with several sections. tcpdump and tshark read all of them.
    let sections = written("desk.sections.pcapng");
    std::fs::write(&sections, [&merged, &captures()[1].file].map(|file| std::fs::read(file).unwrap()).concat())
        .unwrap();
    agrees_with_tshark(&sections);
    // The fixed part of the TCP header is complete, the timestamps of a SYN are not.
    let cut = editcap(&["-s", "56", "-F", "pcap"], &files[5], "desk.cut.pcap");
    agrees_with_tshark(&cut);
    let (packets, _) = read(&cut);
    assert!(packets.iter().all(|packet| packet.cut && packet.segment.timestamps.is_none()));
}

#[test]
fn what_tcpdump_prints_is_read_back() {
    let model: Vec<_> = captures().iter().take(6).map(|capture| capture.file.clone()).collect();
    for file in recorded().iter().chain(&model) {
        let (packets, named) = read(file);
        for options in [&["-tt"][..], &["-tttt"], &[], &["-tt", "-S"], &["-tt", "-v"], &["-tt", "-vv"], &["-tt", "-e"]]
        {
            let nano = if file.ends_with("any.pcap") { "nano" } else { "micro" };
            let precision = format!("--time-stamp-precision={nano}");
            let text = printed(Command::new("tcpdump").arg("-n").args(options).arg(precision).arg("-r").arg(file));
            assert!(is_tcpdump_text(&text), "{}", file.display());
            let mut back = Vec::new();
            let summary = read_text(&text, &mut |packet| back.push(packet));
            assert_eq!((back.len(), summary.packets), (packets.len(), named.packets), "{options:?} {}", file.display());
            let midnight = packets[0].at_ns / 86_400_000_000_000 * 86_400_000_000_000;
            for (packet, back) in packets.iter().zip(&back) {
                let mut expected = *packet;
                if options.is_empty() {
                    expected.at_ns -= midnight;
                }
                let what = format!("{options:?} {}", file.display());
                if !expected.segment.has_ack() {
                    expected.segment.ack = back.segment.ack;
                }
                assert_eq!(fields(&expected, &named), fields(back, &summary), "{what}");
            }
        }
    }
}
