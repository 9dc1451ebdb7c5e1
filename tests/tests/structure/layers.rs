//! The layers of each crate, read from `layers.txt`.

use crate::imports::Graph;

const LAYERS: &str = include_str!("layers.txt");

/// Which layer each module is in.
pub struct Layers {
    /// Crate, module such as `stage::layout`, layer.
    rows: Vec<(String, String, u32)>,
}

impl Layers {
    /// Reads the file: `crate layer module...` in each line.
    pub fn read() -> Self {
        let mut rows = Vec::new();
        for line in LAYERS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let (Some(name), Some(layer)) = (words.next(), words.next()) else { panic!("not a layer: {line}") };
            let layer = layer.parse().unwrap_or_else(|_| panic!("not a number: {line}"));
            rows.extend(words.map(|module| (name.to_owned(), module.to_owned(), layer)));
        }
        Self { rows }
    }

    /// The imports of a crate that point upwards, and its files that stand in no layer. A crate that the file does not
    /// mention has no layers.
    pub fn wrong(&self, folder: &str, graph: &Graph) -> Vec<String> {
        let rows: Vec<_> = self.rows.iter().filter(|(name, ..)| name == folder).collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let layer = |path: &str| {
            let module = graph.modules[path].join("::");
            let is_in = |prefix: &str| module == prefix || module.starts_with(&format!("{prefix}::"));
            let of_module = rows.iter().filter(|(_, prefix, _)| is_in(prefix));
            of_module.max_by_key(|(_, prefix, _)| prefix.len()).map(|(.., layer)| *layer)
        };
        let mut wrong = Vec::new();
        for (from, targets) in graph.imports.iter().filter(|(from, _)| !graph.modules[*from].is_empty()) {
            let Some(above) = layer(from) else {
                wrong.push(format!("{from} is in no layer"));
                continue;
            };
            for to in targets {
                match layer(to) {
                    Some(below) if below > above => wrong.push(format!("{from} ({above}) -> {to} ({below})")),
                    _ => {}
                }
            }
        }
        wrong
    }
}
