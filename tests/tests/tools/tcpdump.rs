//! tcpdump prints every capture as `export::tcpdump` does.

use std::process::Command;

use sim_core::export::tcpdump;

use super::{captures, printed};

#[test]
fn tcpdump_prints_our_lines() {
    for capture in captures() {
        let text = printed(Command::new("tcpdump").args(["-n", "-S", "-r"]).arg(&capture.file));
        let ours = tcpdump::file(&capture.trace, capture.node);
        assert_eq!(text.lines().count(), ours.lines().count(), "{}", capture.name());
        for (theirs, ours) in text.lines().zip(ours.lines()) {
            // tcpdump may append its interpretation of the payload, depending on the port.
            let rest = theirs.strip_prefix(ours).unwrap_or_else(|| panic!("{}:\n{theirs}\n{ours}", capture.name()));
            assert!(rest.is_empty() || rest.starts_with(": "), "{}: {theirs}", capture.name());
        }
    }
}
