//! Programs that come from Debian's own packages, installed where they are missing.

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process::{on_path, output_of};
use crate::progress::note;

/// Installs `packages` if a program of `programs` is not there. `about` says how long that takes.
pub fn install(programs: &[&str], packages: &[&str], about: &str) -> Outcome<()> {
    let missing = |program: &&&str| on_path(program).is_none();
    let Some(first) = programs.iter().find(missing) else { return Ok(()) };
    let list = packages.join(" ");
    if on_path("apt-get").is_none() || !is_root() {
        return Err(Failure::new(format!(
            "there is no {first} here; install it (on Debian, as root: `apt-get install {list}`) and try again"
        )));
    }
    note(&format!("installing {list} with apt-get, {about}"));
    apt_get(&["update"])?;
    apt_get(&[&["install", "-y", "--no-install-recommends"], packages].concat())?;
    match programs.iter().find(missing) {
        Some(program) => Err(Failure::new(format!("apt-get installed {list}, but {program} is not on the PATH"))),
        None => Ok(()),
    }
}

fn apt_get(arguments: &[&str]) -> Outcome<()> {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", "DPkg::Lock::Timeout=120"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    output_of(&mut command).map(drop).map_err(|why| {
        let line = arguments.join(" ");
        Failure::new(format!("`apt-get {line}` failed ({why}); install the packages yourself and try again"))
    })
}

fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
