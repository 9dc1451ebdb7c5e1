//! Sentences of the page about a capture.

use crate::evidence::{CaptureSeen, RemoteSeen};
use crate::format::{counted, seconds};
use sim_core::words::grouped;

/// The totals of a capture.
pub fn totals(seen: &CaptureSeen) -> String {
    let time = seen.span_us.map(|(first, last)| format!(" in {} s", seconds(last.saturating_sub(first))));
    let reset = match seen.reset_syns {
        0 => String::new(),
        reset => format!(" {} were answered by a RST: no program listens there.", grouped(reset)),
    };
    format!(
        "{} packets{}. {} SYNs to the server, {} without an answer, {} of them explained by recycle.{reset}",
        grouped(seen.packets),
        time.unwrap_or_default(),
        grouped(seen.syns),
        grouped(seen.unanswered_syns),
        grouped(seen.explained_by_recycle)
    )
}

/// The sentence above the chart of the clocks behind one address.
pub fn clocks_lead(remote: &RemoteSeen) -> String {
    format!(
        "{} behind {}: of {} SYNs {} got no answer, {} of them because a newer timestamp was remembered.",
        counted(remote.clocks.len(), "clock", "clocks"),
        remote.addr,
        grouped(remote.syns),
        grouped(remote.unanswered),
        grouped(remote.explained)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_is_named_only_if_there_is_one() {
        let seen = CaptureSeen { packets: 1_204, span_us: Some((0, 61_500_000)), syns: 3, ..CaptureSeen::default() };
        let whole =
            "1,204 packets in 61.500 s. 3 SYNs to the server, 0 without an answer, 0 of them explained by recycle.";
        assert_eq!(totals(&seen), whole);
        assert!(
            totals(&CaptureSeen { reset_syns: 2, ..seen })
                .ends_with(" 2 were answered by a RST: no program listens there.")
        );
    }
}
