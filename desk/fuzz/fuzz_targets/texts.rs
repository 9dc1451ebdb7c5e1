//! The number of segments read from a text agrees with the number that is counted.

#![no_main]

use desk::capture::text::{is_tcpdump_text, read_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = is_tcpdump_text(text);
    let mut segments = 0;
    let summary = read_text(text, &mut |_| segments += 1);
    assert_eq!(summary.segments, segments);
});
