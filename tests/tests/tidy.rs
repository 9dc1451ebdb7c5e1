//! The invariants of ARCHITECTURE.md that a machine can check.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const LONGEST_FILE: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// All files below `folder` whose name ends in one of `endings`, with their text.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                if !["node_modules", "target", "results"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "nothing to check in {folder}");
    found
}

fn rust_files() -> Vec<(String, String)> {
    ["app", "desk", "lab", "sim-core", "tests/src", "tests/tests", "xtask"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .collect()
}

/// The part of a file before its unit tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Fails with every line for which `is_bad` holds.
fn no_line(files: &[(String, String)], what: &str, is_bad: impl Fn(&str) -> bool) {
    let bad: Vec<String> = files
        .iter()
        .flat_map(|(name, text)| text.lines().enumerate().map(move |(number, line)| (name, number + 1, line)))
        .filter(|(_, _, line)| is_bad(line))
        .map(|(name, number, line)| format!("{name}:{number}: {}", line.trim()))
        .collect();
    assert!(bad.is_empty(), "{what}:\n{}", bad.join("\n"));
}

#[test]
fn every_file_says_its_one_idea_and_is_short() {
    for (name, text) in rust_files() {
        assert!(text.starts_with("//!"), "{name} does not begin with //!");
        let length = text.lines().count();
        assert!(length <= LONGEST_FILE, "{name} has {length} lines, more than {LONGEST_FILE}");
    }
}

#[test]
fn the_browser_is_named_in_one_folder_only() {
    let mut outside = files("app/src", &[".rs"]);
    outside.extend(files("lab/src", &[".rs"]));
    outside.retain(|(name, _)| !name.starts_with("app/src/platform"));
    no_line(&outside, "the browser outside app/src/platform", |line| {
        line.contains("web_sys") || line.contains("js_sys")
    });
}

#[test]
fn model_desk_and_lab_know_no_machine() {
    let foreign = ["std::time", "Instant", "SystemTime", "thread_rng", "getrandom", "web_sys", "js_sys", "std::thread"];
    let mut pure = files("sim-core/src", &[".rs"]);
    pure.extend(files("desk/src", &[".rs"]));
    pure.extend(files("lab/src", &[".rs"]));
    no_line(&pure, "the machine in sim-core, desk or lab", |line| {
        foreign.iter().any(|name| line.contains(name)) && !line.trim_start().starts_with("//")
    });
}

#[test]
fn the_page_does_not_give_up() {
    let mut page = files("app/src", &[".rs"]);
    page.extend(files("lab/src", &[".rs"]));
    let of_tests = |name: &str| name.ends_with("/tests.rs") || name == "lab/src/stage/samples.rs";
    let program = page.into_iter().filter(|(name, _)| !of_tests(name));
    let program: Vec<_> = program.map(|(name, text)| (name, without_tests(&text).to_owned())).collect();
    no_line(&program, "a way to panic in app or lab", |line| line.contains(".unwrap()") || line.contains(".expect("));
}

/// The packages that `package` is built from on this machine, as `cargo tree -e normal` lists them.
fn packages_of(package: &str) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "-e", "normal", "--prefix", "none", "-p", package]).current_dir(root());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Everything in lab can be tested natively. In wasm, plotters needs the browser itself.
#[test]
fn lab_is_built_without_the_browser() {
    let lab = packages_of("lab");
    assert!(lab.contains("sim-core"), "{lab:?}");
    for browser in ["yew", "web-sys", "js-sys", "wasm-bindgen", "gloo"] {
        assert!(!lab.contains(browser), "lab needs {browser}");
    }
    // The same look finds them where they are.
    assert!(packages_of("app").contains("web-sys"));
}

#[test]
fn the_page_names_no_other_host() {
    let mut page = files("static", &[".css", ".svg", ".js", ".html"]);
    page.extend(files("app", &[".html"]));
    no_line(&page, "another host in the page", |line| {
        let foreign = line.contains("http://") || line.contains("https://") || line.contains("//cdn");
        foreign && !line.contains("http://www.w3.org/")
    });
}

#[test]
fn no_test_is_weakened() {
    let weak = ["#[ignore", "#[should_panic", "thread::sleep", "waitForTimeout", "test.skip(", "test.only("];
    let mut tests = rust_files();
    // The tools may wait for a program; a test may not.
    tests.retain(|(name, _)| name != "tests/tests/tidy.rs" && !name.starts_with("xtask/"));
    tests.extend(files("tests/e2e", &[".ts", ".mjs"]));
    no_line(&tests, "a weakened test", |line| weak.iter().any(|word| line.contains(word)));
}
