//! `/proc/net/snmp` and `/proc/net/netstat`: a line of names, then a line of numbers.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::{CounterTool, ParseState};
use crate::evidence::Quote;

/// The first words of the lines.
const TABLES: &[&str] = &["TcpExt:", "Tcp:", "IpExt:", "Ip:", "IcmpMsg:", "Icmp:", "UdpLite:", "Udp:", "MPTcpExt:"];
/// The most lines that one line can be broken into: the longest table has 2,500 letters, the narrowest terminal 40
/// columns.
const MOST_PIECES: usize = 64;

/// The parser of a pair of lines.
#[derive(Default)]
pub(super) struct ProcNet {
    table: &'static str,
    names: BrokenLine,
    numbers: BrokenLine,
    /// The line of numbers, once it has begun.
    quote: Option<Quote>,
}

/// A long line in pieces, as a terminal or a mail program broke it.
#[derive(Default)]
struct BrokenLine {
    texts: Vec<String>,
    /// The length of each piece with its leading blanks.
    widths: Vec<usize>,
}

impl BrokenLine {
    fn push(&mut self, piece: &str, width: usize) {
        self.texts.push(piece.to_owned());
        self.widths.push(width);
    }

    /// The words of the whole line. A piece of length `width` was broken within a word.
    fn words(&self, width: usize) -> Vec<String> {
        let mut whole = String::new();
        for (text, its_width) in self.texts.iter().zip(&self.widths) {
            whole += text;
            if *its_width != width {
                whole.push(' ');
            }
        }
        whole.split_whitespace().map(str::to_owned).collect()
    }

    /// The lengths of all pieces but the last.
    fn full(&self) -> impl Iterator<Item = usize> + Clone {
        self.widths.iter().copied().take(self.widths.len().saturating_sub(1))
    }
}

impl LineParser for ProcNet {
    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.text.trim();
        let Some((table, rest)) = TABLES.iter().find_map(|table| Some((*table, text.strip_prefix(table)?))) else {
            return self.goes_on(line.text.trim_end());
        };
        let mut words = rest.split_whitespace();
        let Some(first) = words.next().filter(|_| rest.starts_with([' ', '\t'])) else { return false };
        if is_name(first) && !is_number(first) && words.all(is_name) {
            self.finish(reading);
            self.table = table;
            self.names.push(rest, line.text.trim_end().len());
        } else if self.table == table && self.quote.is_none() && is_number(first) {
            self.quote = Some(line.quote());
            self.numbers.push(rest, line.text.trim_end().len());
        } else {
            return false;
        }
        true
    }

    fn end(&mut self, reading: &mut ParseState<'_>) {
        self.finish(reading);
    }
}

impl ProcNet {
    /// Takes the rest of a broken line: it has no table name, and only words of the expected kind.
    fn goes_on(&mut self, text: &str) -> bool {
        if self.table.is_empty() {
            return false;
        }
        let names_were_broken = self.names.texts.len() > 1;
        let widest_name = self.names.widths.iter().copied().max().unwrap_or_default();
        let (pieces, fits): (_, fn(&str) -> bool) = match self.quote {
            Some(_) => (&mut self.numbers, is_number),
            None => (&mut self.names, is_name),
        };
        // If the names fitted in one line, a shorter line of numbers was not broken.
        let was_broken = self.quote.is_none()
            || names_were_broken
            || pieces.widths.last().is_some_and(|&width| width >= widest_name);
        let goes_on = was_broken && pieces.texts.len() < MOST_PIECES && text.split_whitespace().all(fits);
        if goes_on {
            pieces.push(text, text.len());
        }
        goes_on
    }

    /// Adds the counters if there are as many numbers as names.
    fn finish(&mut self, reading: &mut ParseState<'_>) {
        let Self { table, names, numbers, quote } = std::mem::take(self);
        let Some(quote) = quote else { return };
        let table = table.trim_end_matches(':');
        // A terminal breaks all lines at the same column, also within words. A mail program breaks them at blanks, and
        // so at different columns.
        let full = names.full().chain(numbers.full());
        let width = full.clone().max().unwrap_or_default();
        let is_terminal = full.clone().filter(|other| *other == width).count() * 2 >= full.count();
        for width in if is_terminal { [width, 0] } else { [0, width] } {
            let (names, numbers) = (names.words(width), numbers.words(width));
            if names.len() == numbers.len() {
                // `-1` is not a count: `MaxConn` is -1 if there is no limit.
                let counters = names.iter().zip(&numbers).filter(|(_, number)| !number.starts_with('-'));
                counters.for_each(|(name, number)| {
                    reading.count(CounterTool::ProcNet, &format!("{table}{name}"), number, &quote);
                });
                return;
            }
        }
        reading.note(&quote.text, "there are not as many numbers as names");
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name, or the rest of a broken one.
fn is_name(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
