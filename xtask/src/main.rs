//! The commands of this repository: `cargo xtask serve`, `build`, `test`, `bless`.
//!
//! They take a machine that has Rust, Node and npm to a page that is served or tested, and install what is missing.
//! [`site`] lists the steps of a build, [`suite`] the steps of a test run.

#![allow(
    clippy::disallowed_methods,
    reason = "these commands work on a real machine and measure how long a step takes; the model never sees this crate"
)]

mod packages;
mod program;
mod serve;
mod site;
mod sizes;
mod split;
mod start_script;
mod suite;
mod target;
mod tools;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, Parser, Subcommand};
use xshell::{Shell, cmd};

const ENVIRONMENT: &str = "\
Environment:
  TIMEWAIT_LAB_CACHE     Folder that tools are installed into [default: ${XDG_CACHE_HOME:-~/.cache}/timewait-lab]
  TIMEWAIT_LAB_RELEASES  Host that prebuilt tools are downloaded from [default: https://github.com]";

/// The commands of TIME_WAIT Lab
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", flatten_help = true, after_help = ENVIRONMENT)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, PartialEq, Eq, Subcommand)]
enum Command {
    /// Install what is missing, build the page and serve it on this machine
    Serve {
        /// Port to listen on; 0 takes any free port
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Build again when a source file changes
        #[arg(long)]
        watch: bool,
        /// Serve dist/ as it is
        #[arg(long, conflicts_with = "watch")]
        no_build: bool,
    },
    /// Run all checks and tests; CI reads the last line, `N passed, N failed`
    Test {
        /// Run only these steps; `browser` tests dist/ as it is, so ask for `site` before it
        #[arg(long, value_name = "STEP", value_delimiter = ',',
              value_parser = PossibleValuesParser::new(suite::names()))]
        only: Vec<String>,
    },
    /// Build the static site into dist/ and print the size of each file that a visitor loads
    Build,
    /// Rewrite the golden files to what the tests give now; read the diff before you commit it
    Bless,
    /// Run by Trunk after it has built the page
    #[command(hide = true)]
    HookAfterBuild,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let sh = Shell::new()?;
    sh.change_dir(repository()?);
    match arguments.command {
        None => Arguments::command().print_help()?,
        Some(Command::Serve { port, watch, no_build }) => serve::run(&sh, port, watch, no_build)?,
        Some(Command::Test { only }) => return suite::run(sh, &only),
        Some(Command::Build) => {
            tools::install(&sh)?;
            site::build(&sh)?;
            sizes::check(&sh)?;
        }
        Some(Command::Bless) => {
            cmd!(sh, "cargo test --package sim-core --package desk --package tests").env("BLESS", "1").run()?;
            println!("The golden files are rewritten; `git diff tests` shows what changed.");
        }
        Some(Command::HookAfterBuild) => site::after_trunk(&sh)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The top folder of the checkout in which the command was called. It is looked up at run time: a path compiled into
/// the program would be wrong where two checkouts share a target folder.
fn repository() -> Result<PathBuf> {
    let start = env::var_os("CARGO_MANIFEST_DIR").map_or_else(env::current_dir, |folder| Ok(PathBuf::from(folder)))?;
    let top = start.ancestors().find(|folder| folder.join("Trunk.toml").is_file());
    Ok(top.context("this is not a checkout of TIME_WAIT Lab; change to its folder first")?.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Command>, String> {
        let words = ["xtask"].into_iter().chain(line.split_whitespace());
        Arguments::try_parse_from(words).map(|arguments| arguments.command).map_err(|why| why.to_string())
    }

    fn serve(port: u16, watch: bool, no_build: bool) -> Result<Option<Command>, String> {
        Ok(Some(Command::Serve { port, watch, no_build }))
    }

    #[test]
    fn options_are_read() {
        assert_eq!(parse(""), Ok(None));
        assert_eq!(parse("serve"), serve(8080, false, false));
        assert_eq!(parse("serve --watch"), serve(8080, true, false));
        assert_eq!(parse("serve --port=0 --no-build"), serve(0, false, true));
        let only = ["site", "browser", "wasm"].map(str::to_owned).to_vec();
        assert_eq!(parse("test --only site,browser --only=wasm"), Ok(Some(Command::Test { only })));
    }

    #[test]
    fn a_mistake_is_named() {
        for (line, word) in [
            ("sevre", "sevre"),
            ("serve --port 99999", "99999"),
            ("serve --port", "--port"),
            ("serve --watch --no-build", "--no-build"),
            ("build --fast", "--fast"),
            ("test --only brwoser", "browser"),
        ] {
            let message = parse(line).expect_err(line);
            assert!(message.contains(word), "{line}: {message}");
        }
    }

    #[test]
    fn the_help_text_shows_every_option() {
        let help = Arguments::command().render_help().to_string();
        for option in ["--port", "--watch", "--no-build", "--only", "TIMEWAIT_LAB_CACHE"] {
            assert!(help.contains(option), "{option} is not in\n{help}");
        }
    }
}
