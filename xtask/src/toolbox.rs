//! Everything that building the page takes, installed, as a PATH.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use crate::failure::{Outcome, Trying};
use crate::install::install;
use crate::progress::Steps;
use crate::repository::Repository;
use crate::tool::Tool;
use crate::{packages, target};

/// The installed tools.
#[derive(Debug)]
pub struct Toolbox {
    repository: Repository,
    path: OsString,
}

impl Toolbox {
    /// How many steps [`Toolbox::fill`] takes.
    pub const STEPS: usize = 4;

    /// Installs what is missing. The quick ones come first: what they lack is known before anything long is started.
    pub fn fill(repository: &Repository, steps: &mut Steps) -> Outcome<Self> {
        target::install(repository, steps)?;
        packages::install(repository, steps)?;
        let wasm_bindgen = install(&Tool::wasm_bindgen(repository)?, steps)?;
        let trunk = install(&Tool::trunk(repository)?, steps)?;
        // The optimiser of the npm package is pinned, one of the system's may be too old for what the compiler writes.
        let folders = [repository.join("node_modules/.bin"), wasm_bindgen, trunk];
        let inherited = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(folders.into_iter().chain(env::split_paths(&inherited)))
            .trying("put the tools on the PATH")?;
        Ok(Self { repository: repository.clone(), path })
    }

    /// A command that runs at the top of the checkout and finds the tools.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path).current_dir(self.repository.top());
        command
    }
}
