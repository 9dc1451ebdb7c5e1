//! The compiler's target for the page, `wasm32-unknown-unknown`.

use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process::{on_path, output_of};
use crate::progress::Steps;
use crate::repository::Repository;

/// What the page is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target to the toolchain of this checkout if it is not there.
pub fn install(repository: &Repository, steps: &mut Steps) -> Outcome<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]).current_dir(repository.top());
    let folder = output_of(&mut rustc)?;
    if Path::new(folder.trim()).is_dir() {
        steps.next(&format!("{TARGET}: installed"));
        return Ok(());
    }
    steps.next(&format!("{TARGET}: adding it with rustup, some seconds"));
    let by_hand = format!("install the Rust target {TARGET} yourself and try again");
    if on_path("rustup").is_none() {
        return Err(Failure::new(format!("there is no rustup here to add {TARGET}; {by_hand}")));
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]).current_dir(repository.top());
    output_of(&mut rustup)
        .map(drop)
        .map_err(|why| Failure::new(format!("rustup cannot add {TARGET} ({why}); {by_hand}")))
}
