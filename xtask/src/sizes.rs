//! What a visitor loads, in bytes: as it is, in gzip, in brotli.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome, Trying};
use crate::process::output_of;

/// Node compresses as a static host does; a crate for it would be compiled for this table alone.
const SCRIPT: &str = include_str!("sizes.mjs");

/// The most that the page may load with brotli, in bytes, and the most of it that may be wasm: what it weighs today. The
/// aim is 220,000 and 190,000, which a phone on a slow line (1.6 Mbit/s, as Lighthouse assumes) has in 1.1 s.
const MOST_IN_ALL: u64 = 432_000;
const MOST_WASM: u64 = 415_000;

/// Prints a table of the files that the page in this folder loads, and fails when they weigh too much.
pub fn print(dist: &Path) -> Outcome<()> {
    let files = loaded_files(dist)?;
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", SCRIPT, "--"]).args(files.iter().map(|file| dist.join(file)));
    let output = output_of(&mut node).map_err(|why| Failure::new(format!("no sizes: {why}")))?;
    let sizes = output.lines().map(numbers).collect::<Option<Vec<_>>>();
    let sizes = sizes.filter(|sizes| sizes.len() == files.len());
    let sizes = sizes.ok_or_else(|| Failure::new("no sizes: node printed something else"))?;
    print!("{}", table(&files, &sizes));
    weigh(&files, &sizes)
}

/// Whether the page is as light as it is to be.
fn weigh(files: &[PathBuf], sizes: &[[u64; 3]]) -> Outcome<()> {
    let brotli = |wanted: fn(&Path) -> bool| -> u64 {
        let weighed = files.iter().zip(sizes).filter(|(file, _)| wanted(file));
        weighed.map(|(_, [_, _, brotli])| *brotli).sum()
    };
    let is_wasm = |file: &Path| file.extension().is_some_and(|extension| extension == "wasm");
    let limits = [("the page", brotli(|_| true), MOST_IN_ALL), ("its wasm", brotli(is_wasm), MOST_WASM)];
    for (what, weight, most) in limits {
        if weight > most {
            return Err(Failure::new(format!("{what} weighs {weight} bytes with brotli; at most {most} are allowed")));
        }
    }
    Ok(())
}

/// The page, and the files beside it that it names.
fn loaded_files(dist: &Path) -> Outcome<Vec<PathBuf>> {
    let page = fs::read_to_string(dist.join("index.html")).trying("read dist/index.html")?;
    let mut files = vec![PathBuf::from("index.html")];
    let entries = fs::read_dir(dist).trying("read dist")?;
    let mut named: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| PathBuf::from(entry.file_name()))
        .filter(|name| page.contains(&format!("./{}", name.display())))
        .filter(|name| dist.join(name).is_file())
        .collect();
    named.sort();
    files.extend(named);
    Ok(files)
}

fn numbers(line: &str) -> Option<[u64; 3]> {
    let numbers: Result<Vec<u64>, _> = line.split_whitespace().map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}

fn table(files: &[PathBuf], sizes: &[[u64; 3]]) -> String {
    let mut text = format!("{:>10} {:>10} {:>10}\n", "bytes", "gzip", "brotli");
    let mut total = [0; 3];
    let rows = files.iter().map(|file| file.display().to_string());
    for (name, row) in rows.zip(sizes) {
        total.iter_mut().zip(row).for_each(|(sum, size)| *sum += size);
        line(&mut text, *row, &name);
    }
    line(&mut text, total, "in all");
    text
}

fn line(text: &mut String, [raw, gzip, brotli]: [u64; 3], name: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{raw:>10} {gzip:>10} {brotli:>10}  {name}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up() {
        let files = [PathBuf::from("index.html"), PathBuf::from("app.js")];
        let text = table(&files, &[[1000, 500, 400], [24, 12, 10]]);
        let last = text.lines().last().unwrap();
        assert_eq!(last, "      1024        512        410  in all");
    }

    #[test]
    fn too_heavy_a_page_fails() {
        let files = [PathBuf::from("index.html"), PathBuf::from("app_bg.wasm")];
        let with = |wasm: u64| weigh(&files, &[[0, 0, 10_000], [0, 0, wasm]]).map_err(|failure| failure.to_string());
        assert_eq!(with(MOST_WASM), Ok(()));
        let said = with(MOST_WASM + 1).unwrap_err();
        assert_eq!(said, "its wasm weighs 415001 bytes with brotli; at most 415000 are allowed");
        assert!(with(MOST_IN_ALL).unwrap_err().starts_with("the page weighs 442000 bytes"));
    }

    #[test]
    fn anything_but_three_numbers_is_refused() {
        assert_eq!(numbers("3 2 1"), Some([3, 2, 1]));
        assert_eq!(numbers("3 2"), None);
        assert_eq!(numbers("warning: no"), None);
    }
}
