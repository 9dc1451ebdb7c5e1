//! The path of the field at which a JSON reader stopped: `hosts[2].clock.hz`.
//!
//! The reader says line and column. Following the text up to there costs a few lines; a deserializer that keeps the path
//! all the way (`serde_path_to_error`) costs 66 kB of wasm.

/// An object or array that is open.
enum Open {
    /// An object, and the key that was read last.
    Object(String),
    /// An array, and the position of the element.
    Array(usize),
}

/// The path at the end of `text`, which is the beginning of a JSON document; empty for the whole. With `of_value` the
/// path of a value that was to come, so a key at the very end does not count.
pub(super) fn path(text: &str, of_value: bool) -> String {
    let mut open: Vec<Open> = Vec::new();
    let mut awaits_key = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token_length(rest, first));
        rest = after;
        match (first, open.last_mut()) {
            ('{', _) => open.push(Open::Object(String::new())),
            ('[', _) => open.push(Open::Array(0)),
            ('}' | ']', _) => drop(open.pop()),
            (',', Some(Open::Array(index))) => *index += 1,
            ('"', Some(Open::Object(key))) if awaits_key => {
                let is_last = rest.trim_start().is_empty();
                token[1..].strip_suffix('"').unwrap_or(&token[1..]).clone_into(key);
                if of_value && is_last {
                    key.clear();
                }
            }
            _ => {}
        }
        awaits_key = match first {
            '{' | ',' => matches!(open.last(), Some(Open::Object(_))),
            first => awaits_key && first.is_ascii_whitespace(),
        };
    }
    written(&open)
}

/// How long the token is with which `text` begins: a string, or one character of anything else.
fn token_length(text: &str, first: char) -> usize {
    if first != '"' {
        return first.len_utf8();
    }
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn written(open: &[Open]) -> String {
    let mut path = String::new();
    for level in open {
        match level {
            Open::Array(index) => path.push_str(&format!("[{index}]")),
            Open::Object(key) if key.is_empty() => {}
            Open::Object(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
        }
    }
    path
}

/// The part of `text` before this line and column, both from 1 as serde_json counts them.
pub(super) fn before(text: &str, line: usize, column: usize) -> &str {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut end = (start + column).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::{before, path};

    #[test]
    fn the_path_is_where_the_text_ends() {
        let cases = [
            ("", ""),
            ("{\"a\"", "a"),
            ("{\"a\": {\"b\": 1", "a.b"),
            ("{\"a\": {\"b\": 1}", "a"),
            ("{\"a\": [1, 2, {\"c, \\\"}\": [3", "a[2].c, \\\"}[0]"),
            ("{\"a\": \"x, [\", \"d\": tr", "d"),
        ];
        for (text, expected) in cases {
            assert_eq!(path(text, false), expected, "{text}");
        }
        assert_eq!(path("{\"a\": {\"b\"", true), "a");
    }

    #[test]
    fn a_place_in_a_text_of_several_lines_is_found() {
        assert_eq!(before("ab\ncde\nf", 2, 2), "ab\ncd");
        assert_eq!(before("a\u{e9}", 1, 2), "a");
        assert_eq!(before("ab", 9, 9), "ab");
    }
}
