//! The structure of the crates: no circle of files, no import that points upwards, short functions, one type a name.
//!
//! `layers.txt` holds the layers as data.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod imports;
mod layers;
mod source;
mod words;

use std::collections::BTreeMap;

use imports::Graph;
use layers::Layers;
use source::{Crate, LONGEST_FUNCTION};

/// The crates that hold to the layers, by folder.
const CRATES: [&str; 5] = ["sim-core", "desk", "lab", "app", "xtask"];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for folder in CRATES {
        let graph = Graph::of(&Crate::read(folder));
        circles.extend(graph.circles().into_iter().map(|circle| format!("{folder}:\n    {}", circle.join("\n    "))));
    }
    assert!(circles.is_empty(), "circles of files:\n{}", circles.join("\n"));
}

#[test]
fn no_import_points_upwards() {
    let layers = Layers::read();
    let mut wrong = Vec::new();
    for folder in CRATES {
        let graph = Graph::of(&Crate::read(folder));
        wrong.extend(layers.wrong(folder, &graph));
    }
    assert!(wrong.is_empty(), "imports that point upwards, or files without a layer:\n{}", wrong.join("\n"));
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for folder in CRATES {
        for file in &Crate::read(folder).files {
            let of_file = file.functions.iter().filter(|(_, lines)| *lines >= LONGEST_FUNCTION);
            long.extend(of_file.map(|(name, lines)| format!("{}: {name} has {lines} lines", file.path)));
        }
    }
    assert!(long.is_empty(), "functions of {LONGEST_FUNCTION} lines or more:\n{}", long.join("\n"));
}

#[test]
fn a_public_type_name_stands_once_in_a_crate() {
    let mut twice = Vec::new();
    for folder in CRATES {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &Crate::read(folder).files {
            for name in &file.public_types {
                places.entry(name.clone()).or_default().push(file.path.clone());
            }
        }
        let several = places.into_iter().filter(|(_, places)| places.len() > 1);
        twice.extend(several.map(|(name, places)| format!("{name}: {}", places.join(", "))));
    }
    assert!(twice.is_empty(), "public types of one name:\n{}", twice.join("\n"));
}

/// `words.txt` names the places that may have phrases, each with its reason.
#[test]
fn words_for_visitors_stand_in_one_module() {
    let allowed: Vec<(&str, &str)> = include_str!("words.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no reason in words.txt: {line}")))
        .collect();
    let found: Vec<(String, String)> = ["app", "lab"].into_iter().flat_map(words::phrases).collect();
    let is_allowed = |path: &str| allowed.iter().any(|(place, _)| path.starts_with(place));
    let wrong: Vec<&str> =
        found.iter().filter(|(path, _)| !is_allowed(path)).map(|(_, place)| place.as_str()).collect();
    assert!(wrong.is_empty(), "words for visitors outside lab::text:\n{}", wrong.join("\n"));
    for (place, _) in allowed {
        assert!(found.iter().any(|(path, _)| path.starts_with(place)), "words.txt names {place}, which has no phrase");
    }
}
