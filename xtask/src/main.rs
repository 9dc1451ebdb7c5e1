//! The commands of this repository: `cargo xtask serve`, `test`, `build`, `bless`.
//!
//! They take a machine with Rust, Node and npm to a page that is served, or tested, and install what is missing on the
//! way. Read [`arguments`] for the commands, [`site`] and [`suite`] for what the two large ones do.

#![allow(
    clippy::disallowed_methods,
    reason = "these commands work on a real machine and tell how long a step took; the model never sees this crate"
)]

mod arguments;
mod bless;
mod boot_script;
mod browser;
mod cache;
mod debian;
mod failure;
mod install;
mod lockfile;
mod packages;
mod page;
mod parts;
mod process;
mod progress;
mod release;
mod repository;
mod serve;
mod site;
mod sizes;
mod suite;
mod target;
mod tool;
mod toolbox;
mod watch;

use std::env;
use std::process::ExitCode;

use arguments::Command;
use failure::Outcome;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match run(&words) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Outcome<ExitCode> {
    match Command::parse(words)? {
        Command::Help => print!("{}", arguments::HELP),
        Command::Serve { port, source } => site::serve(port, source)?,
        Command::Build => site::build()?,
        Command::Test { only } => return suite::run(&only),
        Command::Bless => bless::run()?,
        Command::HookAfterBuild => page::after_build()?,
    }
    Ok(ExitCode::SUCCESS)
}
