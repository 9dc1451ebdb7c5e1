//! The release of the kernel: `uname -r`, `uname -a`, `/proc/version`, and the first line of its log.

use super::line::Line;
use super::{Around, Part, Reading};

/// Nothing is kept between lines.
pub(super) struct Uname;

impl Part for Uname {
    fn read(&mut self, line: &Line<'_>, around: &Around, reading: &mut Reading<'_>) -> bool {
        let text = line.trimmed();
        let release =
            in_a_sentence(text).or_else(|| is_alone(text, around.is_one_line || around.runs("uname")).then_some(text));
        let Some(release) = release.filter(|release| is_release(release)) else { return false };
        keep(release, line, reading);
        true
    }
}

/// The first release stands: of two kernels nothing could be said.
pub(super) fn keep(release: &str, line: &Line<'_>, reading: &mut Reading<'_>) {
    match &reading.evidence.release {
        Some(said) if said.what != release => {
            let because = format!("another kernel, {}, was read before", said.what);
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

/// Without `uname` above it and with more around it, only what has a build behind the version is more than some number.
fn is_alone(text: &str, is_asked: bool) -> bool {
    let has_build = text.split_once('-').is_some_and(|(version, _)| version.matches('.').count() >= 2);
    text.len() <= 100 && (is_asked || has_build) && !text.contains(char::is_whitespace)
}

/// `3.10.0-1160.el7.x86_64`, and no address.
fn is_release(text: &str) -> bool {
    let (version, _) = text.split_once(['-', '+', '_', '~']).unwrap_or((text, ""));
    let numbers = || version.split('.');
    let is_version = (2..=4).contains(&numbers().count())
        && numbers().all(|number| (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
        && text.starts_with(|char: char| ('2'..='9').contains(&char));
    is_version && text.len() <= 100 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+_~".contains(&byte))
        && numbers().next().is_some_and(|major| major.len() == 1)
        // A date.
        && !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_and_what_only_looks_like_one() {
        for text in ["3.10.0-1160.el7.x86_64", "4.9.337", "2.6.32-754.el6", "6.18.44", "5.15.0-91-generic", "2.6.32.71"]
        {
            assert!(is_release(text), "{text}");
        }
        for text in ["192.0.2.1", "2026-11-25", "0.0", "12", "1.2.3", "4.x", ""] {
            assert!(!is_release(text), "{text}");
        }
    }

    #[test]
    fn sentences_that_name_it() {
        let release = Some("3.10.0-1160.el7.x86_64");
        assert_eq!(in_a_sentence("Linux web 3.10.0-1160.el7.x86_64 #1 SMP Mon Oct 19 16:18:59 UTC 2020"), release);
        assert_eq!(in_a_sentence("[    0.000000] Linux version 3.10.0-1160.el7.x86_64 (a@b) (gcc)"), release);
        assert_eq!(in_a_sentence("Linux is a kernel"), None);
    }
}
