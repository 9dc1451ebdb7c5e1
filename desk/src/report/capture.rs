//! A replayed capture in the report: the remote addresses with their clocks, and the unanswered SYNs with the reason.

use std::fmt::Write as _;

use super::escape::{code, text};
use super::put::put;
use crate::evidence::{CaptureSeen, RemoteSeen, UnansweredCause, UnansweredSyn};
use crate::format::seconds;
use sim_core::words::grouped;

/// The most rows of a table.
const MOST_ROWS: usize = 20;

pub fn section(seen: &CaptureSeen) -> String {
    let mut out = String::new();
    put!(out, "\n## Capture {}\n", code(&seen.source));
    put!(
        out,
        "{} packets, {} TCP segments{}. {} SYNs to the server, {} without an answer, {} of them explained by recycle.",
        grouped(seen.packets),
        grouped(seen.segments),
        seen.span_us.map(|(first, last)| format!(" in {} s", seconds(last.saturating_sub(first)))).unwrap_or_default(),
        grouped(seen.syns),
        grouped(seen.unanswered_syns),
        grouped(seen.explained_by_recycle)
    );
    if seen.reset_syns > 0 {
        put!(out, "{} SYNs were answered by a RST: no program listens there.", grouped(seen.reset_syns));
    }
    for assumed in &seen.assumed {
        put!(out, "\nAssumed: {}", text(assumed));
    }
    if let Some(damaged) = &seen.damaged {
        put!(out, "\nReading stopped early: {}", text(damaged));
    }
    out += &remotes(&seen.remotes);
    out += &unanswered(seen);
    out
}

fn remotes(remotes: &[RemoteSeen]) -> String {
    let mut out = String::new();
    if remotes.is_empty() {
        return out;
    }
    put!(out, "\n| remote address | clocks | SYNs | unanswered | explained by recycle | without timestamp |");
    put!(out, "| --- | ---: | ---: | ---: | ---: | ---: |");
    for remote in remotes.iter().take(MOST_ROWS) {
        put!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            code(&remote.addr),
            remote.clocks.len(),
            grouped(remote.syns),
            grouped(remote.unanswered),
            grouped(remote.explained),
            grouped(remote.without_stamp)
        );
    }
    if remotes.len() > MOST_ROWS {
        put!(out, "\n{} more addresses are left out.", remotes.len() - MOST_ROWS);
    }
    out
}

fn unanswered(seen: &CaptureSeen) -> String {
    let mut out = String::new();
    if seen.unanswered.is_empty() {
        return out;
    }
    let start = seen.span_us.map_or(0, |(first, _)| first);
    put!(out, "\nUnanswered SYNs:\n");
    put!(out, "| packet | at | from | to | why |");
    put!(out, "| ---: | ---: | --- | --- | --- |");
    for syn in seen.unanswered.iter().take(MOST_ROWS) {
        let at = seconds(syn.at_us.saturating_sub(start));
        put!(out, "| {} | {at} s | {} | {} | {} |", syn.packet, code(&syn.remote), code(&syn.local), why(syn));
    }
    let more = seen.unanswered_syns.saturating_sub(seen.unanswered.len().min(MOST_ROWS) as u64);
    if more > 0 {
        put!(out, "\n{} more are left out.", grouped(more));
    }
    out
}

/// Why a SYN got no answer. For recycle: the subtraction of R1 with its numbers.
pub fn why(syn: &UnansweredSyn) -> String {
    match &syn.because {
        UnansweredCause::Recycle { remembered, tsval: Some(tsval), age_s } => {
            // The kernel subtracts in 32 bits and reads the result as a signed number.
            let behind = i64::from(remembered.wrapping_sub(*tsval).cast_signed());
            let sign = if behind < 0 { "-" } else { "" };
            format!(
                "remembered {} - tsval {} = {sign}{} > 1, remembered {age_s} s before",
                grouped(*remembered),
                grouped(*tsval),
                grouped(behind.unsigned_abs())
            )
        }
        UnansweredCause::Recycle { remembered, tsval: None, age_s } => {
            format!("no timestamp, and {} was remembered {age_s} s before", grouped(*remembered))
        }
        UnansweredCause::SameFourTuple => "a timewait socket has the same four-tuple".to_owned(),
        UnansweredCause::Unexplained => "not explained by what the capture shows".to_owned(),
    }
}
