//! Arbitrary captures and texts: reading them never panics, always ends, and does not depend on the slices.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(not(target_arch = "wasm32"))]

use std::sync::LazyLock;

use desk::capture::text::{is_tcpdump_text, read_text};
use desk::capture::{Packet, Reader, Summary, is_capture};
use proptest::collection::vec;
use proptest::prelude::*;
use sim_core::export::{pcapng, tcpdump};
use sim_core::scenario::{PRESETS, Scenario};
use sim_core::trace::{NodeId, Trace};

fn read<'a>(slices: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Packet>, Summary) {
    let (mut packets, mut reader) = (Vec::new(), Reader::new("file"));
    for slice in slices {
        reader.push(slice, &mut |packet| packets.push(packet));
    }
    (packets, reader.finish())
}

fn same(left: &(Vec<Packet>, Summary), right: &(Vec<Packet>, Summary)) {
    assert_eq!(left.0, right.0);
    // Addresses have an order of their own, which the packets show.
    assert_eq!(format!("{:?}", left.1), format!("{:?}", right.1));
}

fn trace() -> Trace {
    sim_core::run(&Scenario::preset(PRESETS[0].name).unwrap())
}

/// Captures of real kernels and of the model, the first 3,000 bytes of each.
static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/evidence/captures");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut captures: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    captures.push(pcapng::file(&trace(), NodeId(0), "a title"));
    captures.iter_mut().for_each(|capture| capture.truncate(3_000));
    captures
});

static TEXT: LazyLock<String> =
    LazyLock::new(|| tcpdump::file(&trace(), NodeId(0)).lines().take(40).map(|line| format!("{line}\n")).collect());

/// Places and what stands there instead.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)
}

#[test]
fn cut_anywhere_the_packets_before_stay() {
    for capture in CORPUS.iter() {
        let (whole, _) = read([&capture[..]]);
        assert!(!whole.is_empty());
        for length in 0..capture.len() {
            let (packets, summary) = read([&capture[..length]]);
            assert!(whole.starts_with(&packets), "cut to {length}");
            assert_eq!(summary.segments, packets.len() as u64);
        }
    }
}

#[test]
fn slices_of_every_size_give_the_same() {
    for capture in CORPUS.iter() {
        let whole = read([&capture[..]]);
        for size in 1..200 {
            same(&read(capture.chunks(size)), &whole);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(magic in 0_usize..6, bytes in vec(any::<u8>(), 0..400), size in 1_usize..100) {
        const MAGICS: [&[u8]; 6] = [
            b"", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x1f\x8b",
            b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0",
            b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c",
        ];
        let file = [MAGICS[magic], &bytes].concat();
        let _ = is_capture(&file);
        same(&read(file.chunks(size)), &read([&file[..]]));
    }

    #[test]
    fn damaged_captures(which in any::<prop::sample::Index>(), damage in damage(), size in 1_usize..3_000) {
        let mut capture = which.get(&CORPUS).clone();
        for (place, byte) in damage {
            *place.get_mut(&mut capture) = byte;
        }
        same(&read(capture.chunks(size)), &read([&capture[..]]));
    }

    #[test]
    fn arbitrary_texts(text in any::<String>(), line in "[0-9:. IP>Flags\\[\\]seqackwin,-]{0,120}") {
        for text in [text, line] {
            let _ = is_tcpdump_text(&text);
            read_text(&text, &mut |_| {});
        }
    }

    #[test]
    fn damaged_texts(damage in damage()) {
        let mut bytes = TEXT.clone().into_bytes();
        for (place, byte) in damage {
            *place.get_mut(&mut bytes) = byte;
        }
        let text = String::from_utf8_lossy(&bytes);
        let _ = is_tcpdump_text(&text);
        let mut segments = 0;
        let summary = read_text(&text, &mut |_| segments += 1);
        prop_assert_eq!(summary.segments, segments);
    }
}
