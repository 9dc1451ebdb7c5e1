//! Recognises the output of commands line by line, in any mix and order, and adds its facts to the evidence.
//!
//! Each kind of output has a parser. A line is offered to the parsers until one takes it; a line that none takes is
//! skipped. A prompt or a header names the command whose output follows, and ends the output before it.

mod dmesg;
mod line;
mod netstat;
mod netstat_texts;
mod nstat;
mod os_release;
mod precedence;
mod proc_net;
mod prompt;
mod ss;
mod ss_summary;
mod sysctl;
mod sysctl_names;
mod uname;

pub use self::precedence::{ResolvedSysctl, resolve};

use self::line::{TextLine, cut};
use self::prompt::Command;
use crate::evidence::{Evidence, LogLine, Quote, Quoted, Sample, Unknown};

/// The most lines of a text that are read.
pub const MOST_LINES: usize = 200_000;
/// The most sockets that are kept one by one; all are counted.
pub const MOST_SOCKETS: usize = 20_000;
/// The most samples of counters: one a minute for half a day.
pub const MOST_SAMPLES: usize = 720;
/// The most lines of the kernel's log.
pub const MOST_LOG_LINES: usize = 10_000;
/// The most notes about lines of one text.
const MOST_NOTES: usize = 20;

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

/// What is known about the current lines from a prompt or a header above them.
#[derive(Default)]
struct Context {
    /// The command that printed them.
    command: Option<Command>,
    /// The file that contains them.
    file: Option<String>,
    /// Whether the text is a file of sysctls, by its name. In such a file `#` begins a comment and is no prompt.
    source_is_conf: bool,
    /// Whether the text has only one line.
    is_one_line: bool,
}

impl Context {
    fn runs(&self, program: &str) -> bool {
        self.command.as_ref().is_some_and(|command| command.runs(program))
    }
}

/// A parser of one kind of output.
trait LineParser {
    /// A prompt or a header was read.
    fn begin(&mut self, _around: &Context) {}
    /// Takes the line, or returns false to leave it to the other parsers.
    fn read(&mut self, line: &TextLine<'_>, context: &Context, reading: &mut ParseState<'_>) -> bool;
    /// The output of this kind has ended.
    fn end(&mut self, _reading: &mut ParseState<'_>) {}
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

/// The tool that printed a counter. The counters of one sample come from one tool.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CounterTool {
    Nstat,
    ProcNet,
    Netstat,
}

/// The state while a text is read.
struct ParseState<'e> {
    source: &'e str,
    evidence: &'e mut Evidence,
    /// The tool whose sample is open; that sample is the last one of the evidence.
    sample: Option<CounterTool>,
    notes: Vec<String>,
}

impl ParseState<'_> {
    /// Adds a counter by its name in `nstat`. A counter that the open sample already has begins the next sample.
    fn count(&mut self, kind: CounterTool, full_name: &str, value: &str, quote: &Quote) {
        let Ok(value) = value.parse() else {
            return self.note(&quote.text, "the number does not fit in 64 bits");
        };
        let name = full_name.strip_prefix("TcpExt").or_else(|| full_name.strip_prefix("Tcp")).unwrap_or(full_name);
        let samples = &mut self.evidence.samples;
        let is_open = self.sample == Some(kind) && samples.last().is_some_and(|it| !it.counters.contains_key(name));
        if !is_open && samples.len() >= MOST_SAMPLES {
            return self.note_once(&quote.text, &format!("only the first {MOST_SAMPLES} samples are kept"));
        }
        if !is_open {
            samples.push(Sample::default());
            self.sample = Some(kind);
        }
        if let Some(sample) = samples.last_mut() {
            sample.counters.insert(name.to_owned(), Quoted { value, quote: quote.clone() });
        }
    }

    fn log(&mut self, what: LogLine, quote: Quote) {
        if self.evidence.log.len() < MOST_LOG_LINES {
            self.evidence.log.push(Quoted { value: what, quote });
        } else {
            self.note_once(&quote.text, &format!("only the first {MOST_LOG_LINES} lines of the log are kept"));
        }
    }

    /// Ends the open sample of this tool.
    fn close_sample(&mut self, kind: CounterTool) {
        self.sample = self.sample.filter(|open| *open != kind);
    }

    /// Notes why a line was left out.
    fn note(&mut self, line: &str, because: &str) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(because.to_owned());
            let (source, first_line) = (self.source.to_owned(), cut(line.trim()));
            self.evidence.unknown.push(Unknown { source, first_line, because: Some(because.to_owned()) });
        }
    }

    /// [`Self::note`], but each reason only once in a text.
    fn note_once(&mut self, line: &str, because: &str) {
        if !self.notes.iter().any(|note| note == because) {
            self.note(line, because);
        }
    }
}
