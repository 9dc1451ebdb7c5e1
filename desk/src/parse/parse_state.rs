//! The state while a text is read: adds counters, lines of the log and notes to the evidence, up to the limits.

use super::line::cut;
use crate::evidence::{Evidence, LogLine, Quote, Quoted, Sample, Unknown};

/// The most sockets that are kept one by one; all are counted.
pub const MOST_SOCKETS: usize = 20_000;
/// The most samples of counters: one a minute for half a day.
pub const MOST_SAMPLES: usize = 720;
/// The most lines of the kernel's log.
pub const MOST_LOG_LINES: usize = 10_000;
/// The most notes about lines of one text.
const MOST_NOTES: usize = 20;

/// The tool that printed a counter. The counters of one sample come from one tool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CounterTool {
    Nstat,
    ProcNet,
    Netstat,
}

/// The state while a text is read.
pub(super) struct ParseState<'e> {
    pub(super) source: &'e str,
    pub(super) evidence: &'e mut Evidence,
    /// The tool whose sample is open; that sample is the last one of the evidence.
    pub(super) sample: Option<CounterTool>,
    pub(super) notes: Vec<String>,
}

impl ParseState<'_> {
    /// Adds a counter by its name in `nstat`. A counter that the open sample already has begins the next sample.
    pub(super) fn count(&mut self, kind: CounterTool, full_name: &str, value: &str, quote: &Quote) {
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

    pub(super) fn log(&mut self, what: LogLine, quote: Quote) {
        if self.evidence.log.len() < MOST_LOG_LINES {
            self.evidence.log.push(Quoted { value: what, quote });
        } else {
            self.note_once(&quote.text, &format!("only the first {MOST_LOG_LINES} lines of the log are kept"));
        }
    }

    /// Ends the open sample of this tool.
    pub(super) fn close_sample(&mut self, kind: CounterTool) {
        self.sample = self.sample.filter(|open| *open != kind);
    }

    /// Notes why a line was left out.
    pub(super) fn note(&mut self, line: &str, because: &str) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(because.to_owned());
            let (source, first_line) = (self.source.to_owned(), cut(line.trim()));
            self.evidence.unknown.push(Unknown { source, first_line, because: Some(because.to_owned()) });
        }
    }

    /// [`Self::note`], but each reason only once in a text.
    pub(super) fn note_once(&mut self, line: &str, because: &str) {
        if !self.notes.iter().any(|note| note == because) {
            self.note(line, because);
        }
    }
}
