//! `cargo xtask serve` and `cargo xtask build`: the site in `dist/`, and who serves it.

use std::path::PathBuf;
use std::thread;

use crate::arguments::Source;
use crate::failure::{Failure, Outcome};
use crate::page::build_page;
use crate::progress::Steps;
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
