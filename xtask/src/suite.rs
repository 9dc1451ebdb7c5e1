//! `cargo xtask test`: every check there is, in an order in which a mistake is found soon.
//!
//! A step that fails does not stop those after it, so that one run tells everything. The last line counts the steps.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome, Trying};
use crate::progress::{Steps, spoken};
use crate::repository::Repository;
use crate::target::TARGET;
use crate::toolbox::Toolbox;
use crate::{browser, debian, page, process, sizes};

/// One step of the suite.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&mut Bench) -> Outcome<()>,
}

const STEPS: [Step; 10] = [
    Step { name: "format", what: "all sources are formatted", run: |bench| bench.cargo(&["fmt", "--all", "--check"]) },
    Step {
        name: "lint",
        what: "clippy has nothing to say",
        run: |bench| bench.cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
    },
    Step {
        name: "unit",
        what: "unit tests and data-driven tests",
        run: |bench| bench.cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]),
    },
    Step { name: "replay", what: "the model answers as recorded kernels did", run: replay },
    Step {
        name: "exports",
        what: "tshark, tcpdump and sysctl take what leaves the lab, and agree with what is read",
        run: exports,
    },
    Step { name: "tools", what: "what the page is built with is installed", run: |bench| bench.toolbox().map(drop) },
    Step { name: "lint-wasm", what: "clippy has nothing to say about what runs in the browser", run: lint_wasm },
    Step { name: "wasm", what: "wasm tests, under Node", run: wasm },
    Step { name: "site", what: "the page, built for release", run: site },
    Step {
        name: "browser",
        what: "the page in Chromium",
        run: |bench| {
            let repository = bench.repository.clone();
            browser::test(&repository, bench.toolbox()?)
        },
    },
];

/// Runs the steps of these names, or all.
pub fn run(only: &[String]) -> Outcome<ExitCode> {
    let steps = chosen(only)?;
    let mut bench = Bench { repository: Repository::find()?, toolbox: None };
    let started = Instant::now();
    let mut results = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        println!("\n== {} ({}/{}): {}", step.name, number + 1, steps.len(), step.what);
        let begun = Instant::now();
        let result = match failed_before(step, &results) {
            Some(other) => Err(Failure::new(format!("not run, because {other} failed"))),
            None => (step.run)(&mut bench),
        };
        let time = begun.elapsed();
        match &result {
            Ok(()) => println!("== {}: passed in {}", step.name, spoken(time)),
            Err(failure) => println!("== {}: FAILED in {}: {failure}", step.name, spoken(time)),
        }
        results.push((step.name, time, result.is_ok()));
    }
    Ok(report(&results, started.elapsed()))
}

fn chosen(only: &[String]) -> Outcome<Vec<&'static Step>> {
    if only.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!("there is no step `{unknown}`; the steps are {}", names.join(", "))));
    }
    let is_chosen = |step: &&Step| only.iter().any(|name| name == step.name);
    Ok(STEPS.iter().filter(is_chosen).collect())
}

/// A page that was not built is not tested: the one in `dist/` is of another day.
fn failed_before(step: &Step, results: &[(&'static str, Duration, bool)]) -> Option<&'static str> {
    let needed: &[&str] = match step.name {
        "lint-wasm" | "wasm" | "site" => &["tools"],
        "browser" => &["tools", "site"],
        _ => &[],
    };
    results.iter().find(|(name, _, passed)| !passed && needed.contains(name)).map(|(name, ..)| *name)
}

fn report(results: &[(&str, Duration, bool)], total: Duration) -> ExitCode {
    println!();
    for (name, time, passed) in results {
        let word = if *passed { "passed" } else { "FAILED" };
        println!("{name:>10}  {word}  {}", spoken(*time));
    }
    let passed = results.iter().filter(|(.., passed)| *passed).count();
    let failed = results.len() - passed;
    println!("{:>10}  {}\n", "in all", spoken(total));
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the steps share.
struct Bench {
    repository: Repository,
    toolbox: Option<Toolbox>,
}

impl Bench {
    fn cargo(&self, arguments: &[&str]) -> Outcome<()> {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).current_dir(self.repository.top());
        process::run(&mut cargo)
    }

    /// The tools, installed by the first step that asks for them.
    fn toolbox(&mut self) -> Outcome<&Toolbox> {
        let toolbox = match self.toolbox.take() {
            Some(toolbox) => toolbox,
            None => Toolbox::fill(&self.repository, &mut Steps::new(Toolbox::STEPS))?,
        };
        Ok(self.toolbox.insert(toolbox))
    }
}

fn replay(bench: &mut Bench) -> Outcome<()> {
    let folder = bench.repository.join("tests/kernel-traces");
    let entries = fs::read_dir(&folder).trying("read tests/kernel-traces")?;
    let mut recordings: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    recordings.sort();
    if recordings.is_empty() {
        return Err(Failure::new("tests/kernel-traces holds no recordings"));
    }
    let mut cargo = Command::new("cargo");
    cargo
        .args(["run", "--release", "--quiet", "--locked"])
        .args(["--package", "tests", "--bin", "replay", "--"])
        .args(recordings)
        .current_dir(bench.repository.top());
    process::run(&mut cargo)
}

/// These tests are no part of the unit step, which is to pass without the programs that they ask; nor of the lint step,
/// which leaves out what a bare `cargo test` does.
fn exports(bench: &mut Bench) -> Outcome<()> {
    let programs = ["tshark", "editcap", "mergecap", "tcpdump", "sysctl", "unshare"];
    let packages = ["tshark", "wireshark-common", "tcpdump", "procps", "util-linux"];
    debian::install(&programs, &packages, "about 30 s")?;
    bench.cargo(&["clippy", "--package", "tests", "--test", "tools", "--locked", "--", "-D", "warnings"])?;
    bench.cargo(&["test", "--package", "tests", "--test", "tools", "--locked"])
}

fn lint_wasm(bench: &mut Bench) -> Outcome<()> {
    // The tools come with the compiler's target.
    bench.toolbox()?;
    bench.cargo(&[
        "clippy",
        "--package",
        "app",
        "--package",
        "sim-core",
        "--target",
        TARGET,
        "--locked",
        "--lib",
        "--bins",
        "--tests",
        "--",
        "-D",
        "warnings",
    ])
}

/// The packages with wasm tests, and only they: compiling another for wasm takes a minute and tests nothing.
/// Documentation tests are left out; they ran in the unit step and cannot run as wasm.
fn wasm(bench: &mut Bench) -> Outcome<()> {
    let has_wasm_tests = |package: &&str| {
        let manifest = bench.repository.join(package).join("Cargo.toml");
        fs::read_to_string(manifest).is_ok_and(|text| text.contains("wasm-bindgen-test"))
    };
    let packages: Vec<&str> = ["sim-core", "app", "tests"].into_iter().filter(has_wasm_tests).collect();
    if packages.is_empty() {
        return Err(Failure::new("no package has wasm-bindgen-test among its dependencies"));
    }
    let mut cargo = bench.toolbox()?.command("cargo");
    cargo
        .args(["test", "--tests", "--target", TARGET, "--locked", "--no-fail-fast"])
        .args(packages.iter().flat_map(|package| ["--package", package]));
    process::run(&mut cargo)
}

fn site(bench: &mut Bench) -> Outcome<()> {
    page::build_page(bench.toolbox()?)?;
    sizes::print(&bench.repository.dist())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str]) -> Result<Vec<&'static str>, String> {
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let steps = chosen(&only).map_err(|failure| failure.to_string())?;
        Ok(steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn chosen_steps_run_in_the_order_of_the_suite() {
        assert_eq!(names(&["browser", "site"]), Ok(vec!["site", "browser"]));
        assert_eq!(names(&[]).map(|all| all.len()), Ok(STEPS.len()));
    }

    #[test]
    fn a_step_that_is_not_there_is_named() {
        let failure = names(&["brwoser"]).expect_err("there is none");
        assert!(failure.contains("brwoser") && failure.contains("browser"));
    }

    #[test]
    fn the_browser_is_not_tried_on_a_page_that_was_not_built() {
        let browser = STEPS.iter().find(|step| step.name == "browser").unwrap();
        let results = [("unit", Duration::ZERO, false), ("site", Duration::ZERO, false)];
        assert_eq!(failed_before(browser, &results), Some("site"));
        assert_eq!(failed_before(browser, &results[..1]), None);
    }
}
