//! The tools that turn Rust into a page, each in one exact version: Trunk and wasm-bindgen.
//!
//! A tool is taken from the PATH, or from a cache folder of the user that all checkouts share. A tool that is in
//! neither is downloaded or built:
//!
//! ```text
//! <cache>/tools/trunk-0.21.14/bin/trunk    a complete tool
//! <cache>/tools/trunk-0.21.14.partial/     an incomplete tool, renamed when it is complete
//! <cache>/tools/trunk-0.21.14.lock         locked while the tool is installed
//! <cache>/build/trunk-0.21.14/             cargo's target folder while the tool is built
//! ```

use std::env::{self, consts};
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use toml::{Table, Value};
use xshell::{Shell, cmd};

use crate::packages;
use crate::program::version_of;

/// A program that is needed in exactly one version.
struct Tool {
    name: &'static str,
    /// The package on crates.io.
    package: &'static str,
    /// The version, such as `0.21.14`.
    version: String,
    /// Its executables; all of them must have this version.
    programs: &'static [&'static str],
    /// The path of its prebuilt archive on the host of the releases, if there is one for this kind of machine.
    archive: Option<String>,
    build_time: &'static str,
}

/// Installs what building the page needs, and puts it on the PATH of `sh`.
pub fn install(sh: &Shell) -> Result<()> {
    // The quick ones come first, so that what cannot be installed is reported before a long build.
    packages::install_target(sh)?;
    packages::install_npm(sh)?;
    // wasm-opt must be the npm package's: the one of the system may not know what the compiler writes.
    let mut folders = vec![sh.current_dir().join("node_modules/.bin")];
    for tool in [wasm_bindgen(sh)?, trunk(sh)?] {
        folders.extend(tool.install(sh)?);
    }
    let inherited = sh.var_os("PATH").unwrap_or_default();
    sh.set_var("PATH", env::join_paths(folders.into_iter().chain(env::split_paths(&inherited)))?);
    Ok(())
}

/// Trunk in the version that Trunk.toml requires.
fn trunk(sh: &Shell) -> Result<Tool> {
    let config: Table = sh.read_file("Trunk.toml")?.parse()?;
    let version = config.get("trunk-version").and_then(Value::as_str).and_then(|version| version.strip_prefix('='));
    let version = version.context("Trunk.toml has no line of the form `trunk-version = \"=0.21.14\"`")?.to_owned();
    let archive = machine("unknown-linux-gnu")
        .map(|machine| format!("trunk-rs/trunk/releases/download/v{version}/trunk-{machine}.tar.gz"));
    let build_time = "3 to 4 minutes";
    Ok(Tool { name: "trunk", package: "trunk", version, programs: &["trunk"], archive, build_time })
}

/// wasm-bindgen and its test runner in the version of Cargo.lock: they reject a program that was linked with another.
fn wasm_bindgen(sh: &Shell) -> Result<Tool> {
    let lock: Table = sh.read_file("Cargo.lock")?.parse()?;
    let packages = lock.get("package").and_then(Value::as_array).context("Cargo.lock has no packages")?;
    let package = packages.iter().find(|package| package.get("name").and_then(Value::as_str) == Some("wasm-bindgen"));
    let version = package.and_then(|package| package.get("version")?.as_str());
    let version = version.context("Cargo.lock does not name wasm-bindgen")?.to_owned();
    // The binary for 64-bit PCs is linked statically, the one for ARM is not.
    let system = if consts::ARCH == "x86_64" { "unknown-linux-musl" } else { "unknown-linux-gnu" };
    let archive = machine(system).map(|machine| {
        format!("wasm-bindgen/wasm-bindgen/releases/download/{version}/wasm-bindgen-{version}-{machine}.tar.gz")
    });
    Ok(Tool {
        name: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        archive,
        build_time: "about 2 minutes",
    })
}

/// This kind of machine in the names of release archives, if there are archives for it.
fn machine(linux: &str) -> Option<String> {
    match (consts::OS, consts::ARCH) {
        ("linux", arch @ ("x86_64" | "aarch64")) => Some(format!("{arch}-{linux}")),
        ("macos", arch @ ("x86_64" | "aarch64")) => Some(format!("{arch}-apple-darwin")),
        _ => None,
    }
}

impl Tool {
    /// The folder of the tool's programs, or nothing if they are on the PATH already.
    fn install(&self, sh: &Shell) -> Result<Option<PathBuf>> {
        if self.programs.iter().all(|program| self.is_right(sh, program.as_ref())) {
            return Ok(None);
        }
        let cache = cache_folder()?;
        let title = format!("{}-{}", self.name, self.version);
        let home = cache.join("tools").join(&title);
        if self.is_in(sh, &home) {
            return Ok(Some(home.join("bin")));
        }
        sh.create_dir(cache.join("tools"))?;
        let lock = File::create(home.with_added_extension("lock"))?;
        if lock.try_lock().is_err() {
            println!("{title}: waiting for another run that installs it");
            lock.lock()?;
        }
        // The run that held the lock may have installed the tool.
        if !self.is_in(sh, &home) {
            let partial = home.with_added_extension("partial");
            self.fill(sh, &title, &partial, &cache.join("build").join(&title))?;
            sh.remove_path(&home)?;
            std::fs::rename(&partial, &home)?;
        }
        Ok(Some(home.join("bin")))
    }

    /// Downloads or builds the tool into the folder `partial`.
    fn fill(&self, sh: &Shell, title: &str, partial: &Path, build: &Path) -> Result<()> {
        sh.remove_path(partial)?;
        println!("{title}: downloading");
        match download(sh, self, partial) {
            Ok(()) if self.is_in(sh, partial) => return Ok(()),
            Ok(()) => println!("{title}: what was downloaded does not run here"),
            Err(why) => println!("{title}: not downloaded ({why:#})"),
        }
        println!("{title}: building it from the package registry, {} on two cores", self.build_time);
        sh.remove_path(partial)?;
        self.build(sh, partial, build).with_context(|| {
            format!("{title} could be neither downloaded nor built; try again with a network, or put it on the PATH")
        })?;
        ensure!(self.is_in(sh, partial), "{title} was built, but does not run here");
        Ok(sh.remove_path(build)?)
    }

    fn build(&self, sh: &Shell, root: &Path, target: &Path) -> Result<()> {
        let (package, version) = (self.package, &self.version);
        // Outside of the checkout, whose cargo settings are not meant for the tool.
        let folder = sh.create_dir(target)?;
        let _folder = sh.push_dir(folder);
        Ok(cmd!(
            sh,
            "cargo install --locked --no-track --root {root} --target-dir {target} --version {version} {package}"
        )
        // Not optimised: it builds two to three times faster and runs a few tenths of a second longer.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        // A target that the user has set for their own work would give a tool that does not run here.
        .env_remove("CARGO_BUILD_TARGET")
        .run()?)
    }

    /// Whether all programs are in the folder `bin` of `home` in the right version.
    fn is_in(&self, sh: &Shell, home: &Path) -> bool {
        self.programs.iter().all(|program| self.is_right(sh, &home.join("bin").join(program)))
    }

    fn is_right(&self, sh: &Shell, program: &Path) -> bool {
        version_of(sh, program).is_some_and(|version| version == self.version)
    }
}

/// Downloads the programs of the tool into the folder `bin` of `home`, with curl and tar.
fn download(sh: &Shell, tool: &Tool, home: &Path) -> Result<()> {
    let archive = tool.archive.as_ref().context("there is no archive for this kind of machine")?;
    let releases = env::var("TIMEWAIT_LAB_RELEASES").unwrap_or_else(|_| "https://github.com".to_owned());
    let address = format!("{}/{archive}", releases.trim_end_matches('/'));
    let unpacked = sh.create_temp_dir()?;
    let (folder, file) = (unpacked.path(), unpacked.path().join("archive.tar.gz"));
    // A machine without a network gives up after seconds; a slow network has ten minutes.
    let limits = ["--connect-timeout", "5", "--max-time", "600", "--speed-limit", "1000", "--speed-time", "20"];
    let curl = cmd!(sh, "curl --fail --silent --show-error --location {limits...} --output {file} {address}");
    // curl itself prints why it failed.
    ensure!(curl.quiet().run().is_ok(), "{address}");
    cmd!(sh, "tar -xzf {file} -C {folder}").quiet().run()?;
    sh.create_dir(home.join("bin"))?;
    for program in tool.programs {
        // Some archives hold the programs in a folder.
        let folders = sh.read_dir(folder)?;
        let found = [folder].into_iter().chain(folders.iter().map(AsRef::as_ref)).map(|folder| folder.join(program));
        let found = found.into_iter().find(|path| path.is_file());
        sh.copy_file(found.with_context(|| format!("the archive has no {program}"))?, home.join("bin"))?;
    }
    Ok(())
}

fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("TIMEWAIT_LAB_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("timewait-lab")))
        .or_else(|| Some(env::home_dir()?.join(".cache/timewait-lab")))
        .context("there is no home folder for the tools; set TIMEWAIT_LAB_CACHE to a folder")?;
    Ok(std::path::absolute(folder)?)
}
