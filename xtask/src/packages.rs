//! The npm packages of `package-lock.json`: the optimiser for wasm, and what drives the browser in tests.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Outcome, Trying};
use crate::process::{on_path, output_of, version_of};
use crate::progress::Steps;
use crate::repository::Repository;

/// A copy of the lock file that `node_modules` was filled from.
const STAMP: &str = "node_modules/.filled-from.json";

/// The oldest Node.js that Playwright runs on.
const NODE: u32 = 20;

/// Installs the packages if they are not there or the lock file has changed.
pub fn install(repository: &Repository, steps: &mut Steps) -> Outcome<()> {
    // The optimiser is a program for Node, so that it takes Node even where it is installed.
    let node = require("node")?;
    let version = version_of(&node).unwrap_or_default();
    if major(&version).is_none_or(|major| major < NODE) {
        return Err(Failure::new(format!("the node on the PATH is {version}; install Node.js {NODE} or newer")));
    }
    let wanted = fs::read(repository.join("package-lock.json")).trying("read package-lock.json")?;
    let is_filled = || fs::read(repository.join(STAMP)).is_ok_and(|filled_from| filled_from == wanted);
    if is_filled() {
        steps.next("npm packages (wasm-opt, Playwright): installed");
        return Ok(());
    }
    require("npm")?;
    steps.next("npm packages (wasm-opt, Playwright): installing, 5 to 30 s");
    let folder = repository.join("target");
    fs::create_dir_all(&folder).trying("make the folder target")?;
    let lock = File::create(folder.join("npm.lock")).trying("write to the folder target")?;
    lock.lock().trying("wait for another run of npm")?;
    if !is_filled() {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            // The system's browser is used; the one that Playwright would download is large.
            .envs([("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"), ("PUPPETEER_SKIP_DOWNLOAD", "1")])
            .current_dir(repository.top());
        output_of(&mut npm).map_err(|why| {
            Failure::new(format!("`npm ci` failed ({why}); run it by hand to see all it says, then try again"))
        })?;
        fs::write(repository.join(STAMP), &wanted).trying("write to node_modules")?;
    }
    Ok(())
}

fn require(program: &str) -> Outcome<PathBuf> {
    on_path(program).ok_or_else(|| {
        Failure::new(format!(
            "there is no {program} here; install Node.js {NODE} or newer with npm (from Debian 13 on: \
             `apt-get install nodejs npm`)"
        ))
    })
}

/// The first number of a version such as `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
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
