//! Text in, facts out: whatever is pasted or dropped is recognised by what it says, line by line, in any mix and order.
//!
//! Each kind of text has a reader of its own that is offered a line and takes it or not; lines that nobody takes are
//! skipped. A prompt or a header says which command printed what follows, and where one text ends and the next begins.

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

pub use self::precedence::{Winner, winners};

use self::line::{Line, cut};
use self::prompt::Command;
use crate::evidence::{Evidence, LogLine, Quote, Said, Sample, Unknown};

/// So many lines of a text are read.
pub const MOST_LINES: usize = 200_000;
/// So many sockets are kept one by one; all are counted.
pub const MOST_SOCKETS: usize = 20_000;
/// So many samples of counters are kept: one a minute for half a day.
pub const MOST_SAMPLES: usize = 720;
/// So many lines of the kernel's log are kept.
pub const MOST_LOG_LINES: usize = 10_000;
/// So many lines of one text are complained of.
const MOST_NOTES: usize = 20;

/// Reads a text from `source`, the name of a file or `pasted text`, and adds to `evidence` what it says.
pub fn read_text(source: &str, text: &str, evidence: &mut Evidence) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut readers = Readers::new(source);
    let is_one_line = text.split('\n').filter(|line| !line.trim().is_empty()).take(2).count() == 1;
    let mut around = Around { source_is_conf: sysctl_names::is_conf(source), is_one_line, ..Around::default() };
    let mut reading = Reading { source, evidence, sample: None, notes: Vec::new() };
    let mut first_line = None;
    let mut is_known = false;
    for (number, raw) in (1..).zip(text.split('\n')) {
        let line = Line::new(source, number, raw);
        if line.trimmed().is_empty() {
            continue;
        }
        first_line.get_or_insert_with(|| cut(line.trimmed()));
        if number as usize > MOST_LINES {
            reading.note(&line.text, &format!("only the first {MOST_LINES} lines are read"));
            break;
        }
        if let Some(command) = Command::of(&line.text, around.source_is_conf) {
            readers.end(&mut reading);
            around = Around { command: Some(command), file: None, ..around };
            readers.begin(&around);
        } else if let Some(file) = sysctl_names::file_header(line.trimmed()) {
            readers.end(&mut reading);
            around.file = Some(file.to_owned());
            readers.begin(&around);
        } else {
            is_known |= readers.read(&line, &around, &mut reading);
        }
    }
    readers.end(&mut reading);
    if !is_known && reading.notes.is_empty() {
        let first_line = first_line.unwrap_or_default();
        let because = first_line.is_empty().then(|| "nothing is in it".to_owned());
        reading.evidence.unknown.push(Unknown { source: source.to_owned(), first_line, because });
    }
}

/// What was said of the lines that follow.
#[derive(Default)]
struct Around {
    /// The command that printed them.
    command: Option<Command>,
    /// The file that they were copied from.
    file: Option<String>,
    /// Whether the text itself is a file of sysctls, by its name: `#` begins comments there and is no prompt of root.
    source_is_conf: bool,
    /// Whether there is nothing else in the text.
    is_one_line: bool,
}

impl Around {
    fn runs(&self, program: &str) -> bool {
        self.command.as_ref().is_some_and(|command| command.runs(program))
    }
}

/// A reader of one kind of text.
trait Part {
    /// What is known when a prompt or a header was read.
    fn begin(&mut self, _around: &Around) {}
    /// Takes the line, or leaves it to others.
    fn read(&mut self, line: &Line<'_>, around: &Around, reading: &mut Reading<'_>) -> bool;
    /// The text of this kind is over.
    fn end(&mut self, _reading: &mut Reading<'_>) {}
}

/// All readers, the most certain of their lines first.
struct Readers {
    parts: [Box<dyn Part>; 9],
    last: Option<usize>,
}

impl Readers {
    fn new(source: &str) -> Self {
        let parts: [Box<dyn Part>; 9] = [
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

    /// Whether somebody took the line. Who took the last one is asked first: rows of a table follow each other.
    fn read(&mut self, line: &Line<'_>, around: &Around, reading: &mut Reading<'_>) -> bool {
        let others = (0..self.parts.len()).filter(|&at| Some(at) != self.last);
        let taken = self.last.into_iter().chain(others).find(|&at| self.parts[at].read(line, around, reading));
        if let Some(taken) = taken.filter(|_| taken != self.last) {
            self.last = Some(taken);
            let others = self.parts.iter_mut().enumerate().filter(|(at, _)| *at != taken);
            others.for_each(|(_, part)| part.end(reading));
        }
        taken.is_some()
    }

    fn begin(&mut self, around: &Around) {
        self.parts.iter_mut().for_each(|part| part.begin(around));
    }

    fn end(&mut self, reading: &mut Reading<'_>) {
        self.parts.iter_mut().for_each(|part| part.end(reading));
        self.last = None;
    }
}

/// Which tool printed a counter: those of one sample come from one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nstat,
    ProcNet,
    Netstat,
}

/// What becomes of a text while it is read.
struct Reading<'e> {
    source: &'e str,
    evidence: &'e mut Evidence,
    /// The sample that counters are added to: the last one, and who began it.
    sample: Option<Kind>,
    notes: Vec<String>,
}

impl Reading<'_> {
    /// Puts a counter down by the name that `nstat` gives it. One that the sample has already begins the next.
    fn count(&mut self, kind: Kind, full_name: &str, value: &str, quote: &Quote) {
        let Ok(what) = value.parse() else {
            return self.note(&quote.text, "the number is none of 64 bits");
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
            sample.counters.insert(name.to_owned(), Said { what, quote: quote.clone() });
        }
    }

    fn log(&mut self, what: LogLine, quote: Quote) {
        if self.evidence.log.len() < MOST_LOG_LINES {
            self.evidence.log.push(Said { what, quote });
        } else {
            self.note_once(&quote.text, &format!("only the first {MOST_LOG_LINES} lines of the log are kept"));
        }
    }

    /// What comes next from the same tool is another sample.
    fn close_sample(&mut self, kind: Kind) {
        self.sample = self.sample.filter(|open| *open != kind);
    }

    /// Says why a line was left out.
    fn note(&mut self, line: &str, because: &str) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(because.to_owned());
            let (source, first_line) = (self.source.to_owned(), cut(line.trim()));
            self.evidence.unknown.push(Unknown { source, first_line, because: Some(because.to_owned()) });
        }
    }

    /// The same, once in a text.
    fn note_once(&mut self, line: &str, because: &str) {
        if !self.notes.iter().any(|note| note == because) {
            self.note(line, because);
        }
    }
}
