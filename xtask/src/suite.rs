//! `cargo xtask test`: every check of this repository, quick ones first.
//!
//! A step that fails does not stop the steps after it, so that one run reports everything.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::target::TARGET;
use crate::{packages, serve, site, sizes, tools};

/// One step of the suite.
struct Step {
    name: &'static str,
    about: &'static str,
    /// Steps without which this one cannot run or would test an old build.
    needs: &'static [&'static str],
    run: Run,
}

const STEPS: [Step; 10] = [
    Step::new("format", "all sources are formatted", &[], format),
    Step::new("lint", "clippy finds nothing", &[], lint),
    Step::new("unit", "unit tests and data-driven tests", &[], unit),
    Step::new("replay", "the model answers as the recorded kernels did", &[], replay),
    Step::new("exports", "tshark, tcpdump and sysctl accept the lab's exports", &[], exports),
    Step::new("tools", "the build tools are installed", &[], |suite| suite.with_tools().map(drop)),
    Step::new("lint-wasm", "clippy finds nothing in what runs in the browser", &["tools"], lint_wasm),
    Step::new("wasm", "wasm tests, under Node", &["tools"], wasm),
    Step::new("site", "the page, built for release, and its size", &["tools"], build_site),
    Step::new("browser", "the page in Chromium", &["tools", "site"], browser),
];

type Run = fn(&mut Suite) -> Result<()>;

impl Step {
    const fn new(name: &'static str, about: &'static str, needs: &'static [&'static str], run: Run) -> Self {
        Self { name, about, needs, run }
    }
}

/// The names of all steps, in the order in which they run.
pub fn names() -> [&'static str; STEPS.len()] {
    STEPS.map(|step| step.name)
}

/// Runs the steps of these names, or all steps if none is named.
pub fn run(sh: Shell, only: &[String]) -> Result<ExitCode> {
    let is_chosen = |step: &&Step| only.is_empty() || only.iter().any(|name| name == step.name);
    let steps: Vec<&Step> = STEPS.iter().filter(is_chosen).collect();
    let mut suite = Suite { sh, has_tools: false };
    let mut results = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        println!("\n== {} ({}/{}): {}", step.name, number + 1, steps.len(), step.about);
        let started = Instant::now();
        let result = match failed_before(step, &results) {
            Some(other) => Err(anyhow::anyhow!("not run, because {other} failed")),
            None => (step.run)(&mut suite),
        };
        let time = started.elapsed();
        match &result {
            Ok(()) => println!("== {}: passed in {time:.1?}", step.name),
            Err(why) => println!("== {}: FAILED in {time:.1?}: {why:#}", step.name),
        }
        results.push((step.name, time, result.is_ok()));
    }
    Ok(report(&results))
}

/// The first step that `step` needs and that has failed.
fn failed_before(step: &Step, results: &[(&'static str, Duration, bool)]) -> Option<&'static str> {
    results.iter().find(|(name, _, passed)| !passed && step.needs.contains(name)).map(|(name, ..)| *name)
}

/// Prints a line for each step, and the line that CI reads.
fn report(results: &[(&str, Duration, bool)]) -> ExitCode {
    println!();
    for (name, time, passed) in results {
        println!("{name:>10}  {}  {time:.1?}", if *passed { "passed" } else { "FAILED" });
    }
    println!("{:>10}  {:.1?}\n", "total", results.iter().map(|(_, time, _)| *time).sum::<Duration>());
    let passed = results.iter().filter(|(.., passed)| *passed).count();
    let failed = results.len() - passed;
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the steps share: a shell at the top of the checkout.
struct Suite {
    sh: Shell,
    has_tools: bool,
}

impl Suite {
    /// The shell with the build tools on its PATH. The first step that asks for it installs them.
    fn with_tools(&mut self) -> Result<&Shell> {
        if !self.has_tools {
            tools::install(&self.sh)?;
            self.has_tools = true;
        }
        Ok(&self.sh)
    }
}

fn format(suite: &mut Suite) -> Result<()> {
    Ok(cmd!(suite.sh, "cargo fmt --all --check").run()?)
}

fn lint(suite: &mut Suite) -> Result<()> {
    Ok(cmd!(suite.sh, "cargo clippy --workspace --all-targets --features app/prerender --locked -- -D warnings")
        .run()?)
}

fn unit(suite: &mut Suite) -> Result<()> {
    Ok(cmd!(suite.sh, "cargo test --workspace --features app/prerender --locked --no-fail-fast").run()?)
}

fn replay(suite: &mut Suite) -> Result<()> {
    let mut recordings = suite.sh.read_dir("tests/kernel-traces")?;
    recordings.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    ensure!(!recordings.is_empty(), "tests/kernel-traces holds no recordings");
    let replay = cmd!(suite.sh, "cargo run --release --quiet --locked --package tests --bin replay -- {recordings...}");
    // The command names a hundred files. Printed, it would hide the reason.
    if replay.quiet().run().is_err() {
        bail!("the model does not agree with every recording, see above");
    }
    Ok(())
}

/// These tests are not part of `unit`, which passes without the programs that they run. `lint` leaves them out too.
fn exports(suite: &mut Suite) -> Result<()> {
    let programs = ["tshark", "editcap", "mergecap", "tcpdump", "sysctl", "unshare"];
    let debian = ["tshark", "wireshark-common", "tcpdump", "procps", "util-linux"];
    let sh = &suite.sh;
    packages::install_debian(sh, &programs, &debian)?;
    cmd!(sh, "cargo clippy --package tests --test tools --locked -- -D warnings").run()?;
    Ok(cmd!(sh, "cargo test --package tests --test tools --locked").run()?)
}

fn lint_wasm(suite: &mut Suite) -> Result<()> {
    let sh = suite.with_tools()?;
    let target = TARGET;
    let packages = ["--package", "app", "--package", "lab", "--package", "sim-core"];
    Ok(cmd!(sh, "cargo clippy {packages...} --target {target} --locked --lib --bins --tests -- -D warnings").run()?)
}

/// Only packages that have wasm tests: compiling another one for wasm takes a minute and tests nothing.
fn wasm(suite: &mut Suite) -> Result<()> {
    let sh = suite.with_tools()?;
    let mut packages = Vec::new();
    for package in ["sim-core", "app", "tests"] {
        if sh.read_file(format!("{package}/Cargo.toml"))?.contains("wasm-bindgen-test") {
            packages.extend(["--package", package]);
        }
    }
    ensure!(!packages.is_empty(), "no package has wasm-bindgen-test among its dependencies");
    let target = TARGET;
    Ok(cmd!(sh, "cargo test --tests --target {target} --locked --no-fail-fast {packages...}").run()?)
}

fn build_site(suite: &mut Suite) -> Result<()> {
    let sh = suite.with_tools()?;
    site::build(sh)?;
    sizes::check(sh)
}

fn browser(suite: &mut Suite) -> Result<()> {
    let sh = suite.with_tools()?;
    let dist = site::dist(sh)?;
    let chromium = chromium(sh)?;
    let address = serve::in_background(dist)?;
    Ok(cmd!(sh, "playwright test --config tests/e2e/playwright.config.ts")
        .env("TIMEWAIT_LAB_URL", address)
        .env("TIMEWAIT_LAB_CHROMIUM", chromium)
        .run()?)
}

/// The Chromium of this machine, installed if there is none.
fn chromium(sh: &Shell) -> Result<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    if let Some(found) = names.into_iter().find_map(|name| which::which(name).ok()) {
        return Ok(found);
    }
    // Without a font the page has no text to measure.
    packages::install_debian(sh, &["chromium"], &["chromium", "fonts-dejavu-core"])?;
    Ok(which::which("chromium")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_does_not_test_a_page_that_was_not_built() {
        let browser = STEPS.iter().find(|step| step.name == "browser").unwrap();
        let results = [("unit", Duration::ZERO, false), ("site", Duration::ZERO, false)];
        assert_eq!(failed_before(browser, &results), Some("site"));
        assert_eq!(failed_before(browser, &results[..1]), None);
    }

    #[test]
    fn a_step_needs_only_earlier_steps() {
        for (number, step) in STEPS.iter().enumerate() {
            for needed in step.needs {
                assert!(STEPS[..number].iter().any(|earlier| earlier.name == *needed), "{} needs {needed}", step.name);
            }
        }
    }
}
