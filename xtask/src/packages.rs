//! Installs the compiler's target for the page, the npm packages of `package-lock.json`, and programs of Debian.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::program::version_of;
use crate::target::TARGET;

/// A copy of the lock file that `node_modules` was filled from.
const STAMP: &str = "node_modules/.filled-from.json";

/// The oldest Node.js that Playwright runs on.
const OLDEST_NODE: u32 = 20;

/// Adds the target to the toolchain of this checkout if it is missing.
pub fn install_target(sh: &Shell) -> Result<()> {
    let libraries = cmd!(sh, "rustc --print target-libdir --target {TARGET}").quiet().read()?;
    if Path::new(&libraries).is_dir() {
        return Ok(());
    }
    let by_hand = || format!("rustup cannot add {TARGET}; install that Rust target yourself and try again");
    cmd!(sh, "rustup target add {TARGET}").run().with_context(by_hand)
}

/// Installs the npm packages if they are missing or the lock file has changed: wasm-opt, Playwright, Lighthouse.
pub fn install_npm(sh: &Shell) -> Result<()> {
    let Some(version) = version_of(sh, "node") else {
        bail!("node is not installed; install Node.js {OLDEST_NODE} or newer with npm (Debian: nodejs, npm)");
    };
    let is_new_enough = major(&version).is_some_and(|major| major >= OLDEST_NODE);
    ensure!(is_new_enough, "node is {version}; install Node.js {OLDEST_NODE} or newer");
    let wanted = sh.read_file("package-lock.json")?;
    if sh.read_file(STAMP).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("npm packages: installing, 5 to 30 s");
    cmd!(sh, "npm ci --no-audit --no-fund --loglevel=error")
        // The system's browser is used; the download of another is large.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .env("PUPPETEER_SKIP_DOWNLOAD", "1")
        .run()
        .context("the npm packages were not installed")?;
    Ok(sh.write_file(STAMP, wanted)?)
}

/// The first number of a version such as `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs `packages` unless all `programs` are on the PATH. That takes up to a minute.
pub fn install_debian(sh: &Shell, programs: &[&str], packages: &[&str]) -> Result<()> {
    let missing = || programs.iter().find(|program| which::which(program).is_err());
    let Some(program) = missing() else { return Ok(()) };
    let list = packages.join(" ");
    let is_root = cmd!(sh, "id -u").quiet().read().is_ok_and(|id| id == "0");
    if which::which("apt-get").is_err() || !is_root {
        bail!("{program} is not installed; install it (on Debian, as root: `apt-get install {list}`) and try again");
    }
    println!("installing {list} with apt-get");
    apt_get(sh, &["update"])?;
    apt_get(
        sh,
        &["install", "-y", "--no-install-recommends"].into_iter().chain(packages.iter().copied()).collect::<Vec<_>>(),
    )?;
    let missing = missing();
    ensure!(missing.is_none(), "apt-get installed {list}, but {missing:?} is not on the PATH");
    Ok(())
}

fn apt_get(sh: &Shell, arguments: &[&str]) -> Result<()> {
    cmd!(sh, "apt-get -q -o DPkg::Lock::Timeout=120 {arguments...}")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .ignore_stdout()
        .quiet()
        .run()
        .context("apt-get failed; install the packages yourself and try again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_version() {
        assert_eq!(major("v20.19.2"), Some(20));
        assert_eq!(major(""), None);
    }
}
