//! The size of what a visitor loads: uncompressed, with gzip and with brotli.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::target::program_name;
use crate::{site, split};

/// Compresses in Node, which the build needs anyway. A Rust crate would have to be compiled before every first command.
const COMPRESS: &str = include_str!("sizes.mjs");

/// The most that the page may load at once, in bytes with brotli. The first frame is HTML, which a reader sees before
/// any wasm has arrived; a phone on a slow line (1.6 Mbit/s, as Lighthouse assumes) has the rest after 1.7 s.
const MOST_AT_ONCE: u64 = 330_000;
/// The most of it that may be wasm.
const MOST_WASM: u64 = 300_000;

/// Files that are loaded together.
#[derive(Debug, PartialEq, Eq)]
struct Load {
    when: String,
    files: Vec<PathBuf>,
}

/// Bytes of a file: uncompressed, with gzip, with brotli.
type Size = [u64; 3];

/// Prints the size of each file of `dist/`, and fails if what is loaded at once is too large.
pub fn check(sh: &Shell) -> Result<()> {
    let dist = site::dist(sh)?;
    let mut loads = vec![at_once(sh, &dist)?];
    for (part, files) in split::parts(sh)? {
        loads.push(Load { when: format!("with {part}"), files });
    }
    let files: Vec<PathBuf> = loads.iter().flat_map(|load| &load.files).map(|file| dist.join(file)).collect();
    let paths = &files;
    let output = cmd!(sh, "node --input-type=module --eval {COMPRESS} -- {paths...}").quiet().read()?;
    let sizes: Vec<Size> = serde_json::from_str(&output)?;
    ensure!(sizes.len() == files.len(), "node gave the sizes of {} files instead of {}", sizes.len(), files.len());
    let mut sizes = sizes.into_iter();
    let sized: Vec<(&Load, Vec<Size>)> =
        loads.iter().map(|load| (load, sizes.by_ref().take(load.files.len()).collect())).collect();
    println!("What a visitor loads from dist/:\n{}", table(&sized));
    sized.first().map_or(Ok(()), |(at_once, sizes)| limit(&at_once.files, sizes))
}

/// What is loaded at once: the page, the files that it names, the wasm that its script starts, and the script that
/// fetches the lazy parts.
fn at_once(sh: &Shell, dist: &Path) -> Result<Load> {
    let page = sh.read_file(dist.join("index.html"))?;
    let program = program_name(sh, dist)?;
    let wasm = PathBuf::from(format!("{program}_bg.wasm"));
    ensure!(dist.join(&wasm).is_file(), "dist/ has no {}", wasm.display());
    let mut files = vec![PathBuf::from("index.html"), wasm, PathBuf::from(format!("{program}-parts/load.js"))];
    for path in sh.read_dir(dist)? {
        let name = path.strip_prefix(dist)?;
        if path.is_file() && page.contains(&format!("./{}", name.display())) {
            files.push(name.to_owned());
        }
    }
    Ok(Load { when: "at once".to_owned(), files })
}

/// Fails if the files that are loaded at once are larger than they may be.
fn limit(files: &[PathBuf], sizes: &[Size]) -> Result<()> {
    let is_wasm = |file: &Path| file.extension().is_some_and(|extension| extension == "wasm");
    let (mut all, mut wasm) = (0, 0);
    for (file, [_, _, brotli]) in files.iter().zip(sizes) {
        all += brotli;
        wasm += if is_wasm(file) { *brotli } else { 0 };
    }
    for (what, size, most) in [("the wasm loaded at once", wasm, MOST_WASM), ("the page", all, MOST_AT_ONCE)] {
        if size > most {
            bail!("{what} has {size} bytes with brotli; at most {most} are allowed");
        }
    }
    Ok(())
}

fn table(sized: &[(&Load, Vec<Size>)]) -> String {
    let mut text = format!("{:>10} {:>10} {:>10}\n", "bytes", "gzip", "brotli");
    let mut line = |[raw, gzip, brotli]: Size, name: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{raw:>10} {gzip:>10} {brotli:>10}  {name}");
    };
    for (load, sizes) in sized {
        let mut total = [0; 3];
        for (file, size) in load.files.iter().zip(sizes) {
            total.iter_mut().zip(size).for_each(|(sum, bytes)| *sum += bytes);
            line(*size, &file.display().to_string());
        }
        line(total, &format!("= {}", load.when));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up() {
        let files = vec![PathBuf::from("index.html"), PathBuf::from("app.js")];
        let load = Load { when: "at once".to_owned(), files };
        let text = table(&[(&load, vec![[1000, 500, 400], [24, 12, 10]])]);
        assert_eq!(text.lines().last().unwrap(), "      1024        512        410  = at once");
    }

    #[test]
    fn too_large_a_page_fails() {
        let files = [PathBuf::from("index.html"), PathBuf::from("app_bg.wasm")];
        let with = |html, wasm| limit(&files, &[[0, 0, html], [0, 0, wasm]]).map_err(|why| why.to_string());
        assert_eq!(with(30_000, MOST_WASM), Ok(()));
        let message = "the wasm loaded at once has 300001 bytes with brotli; at most 300000 are allowed";
        assert_eq!(with(0, MOST_WASM + 1), Err(message.to_owned()));
        assert!(with(30_001, MOST_WASM).unwrap_err().starts_with("the page has 330001 bytes"));
    }
}
