//! A tool as its authors publish it: an archive of the release, fetched with curl and unpacked with tar.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cache::{self, Place};
use crate::failure::{Failure, Outcome, Trying};
use crate::process::{on_path, output_of};
use crate::tool::Tool;

/// The host of the releases, unless `TIMEWAIT_LAB_RELEASES` names another.
const RELEASES: &str = "https://github.com";

/// Downloads the tool into the partial folder of its place.
pub fn download(tool: &Tool, place: &Place) -> Outcome<()> {
    let Some(archive) = &tool.archive else {
        return Err(Failure::new("it is not published for this kind of machine"));
    };
    for program in ["curl", "tar"] {
        if on_path(program).is_none() {
            return Err(Failure::new(format!("there is no {program} here")));
        }
    }
    let releases = env::var("TIMEWAIT_LAB_RELEASES").unwrap_or_else(|_| RELEASES.to_owned());
    let address = format!("{}/{archive}", releases.trim_end_matches('/'));
    place.start_over()?;
    let file = place.partial.join("archive.tar.gz");
    fetch(&address, &file)?;
    let unpacked = place.partial.join("unpacked");
    fs::create_dir(&unpacked).trying("unpack it")?;
    output_of(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&unpacked))?;
    for program in tool.programs {
        let found = find(&unpacked, program).ok_or_else(|| Failure::new(format!("the archive holds no {program}")))?;
        fs::rename(found, place.partial.join("bin").join(program)).trying("unpack it")?;
    }
    cache::remove(&unpacked)?;
    fs::remove_file(&file).trying("remove the archive")?;
    if tool.is_in(&place.partial.join("bin")) {
        Ok(())
    } else {
        Err(Failure::new(format!("the one of {} does not run here as version {}", host(&address), tool.version)))
    }
}

/// A machine without a network is to notice soon, one with a slow network is to get there.
fn fetch(address: &str, file: &Path) -> Outcome<()> {
    let mut curl = Command::new("curl");
    curl.args(["--fail", "--silent", "--show-error", "--location"])
        .args(["--connect-timeout", "5", "--max-time", "600"])
        .args(["--speed-limit", "1000", "--speed-time", "20"])
        .arg("--output")
        .arg(file)
        .arg(address);
    output_of(&mut curl).map(drop)
}

/// The file of that name in the folder, or in a folder of it: archives differ in that.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let direct = folder.join(name);
    if direct.is_file() {
        return Some(direct);
    }
    fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path().join(name)).find(|path| path.is_file())
}

fn host(address: &str) -> &str {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    rest.split('/').next().unwrap_or(rest)
}
