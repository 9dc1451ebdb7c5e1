//! Cuts the page's program where `app/src/main.rs` marks it: `split-page PROGRAM.wasm FOLDER NAME`.
//!
//! Into FOLDER go `NAME.wasm`, which still has to pass through wasm-bindgen; a module for each part that comes later;
//! `NAME-parts.js`, which fetches them; and `parts.json`, which says what files each part is made of. It stands apart
//! from `xtask` so that the other commands need not wait until it is compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_split_cli_support::{Options, transform};

/// What the fetching script does with a module, and what it is to do instead: this works too where a host gives wasm
/// another media type, and an answer that is no success is a failure and not a module.
const STREAMING: &str = "WebAssembly.instantiateStreaming(src, imports)";
const PLAIN: &str = "src.then((found) => found.ok ? found.arrayBuffer() : Promise.reject(new Error(`${found.status} ${found.url}`)))\
    .then((bytes) => WebAssembly.instantiate(bytes, imports))";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [program, folder, name] = words.as_slice() else {
        eprintln!("usage: split-page PROGRAM.wasm FOLDER NAME");
        return ExitCode::FAILURE;
    };
    match cut(Path::new(program), Path::new(folder), name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn cut(program: &Path, folder: &Path, name: &str) -> Result<(), String> {
    let whole = fs::read(program).map_err(|why| format!("{}: {why}", program.display()))?;
    let (main_out_path, script) = (folder.join(format!("{name}.wasm")), format!("{name}-parts.js"));
    let (main_module, link_name) = (format!("./{name}.js"), format!("./{script}"));
    let mut options = Options::new(&whole);
    options.output_dir = folder;
    options.main_out_path = &main_out_path;
    options.main_module = &main_module;
    options.link_name = &link_name;
    let made = transform(options).map_err(|why| format!("the program was not cut: {why:#}"))?;

    let mut fetching = fs::read_to_string(folder.join(&script)).map_err(|why| format!("{script}: {why}"))?;
    if !fetching.contains(STREAMING) {
        return Err(format!("{script} fetches modules in another way than this program knows"));
    }
    fetching = fetching.replace(STREAMING, PLAIN);
    // Files of one build carry its name, so that a cache never mixes two.
    let named = |modules: Vec<String>| -> BTreeSet<String> {
        modules.into_iter().map(|module| format!("{name}-{module}.wasm")).collect()
    };
    let parts: BTreeMap<String, BTreeSet<String>> =
        made.prefetch_map.into_iter().map(|(part, modules)| (part, named(modules))).collect();
    for module in made.split_modules {
        let old = module.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let new = format!("{name}-{old}");
        fetching = fetching.replace(&format!("./{old}"), &format!("./{new}"));
        fs::rename(&module, folder.join(&new)).map_err(|why| format!("{new}: {why}"))?;
    }
    fs::write(folder.join(&script), fetching).map_err(|why| format!("{script}: {why}"))?;
    let list = serde_json::to_string_pretty(&parts).map_err(|why| why.to_string())?;
    fs::write(folder.join("parts.json"), list).map_err(|why| format!("parts.json: {why}"))
}
