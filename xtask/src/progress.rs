//! Saying what is being done, how long that takes as a rule, and how far it is.

use std::io::{BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome, Trying};
use crate::process::line_of;

/// How often a long step says how far it is.
const INTERVAL: Duration = Duration::from_secs(10);
/// How often is looked whether it has ended.
const GLANCE: Duration = Duration::from_millis(100);

/// Counts the steps of a set-up: `[2/5] ...`.
#[derive(Debug)]
pub struct Steps {
    done: usize,
    of: usize,
}

impl Steps {
    /// None of `of` steps is done.
    pub fn new(of: usize) -> Self {
        Self { done: 0, of }
    }

    /// Starts the next step, which reads as `what`.
    pub fn next(&mut self, what: &str) {
        self.done += 1;
        println!("[{}/{}] {what}", self.done, self.of);
    }
}

/// A line that belongs to the step above it.
pub fn note(line: &str) {
    println!("      {line}");
}

/// A time as people say it.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// What a watched program has printed so far.
#[derive(Default)]
struct Heard {
    /// How many crates of how many are compiled.
    crates: Option<(u32, u32)>,
    /// Everything but the progress bars.
    lines: Vec<String>,
}

/// How a watched program ended.
pub struct Ending {
    /// Whether it did what it should.
    pub success: bool,
    /// What it printed, without cargo's chatter and progress bars.
    pub lines: Vec<String>,
}

/// Runs a program that calls cargo and tells every few seconds how many crates are compiled; its own output is kept
/// back.
pub fn watch(command: &mut Command) -> Outcome<Ending> {
    let line = line_of(command);
    let mut child = command
        // Cargo draws its progress bar for terminals only, unless it is told so and how wide.
        .envs([
            ("CARGO_TERM_PROGRESS_WHEN", "always"),
            ("CARGO_TERM_PROGRESS_WIDTH", "120"),
            ("CARGO_TERM_COLOR", "never"),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .trying(format_args!("start `{line}`"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let heard = Mutex::new(Heard::default());
    let status = thread::scope(|scope| {
        scope.spawn(|| stdout.map(|stream| listen(stream, &heard)));
        scope.spawn(|| stderr.map(|stream| listen(stream, &heard)));
        let started = Instant::now();
        let mut next = INTERVAL;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if started.elapsed() >= next {
                next += INTERVAL;
                let crates = heard.lock().unwrap_or_else(PoisonError::into_inner).crates;
                note(&how_far(crates, started.elapsed()));
            }
            thread::sleep(GLANCE);
        }
    })
    .map_err(|why: std::io::Error| Failure::new(format!("cannot wait for `{line}`: {why}")))?;
    let heard = heard.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Ending { success: status.success(), lines: heard.lines })
}

fn how_far(crates: Option<(u32, u32)>, elapsed: Duration) -> String {
    match crates {
        Some((done, of)) => format!("{done} of {of} crates compiled, {}", spoken(elapsed)),
        None => format!("under way, {}", spoken(elapsed)),
    }
}

/// Takes in a stream line by line; a progress bar ends in a carriage return and is overwritten by the next.
fn listen(stream: impl Read, heard: &Mutex<Heard>) {
    let mut line = Vec::new();
    for byte in BufReader::new(stream).bytes() {
        let Ok(byte) = byte else { break };
        if byte == b'\n' || byte == b'\r' {
            take_in(&String::from_utf8_lossy(&line), heard);
            line.clear();
        } else {
            line.push(byte);
        }
    }
    take_in(&String::from_utf8_lossy(&line), heard);
}

fn take_in(line: &str, heard: &Mutex<Heard>) {
    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(crates) = crate_count(line) {
        heard.crates = Some(crates);
    } else if !line.trim().is_empty() && !is_chatter(line) {
        heard.lines.push(line.trim_end().to_owned());
    }
}

/// Reads `Building [====>   ] 87/310: serde, tokio`.
fn crate_count(line: &str) -> Option<(u32, u32)> {
    let (_, bar) = line.split_once("Building [")?;
    let (_, count) = bar.split_once("] ")?;
    let (done, of) = count.split(':').next()?.split_once('/')?;
    Some((done.trim().parse().ok()?, of.trim().parse().ok()?))
}

/// What cargo says while all is well.
fn is_chatter(line: &str) -> bool {
    let line = line.trim_start_matches("\u{1b}[K").trim_start();
    let first = line.split_whitespace().next().unwrap_or_default();
    matches!(
        first,
        "Compiling" | "Downloading" | "Downloaded" | "Adding" | "Fetch" | "Updating" | "Locking" | "Blocking"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_progress_bar_gives_the_count() {
        let bar = "    Building [======>              ]  87/310: serde, tokio(build)";
        assert_eq!(crate_count(bar), Some((87, 310)));
        assert_eq!(crate_count("   Compiling serde v1.0.229"), None);
        assert_eq!(crate_count("    Building [==> ] soon"), None);
    }

    #[test]
    fn errors_are_kept_and_chatter_is_not() {
        let heard = Mutex::new(Heard::default());
        let text = "   Compiling a v1.0.0\r  Building [=> ] 1/2: a\nerror: no such thing\r\n\n";
        listen(text.as_bytes(), &heard);
        let heard = heard.into_inner().unwrap();
        assert_eq!(heard.crates, Some((1, 2)));
        assert_eq!(heard.lines, ["error: no such thing"]);
    }

    #[test]
    fn times_are_short() {
        assert_eq!(spoken(Duration::from_millis(4_260)), "4.3 s");
        assert_eq!(spoken(Duration::from_secs(61)), "61 s");
        assert_eq!(spoken(Duration::from_secs(185)), "3 min 05 s");
    }
}
