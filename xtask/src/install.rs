//! Getting a tool: from the PATH, from the cache, from its authors, or built from the package registry.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::cache::Place;
use crate::failure::{Failure, Outcome, Trying};
use crate::progress::{self, Steps, note, spoken};
use crate::release;
use crate::tool::{BUILD_SETTINGS, Tool};

/// The folder that holds the tool's programs, which are installed if they are not there.
pub fn install(tool: &Tool, steps: &mut Steps) -> Outcome<PathBuf> {
    if let Some(folder) = tool.on_path() {
        steps.next(&format!("{}: on the PATH", tool.title()));
        return Ok(folder);
    }
    let place = Place::of(tool)?;
    if tool.is_in(&place.bin()) {
        steps.next(&format!("{}: in the cache", tool.title()));
        return Ok(place.bin());
    }
    steps.next(&format!("{}: downloading", tool.title()));
    let started = Instant::now();
    let lock = place.lock()?;
    // Whoever held the lock until now may have installed it.
    if !tool.is_in(&place.bin()) {
        fill(tool, &place)?;
    }
    note(&format!("installed in {}", spoken(started.elapsed())));
    drop(lock);
    Ok(place.bin())
}

fn fill(tool: &Tool, place: &Place) -> Outcome<()> {
    if let Err(why) = release::download(tool, place) {
        note(&format!("not downloaded ({why})"));
        note(&format!("building it from the package registry instead, {} on two cores", tool.build_time));
        place.start_over()?;
        build(tool, place)?;
    }
    place.complete()
}

fn build(tool: &Tool, place: &Place) -> Outcome<()> {
    fs::create_dir_all(&place.build).trying(format_args!("make {}", place.build.display()))?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["install", "--locked", "--no-track"])
        .arg("--root")
        .arg(&place.partial)
        .arg("--target-dir")
        .arg(&place.build)
        .args(["--version", &tool.version, tool.package])
        .envs(BUILD_SETTINGS)
        // A target that somebody has set for their own work would give a tool that does not run here.
        .env_remove("CARGO_BUILD_TARGET")
        .current_dir(&place.build);
    let ending = progress::watch(&mut cargo)?;
    let trouble = if !ending.success {
        reason(&ending.lines).to_owned()
    } else if !tool.is_in(&place.partial.join("bin")) {
        "what was built does not run here".to_owned()
    } else {
        return Ok(());
    };
    let log = place.log.display();
    fs::write(&place.log, ending.lines.join("\n")).trying(format_args!("write {log}"))?;
    Err(Failure::new(format!(
        "{} could be neither downloaded nor built: {trouble}; try again with a network, or put {} on the PATH \
         yourself (all that cargo said is in {log})",
        tool.title(),
        tool.title(),
    )))
}

/// Cargo's last `error:` says that the installation failed, the first says why.
fn reason(lines: &[String]) -> &str {
    lines
        .iter()
        .find_map(|line| line.strip_prefix("error: "))
        .or(lines.last().map(String::as_str))
        .unwrap_or("cargo said nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_first_error() {
        let lines =
            ["warning: a yanked package", "error: failed to get `serde` as a dependency", "error: could not compile"]
                .map(str::to_owned);
        assert_eq!(reason(&lines), "failed to get `serde` as a dependency");
        assert_eq!(reason(&lines[..1]), "warning: a yanked package");
    }
}
