//! Counts of sockets in each state: `ss -s`, and pipes of `ss` to `uniq -c` or `awk`.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::ParseState;
use super::ss::state_of;
use crate::evidence::SocketCounts;

/// The parser of such counts.
#[derive(Default)]
pub(super) struct SsSummary {
    /// Whether the last counts are from rows of a pipe, and more rows may follow.
    in_rows: bool,
}

/// The states that `ss -s` counts. Orphaned and closed sockets are not states of their own.
const WORDS: &[(&str, &str)] = &[("estab", "ESTAB"), ("synrecv", "SYN-RECV"), ("timewait", "TIME-WAIT")];

impl LineParser for SsSummary {
    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        if let Some(counts) = summary(text) {
            reading.evidence.socket_counts = Some(line.says(counts));
            self.in_rows = false;
            return true;
        }
        let Some((state, count)) = counted(text) else { return false };
        let counts = &mut reading.evidence.socket_counts;
        match counts.as_mut().filter(|said| self.in_rows && !said.value.by_state.contains_key(state)) {
            Some(said) => drop(said.value.by_state.insert(state.to_owned(), count)),
            None => *counts = Some(line.says(SocketCounts { by_state: [(state.to_owned(), count)].into() })),
        }
        self.in_rows = true;
        true
    }

    fn end(&mut self, _: &mut ParseState<'_>) {
        self.in_rows = false;
    }
}

/// Reads `TCP:   7019 (estab 583, closed 6402, orphaned 2, synrecv 0, timewait 6401/0), ports 3412`. Newer versions
/// print fewer words.
fn summary(text: &str) -> Option<SocketCounts> {
    let (_, inside) = text.strip_prefix("TCP:")?.split_once("(estab ")?;
    let inside = inside.split_once(')').map_or(inside, |(inside, _)| inside);
    let mut counts = SocketCounts::default();
    for part in format!("estab {inside}").split(", ") {
        let (word, count) = part.split_once(' ')?;
        // TIME_WAIT has a second number: the sockets without an owner.
        let count = count.split('/').next().and_then(|count| count.parse().ok())?;
        if let Some((_, state)) = WORDS.iter().find(|(known, _)| *known == word) {
            counts.by_state.insert((*state).to_owned(), count);
        }
    }
    Some(counts)
}

/// Reads `6401 TIME-WAIT` or `TIME_WAIT 6401`.
fn counted(text: &str) -> Option<(&'static str, u64)> {
    let mut words = text.split_whitespace();
    let (one, other) = (words.next()?, words.next()?);
    let (state, count) = if let Some(state) = state_of(one) { (state, other) } else { (state_of(other)?, one) };
    words.next().is_none().then_some((state, count.parse().ok()?))
}
