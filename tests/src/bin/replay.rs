//! Replays recordings of real kernels against the model: `replay FILE.jsonl...`.
//!
//! Prints the first disagreement of each case that fails, then `N of M cases agree`. The exit status is 0 if all cases
//! agree, 2 if a file cannot be read, and 1 otherwise.

use std::process::ExitCode;

use tests::{recording, replay};

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: replay FILE.jsonl...");
        return ExitCode::from(2);
    }
    let (mut agree, mut all) = (0, 0);
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string());
        let cases = match text.and_then(|text| recording::read(&text)) {
            Ok(cases) => cases,
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::from(2);
            }
        };
        for case in &cases {
            all += 1;
            match replay::replay(case) {
                Ok(()) => agree += 1,
                Err(disagreement) => report(&case.kernel, &case.case, &disagreement),
            }
        }
    }
    println!("{agree} of {all} cases agree");
    if agree == all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(kernel: &str, case: &str, disagreement: &replay::Disagreement) {
    let replay::Disagreement { step, t, op, what, rule } = disagreement;
    println!("{kernel} {case}: step {step} at {t} ms: {what}");
    println!("    {op}");
    if !rule.is_empty() {
        println!("    last rule: {rule}");
    }
}
