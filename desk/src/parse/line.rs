//! One line of a text, without the escape sequences and marks that terminals and mail programs add.

use std::borrow::Cow;

use crate::evidence::{Quote, Quoted};

/// The most characters of a line that are quoted.
const MOST_QUOTED: usize = 200;

/// A line with its source and number.
pub(crate) struct TextLine<'a> {
    pub(crate) source: &'a str,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) text: Cow<'a, str>,
}

impl<'a> TextLine<'a> {
    pub(crate) fn new(source: &'a str, number: u32, raw: &'a str) -> Self {
        Self { source, number, text: clean(raw) }
    }

    pub(crate) fn trimmed(&self) -> &str {
        self.text.trim()
    }

    pub(crate) fn quote(&self) -> Quote {
        Quote { source: self.source.to_owned(), line: self.number, text: cut(self.text.trim_end()) }
    }

    pub(crate) fn says<T>(&self, value: T) -> Quoted<T> {
        Quoted { value, quote: self.quote() }
    }
}

/// The first 200 characters.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(MOST_QUOTED).collect()
}

/// Removes escape sequences, control characters and the marks of quoted mail, and makes all blanks plain.
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
            // Text copied from a browser contains no-break spaces.
            '\u{a0}' | '\u{2007}' | '\u{202f}' => text.push(' '),
            '\u{200b}' | '\u{feff}' => {}
            _ if char.is_control() => {}
            _ => text.push(char),
        }
    }
    Cow::Owned(text)
}

/// ECMA-48, 5.4: a control sequence ends with its first byte from `@` to `~`; a window title ends with BEL or ST.
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
    fn escape_sequences_of_terminals_are_removed() {
        let clean = |raw| TextLine::new("pasted text", 1, raw).text.into_owned();
        assert_eq!(clean("\u{1b}[01;31m\u{1b}[KTIME-WAIT\u{1b}[m\u{1b}[K 0\r"), "TIME-WAIT 0");
        assert_eq!(clean("\u{1b}]0;root@web\u{7}# uname -r"), "# uname -r");
        assert_eq!(clean("> > tcp\u{a0}0"), "tcp 0");
        assert_eq!(clean("\u{1b}["), "");
    }

    #[test]
    fn a_quote_is_cut_between_characters() {
        let long = "ä".repeat(500);
        assert_eq!(TextLine::new("x", 7, &long).quote().text.chars().count(), MOST_QUOTED);
    }
}
