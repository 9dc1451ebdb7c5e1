//! A parser of one kind of output, and what it is told about the lines.

use super::line::TextLine;
use super::parse_state::ParseState;
use super::prompt::Command;

/// What is known about the current lines from a prompt or a header above them.
#[derive(Default)]
pub(super) struct Context {
    /// The command that printed them.
    pub(super) command: Option<Command>,
    /// The file that contains them.
    pub(super) file: Option<String>,
    /// Whether the text is a file of sysctls, by its name. In such a file `#` begins a comment and is no prompt.
    pub(super) source_is_conf: bool,
    /// Whether the text has only one line.
    pub(super) is_one_line: bool,
}

impl Context {
    pub(super) fn runs(&self, program: &str) -> bool {
        self.command.as_ref().is_some_and(|command| command.runs(program))
    }
}

/// A parser of one kind of output.
pub(super) trait LineParser {
    /// A prompt or a header was read.
    fn begin(&mut self, _around: &Context) {}
    /// Takes the line, or returns false to leave it to the other parsers.
    fn read(&mut self, line: &TextLine<'_>, context: &Context, reading: &mut ParseState<'_>) -> bool;
    /// The output of this kind has ended.
    fn end(&mut self, _reading: &mut ParseState<'_>) {}
}
