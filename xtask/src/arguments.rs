//! What may be written after `cargo xtask`.

use crate::failure::{Failure, Outcome};

/// Where the page is served unless another port is asked for.
const PORT: u16 = 8080;

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
The commands of TIME_WAIT Lab

  cargo xtask serve [--port 8080] [--watch | --no-build]
      Installs what is missing, builds the page and serves it on this machine.
      --watch builds again when a source changes, --no-build serves dist/ as it is,
      --port 0 takes any port that is free.

  cargo xtask test [--only STEP[,STEP...]]
      Runs everything: format, lint, lint-wasm, unit, replay, exports, tools, wasm, site, browser.
      --only runs some of these steps; browser drives dist/ as it is, so ask for site before it.

  cargo xtask build
      Builds the static site into dist/ and prints what a visitor loads, in bytes.

  cargo xtask bless
      Rewrites the golden files to what the tests give now (BLESS=1 cargo test -p tests). Read the diff.

  cargo xtask help
      This text.

Environment
  TIMEWAIT_LAB_CACHE      where tools are kept; ${XDG_CACHE_HOME:-~/.cache}/timewait-lab if not set
  TIMEWAIT_LAB_RELEASES   where prebuilt tools are downloaded; https://github.com if not set
";

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Serve the page on this machine.
    Serve {
        /// The port to listen on.
        port: u16,
        /// Which page.
        source: Source,
    },
    /// Build the static site.
    Build,
    /// Run the test suite.
    Test {
        /// The steps to run, by name; all of them if empty.
        only: Vec<String>,
    },
    /// Rewrite the golden files.
    Bless,
    /// Called by Trunk after a build.
    HookAfterBuild,
}

/// Where the page to serve comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is built first.
    Built,
    /// It is built first, and again whenever a source changes.
    Watched,
    /// It is in `dist/` already.
    AsItIs,
}

impl Command {
    /// Reads what follows `cargo xtask`.
    pub fn parse(words: &[String]) -> Outcome<Self> {
        let Some((name, options)) = words.split_first() else {
            return Ok(Self::Help);
        };
        match name.as_str() {
            "serve" => Self::parse_serve(options),
            "test" => Self::parse_test(options),
            "build" => without_options(name, options, Self::Build),
            "bless" => without_options(name, options, Self::Bless),
            "hook-after-build" => without_options(name, options, Self::HookAfterBuild),
            "help" | "--help" | "-h" => Ok(Self::Help),
            _ => Err(Failure::new(format!("there is no command `{name}`; `cargo xtask help` lists them"))),
        }
    }

    fn parse_serve(options: &[String]) -> Outcome<Self> {
        let (mut port, mut source) = (PORT, Source::Built);
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match split(option) {
                ("--no-build", None) => source = Source::AsItIs,
                ("--watch", None) => source = Source::Watched,
                ("--port", given) => {
                    let value = value_of("--port", given, &mut options)?;
                    port = value
                        .parse()
                        .map_err(|_| Failure::new(format!("`{value}` is not a port; take a number from 0 to 65535")))?;
                }
                _ => return Err(unknown("serve", option)),
            }
        }
        Ok(Self::Serve { port, source })
    }

    fn parse_test(options: &[String]) -> Outcome<Self> {
        let mut only = Vec::new();
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match split(option) {
                ("--only", given) => {
                    let value = value_of("--only", given, &mut options)?;
                    only.extend(value.split(',').map(str::to_owned));
                }
                _ => return Err(unknown("test", option)),
            }
        }
        Ok(Self::Test { only })
    }
}

/// `--name=value` in its two parts.
fn split(option: &str) -> (&str, Option<&str>) {
    match option.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (option, None),
    }
}

/// The value after the equals sign, or else the next word.
fn value_of<'a>(name: &str, given: Option<&'a str>, mut rest: impl Iterator<Item = &'a String>) -> Outcome<&'a str> {
    given
        .or_else(|| rest.next().map(String::as_str))
        .ok_or_else(|| Failure::new(format!("`{name}` needs a value; see `cargo xtask help`")))
}

fn without_options(name: &str, options: &[String], command: Command) -> Outcome<Command> {
    match options.first() {
        None => Ok(command),
        Some(option) => Err(unknown(name, option)),
    }
}

fn unknown(name: &str, option: &str) -> Failure {
    Failure::new(format!("`{name}` has no option `{option}`; `cargo xtask help` lists them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Command::parse(&words).map_err(|failure| failure.to_string())
    }

    #[test]
    fn nothing_asks_for_help() {
        assert_eq!(parse(""), Ok(Command::Help));
    }

    #[test]
    fn serve_takes_a_port_in_both_forms() {
        let serve = |port, source| Ok(Command::Serve { port, source });
        assert_eq!(parse("serve"), serve(8080, Source::Built));
        assert_eq!(parse("serve --watch"), serve(8080, Source::Watched));
        assert_eq!(parse("serve --port 9000"), serve(9000, Source::Built));
        assert_eq!(parse("serve --port=0 --no-build"), serve(0, Source::AsItIs));
    }

    #[test]
    fn test_takes_steps_one_by_one_and_in_a_list() {
        let only = ["site", "browser", "wasm"].map(str::to_owned).to_vec();
        assert_eq!(parse("test --only site,browser --only=wasm"), Ok(Command::Test { only }));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (line, word) in [
            ("sevre", "sevre"),
            ("serve --port 99999", "99999"),
            ("serve --port", "--port"),
            ("serve --prot 1", "--prot"),
            ("build --fast", "--fast"),
        ] {
            let failure = parse(line).expect_err(line);
            assert!(failure.contains(word), "{line}: {failure}");
        }
    }
}
