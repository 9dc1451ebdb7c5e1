//! The page in a real Chromium: finding or installing one, and running Playwright in it.

use std::path::PathBuf;
use std::process::Command;
use std::thread;

use crate::failure::{Failure, Outcome};
use crate::process::{self, on_path, output_of};
use crate::progress::note;
use crate::repository::Repository;
use crate::toolbox::Toolbox;
use crate::{serve, site};

/// The names that Chromium goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Runs the tests of `tests/e2e/` on the built site.
pub fn test(repository: &Repository, toolbox: &Toolbox) -> Outcome<()> {
    let dist = site::built(repository)?;
    let chromium = chromium()?;
    let listener = serve::listen(0)?;
    let address = serve::address(&listener)?;
    thread::spawn(move || serve::serve(&listener, &dist));
    let mut playwright = toolbox.command("playwright");
    playwright
        .args(["test", "--config", "tests/e2e/playwright.config.ts"])
        .env("TIMEWAIT_LAB_URL", address)
        .env("TIMEWAIT_LAB_CHROMIUM", chromium);
    process::run(&mut playwright)
}

fn chromium() -> Outcome<PathBuf> {
    if let Some(found) = NAMES.into_iter().find_map(on_path) {
        return Ok(found);
    }
    if on_path("apt-get").is_none() || !is_root() {
        return Err(Failure::new(
            "there is no Chromium here; install it (on Debian, as root: `apt-get install chromium`) and try again",
        ));
    }
    note("installing chromium with apt-get, about 20 s");
    apt_get(&["update"])?;
    // Without a font the page has no letters to measure.
    apt_get(&["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"])?;
    on_path("chromium").ok_or_else(|| Failure::new("apt-get installed chromium, but it is not on the PATH"))
}

fn apt_get(arguments: &[&str]) -> Outcome<()> {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", "DPkg::Lock::Timeout=120"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    output_of(&mut command).map(drop).map_err(|why| {
        Failure::new(format!(
            "`apt-get {}` failed ({why}); install Chromium yourself and try again",
            arguments.join(" ")
        ))
    })
}

fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
