//! The versions that this checkout is pinned to, read from `Cargo.lock` and `Trunk.toml`.

use std::fs;

use crate::failure::{Failure, Outcome, Trying};
use crate::repository::Repository;

/// The version of `package` in `Cargo.lock`.
pub fn locked_version(repository: &Repository, package: &str) -> Outcome<String> {
    let text = fs::read_to_string(repository.join("Cargo.lock")).trying("read Cargo.lock")?;
    version_in_lock(&text, package).map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("Cargo.lock does not name {package}; run `cargo metadata` once so that it is complete"))
    })
}

/// The version of Trunk that `Trunk.toml` asks for.
pub fn trunk_version(repository: &Repository) -> Outcome<String> {
    let text = fs::read_to_string(repository.join("Trunk.toml")).trying("read Trunk.toml")?;
    version_in_trunk_toml(&text)
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Trunk.toml has no line of the form `trunk-version = \"=0.21.14\"`"))
}

/// Cargo writes the lock file itself, always in the same form: each package a block that starts with its name, and the
/// version on the line after.
fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| quoted("name = ", line) == Some(package))?;
    quoted("version = ", lines.next()?)
}

fn version_in_trunk_toml(text: &str) -> Option<&str> {
    text.lines().find_map(|line| quoted("trunk-version = ", line))?.strip_prefix('=')
}

/// The text between the quotes of `{start}"text"`.
fn quoted<'a>(start: &str, line: &'a str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.129"
dependencies = [
 "wasm-bindgen-shared",
]

[[package]]
name = "wasm-bindgen-shared"
version = "0.2.130"
"#;

    #[test]
    fn the_version_is_the_one_of_the_package_of_that_very_name() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen-shared"), Some("0.2.130"));
        assert_eq!(version_in_lock(LOCK, "wasm"), None);
    }

    #[test]
    fn trunk_has_to_be_pinned_exactly() {
        assert_eq!(version_in_trunk_toml("# a comment\ntrunk-version = \"=0.21.14\"\n"), Some("0.21.14"));
        assert_eq!(version_in_trunk_toml("trunk-version = \"0.21\"\n"), None);
    }
}
