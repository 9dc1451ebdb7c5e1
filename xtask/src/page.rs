//! The page: built by Trunk, which calls [`after_build`] before it puts its staging folder in place.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::process::output_of;
use crate::progress::{self, note, spoken};
use crate::repository::Repository;
use crate::toolbox::Toolbox;
use crate::{boot_script, parts};

/// Has Trunk build the page.
pub fn build_page(toolbox: &Toolbox) -> Outcome<()> {
    let started = Instant::now();
    let mut trunk = toolbox.command("trunk");
    trunk
        .args(["build", "--skip-version-check"])
        // Trunk takes only `true` and `false` for it, other programs anything.
        .env_remove("NO_COLOR")
        // Its backtraces bury what the compiler said.
        .env("RUST_BACKTRACE", "0")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags().trim());
    let ending = progress::watch(&mut trunk)?;
    if ending.success {
        note(&format!("built in {}", spoken(started.elapsed())));
        return Ok(());
    }
    for line in &ending.lines {
        eprintln!("{line}");
    }
    Err(Failure::new("the page was not built; the reason is above"))
}

/// What Trunk's hook does with the build under way.
pub fn after_build() -> Outcome<()> {
    let folder = env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("hook-after-build is called by Trunk; `cargo xtask build` runs it"))?;
    let repository = Repository::find()?;
    parts::cut(&repository, &folder)?;
    boot_script::move_in(&folder)?;
    write_first_frames(&repository, &folder)
}

/// Writes the HTML of every page into `folder`; `app/src/bin/prerender/` says how.
fn write_first_frames(repository: &Repository, folder: &Path) -> Outcome<()> {
    let mut prerender = Command::new("cargo");
    prerender.args(["run", "--quiet", "--locked", "--package", "app", "--features", "prerender"]);
    prerender.args(["--bin", "prerender", "--"]).arg(folder).current_dir(repository.top());
    // The flags of the page are not those of a program of this machine.
    prerender.env_remove("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS");
    output_of(&mut prerender).map(drop)
}

/// Where the program can be cut follows from the relocations, which the linker keeps when it is asked to.
fn flags() -> String {
    format!("-Clink-arg=--emit-relocs {}", remapped_paths())
}

/// Panic messages name source files. Where the builder keeps them is nobody's business, and would make the same sources
/// give another file on another machine.
fn remapped_paths() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME").map(PathBuf::from)?;
        Some(home.join(".cargo"))
    });
    home.map(|home| home.join("registry/src").display().to_string())
        // The flags are told apart by spaces, and cannot hold one.
        .filter(|sources| !sources.contains(char::is_whitespace))
        .map(|sources| format!("--remap-path-prefix={sources}="))
        .unwrap_or_default()
}
