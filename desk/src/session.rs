//! The state of the desk's page, without the browser: what was added, how far captures are read, and the resulting
//! evidence.
//!
//! Texts are read at once. Captures are replayed when all texts are known, and again if a later text names another
//! kernel or other sysctls.

pub mod capture_text;
pub mod collect;
pub mod example;
mod input;
pub mod input_label;
pub mod lab_scenario;
pub mod outcome;
pub mod recognise;
pub mod verdict_link;

use std::rc::Rc;

pub use self::input::{CaptureSource, Content, Input, Progress};

use self::input_label::{capture_label, text_label};
use crate::evidence::{CaptureSeen, Evidence, Unknown};
use crate::evidence_builder::EvidenceBuilder;
use crate::format::size;
use crate::replay::settings::replay_settings;

/// The name of the first pasted text; later ones get a number.
const PASTED: &str = "pasted text";

/// A reading of a capture: the input's ID, and the number of the reading. A result with an old number is ignored.
pub type ReadingId = (u32, u32);

/// Evidence that is compared by its address in memory, as every change makes a new one.
#[derive(Clone, Debug, Default)]
pub struct SharedEvidence(pub Rc<Evidence>);

impl PartialEq for SharedEvidence {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The state of the page. `F` is a handle of a file that can be read in slices.
#[derive(Clone, Debug)]
pub struct Session<F> {
    /// The inputs, in the order in which they were added.
    pub inputs: Vec<Input<F>>,
    /// The input that was removed last, and its index.
    pub removed: Option<(usize, Input<F>)>,
    /// The evidence of everything that is read.
    pub evidence: SharedEvidence,
    /// The evidence of the texts alone, against which captures are replayed.
    texts: Evidence,
    /// The replay settings as text. When they change, captures have to be read again.
    replay_settings: String,
    reading: u32,
    next_id: u32,
}

/// Something that the visitor or the browser did. Sizes and positions are in bytes, as `f64` like those of the browser.
#[derive(Clone, Debug)]
pub enum Action<F> {
    /// A text was pasted.
    Paste(String),
    /// A text file was added: its name and its text.
    AddText(String, String),
    /// A capture was added: its name, its source and its size.
    AddCapture(String, CaptureSource<F>, f64),
    /// A file was added that cannot be read: its name and the reason.
    AddUnreadable(String, String),
    /// An input was removed.
    Remove(u32),
    /// The last removal was undone.
    Undo,
    /// A capture was read up to this position.
    Progressed(ReadingId, f64),
    /// A capture was read to its end.
    Finished(ReadingId, Box<CaptureSeen>),
    /// The browser did not deliver the rest of a capture.
    Failed(ReadingId),
    /// The visitor cancelled the reading of a capture.
    Cancel(u32),
    /// The visitor asked to read a capture again.
    Restart(u32),
}

impl<F> Default for Session<F> {
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            removed: None,
            evidence: SharedEvidence::default(),
            texts: Evidence::default(),
            replay_settings: String::new(),
            reading: 0,
            next_id: 0,
        }
    }
}

impl<F: Clone> Session<F> {
    /// The first capture that is not read yet.
    pub fn next_reading(&self) -> Option<ReadingId> {
        let waits = |input: &&Input<F>| matches!(input.content, Content::Capture(_, _, Progress::Reading(_)));
        self.inputs.iter().find(waits).map(|input| (input.id, self.reading))
    }

    /// The input with this ID.
    pub fn input(&self, id: u32) -> Option<&Input<F>> {
        self.inputs.iter().find(|input| input.id == id)
    }

    /// The evidence of the texts alone, against which captures are replayed.
    pub const fn texts(&self) -> &Evidence {
        &self.texts
    }

    /// Applies an action.
    pub fn apply(&mut self, action: Action<F>) {
        match action {
            Action::Paste(text) => {
                let before = self.inputs.iter().filter(|input| input.name.starts_with(PASTED)).count();
                let name = if before == 0 { PASTED.to_owned() } else { format!("{PASTED} {}", before + 1) };
                self.add_text(name, text);
            }
            Action::AddText(name, text) => self.add_text(name, text),
            Action::AddCapture(name, source, bytes) => {
                self.add(name, String::new(), Content::Capture(source, bytes, Progress::Reading(0.0)));
            }
            Action::AddUnreadable(name, because) => {
                self.add(name, because.clone(), Content::Unreadable(because.into()));
            }
            Action::Remove(id) => {
                if let Some(index) = self.inputs.iter().position(|input| input.id == id) {
                    self.removed = Some((index, self.inputs.remove(index)));
                    self.read_texts();
                }
            }
            Action::Undo => {
                if let Some((index, input)) = self.removed.take() {
                    self.inputs.insert(index.min(self.inputs.len()), input);
                    self.read_texts();
                }
            }
            // The reading was cancelled or restarted in the meantime.
            Action::Progressed(reading, _) | Action::Finished(reading, _) | Action::Failed(reading)
                if self.next_reading() != Some(reading) => {}
            Action::Progressed(reading, at) => self.set_progress(reading, Progress::Reading(at)),
            Action::Finished(reading, seen) => self.set_progress(reading, Progress::Finished(Rc::new(*seen))),
            Action::Failed(reading) => self.set_progress(reading, Progress::Failed),
            Action::Cancel(id) => {
                let at = self.input(id).and_then(|input| match input.content {
                    Content::Capture(_, _, Progress::Reading(at)) => Some(at),
                    _ => None,
                });
                self.set_progress((id, self.reading), Progress::Cancelled(at.unwrap_or(0.0)));
            }
            Action::Restart(id) => self.set_progress((id, self.reading), Progress::Reading(0.0)),
        }
    }

    fn add_text(&mut self, name: String, text: String) {
        let mut alone = EvidenceBuilder::default();
        alone.add_text(&name, &text);
        self.add(name, text_label(&alone.build()), Content::Text(text.into()));
        self.read_texts();
    }

    fn add(&mut self, name: String, label: String, content: Content<F>) {
        let id = self.next_id;
        self.next_id += 1;
        self.removed = None;
        self.inputs.push(Input { id, name: name.into(), label, content });
        self.collect();
    }

    fn set_progress(&mut self, (id, reading): ReadingId, now: Progress) {
        let is_current = |input: &&mut Input<F>| input.id == id && reading == self.reading;
        let Some(input) = self.inputs.iter_mut().find(is_current) else { return };
        let Content::Capture(_, bytes, progress) = &mut input.content else { return };
        input.label = match &now {
            Progress::Reading(_) => String::new(),
            Progress::Cancelled(at) => format!("capture, cancelled after {} of {}", size(*at), size(*bytes)),
            Progress::Failed => "capture; the browser does not deliver the rest of it".to_owned(),
            Progress::Finished(seen) => capture_label(seen),
        };
        let changes_evidence = !matches!(now, Progress::Reading(at) if at > 0.0);
        *progress = now;
        if changes_evidence {
            self.collect();
        }
    }

    /// Reads all texts again, and restarts the captures if the replay settings changed.
    fn read_texts(&mut self) {
        let mut texts = EvidenceBuilder::default();
        for input in &self.inputs {
            if let Content::Text(text) = &input.content {
                texts.add_text(&input.name, text);
            }
        }
        self.texts = texts.build();
        let settings = format!("{:?}", replay_settings(&self.texts));
        if settings != self.replay_settings {
            self.replay_settings = settings;
            self.restart_captures();
        }
        self.collect();
    }

    fn restart_captures(&mut self) {
        self.reading += 1;
        for input in &mut self.inputs {
            if let Content::Capture(_, _, progress @ (Progress::Finished(_) | Progress::Reading(_))) =
                &mut input.content
            {
                *progress = Progress::Reading(0.0);
                input.label.clear();
            }
        }
    }

    /// Puts the evidence of all inputs together.
    fn collect(&mut self) {
        let mut evidence = self.texts.clone();
        for input in &self.inputs {
            match &input.content {
                Content::Capture(_, _, Progress::Finished(seen)) => evidence.captures.push((**seen).clone()),
                Content::Unreadable(because) => evidence.unknown.push(Unknown {
                    source: input.name.to_string(),
                    first_line: String::new(),
                    because: Some(because.to_string()),
                }),
                _ => {}
            }
        }
        self.evidence = SharedEvidence(Rc::new(evidence));
    }
}

#[cfg(test)]
mod tests;
