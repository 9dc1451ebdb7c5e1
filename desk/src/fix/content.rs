//! The content of a fix: its steps, and the lines to keep.

use serde::Serialize;

use super::drop_in::ConfLine;
use crate::evidence::Quote;
use crate::verdict::VerdictId;

/// One step of a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixStep {
    /// A shell command to run as root; `None` for work by hand.
    pub command: Option<String>,
    /// What the command does or shows, or what to do by hand.
    pub says: String,
}

impl FixStep {
    /// A command to run.
    pub(super) fn run(command: impl Into<String>, says: impl Into<String>) -> Self {
        Self { command: Some(command.into()), says: says.into() }
    }

    /// Work to do by hand.
    pub(super) fn by_hand(says: impl Into<String>) -> Self {
        Self { command: None, says: says.into() }
    }
}

/// The fix for one verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The verdict.
    pub of: VerdictId,
    /// Steps that take effect at once.
    pub now: Vec<FixStep>,
    /// Lines for a file in `sysctl.d`. They contain only keys that this kernel has.
    pub keep: Vec<ConfLine>,
    /// Lines of files in the evidence that set another value at the next boot.
    pub found: Vec<Quote>,
    /// How to find other places that may set the old value.
    pub elsewhere: Vec<FixStep>,
    /// How to undo it.
    pub undo: Vec<FixStep>,
    /// How to check that it worked.
    pub check: Vec<FixStep>,
}
