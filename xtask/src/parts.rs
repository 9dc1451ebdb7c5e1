//! Cuts the program of a page that Trunk has just built into parts, in Trunk's staging folder.
//!
//! Trunk has put the whole program there. `split-page` cuts it, wasm-bindgen makes the script of the first part, and
//! each part is optimised by itself. The names stay those that Trunk gave: they follow from the whole.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome, Trying};
use crate::process::output_of;
use crate::repository::Repository;
use crate::target::TARGET;

/// The profile that `Trunk.toml` names.
const PROFILE: &str = "wasm-release";

/// What Rust's target makes use of beyond the first version of wasm. More than that is not to be had in every browser.
const FEATURES: [&str; 6] =
    ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

/// How a part is made small. What the compiler left in loops and blocks is taken apart and put together anew, then
/// everything is gone through twice. What calls put in the place of a function is seldom smaller when it is packed, so
/// only short functions go there. Nothing lies in the first kilobyte of memory but the far end of the stack.
const PASSES: [&str; 12] = [
    "--one-caller-inline-max-function-size=30",
    "--always-inline-max-function-size=0",
    "--strip-debug",
    "--strip-producers",
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
];

/// Puts the parts in the place of the whole.
pub fn cut(repository: &Repository, staging: &Path) -> Outcome<()> {
    let name = name_of_program(staging)?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
    let program = repository.join(target.join(TARGET).join(PROFILE).join("app.wasm"));
    let work = target.join("page");
    fs::create_dir_all(&target).trying("make the target folder")?;
    crate::cache::remove(&work)?;
    fs::create_dir_all(&work).trying("make a folder for the parts")?;

    let mut split = Command::new("cargo");
    split.args(["run", "--quiet", "--locked", "--package", "split-page", "--"]);
    split.args([program.as_os_str(), work.as_os_str()]).arg(&name).current_dir(repository.top());
    // The flags of the page are not those of a program of this machine, which cargo would compile again for them.
    split.env_remove("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS");
    output_of(&mut split)?;

    let mut bindgen = Command::new("wasm-bindgen");
    // What the other parts call of the first one has to keep its name.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--remove-name-section"]);
    bindgen.arg("--out-dir").arg(staging).arg(work.join(format!("{name}.wasm")));
    output_of(&mut bindgen)?;

    optimise(&staging.join(format!("{name}_bg.wasm")), &staging.join(format!("{name}_bg.wasm")))?;
    for file in files_of(&work)? {
        let (from, to) = (work.join(&file), staging.join(&file));
        match Path::new(&file).extension().and_then(|extension| extension.to_str()) {
            Some("wasm") if file != *format!("{name}.wasm") => optimise(&from, &to)?,
            Some("js" | "json") => drop(fs::copy(&from, &to).trying("copy a part")?),
            _ => {}
        }
    }
    Ok(())
}

/// `app-0123456789abcdef`, as Trunk named it.
fn name_of_program(staging: &Path) -> Outcome<String> {
    let names = files_of(staging)?;
    let mut names = names.iter().filter_map(|name| name.to_str()?.strip_suffix("_bg.wasm"));
    match (names.next(), names.next()) {
        (Some(name), None) => Ok(name.to_owned()),
        _ => Err(Failure::new("the built page should have one program")),
    }
}

fn files_of(folder: &Path) -> Outcome<Vec<OsString>> {
    let entries = fs::read_dir(folder).trying("list the parts of the page")?;
    Ok(entries.flatten().map(|entry| entry.file_name()).collect())
}

fn optimise(from: &Path, to: &Path) -> Outcome<()> {
    let mut optimiser = Command::new("wasm-opt");
    optimiser.args(PASSES);
    optimiser.args(FEATURES.map(|feature| format!("--enable-{feature}"))).arg(from).arg("-o").arg(to);
    output_of(&mut optimiser).map(drop)
}
