//! Escapes input for Markdown, so that it never becomes markup, a link or HTML, in tables too.

use std::fmt::Write as _;

/// Input as running text. Characters of Markdown and HTML are escaped; invisible characters and those that change the
/// direction of writing are replaced.
pub fn text(from: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = from.trim().chars().map(visible).collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Markdown makes links of web and mail addresses by itself.
            '@' => out.push_str("&#64;"),
            ':' if after == Some('/') => out.push_str("&#58;"),
            '.' if before.is_some_and(|c| c.eq_ignore_ascii_case(&'w')) => out.push_str("&#46;"),
            '_' if in_word(before) && in_word(after) => out.push('_'),
            '\\' | '`' | '|' | '*' | '_' | '[' | ']' | '#' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '-' | '+' | '=' if before.is_none() => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Input as code if that is safe, else as running text. A simple Markdown reader must not find HTML in it either.
pub fn code(from: &str) -> String {
    let trimmed = from.trim();
    let is_plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !"`<&|\\".contains(c);
    if trimmed.is_empty() {
        return "(empty)".to_owned();
    }
    let spaced = trimmed.replace('\t', " ");
    if spaced.chars().all(is_plain) {
        let mut out = String::new();
        let _ = write!(out, "`{spaced}`");
        return out;
    }
    text(&spaced)
}

/// Line feeds and tabs become spaces. Control characters, and those that hide text or change its direction, become
/// U+FFFD.
fn visible(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' => ' ',
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{code, text};

    #[test]
    fn input_never_becomes_markup() {
        let cases = [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a|b", "a\\|b"),
            ("``` \n# head", "\\`\\`\\`  \\# head"),
            ("![x](http://a.example)", "\\!\\[x\\](http&#58;//a.example)"),
            ("tcp_tw_recycle _em_ *b*", "tcp_tw_recycle \\_em\\_ \\*b\\*"),
            ("- item", "\\- item"),
            ("www.a.example me@a.example", "www&#46;a.example me&#64;a.example"),
            ("a\u{202e}b\u{0}c", "a\u{fffd}b\u{fffd}c"),
            ("&lt;", "&amp;lt;"),
        ];
        for (from, to) in cases {
            assert_eq!(text(from), to, "{from:?}");
        }
    }

    #[test]
    fn input_is_code_only_if_nothing_in_it_can_end_the_code() {
        assert_eq!(code("TcpExtPAWSPassive\t34  0.0"), "`TcpExtPAWSPassive 34  0.0`");
        assert_eq!(code("a`b"), "a\\`b");
        assert_eq!(code("<b>"), "&lt;b&gt;");
        assert_eq!(code("a|b"), "a\\|b");
        assert_eq!(code("  "), "(empty)");
    }
}
