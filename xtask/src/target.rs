//! What a build of the page is called, and where it is: the target, its folder, the name of the program.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use xshell::Shell;

/// The target that the page is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Cargo's target folder.
pub fn target_folder(sh: &Shell) -> PathBuf {
    sh.current_dir().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The name that Trunk gave to the program of the page, such as `app-0123456789abcdef`.
pub fn program_name(sh: &Shell, page: &Path) -> Result<String> {
    let files = sh.read_dir(page)?;
    let names: Vec<&str> =
        files.iter().filter_map(|file| file.file_name()?.to_str()?.strip_suffix("_bg.wasm")).collect();
    match names[..] {
        [name] => Ok(name.to_owned()),
        _ => bail!("the built page has {} programs instead of one", names.len()),
    }
}
