//! What was handed in, and the evidence that follows from it. Texts are read at once; captures are played when all texts
//! are known, and again when another text says that another kernel ran.

use std::rc::Rc;

use desk::evidence::{CaptureSeen, Evidence, Unknown};
use desk::intake::Intake;
use desk::ran::ran;
use yew::Reducible;

use super::told::{capture_told, size, text_told};
use crate::platform::picked::Picked;

/// Where the bytes of a capture come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A file, which is read again when it is to be played again.
    File(Picked),
    /// Bytes that the page made itself.
    Made(Rc<[u8]>),
}

/// How far the reading of a capture is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// So many bytes are read.
    Reading(f64),
    /// Nobody wanted to wait any longer; so many bytes were read.
    Cancelled(f64),
    /// The browser did not give the rest of the file.
    Failed,
    /// This is in it.
    Read(Rc<CaptureSeen>),
}

/// What somebody handed in.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A text.
    Text(Rc<str>),
    /// A capture of so many bytes.
    Capture(Source, f64, Progress),
    /// Something that was left alone, and why.
    Left(Rc<str>),
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Names it for as long as the page is open.
    pub id: u32,
    /// The name of the file, or what the visitor did.
    pub name: Rc<str>,
    /// What it was recognised as, in words.
    pub told: String,
    /// What it is.
    pub what: What,
}

/// A capture that waits to be read: its entry, and which reading of it this is.
pub type Turn = (u32, u32);

/// The evidence, compared by its place: a new one is made with every change.
#[derive(Clone, Debug, Default)]
pub struct Shared(pub Rc<Evidence>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    /// In the order in which it came.
    pub items: Vec<Item>,
    /// What was taken away last, and where it stood.
    pub removed: Option<(usize, Item)>,
    /// What is known by now.
    pub evidence: Shared,
    texts: Evidence,
    /// What captures are played against, and how often that has changed.
    ran: String,
    reading: u32,
    next: u32,
}

/// What happens to it.
#[derive(Clone, Debug)]
pub enum Act {
    /// Somebody pastes a text.
    Paste(String),
    /// A text file.
    Text(String, String),
    /// A capture file.
    Capture(String, Source, f64),
    /// Something that cannot be read: its name, and why.
    Left(String, String),
    /// An entry goes.
    Remove(u32),
    /// The last entry that went comes back.
    Undo,
    /// A capture goes on to this byte.
    Progress(Turn, f64),
    /// A capture is at its end.
    Read(Turn, Box<CaptureSeen>),
    /// The browser gives no more of a capture.
    Failed(Turn),
    /// A capture is not waited for.
    Cancel(u32),
    /// It is, after all.
    Again(u32),
}

impl Reducible for Hand {
    type Action = Act;
    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut hand = Rc::unwrap_or_clone(self);
        hand.apply(act);
        Rc::new(hand)
    }
}

impl Hand {
    /// The first capture that is not read yet.
    #[must_use]
    pub fn turn(&self) -> Option<Turn> {
        let waits = |item: &&Item| matches!(item.what, What::Capture(_, _, Progress::Reading(_)));
        self.items.iter().find(waits).map(|item| (item.id, self.reading))
    }

    /// The entry `id`.
    #[must_use]
    pub fn item(&self, id: u32) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// What captures are played against.
    #[must_use]
    pub const fn texts(&self) -> &Evidence {
        &self.texts
    }

    /// Takes the next thing that happens.
    pub fn apply(&mut self, act: Act) {
        match act {
            Act::Paste(text) => {
                let before = self.items.iter().filter(|item| item.name.starts_with(PASTED)).count();
                let name = if before == 0 { PASTED.to_owned() } else { format!("{PASTED} {}", before + 1) };
                self.text(name, text);
            }
            Act::Text(name, text) => self.text(name, text),
            Act::Capture(name, source, bytes) => {
                self.push(name, String::new(), What::Capture(source, bytes, Progress::Reading(0.0)));
            }
            Act::Left(name, because) => self.push(name, because.clone(), What::Left(because.into())),
            Act::Remove(id) => {
                if let Some(place) = self.items.iter().position(|item| item.id == id) {
                    self.removed = Some((place, self.items.remove(place)));
                    self.texts_changed();
                }
            }
            Act::Undo => {
                if let Some((place, item)) = self.removed.take() {
                    self.items.insert(place.min(self.items.len()), item);
                    self.texts_changed();
                }
            }
            // What was cancelled meanwhile stays so.
            Act::Progress(turn, _) | Act::Read(turn, _) | Act::Failed(turn) if self.turn() != Some(turn) => {}
            Act::Progress(turn, at) => self.progress(turn, Progress::Reading(at)),
            Act::Read(turn, seen) => self.progress(turn, Progress::Read(Rc::new(*seen))),
            Act::Failed(turn) => self.progress(turn, Progress::Failed),
            Act::Cancel(id) => {
                let at = self.item(id).and_then(|item| match item.what {
                    What::Capture(_, _, Progress::Reading(at)) => Some(at),
                    _ => None,
                });
                self.progress((id, self.reading), Progress::Cancelled(at.unwrap_or(0.0)));
            }
            Act::Again(id) => self.progress((id, self.reading), Progress::Reading(0.0)),
        }
    }

    fn text(&mut self, name: String, text: String) {
        let mut alone = Intake::default();
        alone.text(&name, &text);
        self.push(name, text_told(&alone.evidence()), What::Text(text.into()));
        self.texts_changed();
    }

    fn push(&mut self, name: String, told: String, what: What) {
        let id = self.next;
        self.next += 1;
        self.removed = None;
        self.items.push(Item { id, name: name.into(), told, what });
        self.gather();
    }

    fn progress(&mut self, (id, reading): Turn, now: Progress) {
        let Some(item) = self.items.iter_mut().find(|item| item.id == id && reading == self.reading) else { return };
        let What::Capture(_, bytes, progress) = &mut item.what else { return };
        item.told = match &now {
            Progress::Reading(_) => String::new(),
            Progress::Cancelled(at) => format!("capture, cancelled after {} of {}", size(*at), size(*bytes)),
            Progress::Failed => "capture, of which the browser does not give the rest".to_owned(),
            Progress::Read(seen) => capture_told(seen),
        };
        let is_news = !matches!(now, Progress::Reading(at) if at > 0.0);
        *progress = now;
        if is_news {
            self.gather();
        }
    }

    fn texts_changed(&mut self) {
        let mut texts = Intake::default();
        for item in &self.items {
            if let What::Text(text) = &item.what {
                texts.text(&item.name, text);
            }
        }
        let texts = texts.evidence();
        let ran = format!("{:?}", ran(&texts));
        if ran != self.ran {
            self.ran = ran;
            self.reading += 1;
            for item in &mut self.items {
                if let What::Capture(_, _, progress @ (Progress::Read(_) | Progress::Reading(_))) = &mut item.what {
                    *progress = Progress::Reading(0.0);
                    item.told.clear();
                }
            }
        }
        self.texts = texts;
        self.gather();
    }

    /// The evidence of all that is read.
    fn gather(&mut self) {
        let mut evidence = self.texts.clone();
        for item in &self.items {
            match &item.what {
                What::Capture(_, _, Progress::Read(seen)) => evidence.captures.push((**seen).clone()),
                What::Left(because) => evidence.unknown.push(Unknown {
                    source: item.name.to_string(),
                    first_line: String::new(),
                    because: Some(because.to_string()),
                }),
                _ => {}
            }
        }
        self.evidence = Shared(Rc::new(evidence));
    }
}

const PASTED: &str = "pasted text";
