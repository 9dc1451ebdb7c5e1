//! Sysctls of the running kernel, and of the files that set them at boot.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::ParseState;
use super::sysctl_names::{full_name, grepped, identifies_a_machine, is_conf, of_path};
use super::uname;
use crate::evidence::{Origin, Setting};

/// The most sysctls that one `cat` prints.
const MOST_AWAITED: usize = 100;

/// The parser of sysctls.
pub(super) struct Sysctl {
    /// The name of the text. A file without a header is called so.
    source: String,
    /// The origin that a command or a header gives to the current lines.
    origin: Option<Origin>,
    /// The indices of settings whose origin is not known yet, because no command or header names it.
    undecided: Vec<usize>,
    /// Whether the lines have comments, slashes or no blanks around `=`: only files have that.
    is_written_by_hand: bool,
    /// Sysctls whose values `cat` prints without their names, the next one last.
    awaited: Vec<String>,
}

impl Sysctl {
    pub(super) fn new(source: &str) -> Self {
        let origin = is_conf(source).then(|| Origin::File(source.to_owned()));
        let (undecided, awaited) = (Vec::new(), Vec::new());
        Self { source: source.to_owned(), origin, undecided, is_written_by_hand: false, awaited }
    }
}

impl LineParser for Sysctl {
    fn begin(&mut self, context: &Context) {
        self.awaited.clear();
        self.origin = origin_of(context);
        if let Some(path) = &context.file {
            self.awaited.extend(of_path(path));
        } else if let Some(command) = context.command.as_ref().filter(|command| command.runs("cat")) {
            self.awaited.extend(command.paths("/proc/sys/").filter_map(of_path).take(MOST_AWAITED));
            self.awaited.reverse();
        }
    }

    fn read(&mut self, line: &TextLine<'_>, _: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        if let Some(key) = missing(text) {
            self.awaited.retain(|awaited| *awaited != key);
            reading.evidence.missing_keys.push(line.says(key));
            return true;
        }
        if let Some((path, rest)) = grepped(text) {
            return self.found(path, rest, line, reading);
        }
        if text.starts_with(['#', ';']) {
            // A comment shows that the lines around it are from a file. It states no fact itself.
            self.is_written_by_hand |= !text.starts_with("##") && !text.starts_with("#kernel");
            return false;
        }
        if let Some((key, value)) = assignment(text) {
            let is_by_hand = !is_printed(text, &key);
            self.is_written_by_hand |= is_by_hand;
            self.put(key, value, self.origin.clone(), line, reading);
            return true;
        }
        let is_value = !self.awaited.is_empty() && text.len() <= 100 && text.split_whitespace().count() <= 4;
        let Some(key) = is_value.then(|| self.awaited.pop()).flatten() else { return false };
        self.put(key, text.to_owned(), Some(Origin::Running), line, reading);
        true
    }

    fn end(&mut self, reading: &mut ParseState<'_>) {
        let origin = match self.is_written_by_hand {
            true => Origin::File(self.source.clone()),
            false => Origin::Running,
        };
        for at in self.undecided.drain(..) {
            if let Some(setting) = reading.evidence.settings.get_mut(at) {
                setting.origin = origin.clone();
            }
        }
        self.is_written_by_hand = false;
        self.awaited.clear();
    }
}

impl Sysctl {
    /// Takes a line that `grep` found in a file of sysctls, or below `/proc/sys`.
    fn found(&mut self, path: &str, rest: &str, line: &TextLine<'_>, reading: &mut ParseState<'_>) -> bool {
        if let Some(key) = of_path(path) {
            self.put(key, rest.trim().to_owned(), Some(Origin::Running), line, reading);
            return true;
        }
        let rest = rest.trim();
        if let Some((key, value)) = assignment(rest) {
            self.put(key, value, Some(Origin::File(path.to_owned())), line, reading);
            return true;
        }
        rest.starts_with(['#', ';']) && is_conf(path)
    }

    fn put(
        &mut self,
        key: String,
        value: String,
        origin: Option<Origin>,
        line: &TextLine<'_>,
        reading: &mut ParseState<'_>,
    ) {
        if identifies_a_machine(&key) {
            return;
        }
        if key == "kernel.osrelease" {
            uname::keep(&value, line, reading);
        }
        let settings = &mut reading.evidence.settings;
        if origin.is_none() {
            self.undecided.push(settings.len());
        }
        let origin = origin.unwrap_or(Origin::Running);
        settings.push(Setting { key, value, origin, quote: line.quote() });
    }
}

/// The origin that a command or a header gives to the lines below it.
fn origin_of(context: &Context) -> Option<Origin> {
    if let Some(file) = &context.file {
        return Some(if of_path(file).is_some() { Origin::Running } else { Origin::File(file.clone()) });
    }
    let command = context.command.as_ref()?;
    if let Some(arguments) = command.arguments("sysctl") {
        let arguments: Vec<&str> = arguments.collect();
        let loads = arguments.iter().any(|word| *word == "--load" || word.starts_with("-p") || *word == "-f");
        let path = arguments.iter().find(|word| is_conf(word)).copied().unwrap_or("/etc/sysctl.conf");
        return Some(if loads { Origin::File(path.to_owned()) } else { Origin::Running });
    }
    let prints = ["cat", "grep", "egrep", "head", "tail", "less", "more"].iter().any(|program| command.runs(program));
    // With several files it is not known which one a line is from.
    let paths: Vec<&str> = command.paths("/").filter(|path| is_conf(path)).take(MOST_AWAITED).collect();
    (prints && !paths.is_empty()).then(|| Origin::File(paths.join(", ")))
}

/// Reads `net.ipv4.tcp_tw_recycle = 1` or `-net/ipv4/tcp_tw_recycle=1`.
fn assignment(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once('=')?;
    let key = key.trim();
    let key = full_name(key.strip_prefix('-').unwrap_or(key))?;
    let value = value.trim();
    (value.len() <= 1000).then(|| (key, value.to_owned()))
}

/// Whether `sysctl` printed the line: with dots in the name and blanks around `=`. Some values are empty.
fn is_printed(text: &str, key: &str) -> bool {
    let rest = text.strip_prefix(key).and_then(|rest| rest.strip_prefix(" ="));
    rest.is_some_and(|value| value.is_empty() || value.starts_with(' '))
}

/// The sysctl that a tool reports as missing.
fn missing(text: &str) -> Option<String> {
    if text.contains("is an unknown key") {
        return text.split(['\'', '"']).nth(1).and_then(full_name);
    }
    let (_, rest) = text.split_once("/proc/sys/").filter(|_| text.contains("No such file or directory"))?;
    full_name(rest.split([':', '\'', '"', ' ']).next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_reports_a_missing_key_in_its_own_words() {
        for text in [
            "sysctl: cannot stat /proc/sys/net/ipv4/tcp_tw_recycle: No such file or directory",
            "sysctl: error: 'net.ipv4.tcp_tw_recycle' is an unknown key",
            "error: \"net.ipv4.tcp_tw_recycle\" is an unknown key",
            "cat: /proc/sys/net/ipv4/tcp_tw_recycle: No such file or directory",
            "cat: can't open '/proc/sys/net/ipv4/tcp_tw_recycle': No such file or directory",
        ] {
            assert_eq!(missing(text).as_deref(), Some("net.ipv4.tcp_tw_recycle"), "{text}");
        }
    }
}
