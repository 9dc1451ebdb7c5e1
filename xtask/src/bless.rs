//! `cargo xtask bless`: rewrites the golden files to what the tests give now.

use std::process::Command;

use crate::failure::Outcome;
use crate::process;
use crate::repository::Repository;

/// The tests write a golden file instead of comparing with it where `BLESS` is set.
pub fn run() -> Outcome<()> {
    let repository = Repository::find()?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--package", "sim-core", "--package", "desk", "--package", "tests"])
        .env("BLESS", "1")
        .current_dir(repository.top());
    process::run(&mut cargo)?;
    println!("The golden files are rewritten; `git diff tests` shows what changed.");
    Ok(())
}
