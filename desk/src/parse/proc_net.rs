//! `/proc/net/snmp` and `/proc/net/netstat`: a line of names, and a line of numbers below it.

use super::line::Line;
use super::{Around, Kind, Part, Reading};
use crate::evidence::Quote;

/// The first words of the lines that are read.
const TABLES: &[&str] = &["TcpExt:", "Tcp:", "IpExt:", "Ip:", "IcmpMsg:", "Icmp:", "UdpLite:", "Udp:", "MPTcpExt:"];
/// The longest table has 2,500 letters: so many lines on a terminal of 40 columns.
const MOST_PIECES: usize = 64;

/// What was read of a pair.
#[derive(Default)]
pub(super) struct ProcNet {
    table: &'static str,
    names: Pieces,
    numbers: Pieces,
    /// Of the line of numbers, once it began.
    quote: Option<Quote>,
}

/// A long line as a terminal or a mail program may have broken it.
#[derive(Default)]
struct Pieces {
    texts: Vec<String>,
    /// How long each of them was on the screen.
    widths: Vec<usize>,
}

impl Pieces {
    fn push(&mut self, piece: &str, width: usize) {
        self.texts.push(piece.to_owned());
        self.widths.push(width);
    }

    /// The words, where a word goes on in the next line if its own has `width`.
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

    /// The widths of those that go on in the next line.
    fn full(&self) -> impl Iterator<Item = usize> + Clone {
        self.widths.iter().copied().take(self.widths.len().saturating_sub(1))
    }
}

impl Part for ProcNet {
    fn read(&mut self, line: &Line<'_>, _: &Around, reading: &mut Reading<'_>) -> bool {
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

    fn end(&mut self, reading: &mut Reading<'_>) {
        self.finish(reading);
    }
}

impl ProcNet {
    /// The rest of a line that was broken: without the name of a table, and of the words that are waited for.
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
        // Where names had room in one line, a shorter line of numbers was not broken.
        let was_broken = self.quote.is_none()
            || names_were_broken
            || pieces.widths.last().is_some_and(|&width| width >= widest_name);
        let goes_on = was_broken && pieces.texts.len() < MOST_PIECES && text.split_whitespace().all(fits);
        if goes_on {
            pieces.push(text, text.len());
        }
        goes_on
    }

    /// Puts the counters down if there are as many numbers as names.
    fn finish(&mut self, reading: &mut Reading<'_>) {
        let Self { table, names, numbers, quote } = std::mem::take(self);
        let Some(quote) = quote else { return };
        let table = table.trim_end_matches(':');
        // A terminal breaks lines at one column, in the middle of words; what is shorter ended with a blank. A mail program
        // breaks them at blanks only, and few of them at the same column.
        let full = names.full().chain(numbers.full());
        let width = full.clone().max().unwrap_or_default();
        let is_terminal = full.clone().filter(|other| *other == width).count() * 2 >= full.count();
        for width in if is_terminal { [width, 0] } else { [0, width] } {
            let (names, numbers) = (names.words(width), numbers.words(width));
            if names.len() == numbers.len() {
                // `-1` is no counter: `MaxConn` has no limit.
                let counters = names.iter().zip(&numbers).filter(|(_, number)| !number.starts_with('-'));
                counters.for_each(|(name, number)| {
                    reading.count(Kind::ProcNet, &format!("{table}{name}"), number, &quote);
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

/// A name, or the end of one that a terminal broke.
fn is_name(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
