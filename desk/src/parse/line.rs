//! One line of a text, without what terminals, mail programs and other systems put around it.

use std::borrow::Cow;

use crate::evidence::{Quote, Said};

/// So much of a line is quoted.
const MOST_QUOTED: usize = 200;

/// A line and what is needed to quote it.
pub(crate) struct Line<'a> {
    pub(crate) source: &'a str,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) text: Cow<'a, str>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(source: &'a str, number: u32, raw: &'a str) -> Self {
        Self { source, number, text: clean(raw) }
    }

    pub(crate) fn trimmed(&self) -> &str {
        self.text.trim()
    }

    pub(crate) fn quote(&self) -> Quote {
        Quote { source: self.source.to_owned(), line: self.number, text: cut(self.text.trim_end()) }
    }

    pub(crate) fn says<T>(&self, what: T) -> Said<T> {
        Said { what, quote: self.quote() }
    }
}

/// The first 200 characters.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(MOST_QUOTED).collect()
}

/// Without colours, control characters and the marks of a quoted mail; with plain blanks.
fn clean(raw: &str) -> Cow<'_, str> {
    let mut raw = raw.trim_end_matches('\r');
    while let Some(rest) = raw.strip_prefix("> ") {
        raw = rest;
    }
    let is_plain = |byte: u8| byte == b'\t' || (b' '..0x7f).contains(&byte);
    if raw.bytes().all(is_plain) {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(char) = chars.next() {
        match char {
            '\u{1b}' => skip_escape(&mut chars),
            '\t' => text.push(char),
            // Pages copied from a browser have blanks that do not break.
            '\u{a0}' | '\u{2007}' | '\u{202f}' => text.push(' '),
            '\u{200b}' | '\u{feff}' => {}
            _ if char.is_control() => {}
            _ => text.push(char),
        }
    }
    Cow::Owned(text)
}

/// ECMA-48, 5.4: a control sequence ends with its first byte from `@` to `~`; a title of the window with BEL or ST.
fn skip_escape(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => {
            chars.find(|char| ('@'..='~').contains(char));
        }
        Some(']') if chars.find(|char| matches!(char, '\u{7}' | '\u{1b}')) == Some('\u{1b}') => {
            chars.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_adds_is_gone() {
        let clean = |raw| Line::new("pasted text", 1, raw).text.into_owned();
        assert_eq!(clean("\u{1b}[01;31m\u{1b}[KTIME-WAIT\u{1b}[m\u{1b}[K 0\r"), "TIME-WAIT 0");
        assert_eq!(clean("\u{1b}]0;root@web\u{7}# uname -r"), "# uname -r");
        assert_eq!(clean("> > tcp\u{a0}0"), "tcp 0");
        assert_eq!(clean("\u{1b}["), "");
    }

    #[test]
    fn a_quote_is_cut_between_characters() {
        let long = "ä".repeat(500);
        assert_eq!(Line::new("x", 7, &long).quote().text.chars().count(), MOST_QUOTED);
    }
}
