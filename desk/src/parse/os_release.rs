//! The distribution: `/etc/os-release`, or `/etc/redhat-release` on older systems.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::ParseState;

/// The parser; it keeps nothing between lines.
pub(super) struct OsRelease;

/// Other keys of `/etc/os-release`.
const OTHERS: &[&str] =
    &["NAME", "VERSION", "VERSION_ID", "ID", "ID_LIKE", "CPE_NAME", "ANSI_COLOR", "VERSION_CODENAME"];

impl LineParser for OsRelease {
    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        if let Some(name) = distribution(text) {
            reading.evidence.distribution.get_or_insert_with(|| line.says(name.to_owned()));
            return true;
        }
        text.split_once('=').is_some_and(|(key, _)| OTHERS.contains(&key))
    }
}

fn distribution(text: &str) -> Option<&str> {
    let name = text.strip_prefix("PRETTY_NAME=").map(|name| name.trim().trim_matches(['"', '\'']));
    let name = name.or_else(|| text.strip_prefix("Operating System: ")).or_else(|| red_hat(text));
    name.filter(|name| !name.is_empty() && name.len() <= 200)
}

/// Recognises `CentOS release 6.10 (Final)`.
fn red_hat(text: &str) -> Option<&str> {
    let (name, version) = text.split_once(" release ")?;
    let is_name = name.starts_with(|char: char| char.is_ascii_uppercase()) && name.split_whitespace().count() <= 6;
    let is_version = version.starts_with(|char: char| char.is_ascii_digit());
    (is_name && is_version && text.ends_with(')')).then_some(text)
}
