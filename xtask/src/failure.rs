//! Why a command cannot go on: one sentence for the terminal, with what to do where that is known.

use std::fmt;

/// What a command, or a part of one, comes to.
pub type Outcome<T> = Result<T, Failure>;

/// The sentence.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure that reads as `sentence`.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what was tried when something failed.
pub trait Trying<T> {
    /// The failure reads `cannot {what}: {why}`.
    fn trying(self, what: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Trying<T> for Result<T, E> {
    fn trying(self, what: impl fmt::Display) -> Outcome<T> {
        self.map_err(|why| Failure::new(format!("cannot {what}: {why}")))
    }
}
