//! Reads the text output of tcpdump: with `-n`, and any of `-t`, `-tt`, `-tttt`, `-v`, `-e` and `-S`.

use self::line::{Printed, TcpdumpLine, Time};
use self::numbers::Numbers;
use super::{Addresses, Packet, Summary};

mod line;
mod numbers;
#[cfg(test)]
mod tests;

const DAY_NS: u64 = 86_400_000_000_000;
/// How many lines are looked at to recognise the output of tcpdump.
const LINES_JUDGED: usize = 1_000;

/// Whether tcpdump printed this text, judged by its first 1,000 lines.
pub fn is_tcpdump_text(text: &str) -> bool {
    text.lines().take(LINES_JUDGED).any(|line| line::flags_at(line).is_some_and(|at| line[..at].contains(" > ")))
}

/// Reads the text and calls `each` with every segment. A time without a date counts from midnight. A time with a date
/// is taken as UTC, because the text has no time zone.
pub fn read_text(text: &str, each: &mut impl FnMut(Packet)) -> Summary {
    let mut reader = TextReader {
        numbers: Numbers::of(text),
        pending: None,
        clock: LineClock::default(),
        named: 0,
        unread: 0,
        unnamed: 0,
        summary: Summary { source: "pasted text".to_owned(), ..Summary::default() },
    };
    text.lines().for_each(|line| reader.line(line, each));
    reader.finish()
}

struct TextReader {
    numbers: Numbers,
    /// The time of a packet whose segment is on the next line, as `-v` prints it.
    pending: Option<u64>,
    clock: LineClock,
    /// Lines with names instead of addresses and ports.
    named: u64,
    /// Lines of segments that cannot be read for another reason.
    unread: u64,
    unnamed: u64,
    summary: Summary,
}

/// Converts the times of lines to nanoseconds.
#[derive(Default)]
struct LineClock {
    /// The last time, and the number of midnights since the first one.
    last_ns: u64,
    days: u64,
    lacks_day: bool,
    lacks_time: bool,
    /// Whether the first time is 0, as with `-ttt` and `-ttttt`.
    counts_from_first: Option<bool>,
}

impl TextReader {
    fn line(&mut self, text: &str, each: &mut impl FnMut(Packet)) {
        let line = TcpdumpLine::of(text);
        let at = match line.time {
            Some(time) => {
                self.summary.packets += 1;
                let at = self.clock.nanoseconds(time);
                let span = self.summary.span_ns.map_or((at, at), |(first, last)| (first.min(at), last.max(at)));
                self.summary.span_ns = Some(span);
                at
            }
            None => match self.pending.take().filter(|_| text.starts_with([' ', '\t'])) {
                Some(at) => at,
                None => return,
            },
        };
        match line.printed {
            Printed::Nothing => self.pending = line.time.map(|_| at),
            Printed::Names => self.named += 1,
            Printed::Unread => self.unread += 1,
            Printed::Segment(printed) => {
                self.pending = None;
                let addresses = &mut self.summary.addresses;
                let Some(mut segment) = printed.ends(addresses) else {
                    self.unnamed += 1;
                    return;
                };
                self.numbers.restore(&mut segment, &printed);
                self.summary.segments += 1;
                let number = self.summary.packets;
                each(Packet { number, at_ns: at, segment, cut: printed.cut });
            }
        }
    }

    fn finish(self) -> Summary {
        let mut summary = self.summary;
        let most = Addresses::MOST;
        let is_delta = self.clock.counts_from_first == Some(true);
        let told = [
            (self.named, "left out: they have names instead of numbers; `tcpdump -n` prints numbers".to_owned()),
            (self.unread, "left out: they do not look like a segment of tcpdump".to_owned()),
            (self.unnamed, format!("left out: more than {most} IPv6 addresses")),
        ];
        summary
            .notes
            .extend(told.iter().filter(|(lines, _)| *lines > 0).map(|(lines, why)| format!("{lines} lines {why}")));
        let about_time = [
            (self.clock.lacks_time, "the text has no times; `tcpdump -tt` prints them"),
            (
                is_delta,
                "times that begin at 0 are read as counted from the first packet; `tcpdump -tt` prints full times",
            ),
            (self.clock.lacks_day && !is_delta, "the times have no date; `tcpdump -tt` prints full times"),
        ];
        summary.notes.extend(about_time.iter().filter(|(is_so, _)| *is_so).map(|(_, note)| (*note).to_owned()));
        summary
    }
}

impl LineClock {
    fn nanoseconds(&mut self, time: Time) -> u64 {
        let at = match time {
            Time::Missing => {
                self.lacks_time = true;
                self.last_ns
            }
            Time::Since1970(ns) => ns,
            Time::OfDay(ns) => {
                self.lacks_day = true;
                self.counts_from_first.get_or_insert(ns == 0);
                // A few packets are out of order. A time that is half a day earlier is on the next day.
                let today = self.days * DAY_NS + ns;
                if today + DAY_NS / 2 < self.last_ns {
                    self.days += 1;
                }
                self.days * DAY_NS + ns
            }
        };
        self.last_ns = at;
        at
    }
}
