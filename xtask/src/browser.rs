//! The page in a real Chromium: finding or installing one, and running Playwright in it.

use std::path::PathBuf;
use std::process::Command;
use std::thread;

use crate::failure::{Failure, Outcome};
use crate::process::{self, on_path};
use crate::repository::Repository;
use crate::toolbox::Toolbox;
use crate::{debian, serve, site};

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
    // Without a font the page has no letters to measure.
    debian::install(&["chromium"], &["chromium", "fonts-dejavu-core"], "about 20 s")?;
    on_path("chromium").ok_or_else(|| Failure::new("apt-get installed chromium, but it is not on the PATH"))
}
