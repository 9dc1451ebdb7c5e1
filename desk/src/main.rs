//! `desk FILE...`: reads what a customer sent and prints what is wrong, how sure that is, and the fix.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use desk::intake::{Intake, Readers, is_anything};
use desk::{Evidence, report};

const HELP: &str = "\
Usage: desk [--json] [--anonymous] FILE...

Reads what a customer sent, in any order: the output of uname -r, sysctl -a, nstat -az (best twice, 60 s apart),
netstat -s, ss -s, ss -tan, ss -tln, dmesg, files of sysctl.d, captures (pcap, pcapng, text of tcpdump).
Prints what is wrong, how sure that is, on which lines it rests, the fix and its way back. Nothing leaves the machine.

  -            reads standard input
  --json       prints JSON instead of Markdown
  --anonymous  puts remote-1, local-1, file-1 in place of addresses and names
  --help       prints this

Exit status: 0 with a verdict; 2 when nothing could be read.
";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Asked {
    json: bool,
    anonymous: bool,
    help: bool,
    files: Vec<String>,
}

fn main() -> ExitCode {
    let asked = match asked(std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned())) {
        Ok(asked) => asked,
        Err(message) => return fail(&message),
    };
    if asked.help {
        return print(HELP);
    }
    let evidence = match read(&asked.files) {
        Ok(evidence) => evidence,
        Err(message) => return fail(&message),
    };
    let evidence = if asked.anonymous { report::anonymous(&evidence) } else { evidence };
    if asked.json { print(&format!("{:#}\n", report::json(&evidence))) } else { print(&report::markdown(&evidence)) }
}

fn asked(args: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut only_files = false;
    for arg in args {
        match arg.as_str() {
            _ if only_files => asked.files.push(arg),
            "--" => only_files = true,
            "--json" => asked.json = true,
            "--anonymous" => asked.anonymous = true,
            "--help" | "-h" => asked.help = true,
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("there is no option {option}; see desk --help"));
            }
            _ => asked.files.push(arg),
        }
    }
    if asked.files.is_empty() && !asked.help {
        return Err("no file was given; see desk --help".to_owned());
    }
    Ok(asked)
}

/// Reads text at once and captures at the end.
fn read(files: &[String]) -> Result<Evidence, String> {
    let mut intake = Intake::with(Readers::default());
    let mut captures: Vec<(&str, Box<dyn BufRead>)> = Vec::new();
    let mut failed = Vec::new();
    for file in files {
        let source = source(file);
        match open(file).and_then(|mut reader| Ok((reader.fill_buf()?.to_vec(), reader))) {
            Err(error) => {
                failed.push(format!("{source}: {error}"));
                intake.leave(source, "", error.to_string());
            }
            Ok((head, reader)) if intake.is_capture(&head) => captures.push((source, reader)),
            Ok((_, mut reader)) => {
                let mut bytes = Vec::new();
                match reader.read_to_end(&mut bytes) {
                    Ok(0) => intake.leave(source, "", "it is empty"),
                    Ok(_) => intake.text(source, &String::from_utf8_lossy(&bytes)),
                    Err(error) => intake.leave(source, "", error.to_string()),
                }
            }
        }
    }
    for (source, mut reader) in captures {
        intake.capture(source, &mut reader);
    }
    let evidence = intake.evidence();
    if is_anything(&evidence) {
        for message in failed {
            eprintln!("desk: {message}");
        }
        return Ok(evidence);
    }
    Err(nothing(&evidence, files))
}

/// The name of a file in reports.
fn source(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

fn open(file: &str) -> io::Result<Box<dyn BufRead>> {
    if file == "-" {
        return Ok(Box::new(BufReader::with_capacity(Intake::HEAD, io::stdin())));
    }
    Ok(Box::new(BufReader::with_capacity(1 << 16, File::open(file)?)))
}

/// Why there is nothing to go by: each file, and what is the matter with it.
fn nothing(evidence: &Evidence, files: &[String]) -> String {
    let is_named = |file: &&String| evidence.unknown.iter().any(|unknown| unknown.source == source(file));
    let rest = files.iter().filter(|file| !is_named(file));
    let rest = rest.map(|file| format!("\n  {}: it was read, and nothing in it bears on this", source(file)));
    let because = evidence.unknown.iter().map(|unknown| {
        let because = unknown.because.as_deref().unwrap_or("not recognised as anything that the desk reads");
        let first: String = unknown.first_line.chars().filter(|c| !c.is_control()).take(80).collect();
        let first = if first.is_empty() { first } else { format!("; it begins with: {first}") };
        format!("\n  {}: {because}{first}", unknown.source)
    });
    format!("nothing could be read:{}\nSee desk --help for what can be.", because.chain(rest).collect::<String>())
}

fn fail(message: &str) -> ExitCode {
    eprintln!("desk: {message}");
    ExitCode::from(2)
}

/// A reader that goes away early, such as `head`, is no failure.
fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(&error.to_string()),
        _ => ExitCode::SUCCESS,
    }
}
