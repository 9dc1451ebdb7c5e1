//! What a visitor loads, in bytes: as it is, in gzip, in brotli.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome, Trying};
use crate::process::output_of;

/// Node compresses as a static host does; a crate for it would be compiled for this table alone.
const SCRIPT: &str = include_str!("sizes.mjs");

/// The most that the page may load before anybody asks for more, with brotli, in bytes; and the most of it that may be
/// wasm. A phone on a slow line (1.6 Mbit/s, as Lighthouse assumes) has that in 1.7 s; it reads the first frame meanwhile.
const MOST_IN_ALL: u64 = 330_000;
const MOST_WASM: u64 = 300_000;

/// Which files are loaded when: at once, or with one of the parts that come later.
#[derive(Debug, PartialEq, Eq)]
struct Load {
    when: String,
    files: Vec<PathBuf>,
}

/// Bytes as they are, in gzip, in brotli.
type Size = [u64; 3];

/// Prints a table of the files of the page in this folder, and fails when what is loaded at once weighs too much.
pub fn print(dist: &Path) -> Outcome<()> {
    let loads = loads(dist)?;
    let files: Vec<&PathBuf> = loads.iter().flat_map(|load| &load.files).collect();
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", SCRIPT, "--"]).args(files.iter().map(|file| dist.join(file)));
    let output = output_of(&mut node).map_err(|why| Failure::new(format!("no sizes: {why}")))?;
    let sizes = output.lines().map(numbers).collect::<Option<Vec<_>>>();
    let sizes = sizes.filter(|sizes| sizes.len() == files.len());
    let mut sizes = sizes.ok_or_else(|| Failure::new("no sizes: node printed something else"))?.into_iter();
    let weighed: Vec<(&Load, Vec<Size>)> =
        loads.iter().map(|load| (load, sizes.by_ref().take(load.files.len()).collect())).collect();
    print!("{}", table(&weighed));
    weighed.first().map_or(Ok(()), |(at_once, sizes)| weigh(&at_once.files, sizes))
}

/// Whether what is loaded at once is as light as it is to be.
fn weigh(files: &[PathBuf], sizes: &[Size]) -> Outcome<()> {
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

/// What is loaded at once: the page, the files beside it that it names, and the script that fetches the parts. Then each
/// part: it may share files with another, and what came with that one is not loaded again.
fn loads(dist: &Path) -> Outcome<Vec<Load>> {
    let page = fs::read_to_string(dist.join("index.html")).trying("read dist/index.html")?;
    let list = fs::read_to_string(dist.join("parts.json")).trying("read dist/parts.json")?;
    let entries = fs::read_dir(dist).trying("read dist")?;
    let names = entries.flatten().map(|entry| PathBuf::from(entry.file_name()));
    let is_script_of_parts = |name: &Path| name.to_string_lossy().ends_with("-parts.js");
    let named = |name: &PathBuf| page.contains(&format!("./{}", name.display())) || is_script_of_parts(name);
    let mut files: Vec<PathBuf> = names.filter(named).filter(|name| dist.join(name).is_file()).collect();
    files.push(PathBuf::from("index.html"));
    files.sort();
    let mut loads = vec![Load { when: "at once".to_owned(), files }];
    loads.extend(parts(&list));
    Ok(loads)
}

/// The parts in the list that `split-page` wrote: a line with the name of each, then a line for each of its files.
fn parts(list: &str) -> Vec<Load> {
    let mut parts: Vec<Load> = Vec::new();
    for line in list.lines() {
        let Some((_, rest)) = line.split_once('"') else { continue };
        let Some((word, after)) = rest.split_once('"') else { continue };
        match parts.last_mut() {
            Some(part) if !after.starts_with(':') => part.files.push(PathBuf::from(word)),
            _ => parts.push(Load { when: format!("with {word}"), files: Vec::new() }),
        }
    }
    parts
}

fn numbers(line: &str) -> Option<Size> {
    let numbers: Result<Vec<u64>, _> = line.split_whitespace().map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}

fn table(weighed: &[(&Load, Vec<Size>)]) -> String {
    let mut text = format!("{:>10} {:>10} {:>10}\n", "bytes", "gzip", "brotli");
    for (load, sizes) in weighed {
        let mut total = [0; 3];
        for (file, row) in load.files.iter().zip(sizes) {
            total.iter_mut().zip(row).for_each(|(sum, size)| *sum += size);
            line(&mut text, *row, &file.display().to_string());
        }
        line(&mut text, total, &format!("= {}", load.when));
    }
    text
}

fn line(text: &mut String, [raw, gzip, brotli]: Size, name: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{raw:>10} {gzip:>10} {brotli:>10}  {name}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up() {
        let files = vec![PathBuf::from("index.html"), PathBuf::from("app.js")];
        let load = Load { when: "at once".to_owned(), files };
        let text = table(&[(&load, vec![[1000, 500, 400], [24, 12, 10]])]);
        let last = text.lines().last().unwrap();
        assert_eq!(last, "      1024        512        410  = at once");
    }

    #[test]
    fn the_list_of_parts_is_read() {
        let list = "{\n  \"clocks\": [\n    \"a.wasm\",\n    \"b.wasm\"\n  ],\n  \"views\": [\n    \"a.wasm\"\n  ]\n}";
        let load = |when: &str, files: &[&str]| Load {
            when: when.to_owned(),
            files: files.iter().map(PathBuf::from).collect(),
        };
        assert_eq!(parts(list), [load("with clocks", &["a.wasm", "b.wasm"]), load("with views", &["a.wasm"])]);
    }

    #[test]
    fn too_heavy_a_page_fails() {
        let files = [PathBuf::from("index.html"), PathBuf::from("app_bg.wasm")];
        let with = |wasm: u64| weigh(&files, &[[0, 0, 10_000], [0, 0, wasm]]).map_err(|failure| failure.to_string());
        assert_eq!(with(MOST_WASM), Ok(()));
        let said = with(MOST_WASM + 1).unwrap_err();
        assert_eq!(said, "its wasm weighs 190001 bytes with brotli; at most 190000 are allowed");
        assert!(with(MOST_IN_ALL).unwrap_err().starts_with("the page weighs 230000 bytes"));
    }

    #[test]
    fn anything_but_three_numbers_is_refused() {
        assert_eq!(numbers("3 2 1"), Some([3, 2, 1]));
        assert_eq!(numbers("3 2"), None);
        assert_eq!(numbers("warning: no"), None);
    }
}
