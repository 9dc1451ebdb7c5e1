//! Recognises the output of commands line by line, in any mix and order, and adds its facts to the evidence.
//!
//! Each kind of output has a parser. A line is offered to the parsers until one takes it; a line that none takes is
//! skipped. A prompt or a header names the command whose output follows, and ends the output before it.

mod dmesg;
mod line;
mod line_parser;
mod netstat;
mod netstat_texts;
mod nstat;
mod os_release;
mod parse_state;
mod precedence;
mod proc_net;
mod prompt;
mod ss;
mod ss_summary;
mod sysctl;
mod sysctl_names;
mod uname;

pub use self::parse_state::{MOST_LOG_LINES, MOST_SAMPLES, MOST_SOCKETS};
pub use self::precedence::{ResolvedSysctl, resolve};

use self::line::{TextLine, cut};
use self::line_parser::{Context, LineParser};
use self::parse_state::ParseState;
use self::prompt::Command;
use crate::evidence::{Evidence, Unknown};

/// The most lines of a text that are read.
pub const MOST_LINES: usize = 200_000;
/// Reads a text and adds its facts to `evidence`. `source` is the name of its file, or `pasted text`.
pub fn read_text(source: &str, text: &str, evidence: &mut Evidence) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut readers = LineParsers::new(source);
    let is_one_line = text.split('\n').filter(|line| !line.trim().is_empty()).take(2).count() == 1;
    let mut context = Context { source_is_conf: sysctl_names::is_conf(source), is_one_line, ..Context::default() };
    let mut reading = ParseState { source, evidence, sample: None, notes: Vec::new() };
    let mut first_line = None;
    let mut is_known = false;
    for (number, raw) in (1..).zip(text.split('\n')) {
        let line = TextLine::new(source, number, raw);
        if line.trimmed().is_empty() {
            continue;
        }
        first_line.get_or_insert_with(|| cut(line.trimmed()));
        if number as usize > MOST_LINES {
            reading.note(&line.text, &format!("only the first {MOST_LINES} lines are read"));
            break;
        }
        if let Some(command) = Command::of(&line.text, context.source_is_conf) {
            readers.end(&mut reading);
            context = Context { command: Some(command), file: None, ..context };
            readers.begin(&context);
        } else if let Some(file) = sysctl_names::file_header(line.trimmed()) {
            readers.end(&mut reading);
            context.file = Some(file.to_owned());
            readers.begin(&context);
        } else {
            is_known |= readers.read(&line, &context, &mut reading);
        }
    }
    readers.end(&mut reading);
    if !is_known && reading.notes.is_empty() {
        let first_line = first_line.unwrap_or_default();
        let because = first_line.is_empty().then(|| "it is empty".to_owned());
        reading.evidence.unknown.push(Unknown { source: source.to_owned(), first_line, because });
    }
}

/// All parsers. Those that recognise their lines most reliably come first.
struct LineParsers {
    parts: [Box<dyn LineParser>; 9],
    last: Option<usize>,
}

impl LineParsers {
    fn new(source: &str) -> Self {
        let parts: [Box<dyn LineParser>; 9] = [
            Box::new(nstat::Nstat::default()),
            Box::new(proc_net::ProcNet::default()),
            Box::new(dmesg::Dmesg::default()),
            Box::new(ss_summary::SsSummary::default()),
            Box::new(ss::Sockets::default()),
            Box::new(sysctl::Sysctl::new(source)),
            Box::new(netstat::Netstat::default()),
            Box::new(os_release::OsRelease),
            Box::new(uname::Uname),
        ];
        Self { parts, last: None }
    }

    /// Whether a parser took the line. The one that took the last line is asked first, because rows of a table follow
    /// each other.
    fn read(&mut self, line: &TextLine<'_>, context: &Context, reading: &mut ParseState<'_>) -> bool {
        let others = (0..self.parts.len()).filter(|&at| Some(at) != self.last);
        let taken = self.last.into_iter().chain(others).find(|&at| self.parts[at].read(line, context, reading));
        if let Some(taken) = taken.filter(|_| taken != self.last) {
            self.last = Some(taken);
            let others = self.parts.iter_mut().enumerate().filter(|(at, _)| *at != taken);
            others.for_each(|(_, part)| part.end(reading));
        }
        taken.is_some()
    }

    fn begin(&mut self, context: &Context) {
        self.parts.iter_mut().for_each(|part| part.begin(context));
    }

    fn end(&mut self, reading: &mut ParseState<'_>) {
        self.parts.iter_mut().for_each(|part| part.end(reading));
        self.last = None;
    }
}
