//! The command: its output and its exit status.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn desk(args: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_desk"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads no input may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn fails(args: &[&str], input: &[u8], says: &[&str]) {
    let output = desk(args, input);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {errors}");
    assert!(output.stdout.is_empty(), "{args:?}");
    assert!(says.iter().all(|part| errors.contains(part)), "{args:?}: {errors}");
}

#[test]
fn unreadable_input_is_named_with_the_reason() {
    fails(&[], b"", &["no file was given"]);
    fails(&["--jsn", "x"], b"", &["there is no option --jsn"]);
    fails(&["no-such-file"], b"", &["no-such-file", "No such file or directory"]);
    fails(&["/"], b"", &["/:", "directory"]);
    fails(&["-"], b"", &["standard input: it is empty"]);
    fails(&["-", "gone"], b"the quick brown fox\n", &["standard input: not recognised", "the quick brown fox", "gone"]);
}

#[test]
fn help_is_printed() {
    let output = desk(&["--help"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Exit status: 0 with a verdict"));
}
