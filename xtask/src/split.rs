//! Splits the page's program into the part that is needed at once and the lazy parts, which the page fetches when a
//! reader asks for them. `app/src/main.rs` marks where the program is split.
//!
//! Measured on 2026-11-28 with `wasm-opt -Oz` and brotli: the wasm that is needed at once has 288,751 bytes, and all
//! parts together have 612,953. [`crate::sizes`] allows 300,000. See docs/decisions/lazy-parts.md.
//!
//! For a program `app-0123.wasm` the result is `app-0123_bg.wasm` and `app-0123.js`, needed at once, and a folder
//! `app-0123-parts` with `load.js` and one wasm file for each part. The folder has the name of the build, so that a
//! browser's cache never mixes the parts of two builds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};
use xshell::{Shell, cmd};

use crate::target::{TARGET, program_name, target_folder};

/// The profile that Trunk.toml names.
const PROFILE: &str = "wasm-release";

/// The wasm features that Rust's target uses. wasm-opt must not introduce others: some browsers lack them.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The files of each lazy part, relative to the folder of the page.
pub type Parts = BTreeMap<String, Vec<PathBuf>>;

/// Replaces the whole program in the folder of a built page by its parts.
pub fn split(sh: &Shell, page: &Path) -> Result<()> {
    let name = program_name(sh, page)?;
    let folder = format!("{name}-parts");
    let work = target_folder(sh).join("page");
    sh.remove_path(&work)?;
    sh.create_dir(work.join(&folder))?;
    sh.create_dir(page.join(&folder))?;

    let whole = fs::read(target_folder(sh).join(TARGET).join(PROFILE).join("app.wasm"))?;
    let main = work.join(format!("{name}.wasm"));
    let (main_module, loader) = (format!("../{name}.js"), format!("./{folder}/load.js"));
    let mut options = Options::new(&whole);
    options.output_dir = &work;
    options.main_out_path = &main;
    options.main_module = &main_module;
    options.link_name = &loader;
    let made = transform(options).map_err(|why| anyhow!("{why:#}"))?;

    sh.copy_file(work.join(&loader), page.join(&loader))?;
    for part in made.split_modules {
        let file = part.file_name().context("a part without a name")?;
        optimise(sh, &part, &page.join(&folder).join(file))?;
    }
    // The lazy parts import functions of the main part by the names that the linker gave.
    cmd!(sh, "wasm-bindgen --target web --no-typescript --keep-lld-exports --remove-name-section")
        .args([Path::new("--out-dir"), page, &main])
        .run()?;
    let main = page.join(format!("{name}_bg.wasm"));
    optimise(sh, &main, &main)?;

    let file = |module: String| Path::new(&folder).join(format!("{module}.wasm"));
    let parts: Parts =
        made.prefetch_map.into_iter().map(|(part, modules)| (part, modules.into_iter().map(file).collect())).collect();
    Ok(sh.write_file(list_of_parts(sh), serde_json::to_string_pretty(&parts)?)?)
}

/// The lazy parts of the page that was built last.
pub fn parts(sh: &Shell) -> Result<Parts> {
    Ok(serde_json::from_str(&sh.read_file(list_of_parts(sh))?)?)
}

fn list_of_parts(sh: &Shell) -> PathBuf {
    target_folder(sh).join("page/parts.json")
}

fn optimise(sh: &Shell, from: &Path, to: &Path) -> Result<()> {
    Ok(cmd!(sh, "wasm-opt -Oz --strip-debug --strip-producers {FEATURES...} {from} -o {to}").quiet().run()?)
}
