//! The two programs that turn Rust into a page, each of one exact version: Trunk and wasm-bindgen.

use std::env::consts::{ARCH, OS};
use std::path::{Path, PathBuf};

use crate::failure::Outcome;
use crate::lockfile;
use crate::process;
use crate::repository::Repository;

/// A program that is taken from the PATH or the cache, downloaded, or built.
#[derive(Debug)]
pub struct Tool {
    /// What people call it; also the name of its folder in the cache.
    pub name: &'static str,
    /// The version, to the last digit.
    pub version: String,
    /// The package it is built from.
    pub package: &'static str,
    /// Its executables; all of them have to be of this version.
    pub programs: &'static [&'static str],
    /// Where its authors publish it for this kind of machine, below the address of the host; none if they do not.
    pub archive: Option<String>,
    /// How long it takes to build on two cores.
    pub build_time: &'static str,
}

/// How the tools are built: not optimised. That is two to three times quicker, and costs a few tenths of a second each
/// time they run.
pub const BUILD_SETTINGS: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
];

impl Tool {
    /// Trunk, as `Trunk.toml` asks for it.
    pub fn trunk(repository: &Repository) -> Outcome<Self> {
        let version = lockfile::trunk_version(repository)?;
        let archive = machine("unknown-linux-gnu")
            .map(|machine| format!("trunk-rs/trunk/releases/download/v{version}/trunk-{machine}.tar.gz"));
        Ok(Self {
            name: "trunk",
            version,
            package: "trunk",
            programs: &["trunk"],
            archive,
            build_time: "3 to 4 minutes",
        })
    }

    /// wasm-bindgen and its test runner, of the version that the page is linked with: they refuse any other.
    pub fn wasm_bindgen(repository: &Repository) -> Outcome<Self> {
        let version = lockfile::locked_version(repository, "wasm-bindgen")?;
        // The binary for 64-bit PCs is linked statically, the one for ARM is not.
        let system = if ARCH == "x86_64" { "unknown-linux-musl" } else { "unknown-linux-gnu" };
        let archive = machine(system).map(|machine| {
            format!("wasm-bindgen/wasm-bindgen/releases/download/{version}/wasm-bindgen-{version}-{machine}.tar.gz")
        });
        Ok(Self {
            name: "wasm-bindgen",
            version,
            package: "wasm-bindgen-cli",
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            archive,
            build_time: "about 2 minutes",
        })
    }

    /// Name and version, as in `trunk 0.21.14`.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// Whether all programs are in this folder, run here, and are of this version.
    pub fn is_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| self.is_right(&folder.join(program)))
    }

    /// The folder of the PATH that holds the tool, if it is of this version.
    pub fn on_path(&self) -> Option<PathBuf> {
        let first = process::on_path(self.programs.first()?)?;
        let folder = first.parent()?;
        self.is_in(folder).then(|| folder.to_path_buf())
    }

    fn is_right(&self, program: &Path) -> bool {
        program.is_file() && process::version_of(program).as_deref() == Some(&self.version)
    }
}

/// This kind of machine as the names of release archives have it, if there are archives for it.
fn machine(linux: &str) -> Option<String> {
    match (OS, ARCH) {
        ("linux", "x86_64" | "aarch64") => Some(format!("{ARCH}-{linux}")),
        ("macos", "x86_64" | "aarch64") => Some(format!("{ARCH}-apple-darwin")),
        _ => None,
    }
}
