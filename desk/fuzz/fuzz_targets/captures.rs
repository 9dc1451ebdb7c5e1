//! A capture gives the same result in one piece and in slices.

#![no_main]

use desk::capture::{Packet, Reader, is_capture};
use libfuzzer_sys::fuzz_target;

fn read<'a>(slices: impl Iterator<Item = &'a [u8]>) -> (Vec<Packet>, String) {
    let (mut packets, mut reader) = (Vec::new(), Reader::new("file"));
    for slice in slices {
        reader.push(slice, &mut |packet| packets.push(packet));
    }
    (packets, format!("{:?}", reader.finish()))
}

fuzz_target!(|input: (u8, &[u8])| {
    let (size, file) = input;
    let _ = is_capture(file);
    assert_eq!(read(file.chunks(usize::from(size) + 1)), read(std::iter::once(file)));
});
