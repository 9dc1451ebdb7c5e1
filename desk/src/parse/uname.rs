//! The release of the kernel: `uname -r`, `uname -a`, `/proc/version`, or the first line of the kernel's log.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::ParseState;

/// The parser; it keeps nothing between lines.
pub(super) struct Uname;

impl LineParser for Uname {
    fn read(&mut self, line: &TextLine<'_>, context: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        let release = in_a_sentence(text)
            .or_else(|| is_alone(text, context.is_one_line || context.runs("uname")).then_some(text));
        let Some(release) = release.filter(|release| is_release(release)) else { return false };
        keep(release, line, reading);
        true
    }
}

/// Adds the release. The first one counts, because the desk judges one kernel only.
pub(super) fn keep(release: &str, line: &TextLine<'_>, reading: &mut ParseState<'_>) {
    match &reading.evidence.release {
        Some(said) if said.value != release => {
            let because = format!("another kernel, {}, was read before", said.value);
            reading.note_once(&line.text, &because);
        }
        Some(_) => {}
        None => reading.evidence.release = Some(line.says(release.to_owned())),
    }
}

fn in_a_sentence(text: &str) -> Option<&str> {
    if let Some((_, rest)) = text.split_once("Linux version ") {
        return rest.split_whitespace().next();
    }
    if let Some(release) = text.strip_prefix("Kernel: Linux ") {
        return Some(release);
    }
    // Linux HOST RELEASE #BUILD ...
    let mut words = text.strip_prefix("Linux ")?.split_whitespace().skip(1);
    words.next().filter(|_| words.next().is_some_and(|build| build.starts_with('#')))
}

/// Whether a line is a release alone. Without `uname` above it and with other lines around it, it needs a build number
/// to differ from any number with dots.
fn is_alone(text: &str, is_asked: bool) -> bool {
    let has_build = text.split_once('-').is_some_and(|(version, _)| version.matches('.').count() >= 2);
    text.len() <= 100 && (is_asked || has_build) && !text.contains(char::is_whitespace)
}

/// Whether this is a release such as `3.10.0-1160.el7.x86_64`, and not an address or a date.
fn is_release(text: &str) -> bool {
    let (version, _) = text.split_once(['-', '+', '_', '~']).unwrap_or((text, ""));
    let numbers = || version.split('.');
    let is_version = (2..=4).contains(&numbers().count())
        && numbers().all(|number| (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
        && text.starts_with(|char: char| ('2'..='9').contains(&char));
    is_version && text.len() <= 100 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+_~".contains(&byte))
        && numbers().next().is_some_and(|major| major.len() == 1)
        // Not a date.
        && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_differ_from_addresses_and_dates() {
        for text in ["3.10.0-1160.el7.x86_64", "4.9.337", "2.6.32-754.el6", "6.18.44", "5.15.0-91-generic", "2.6.32.71"]
        {
            assert!(is_release(text), "{text}");
        }
        for text in ["192.0.2.1", "2026-11-25", "0.0", "12", "1.2.3", "4.x", ""] {
            assert!(!is_release(text), "{text}");
        }
    }

    #[test]
    fn a_release_is_found_in_a_sentence() {
        let release = Some("3.10.0-1160.el7.x86_64");
        assert_eq!(in_a_sentence("Linux web 3.10.0-1160.el7.x86_64 #1 SMP Mon Oct 19 16:18:59 UTC 2020"), release);
        assert_eq!(in_a_sentence("[    0.000000] Linux version 3.10.0-1160.el7.x86_64 (a@b) (gcc)"), release);
        assert_eq!(in_a_sentence("Linux is a kernel"), None);
    }
}
