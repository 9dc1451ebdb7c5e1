//! What a program says of itself.

use std::path::Path;

use xshell::Shell;

/// The last word of the first line that `PROGRAM --version` prints, if the program runs.
pub fn version_of(sh: &Shell, program: impl AsRef<Path>) -> Option<String> {
    let text = sh.cmd(program).arg("--version").quiet().ignore_stderr().read().ok()?;
    text.lines().next()?.split_whitespace().next_back().map(str::to_owned)
}
