//! Tables of sockets: `ss -tan`, `ss -tln` and `netstat -tan`.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::{MOST_SOCKETS, ParseState};
use crate::evidence::{Quote, Quoted, SocketCounts, SocketRow};

/// The names of the states in `ss`, in `netstat` and in the filter `ss state`.
const STATES: &[(&str, &str, &str)] = &[
    ("ESTAB", "ESTABLISHED", "established"),
    ("SYN-SENT", "SYN_SENT", "syn-sent"),
    ("SYN-RECV", "SYN_RECV", "syn-recv"),
    ("FIN-WAIT-1", "FIN_WAIT1", "fin-wait-1"),
    ("FIN-WAIT-2", "FIN_WAIT2", "fin-wait-2"),
    ("TIME-WAIT", "TIME_WAIT", "time-wait"),
    ("UNCONN", "CLOSE", "closed"),
    ("CLOSE-WAIT", "CLOSE_WAIT", "close-wait"),
    ("LAST-ACK", "LAST_ACK", "last-ack"),
    ("LISTEN", "LISTEN", "listening"),
    ("CLOSING", "CLOSING", "closing"),
];

/// The name in `ss` of a state of `ss` or `netstat`.
pub(super) fn state_of(word: &str) -> Option<&'static str> {
    STATES.iter().find(|(ss, netstat, _)| *ss == word || *netstat == word).map(|(ss, ..)| *ss)
}

/// The parser of a table.
#[derive(Default)]
pub(super) struct Sockets {
    /// The sockets in each state so far, with the first row.
    counted: Option<Quoted<SocketCounts>>,
    /// The state of all rows, if `ss state` printed no column for it.
    state: Option<&'static str>,
    has_no_state: bool,
    /// A row without its remote address, which a narrow terminal moved to the next line.
    broken: Option<(String, Quote)>,
    kept: usize,
}

impl LineParser for Sockets {
    fn begin(&mut self, context: &Context) {
        self.state = context.command.as_ref().and_then(|command| {
            let mut words = command.arguments("ss")?.skip_while(|word| *word != "state");
            words.next()?;
            let state = words.next()?;
            // With two states the table has the column again.
            let is_only_one = !words.any(|word| word == "state");
            STATES.iter().find(|(.., name)| is_only_one && *name == state).map(|(ss, ..)| *ss)
        });
    }

    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        if let Some((start, quote)) = self.broken.take() {
            let whole = format!("{start} {text}");
            let as_before = TextLine { source: &quote.source, number: quote.line, text: whole.into() };
            if self.row(&as_before, reading) {
                return true;
            }
        }
        if text.contains("Recv-Q") && text.contains("Send-Q") {
            self.count_up(reading);
            self.has_no_state = text.starts_with("Recv-Q");
            return true;
        }
        if self.row(line, reading) {
            return true;
        }
        let mut words = text.split_whitespace();
        let is_start = words.next().is_some_and(|word| state_of(word).is_some())
            && words.by_ref().take(2).filter(|word| word.parse::<u64>().is_ok()).count() == 2
            && words.count() <= 1;
        if is_start {
            self.broken = Some((text.to_owned(), line.quote()));
        }
        is_start || text.starts_with("Active Internet connections")
    }

    fn end(&mut self, reading: &mut ParseState<'_>) {
        self.count_up(reading);
        *self = Self { kept: self.kept, ..Self::default() };
    }
}

impl Sockets {
    fn row(&mut self, line: &TextLine<'_>, reading: &mut ParseState<'_>) -> bool {
        let without_column = self.has_no_state.then_some(self.state).flatten();
        let Some(row) = row_of(line.trimmed(), without_column) else {
            return is_of_another_kind(line.trimmed());
        };
        let counted = self.counted.get_or_insert_with(|| line.says(SocketCounts::default()));
        *counted.value.by_state.entry(row.state.clone()).or_default() += 1;
        if self.kept < MOST_SOCKETS {
            self.kept += 1;
            reading.evidence.sockets.push(line.says(row));
        } else {
            reading.note_once(&line.text, &format!("only the first {MOST_SOCKETS} sockets are kept; all are counted"));
        }
        true
    }

    /// Adds the counts, unless `ss -s` gave them. A table of listening sockets says nothing about other states.
    fn count_up(&mut self, reading: &mut ParseState<'_>) {
        let Some(counted) = self.counted.take() else { return };
        let counts = &mut reading.evidence.socket_counts;
        let is_said = counts.as_ref().is_some_and(|said| said.quote.text.contains("(estab"));
        if !is_said && counted.value.by_state.keys().any(|state| state != "LISTEN") {
            *counts = Some(counted);
        }
    }
}

fn row_of(text: &str, without_column: Option<&str>) -> Option<SocketRow> {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    let (state, queues_and_ends) = match words.as_slice() {
        // netstat: tcp 0 0 192.0.2.1:80 198.51.100.7:50000 TIME_WAIT
        ["tcp" | "tcp6", _, _, _, _, state, ..] if state_of(state).is_some() => (state_of(state)?, &words[1..5]),
        // ss with a column for the kind of socket.
        ["tcp", state, _, _, _, _, ..] => (state_of(state)?, &words[2..6]),
        [state, _, _, _, _, ..] if state_of(state).is_some() => (state_of(state)?, &words[1..5]),
        [_, _, _, _, ..] => (without_column?, &words[..4]),
        _ => return None,
    };
    let [recv_q, send_q, local, remote] = queues_and_ends else { return None };
    let is_end = |end: &str| end.contains(':') && end.len() <= 100;
    if !is_end(local) || !is_end(remote) {
        return None;
    }
    let (recv_q, send_q) = (recv_q.parse().ok()?, send_q.parse().ok()?);
    let state = state.to_owned();
    Some(SocketRow { state, recv_q, send_q, local: (*local).to_owned(), remote: (*remote).to_owned() })
}

/// Rows of `ss -an` and `netstat -an` for other protocols. They belong to the table too.
fn is_of_another_kind(text: &str) -> bool {
    let kind = text.split_whitespace().next().unwrap_or_default();
    let kinds = ["udp", "udp6", "unix", "u_str", "u_dgr", "u_seq", "raw", "raw6", "nl", "icmp6", "p_raw", "p_dgr"];
    kinds.contains(&kind) && text.split_whitespace().count() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_every_form_are_read() {
        for (text, expected) in [
            ("LISTEN 3 128 *:80 *:*", ("LISTEN", 3, 128, "*:80", "*:*")),
            (
                "TIME-WAIT 0 0 [::ffff:192.0.2.1]:80 [::ffff:198.51.100.7]:50000",
                ("TIME-WAIT", 0, 0, "[::ffff:192.0.2.1]:80", "[::ffff:198.51.100.7]:50000"),
            ),
            ("tcp   SYN-RECV 0 0 192.0.2.1:80 198.51.100.7:5", ("SYN-RECV", 0, 0, "192.0.2.1:80", "198.51.100.7:5")),
            ("tcp6 0 12 :::80 :::* LISTEN 17/nginx", ("LISTEN", 0, 12, ":::80", ":::*")),
            ("tcp 0 0 192.0.2.1:80 198.51.100.7:5 FIN_WAIT2", ("FIN-WAIT-2", 0, 0, "192.0.2.1:80", "198.51.100.7:5")),
        ] {
            let row = row_of(text, None).unwrap();
            let found = (row.state.as_str(), row.recv_q, row.send_q, row.local.as_str(), row.remote.as_str());
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(row_of("0 0 192.0.2.1:80 198.51.100.7:5", Some("TIME-WAIT")).unwrap().state, "TIME-WAIT");
        assert_eq!(row_of("0 0 192.0.2.1:80 198.51.100.7:5", None), None);
        assert_eq!(row_of("LISTEN 99999999999999999999999 0 *:80 *:*", None), None);
    }
}
