//! Reads one line of tcpdump.

use std::net::IpAddr;

use sim_core::addr::Endpoint;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::timestamp::{Timestamps, Tsval};

use crate::capture::Addresses;

/// A line of tcpdump.
pub(super) struct TcpdumpLine {
    /// The time, if a packet begins on this line.
    pub time: Option<Time>,
    pub printed: Printed,
}

/// The time of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// `-t`.
    Missing,
    /// Nanoseconds since 1970: `-tt`, `-tttt`.
    Since1970(u64),
    /// Nanoseconds since midnight.
    OfDay(u64),
}

/// The segment on a line.
pub(super) enum Printed {
    /// No segment: another protocol, or the segment is on the next line.
    Nothing,
    /// Names instead of addresses or ports.
    Names,
    /// A segment that cannot be read.
    Unread,
    Segment(PrintedSegment),
}

/// A segment with its sequence numbers as printed, which may be relative.
pub(super) struct PrintedSegment {
    src: (IpAddr, u16),
    dst: (IpAddr, u16),
    pub flags: Flags,
    /// A pure ACK is printed without it.
    pub seq: Option<u32>,
    pub ack: Option<u32>,
    len: u32,
    window: u32,
    timestamps: Option<Timestamps>,
    pub cut: bool,
}

/// Where the flags of a segment begin on a line.
pub(super) fn flags_at(line: &str) -> Option<usize> {
    line.find(": Flags [")
}

impl TcpdumpLine {
    pub(super) fn of(text: &str) -> Self {
        Self { time: time(text), printed: printed(text) }
    }
}

impl PrintedSegment {
    /// The segment with its sequence numbers as printed; `None` if there are too many IPv6 addresses.
    pub(super) fn ends(&self, addresses: &mut Addresses) -> Option<Segment> {
        let mut end = |(addr, port)| Some(Endpoint::new(addresses.stand_in(addr)?, port));
        Some(Segment {
            src: end(self.src)?,
            dst: end(self.dst)?,
            flags: self.flags,
            seq: Seq(self.seq.unwrap_or(0)),
            ack: Seq(self.ack.unwrap_or(0)),
            len: self.len,
            window: self.window,
            timestamps: self.timestamps,
        })
    }
}

fn printed(text: &str) -> Printed {
    let Some(at) = flags_at(text) else { return Printed::Nothing };
    let (before, rest) = (&text[..at], &text[at + ": Flags [".len()..]);
    // With -e two hardware addresses come first.
    let Some((left, right)) = before.rsplit_once(" > ") else { return Printed::Nothing };
    let source = left.rsplit(' ').next().unwrap_or(left);
    let (Some(src), Some(dst)) = (endpoint(source), endpoint(right)) else { return Printed::Names };
    segment(src, dst, rest).map_or(Printed::Unread, Printed::Segment)
}

/// Reads `203.0.113.1.48578` or `2001:db8::1.34160`.
fn endpoint(text: &str) -> Option<(IpAddr, u16)> {
    let (addr, port) = text.rsplit_once('.')?;
    Some((addr.parse().ok()?, port.parse().ok()?))
}

fn segment(src: (IpAddr, u16), dst: (IpAddr, u16), rest: &str) -> Option<PrintedSegment> {
    let (letters, rest) = rest.split_once(']')?;
    let flags = flags(letters)?;
    // Options may contain the names of fields, and the payload may contain anything.
    let (fields, options) = match rest.split_once(", options [") {
        Some((fields, after)) => (fields, after.split_once(']').map_or(after, |(options, _)| options)),
        None => (rest, ""),
    };
    let after_options = rest.get(fields.len() + options.len()..).unwrap_or("");
    let (seq, end) = match number_after(fields, ", seq ") {
        Some((seq, more)) => (Some(seq), more.strip_prefix(':').and_then(digits).map(|(end, _)| end)),
        None => (None, None),
    };
    let spanned = seq.zip(end).map(|(seq, end)| end.wrapping_sub(seq));
    let len = spanned.or_else(|| number_after(after_options, ", length ").map(|(len, _)| len)).unwrap_or(0);
    let ack = number_after(fields, ", ack ").map(|(ack, _)| ack);
    let is_whole = flags.has(Flags::ACK) == ack.is_some();
    is_whole.then_some(PrintedSegment {
        src,
        dst,
        flags,
        seq,
        ack,
        len,
        window: number_after(fields, ", win ").map_or(0, |(window, _)| window),
        timestamps: timestamps(options),
        cut: options.contains("[|tcp"),
    })
}

/// Reads the flags. The model has none for URG, ECE, CWR and the newer ones.
fn flags(letters: &str) -> Option<Flags> {
    if letters == "none" {
        return Some(Flags::default());
    }
    letters.chars().try_fold(Flags::default(), |flags, letter| {
        Some(flags.with(match letter {
            'F' => Flags::FIN,
            'S' => Flags::SYN,
            'R' => Flags::RST,
            'P' => Flags::PSH,
            '.' => Flags::ACK,
            'U' | 'E' | 'W' | 'e' => Flags::default(),
            _ => return None,
        }))
    })
}

/// Finds `TS val 1 ecr 2` among the options.
fn timestamps(options: &str) -> Option<Timestamps> {
    let (tsval, more) = number_after(options, "TS val ")?;
    let (tsecr, _) = digits(more.strip_prefix(" ecr ")?)?;
    Some(Timestamps { tsval: Tsval(tsval), tsecr: Tsval(tsecr) })
}

fn number_after<'a>(text: &'a str, words: &str) -> Option<(u32, &'a str)> {
    digits(text.split_once(words)?.1)
}

/// The number at the beginning, and the rest.
fn digits(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text[..length].parse().ok()?, &text[length..]))
}

/// The time at the beginning of a line, if a packet begins there.
fn time(text: &str) -> Option<Time> {
    let text = text.trim_start();
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let first = words.next()?;
    if matches!(first, "IP" | "IP6") {
        return Some(Time::Missing);
    }
    // With --number the number of the packet comes first.
    let first = if first.bytes().all(|byte| byte.is_ascii_digit()) { words.next()? } else { first };
    if let Some(ns) = of_day(first) {
        return Some(Time::OfDay(ns));
    }
    if let Some(day) = days_since_1970(first) {
        let seconds = day.checked_mul(86_400)?.checked_mul(1_000_000_000)?;
        return Some(Time::Since1970(seconds.checked_add(of_day(words.next()?)?)?));
    }
    let (seconds, fraction) = first.split_once('.')?;
    // Exclude addresses and short decimal numbers.
    let is_time = seconds.len() >= 9 && matches!(fraction.len(), 6 | 9);
    let seconds: u64 = seconds.parse().ok().filter(|_| is_time)?;
    Some(Time::Since1970(seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds(fraction)?)?))
}

/// Nanoseconds since midnight of `23:38:05.370379`.
fn of_day(word: &str) -> Option<u64> {
    let (clock, fraction) = word.split_once('.')?;
    let mut parts = clock.split(':');
    let mut part =
        |most| Some(parts.next().filter(|part| part.len() == 2)?.parse().ok()?).filter(|part: &u64| *part <= most);
    let (hours, minutes, seconds) = (part(23)?, part(59)?, part(60)?);
    let is_whole = parts.next().is_none();
    let seconds = (hours * 60 + minutes) * 60 + seconds;
    Some(seconds * 1_000_000_000 + nanoseconds(fraction)?).filter(|_| is_whole)
}

/// Nanoseconds of the six or nine digits after the point.
fn nanoseconds(fraction: &str) -> Option<u64> {
    let is_number = matches!(fraction.len(), 6 | 9) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = fraction.parse().ok().filter(|_| is_number)?;
    Some(if fraction.len() == 6 { number * 1_000 } else { number })
}

/// Days from 1970-01-01 to a date such as `2026-11-25`, in the Gregorian calendar.
fn days_since_1970(word: &str) -> Option<u64> {
    let mut parts = word.split('-');
    let mut part = |length| parts.next().filter(|part: &&str| part.len() == length)?.parse::<u64>().ok();
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let is_day = year >= 1970 && (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
    // The year begins in March here, so that the leap day is its last day.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.saturating_sub(1), month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    days.checked_sub(719_469).filter(|_| is_day)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{Time, time};

    /// The expected values are from `date -u -d @N`.
    #[test]
    fn every_form_of_time() {
        let s = 1_000_000_000;
        for (text, expected) in [
            ("23:38:05.370379 IP x", Some(Time::OfDay(85_085 * s + 370_379_000))),
            (" 00:00:00.000014 IP x", Some(Time::OfDay(14_000))),
            ("    1  23:38:05.370379 IP x", Some(Time::OfDay(85_085 * s + 370_379_000))),
            ("1795649883.488704 ifb0  In  IP x", Some(Time::Since1970(1_795_649_883 * s + 488_704_000))),
            ("1795649883.488704123 IP x", Some(Time::Since1970(1_795_649_883 * s + 488_704_123))),
            ("2026-11-25 23:38:03.488704 IP x", Some(Time::Since1970(1_795_649_883 * s + 488_704_000))),
            ("1970-01-01 00:00:00.000001 IP x", Some(Time::Since1970(1_000))),
            ("2000-02-29 00:00:00.000000 IP x", Some(Time::Since1970(951_782_400 * s))),
            ("2000-03-01 00:00:00.000000 IP x", Some(Time::Since1970(951_868_800 * s))),
            ("IP6 x", Some(Time::Missing)),
            ("24:00:00.000000 IP x", None),
            ("0000-00-00 00:00:00.000000 IP x", None),
            ("    203.0.113.1.48578 > 198.51.100.10.8080: Flags [S]", None),
            ("\t0x0000:  4500 003c", None),
            ("", None),
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn endpoints() {
        let four = (Ipv4Addr::new(203, 0, 113, 1).into(), 48_578);
        assert_eq!(super::endpoint("203.0.113.1.48578"), Some(four));
        assert_eq!(super::endpoint("2001:db8::1.80"), Some(("2001:db8::1".parse().unwrap(), 80)));
        assert_eq!(super::endpoint("198.51.100.10.http"), None);
        assert_eq!(super::endpoint("www.example.org.80"), None);
    }
}
