//! The output of `nstat -az`, as rows or as JSON.

use super::line::TextLine;
use super::line_parser::{Context, LineParser};
use super::parse_state::{CounterTool, ParseState};

/// The tables. The name of a counter begins with the name of its table.
const TABLES: &[&str] = &["Tcp", "Ip", "Icmp", "Udp", "Sctp", "MPTcp"];

/// The parser of `nstat`.
#[derive(Default)]
pub(super) struct Nstat {
    in_json: bool,
}

impl LineParser for Nstat {
    fn read(&mut self, line: &TextLine<'_>, context: &Context, reading: &mut ParseState<'_>) -> bool {
        let text = line.trimmed();
        if text.contains("\"kernel\"") && text.starts_with(['{', '"']) {
            self.in_json = true;
            reading.close_sample(CounterTool::Nstat);
        }
        self.in_json &= text.starts_with(['"', '{', '}']) || text.contains("\":");
        if self.in_json {
            pairs(text, |name, value| put(name, value, line, context, reading));
            return true;
        }
        // The header of the daemon is `#123.kernel sampling_interval=...`.
        if text == "#kernel" || text.starts_with('#') && text.contains("sampling_interval") {
            reading.close_sample(CounterTool::Nstat);
            return true;
        }
        let Some((name, value)) = row(text) else { return false };
        put(name, value, line, context, reading);
        true
    }

    fn end(&mut self, reading: &mut ParseState<'_>) {
        self.in_json = false;
        reading.close_sample(CounterTool::Nstat);
    }
}

fn put(name: &str, value: &str, line: &TextLine<'_>, context: &Context, reading: &mut ParseState<'_>) {
    if since_last_call(context) {
        let why = "nstat without -a prints the difference since its last call, not the values since boot: nstat -az \
                   is needed";
        reading.note_once(&line.text, why);
    } else {
        reading.count(CounterTool::Nstat, name, value, &line.quote());
    }
}

/// Reads `TcpExtPAWSPassive 12 0.0`. The rate may be missing, if it was cut off.
fn row(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split_whitespace();
    let (name, value) = (words.next()?, words.next()?);
    let is_rate = |rate: &str| rate.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_row = is_name(name)
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && words.next().is_none_or(is_rate)
        && words.next().is_none();
    is_row.then_some((name, value))
}

fn is_name(name: &str) -> bool {
    TABLES.iter().any(|table| name.len() > table.len() && name.starts_with(table))
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Calls `tell` with every `"Name":12` of a line.
fn pairs(text: &str, mut tell: impl FnMut(&str, &str)) {
    let mut strings = text.split('"');
    // Text inside and outside of quotes alternates. The text outside is `:12,`.
    strings.next();
    while let (Some(name), Some(after)) = (strings.next(), strings.next()) {
        let after = after.trim_start().strip_prefix(':').unwrap_or_default().trim_start();
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && is_name(name) {
            tell(name, &after[..digits]);
        }
    }
}

/// Whether the command prints the difference since its last call.
fn since_last_call(context: &Context) -> bool {
    let Some(command) = context.command.as_ref().filter(|command| command.runs("nstat")) else { return false };
    let says_all =
        |word: &str| word == "--ignore" || word.starts_with('-') && !word.starts_with("--") && word.contains('a');
    !command.calls("nstat").any(|mut arguments| arguments.any(says_all))
}
