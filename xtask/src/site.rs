//! Building the page: Trunk compiles it and lays out `dist/`, then the steps of [`AFTER_TRUNK`] finish it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use xshell::{Cmd, Shell, cmd};

use crate::{split, start_script};

/// A step that changes the files of a built page in the given folder.
type Step = fn(&Shell, &Path) -> Result<()>;

/// What happens to a page that Trunk has built, in this order. All steps work in Trunk's staging folder; Trunk moves
/// the folder to `dist/` when all of them have succeeded, so that `dist/` never holds half a page.
const AFTER_TRUNK: [(&str, Step); 3] = [
    ("splitting the program into lazy parts", split::split),
    ("moving the inline start script into a file", start_script::extract),
    ("writing the first frame of every page as HTML", prerender),
];

/// Builds `dist/`. The tools have to be on the PATH of `sh`.
pub fn build(sh: &Shell) -> Result<()> {
    println!("the page: compiling for size; 1 to 2 minutes the first time, then 10 to 20 s");
    if trunk(sh, "build").run().is_err() {
        bail!("the page was not built, the reason is above");
    }
    Ok(())
}

/// Builds `dist/` again whenever a file of Trunk.toml's `watch` list changes, until the process is stopped.
pub fn watch(sh: &Shell) -> Result<()> {
    Ok(trunk(sh, "watch").run()?)
}

/// The folder of the built page.
pub fn dist(sh: &Shell) -> Result<PathBuf> {
    let dist = sh.current_dir().join("dist");
    ensure!(dist.join("index.html").is_file(), "there is no built page in dist/; `cargo xtask build` makes one");
    Ok(dist)
}

/// Runs [`AFTER_TRUNK`]. Trunk.toml makes Trunk call this after each build.
pub fn after_trunk(sh: &Shell) -> Result<()> {
    let staging = env::var_os("TRUNK_STAGING_DIR").context("only Trunk runs this command; use `cargo xtask build`")?;
    for (what, step) in AFTER_TRUNK {
        println!("the page: {what}");
        step(sh, Path::new(&staging)).with_context(|| format!("{what} failed"))?;
    }
    Ok(())
}

/// Writes the first frames; `app/src/bin/prerender/` says how.
fn prerender(sh: &Shell, folder: &Path) -> Result<()> {
    // The flags of the page are not those of a program for this machine.
    let program = cmd!(sh, "cargo run --quiet --locked --package app --features prerender --bin prerender -- {folder}");
    Ok(program.env_remove("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS").quiet().run()?)
}

fn trunk<'a>(sh: &'a Shell, command: &str) -> Cmd<'a> {
    // The linker keeps its relocations, by which the program is split.
    let flags = format!("-Clink-arg=--emit-relocs {}", remapped_sources());
    cmd!(sh, "trunk {command} --skip-version-check")
        // Trunk rejects values of NO_COLOR other than `true` and `false`.
        .env_remove("NO_COLOR")
        // Trunk's own backtraces would hide the compiler's messages.
        .env("RUST_BACKTRACE", "0")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.trim())
}

/// Panic messages name source files. Without this flag they would contain the builder's home folder, and the same
/// sources would give another file on another machine.
fn remapped_sources() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.map(|home| home.join("registry/src").display().to_string())
        // A space separates two flags, so that a path with a space cannot be given.
        .filter(|sources| !sources.contains(char::is_whitespace))
        .map(|sources| format!("--remap-path-prefix={sources}="))
        .unwrap_or_default()
}
