//! The format of numbers and times on the whole page.

use core::fmt::Write;

use sim_core::time::{SimTime, Span};
use sim_core::words::grouped;

/// A signed number with thousands separators and a true minus sign (U+2212).
pub fn grouped_signed(number: i64) -> String {
    let sign = if number < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// A moment in seconds: `24.310 s`.
pub fn moment(at: SimTime) -> String {
    format!("{} s", seconds_ms(at))
}

/// The same with a no-break space, for text that wraps.
pub fn moment_in_text(at: SimTime) -> String {
    format!("{}\u{a0}s", seconds_ms(at))
}

/// Seconds with three decimals: `24.310`. Truncated rather than rounded, so that a moment is never shown before it has
/// come.
pub fn seconds_ms(at: SimTime) -> String {
    let ms = at.as_micros() / 1_000;
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// A moment as the address holds it: seconds, exact to the microsecond, without trailing zeros.
pub fn seconds_exact(at: SimTime) -> String {
    let us = at.as_micros();
    let mut text = (us / 1_000_000).to_string();
    let fraction = us % 1_000_000;
    if fraction > 0 {
        let _ = write!(text, ".{fraction:06}");
        text.truncate(text.trim_end_matches('0').len());
    }
    text
}

/// The inverse of [`seconds_exact`]. `None` for anything except digits with at most six decimals.
pub fn parse_seconds(text: &str) -> Option<SimTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || fraction.len() > 6 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let fraction: u64 = format!("{fraction:0<6}").parse().ok()?;
    Some(SimTime::from_micros(whole * 1_000_000 + fraction))
}

/// A duration: `24 ms`, `0.7 s`, `2.4 s`, `41 s`.
pub fn span(span: Span) -> String {
    let us = span.as_micros();
    match us {
        0..100_000 => format!("{} ms", us.div_ceil(1_000)),
        100_000..10_000_000 => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
        _ => format!("{} s", us / 1_000_000),
    }
}

/// An uptime in its two largest units: `15 days 7 h`, `1 h 23 min`, `40 s`.
pub fn uptime(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, ..) => format!("{hours} h {minutes} min"),
        (1, ..) => format!("1 day {hours} h"),
        _ => format!("{days} days {hours} h"),
    }
}

/// A number in words up to twelve, in digits from thirteen on.
pub fn in_words(number: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// The text with its first letter in upper case.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A coordinate with one decimal: `12.0`, `-0.3`.
pub fn tenths(number: f64) -> String {
    format!("{number:.1}")
}

/// Replaces each `#` of `pattern` by the next of `numbers`, with one decimal at most: `M# #H#`.
pub fn filled(pattern: &str, numbers: &[f64]) -> String {
    let mut text = String::with_capacity(pattern.len() + numbers.len() * 4);
    let mut numbers = numbers.iter();
    for letter in pattern.chars() {
        match numbers.as_slice() {
            [number, ..] if letter == '#' => {
                let _ = write!(text, "{number:.1}");
                numbers.next();
                if text.ends_with(".0") {
                    text.truncate(text.len() - 2);
                }
            }
            _ => text.push(letter),
        }
    }
    text
}

/// A number with its noun: `1 change`, `2 changes`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `text` in lines of at most `most` characters. A longer word has a line of its own. A no-break space keeps words
/// together, and becomes a space.
pub fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter().map(|line| line.replace('\u{a0}', " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_has_a_true_minus_sign() {
        assert_eq!(grouped_signed(-14_200), "\u{2212}14,200");
    }

    #[test]
    fn a_pattern_is_filled_with_coordinates_without_idle_zeros() {
        assert_eq!(filled("M# #l# -4z", &[1.0, -2.54, 0.0]), "M1 -2.5l0 -4z");
    }

    #[test]
    fn seconds_survive_a_round_trip() {
        for us in [0, 1, 24_310_000, 8_310_254, 180_000_000] {
            let at = SimTime::from_micros(us);
            assert_eq!(parse_seconds(&seconds_exact(at)), Some(at));
        }
        assert_eq!(seconds_exact(SimTime::from_millis(24_310)), "24.31");
    }

    #[test]
    fn invalid_numbers_of_seconds_are_rejected() {
        for text in ["", "-1", "1e3", "1.2.3", ".5", "1.1234567", "9999999999", "NaN"] {
            assert_eq!(parse_seconds(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_truncated_not_rounded() {
        assert_eq!(seconds_ms(SimTime::from_micros(8_310_999)), "8.310");
    }

    #[test]
    fn durations_have_readable_units() {
        let texts = [400, 24_000, 700_000, 2_449_000, 41_900_000].map(|us| span(Span::from_micros(us)));
        assert_eq!(texts, ["1 ms", "24 ms", "0.7 s", "2.4 s", "41 s"]);
        assert_eq!(
            [40, 600, 4_980, 90_000, 1_321_200].map(uptime),
            ["40 s", "10 min", "1 h 23 min", "1 day 1 h", "15 days 7 h"]
        );
    }

    #[test]
    fn words_are_wrapped_except_at_no_break_spaces() {
        assert_eq!(wrapped("remembered 5,012,400 >\u{a0}4,998,200", 32), ["remembered 5,012,400 > 4,998,200"]);
        assert_eq!(wrapped("remembered 5,012,400 >\u{a0}4,998,200", 14), ["remembered", "5,012,400", "> 4,998,200"]);
        assert_eq!(wrapped("FIN-WAIT-1", 4), ["FIN-WAIT-1"]);
    }
}
