//! `cargo xtask serve --watch`: builds the page again when a file it is made of changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::failure::{Failure, Outcome, Trying};
use crate::page::build_page;
use crate::repository::Repository;
use crate::toolbox::Toolbox;

/// How often the files are looked at. Their dates are asked for, not their contents.
const GLANCE: Duration = Duration::from_millis(500);

/// What is remembered of the files: a change moves the newest date, a removal the number.
type Look = (usize, Option<SystemTime>);

/// Builds whenever something has changed, until the program is ended.
pub fn rebuild_on_change(repository: &Repository, toolbox: &Toolbox) -> Outcome<()> {
    let places = places(repository)?;
    let mut seen = look(&places);
    loop {
        thread::sleep(GLANCE);
        let now = look(&places);
        if now == seen {
            continue;
        }
        seen = now;
        println!("A file has changed; building the page again");
        if let Err(failure) = build_page(toolbox) {
            eprintln!("error: {failure}");
        }
    }
}

/// The folders that Trunk watches too, and the files that decide how the page is built.
fn places(repository: &Repository) -> Outcome<Vec<PathBuf>> {
    let text = fs::read_to_string(repository.join("Trunk.toml")).trying("read Trunk.toml")?;
    let folders = watched(&text)
        .ok_or_else(|| Failure::new("Trunk.toml has no line of the form `watch = [\"app\", \"static\"]`"))?;
    let files = ["Cargo.toml", "Cargo.lock", "Trunk.toml"];
    let names = folders.into_iter().chain(files);
    Ok(names.map(|name| repository.join(name)).collect())
}

fn watched(trunk_toml: &str) -> Option<Vec<&str>> {
    let list = trunk_toml.lines().find_map(|line| line.strip_prefix("watch = ["))?.strip_suffix(']')?;
    list.split(',').map(|name| name.trim().strip_prefix('"')?.strip_suffix('"')).collect()
}

fn look(places: &[PathBuf]) -> Look {
    places.iter().map(|place| look_at(place)).fold((0, None), both)
}

/// A file counts as one; a folder as all that is in it, at any depth.
fn look_at(path: &Path) -> Look {
    let Ok(entries) = fs::read_dir(path) else {
        let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
        return (1, changed.ok());
    };
    entries.flatten().map(|entry| look_at(&entry.path())).fold((0, None), both)
}

fn both(one: Look, other: Look) -> Look {
    (one.0 + other.0, one.1.max(other.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_are_those_of_trunk() {
        let text = "[watch]\nwatch = [\"app\", \"sim-core\"]\n";
        assert_eq!(watched(text), Some(vec!["app", "sim-core"]));
        assert_eq!(watched("watch = [app]\n"), None);
    }

    #[test]
    fn a_new_file_and_a_removed_one_are_seen() {
        let folder = std::env::temp_dir().join(format!("timewait-lab-look-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner")).unwrap();
        let places = [folder.clone()];
        let empty = look(&places);
        fs::write(folder.join("inner/file"), "text").unwrap();
        let with_file = look(&places);
        assert_ne!(with_file, empty);
        fs::remove_file(folder.join("inner/file")).unwrap();
        assert_eq!(look(&places), empty);
        fs::remove_dir_all(folder).unwrap();
    }
}
