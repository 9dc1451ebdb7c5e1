//! `nstat -az`, as rows and as JSON.

use super::line::Line;
use super::{Around, Kind, Part, Reading};

/// Every counter's name begins with the name of its table.
const TABLES: &[&str] = &["Tcp", "Ip", "Icmp", "Udp", "Sctp", "MPTcp"];

/// What `nstat` prints.
#[derive(Default)]
pub(super) struct Nstat {
    in_json: bool,
}

impl Part for Nstat {
    fn read(&mut self, line: &Line<'_>, around: &Around, reading: &mut Reading<'_>) -> bool {
        let text = line.trimmed();
        if text.contains("\"kernel\"") && text.starts_with(['{', '"']) {
            self.in_json = true;
            reading.close_sample(Kind::Nstat);
        }
        self.in_json &= text.starts_with(['"', '{', '}']) || text.contains("\":");
        if self.in_json {
            pairs(text, |name, value| put(name, value, line, around, reading));
            return true;
        }
        // The daemon's header is `#123.kernel interval=...`.
        if text == "#kernel" || text.starts_with('#') && text.contains("sampling_interval") {
            reading.close_sample(Kind::Nstat);
            return true;
        }
        let Some((name, value)) = row(text) else { return false };
        put(name, value, line, around, reading);
        true
    }

    fn end(&mut self, reading: &mut Reading<'_>) {
        self.in_json = false;
        reading.close_sample(Kind::Nstat);
    }
}

fn put(name: &str, value: &str, line: &Line<'_>, around: &Around, reading: &mut Reading<'_>) {
    if since_last_call(around) {
        let why = "nstat without -a prints what was added since its last call, not since boot: nstat -az is needed";
        reading.note_once(&line.text, why);
    } else {
        reading.count(Kind::Nstat, name, value, &line.quote());
    }
}

/// `TcpExtPAWSPassive 12 0.0`; the rate may be missing, as where somebody cut it off.
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

/// Every `"Name":12` of a line.
fn pairs(text: &str, mut tell: impl FnMut(&str, &str)) {
    let mut strings = text.split('"');
    // Outside and inside of quotes take turns, so the even ones hold `:12,`.
    strings.next();
    while let (Some(name), Some(after)) = (strings.next(), strings.next()) {
        let after = after.trim_start().strip_prefix(':').unwrap_or_default().trim_start();
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && is_name(name) {
            tell(name, &after[..digits]);
        }
    }
}

/// Whether the command that printed it does not count from boot.
fn since_last_call(around: &Around) -> bool {
    let Some(command) = around.command.as_ref().filter(|command| command.runs("nstat")) else { return false };
    let says_all =
        |word: &str| word == "--ignore" || word.starts_with('-') && !word.starts_with("--") && word.contains('a');
    !command.calls("nstat").any(|mut arguments| arguments.any(says_all))
}
