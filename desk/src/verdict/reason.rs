//! A reason for or against a verdict.

use serde::Serialize;

use crate::evidence::Quote;

/// An observation for or against a verdict, and the lines that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// One or more sentences.
    pub says: String,
    /// The lines of the input.
    pub lines: Vec<Quote>,
}

impl Reason {
    /// A reason from its sentence and its lines.
    pub fn new(says: impl Into<String>, lines: Vec<Quote>) -> Self {
        Self { says: says.into(), lines }
    }
}
