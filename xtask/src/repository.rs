//! Where this checkout is, and the places in it that the commands use.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// The top of the checkout.
#[derive(Clone, Debug)]
pub struct Repository(PathBuf);

impl Repository {
    /// The checkout that the command was called in. The folder is looked for when the command runs: one compiled into
    /// the binary would be wrong where two checkouts share a target folder.
    pub fn find() -> Outcome<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => env::current_dir().unwrap_or_default(),
        };
        start
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .map(|folder| Self(folder.to_path_buf()))
            .ok_or_else(|| Failure::new("this is not in a checkout of TIME_WAIT Lab; go to its folder first"))
    }

    /// The top folder itself.
    pub fn top(&self) -> &Path {
        &self.0
    }

    /// A path below the top folder.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.join(path)
    }

    /// The built site.
    pub fn dist(&self) -> PathBuf {
        self.join("dist")
    }
}
