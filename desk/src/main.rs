//! `desk FILE...`: reads evidence from a server and prints the verdicts, how certain they are, and the fix.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use desk::capture::is_capture;
use desk::evidence_builder::EvidenceBuilder;
use desk::{Evidence, report};

/// How many bytes of standard input are looked at to recognise a capture.
const HEAD: usize = 4_096;

const HELP: &str = "\
Usage: desk [--json] [--anonymous] FILE...

Reads evidence from a server, in any order: the output of uname -r, sysctl -a, nstat -az (best twice, 60 s apart),
netstat -s, ss -s, ss -tan, ss -tln, dmesg, files of sysctl.d, captures (pcap, pcapng, text of tcpdump).
Prints what is wrong, how certain that is, the lines that show it, the fix and how to undo it. Sends nothing anywhere.

  -            reads standard input
  --json       prints JSON instead of Markdown
  --anonymous  replaces addresses and names with remote-1, local-1, file-1
  --help       prints this help

Exit status: 0 with a verdict; 2 when nothing could be read.
";

/// The options of the command line.
#[derive(Debug, Default)]
struct Options {
    json: bool,
    anonymous: bool,
    help: bool,
    files: Vec<String>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned())) {
        Ok(options) => options,
        Err(message) => return fail(&message),
    };
    if options.help {
        return print(HELP);
    }
    let evidence = match read(&options.files) {
        Ok(evidence) => evidence,
        Err(message) => return fail(&message),
    };
    let evidence = if options.anonymous { report::anonymous(&evidence) } else { evidence };
    if options.json { print(&format!("{:#}\n", report::json(&evidence))) } else { print(&report::markdown(&evidence)) }
}

fn options(args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut only_files = false;
    for arg in args {
        match arg.as_str() {
            _ if only_files => options.files.push(arg),
            "--" => only_files = true,
            "--json" => options.json = true,
            "--anonymous" => options.anonymous = true,
            "--help" | "-h" => options.help = true,
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("there is no option {option}; see desk --help"));
            }
            _ => options.files.push(arg),
        }
    }
    if options.files.is_empty() && !options.help {
        return Err("no file was given; see desk --help".to_owned());
    }
    Ok(options)
}

/// Reads texts first and captures at the end.
fn read(files: &[String]) -> Result<Evidence, String> {
    let mut builder = EvidenceBuilder::default();
    let mut captures: Vec<(&str, Box<dyn BufRead>)> = Vec::new();
    let mut failed = Vec::new();
    for file in files {
        let source = source(file);
        match open(file).and_then(|mut reader| Ok((reader.fill_buf()?.to_vec(), reader))) {
            Err(error) => {
                failed.push(format!("{source}: {error}"));
                builder.add_unreadable(source, "", error.to_string());
            }
            Ok((head, reader)) if is_capture(&head) => captures.push((source, reader)),
            Ok((_, mut reader)) => {
                let mut bytes = Vec::new();
                match reader.read_to_end(&mut bytes) {
                    Ok(0) => builder.add_unreadable(source, "", "it is empty"),
                    Ok(_) => builder.add_text(source, &String::from_utf8_lossy(&bytes)),
                    Err(error) => builder.add_unreadable(source, "", error.to_string()),
                }
            }
        }
    }
    for (source, mut reader) in captures {
        builder.add_capture(source, &mut reader);
    }
    let evidence = builder.build();
    if evidence.is_recognised() {
        for message in failed {
            eprintln!("desk: {message}");
        }
        return Ok(evidence);
    }
    Err(nothing(&evidence, files))
}

/// The name of an input in reports.
fn source(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

fn open(file: &str) -> io::Result<Box<dyn BufRead>> {
    if file == "-" {
        return Ok(Box::new(BufReader::with_capacity(HEAD, io::stdin())));
    }
    Ok(Box::new(BufReader::with_capacity(1 << 16, File::open(file)?)))
}

/// The message if no file was recognised: each file with the reason.
fn nothing(evidence: &Evidence, files: &[String]) -> String {
    let is_named = |file: &&String| evidence.unknown.iter().any(|unknown| unknown.source == source(file));
    let rest = files.iter().filter(|file| !is_named(file));
    let rest = rest.map(|file| format!("\n  {}: it was read, but nothing in it bears on this problem", source(file)));
    let because = evidence.unknown.iter().map(|unknown| {
        let because = unknown.because.as_deref().unwrap_or("not recognised as input that the desk reads");
        let first: String = unknown.first_line.chars().filter(|c| !c.is_control()).take(80).collect();
        let first = if first.is_empty() { first } else { format!("; it begins with: {first}") };
        format!("\n  {}: {because}{first}", unknown.source)
    });
    format!(
        "nothing could be read:{}\nSee desk --help for the inputs that can be read.",
        because.chain(rest).collect::<String>()
    )
}

fn fail(message: &str) -> ExitCode {
    eprintln!("desk: {message}");
    ExitCode::from(2)
}

/// A closed pipe is no failure: `head` stops reading early.
fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(&error.to_string()),
        _ => ExitCode::SUCCESS,
    }
}
