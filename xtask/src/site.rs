//! The page: built into `dist/`, and served.

use std::env;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use crate::arguments::Source;
use crate::failure::{Failure, Outcome};
use crate::progress::{self, Steps, note, spoken};
use crate::repository::Repository;
use crate::toolbox::Toolbox;
use crate::{serve, sizes, watch};

/// `cargo xtask serve`.
pub fn serve(port: u16, source: Source) -> Outcome<()> {
    let repository = Repository::find()?;
    // It is known now whether the port is free, and not only after minutes of building.
    drop(serve::listen(port)?);
    let toolbox = match source {
        Source::AsItIs => None,
        Source::Built | Source::Watched => Some(build_from_scratch(&repository)?),
    };
    let dist = built(&repository)?;
    let listener = serve::listen(port)?;
    let address = serve::address(&listener)?;
    println!("TIME_WAIT Lab is at {address} (Ctrl-C ends it)");
    match toolbox.filter(|_| source == Source::Watched) {
        Some(toolbox) => {
            thread::spawn(move || serve::serve(&listener, &dist));
            watch::rebuild_on_change(&repository, &toolbox)
        }
        None => {
            serve::serve(&listener, &dist);
            Ok(())
        }
    }
}

/// `cargo xtask build`.
pub fn build() -> Outcome<()> {
    let repository = Repository::find()?;
    build_from_scratch(&repository)?;
    println!("What a visitor loads from dist/:");
    sizes::print(&repository.dist())
}

/// The folder of the built site, if there is one.
pub fn built(repository: &Repository) -> Outcome<PathBuf> {
    let dist = repository.dist();
    if dist.join("index.html").is_file() {
        Ok(dist)
    } else {
        Err(Failure::new("there is no built page in dist/; `cargo xtask build` makes one"))
    }
}

fn build_from_scratch(repository: &Repository) -> Outcome<Toolbox> {
    let mut steps = Steps::new(Toolbox::STEPS + 1);
    let toolbox = Toolbox::fill(repository, &mut steps)?;
    steps.next("the page: compiling for size; 1 to 2 minutes the first time, then 10 to 20 s");
    build_page(&toolbox)?;
    Ok(toolbox)
}

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
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remapped_paths());
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
