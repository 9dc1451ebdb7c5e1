//! `netstat -s` of net-tools, old and new. busybox has no `netstat -s`.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::netstat_texts::{begins_one, name_of};
use super::parse_state::{CounterTool, ParseState};
use crate::evidence::Quote;

/// The headers of its tables.
const TABLES: &[&str] =
    &["Ip", "Icmp", "IcmpMsg", "Tcp", "Udp", "UdpLite", "TcpExt", "IpExt", "Sctp", "MPTcpExt", "Ip6", "Icmp6", "Udp6"];
/// The first letters of counters without a sentence. They identify TCP counters without the header of their table.
const WITHOUT_SENTENCE: &[&str] = &["TCP", "Tcp", "PAWS", "TW", "Listen", "Syncookies"];

/// The parser of one `netstat -s`.
#[derive(Default)]
pub(super) struct Netstat {
    table: Option<&'static str>,
    /// The tables of this sample. A table that comes again begins the next sample.
    tables: Vec<&'static str>,
    /// A sentence that may continue on the next line.
    broken: Option<(String, Quote)>,
}

impl LineParser for Netstat {
    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        if let Some((start, quote)) = self.broken.take() {
            let whole = [format!("{start} {text}"), format!("{start}{text}")];
            if whole.iter().any(|whole| sentence(whole, &quote, reading)) {
                return true;
            }
        }
        if let Some(table) = text.strip_suffix(':').and_then(|name| TABLES.iter().find(|table| **table == name)) {
            if self.tables.contains(table) {
                self.end(reading);
            }
            self.table = Some(table);
            self.tables.push(table);
            return true;
        }
        if sentence(text, &line.quote(), reading) || self.named(text, line, reading) {
            return true;
        }
        if numbered(text).is_some_and(|(start, _)| begins_one(&start)) {
            self.broken = Some((text.to_owned(), line.quote()));
            return true;
        }
        false
    }

    fn end(&mut self, reading: &mut ParseState<'_>) {
        *self = Self::default();
        reading.close_sample(CounterTool::Netstat);
    }
}

impl Netstat {
    /// Reads `TCPReqQFullDrop: 12`, a counter without a sentence in net-tools.
    fn named(&self, text: &str, line: &TextLine<'_>, reading: &mut ParseState<'_>) -> bool {
        let Some((name, value)) = text.split_once(": ") else { return false };
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let is_tcp = WITHOUT_SENTENCE.iter().any(|start| name.starts_with(start));
        let table = self.table.or(is_tcp.then_some("TcpExt"));
        let Some(table) = table.filter(|_| is_name && is_number) else { return false };
        reading.count(CounterTool::Netstat, &format!("{table}{name}"), value, &line.quote());
        true
    }
}

/// Adds the counter of a sentence, if it is one.
fn sentence(text: &str, quote: &Quote, reading: &mut ParseState<'_>) -> bool {
    let Some((sentence, value)) = numbered(text) else { return false };
    let Some(name) = name_of(&sentence) else { return false };
    reading.count(CounterTool::Netstat, name, value, quote);
    true
}

/// A sentence with `#` instead of its number and without the full stop, and the number. `None` if there is no number.
fn numbered(text: &str) -> Option<(String, &str)> {
    // The longest sentence of net-tools has 80 letters.
    let text = text.trim_end_matches('.');
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let value = text.split_whitespace().take(5).find(is_number).filter(|_| text.len() < 200)?;
    let words: Vec<_> = text.split_whitespace().map(|word| if word == value { "#" } else { word }).collect();
    Some((words.join(" "), value))
}
