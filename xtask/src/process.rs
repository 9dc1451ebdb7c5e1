//! Running other programs: finding them, asking for their version, and seeing them through.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome, Trying};

/// The program of that name on the PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// The last word of what `program --version` prints on its first line, if it runs.
pub fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next()?.split_whitespace().next_back().map(str::to_owned)
}

/// Runs a command whose output goes to the terminal, and fails unless it succeeds.
pub fn run(command: &mut Command) -> Outcome<()> {
    let line = line_of(command);
    let status = command.stdin(Stdio::null()).status().trying(format_args!("start `{line}`"))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` failed ({status})"))) }
}

/// Runs a command and gives what it prints; if it fails, its first line of complaint is the reason.
pub fn output_of(command: &mut Command) -> Outcome<String> {
    let line = line_of(command);
    let output = command.stdin(Stdio::null()).output().trying(format_args!("start `{line}`"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(reason(&complaint).map_or_else(|| output.status.to_string(), str::to_owned)))
}

/// The first line that speaks of an error, or else the first line at all.
fn reason(complaint: &str) -> Option<&str> {
    let mut lines = complaint.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next();
    lines.find(|line| line.contains("error")).or(first)
}

/// The command as one would type it, cut where it is long.
pub fn line_of(command: &Command) -> String {
    const LONGEST: usize = 100;
    let mut line =
        Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for argument in command.get_args().map(OsStr::to_string_lossy) {
        if line.len() + argument.len() > LONGEST {
            line.push_str(" ...");
            break;
        }
        line.push(' ');
        line.push_str(&argument);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_gives_its_first_complaint() {
        let script = "echo info: one >&2; echo error: two >&2; echo three >&2; exit 3";
        let failure = output_of(Command::new("sh").args(["-c", script])).expect_err("it exits with 3");
        assert_eq!(failure.to_string(), "error: two");
        assert_eq!(reason("\n one\ntwo\n"), Some("one"));
        assert_eq!(reason(""), None);
    }

    #[test]
    fn a_long_command_is_cut() {
        let mut command = Command::new("/usr/bin/replay");
        command.args((0..100).map(|n| format!("file-{n}.jsonl")));
        let line = line_of(&command);
        assert!(line.starts_with("replay file-0.jsonl") && line.ends_with("..."));
    }
}
