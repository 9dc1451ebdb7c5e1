//! The folder of the user's in which tools are kept, so that a second checkout finds them.
//!
//! ```text
//! <cache>/tools/trunk-0.21.14/bin/trunk    a tool; the folder appears in one step, when it is complete
//! <cache>/tools/trunk-0.21.14.partial/     what is not complete yet
//! <cache>/tools/trunk-0.21.14.lock         held by the one who installs
//! <cache>/build/trunk-0.21.14/             what cargo has compiled of it so far; gone once it is installed
//! ```

use std::env;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome, Trying};
use crate::progress::note;
use crate::tool::Tool;

/// The places of one tool in the cache.
#[derive(Debug)]
pub struct Place {
    /// The tool, complete.
    pub home: PathBuf,
    /// The tool while it is put together.
    pub partial: PathBuf,
    /// Cargo's target folder for it.
    pub build: PathBuf,
    /// What cargo said, if the tool could not be built.
    pub log: PathBuf,
    lock: PathBuf,
}

impl Place {
    /// Where this version of the tool belongs.
    pub fn of(tool: &Tool) -> Outcome<Self> {
        let cache = folder()?;
        let name = format!("{}-{}", tool.name, tool.version);
        let tools = cache.join("tools");
        Ok(Self {
            home: tools.join(&name),
            partial: tools.join(format!("{name}.partial")),
            lock: tools.join(format!("{name}.lock")),
            log: cache.join("build").join(format!("{name}.log")),
            build: cache.join("build").join(name),
        })
    }

    /// The folder of the tool's programs.
    pub fn bin(&self) -> PathBuf {
        self.home.join("bin")
    }

    /// Waits until nobody else installs this tool, and keeps others waiting until the file is closed.
    pub fn lock(&self) -> Outcome<File> {
        let folder = self.lock.parent().unwrap_or(Path::new("."));
        let what = format!("write to the tool cache {}", folder.display());
        fs::create_dir_all(folder).trying(&what)?;
        let file = File::create(&self.lock).trying(&what)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                note("another run installs it just now; waiting for that");
                file.lock().trying(&what)?;
            }
            Err(TryLockError::Error(why)) => return Err(why).trying(&what),
        }
        Ok(file)
    }

    /// Empties the partial folder: what an earlier run left there when it was stopped is of no use.
    pub fn start_over(&self) -> Outcome<()> {
        remove(&self.partial)?;
        fs::create_dir_all(self.partial.join("bin")).trying(format_args!("make {}", self.partial.display()))
    }

    /// Puts what is in the partial folder in the tool's place, in one step.
    pub fn complete(&self) -> Outcome<()> {
        remove(&self.home)?;
        fs::rename(&self.partial, &self.home).trying(format_args!("put {} in its place", self.home.display()))?;
        remove(&self.build)
    }
}

/// Removes a folder that may not be there.
pub fn remove(folder: &Path) -> Outcome<()> {
    match fs::remove_dir_all(folder) {
        Err(why) if why.kind() != ErrorKind::NotFound => Err(why).trying(format_args!("remove {}", folder.display())),
        _ => Ok(()),
    }
}

fn folder() -> Outcome<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // A path that is not absolute would be another folder for each program that is started in another place.
    let found = set("TIMEWAIT_LAB_CACHE")
        .map(|folder| std::path::absolute(&folder).unwrap_or(folder))
        .or_else(|| set("XDG_CACHE_HOME").map(|folder| folder.join("timewait-lab")))
        .or_else(|| set("HOME").map(|folder| folder.join(".cache/timewait-lab")));
    found.ok_or_else(|| Failure::new("there is no HOME to keep tools in; set TIMEWAIT_LAB_CACHE to a folder"))
}
