//! Which file of a crate takes names from which other.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Crate, File, Import};

/// The imports of a crate, by path from the root of the repository.
pub struct Graph {
    /// Each file, as a module, with the files that it takes names from.
    pub imports: BTreeMap<String, BTreeSet<String>>,
    /// The module of each file.
    pub modules: BTreeMap<String, Vec<String>>,
}

impl Graph {
    /// The graph of `of`. A module that only hands on names of its children is no end of an import: whoever takes
    /// such a name imports the file that defines it.
    pub fn of(of: &Crate) -> Self {
        let index = Index { files: &of.files };
        let mut imports = BTreeMap::new();
        let mut modules = BTreeMap::new();
        for file in &of.files {
            // A name that is only handed on is used by nobody here.
            let is_used = |import: &&Import| {
                !import.is_exported
                    || import.name.as_ref().is_some_and(|name| file.paths.iter().any(|path| path[0] == *name))
            };
            let imported = file.imports.iter().filter(is_used).map(|import| &import.path);
            let named = file.paths.iter().filter(|path| path.len() > 1);
            let mut targets: BTreeSet<String> = imported
                .chain(named)
                .filter_map(|path| index.definer(file, path, 0))
                .map(|target| target.path.clone())
                .collect();
            targets.remove(&file.path);
            imports.insert(file.path.clone(), targets);
            modules.insert(file.path.clone(), file.module.clone());
        }
        Self { imports, modules }
    }

    /// Every set of files that reach each other, as their imports of each other.
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<&String, BTreeSet<&String>> =
            self.imports.keys().map(|from| (from, self.reachable(from))).collect();
        let mut circles = BTreeSet::new();
        for (from, reached) in &reach {
            let circle: Vec<String> =
                reached.iter().filter(|to| reach[*to].contains(from)).map(|to| (*to).clone()).collect();
            if !circle.is_empty() {
                circles.insert(circle);
            }
        }
        let of_circle = |circle: Vec<String>| {
            let imports = circle.iter().flat_map(|from| self.imports[from].iter().map(move |to| (from, to)));
            let within = imports.filter(|(_, to)| circle.contains(to));
            within.map(|(from, to)| format!("{from} -> {to}")).collect()
        };
        circles.into_iter().map(of_circle).collect()
    }

    fn reachable(&self, from: &String) -> BTreeSet<&String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = self.imports[from].iter().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(&self.imports[next]);
            }
        }
        reached
    }
}

struct Index<'a> {
    files: &'a [File],
}

impl<'a> Index<'a> {
    fn file(&self, module: &[String]) -> Option<&'a File> {
        self.files.iter().find(|file| file.module == module)
    }

    /// The file that defines what `path` names in `from`.
    fn definer(&self, from: &File, path: &[String], depth: usize) -> Option<&'a File> {
        let absolute = absolute(from, path, 0)?;
        let length = (0..=absolute.len()).rev().find(|length| self.file(&absolute[..*length]).is_some())?;
        let file = self.file(&absolute[..length])?;
        let Some(name) = absolute.get(length) else { return Some(file) };
        // A name that the module itself imports comes from another file.
        match imported(file, name).filter(|_| depth < DEEPEST) {
            Some(import) => {
                let path = [import.path.as_slice(), &absolute[length + 1..]].concat();
                self.definer(file, &path, depth + 1).or(Some(file))
            }
            None => Some(file),
        }
    }
}

/// The most modules that hand on a name, one to the next. It ends a circle of them.
const DEEPEST: usize = 8;

fn imported<'f>(file: &'f File, name: &str) -> Option<&'f Import> {
    file.imports.iter().find(|import| import.name.as_deref() == Some(name))
}

/// `path` from the root of the crate; `None` for a path into another crate or for a name in scope.
fn absolute(from: &File, path: &[String], depth: usize) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        // A program in `bin/` is a crate of its own.
        "crate" if from.module.first().is_some_and(|first| first == "bin") => {
            Some([from.module.get(..2).unwrap_or_default(), rest].concat())
        }
        "crate" => Some(rest.to_vec()),
        "self" => Some([from.module.as_slice(), rest].concat()),
        "super" => {
            let mut module = from.module.clone();
            module.pop()?;
            let above = rest.iter().take_while(|part| *part == "super").count();
            for _ in 0..above {
                module.pop()?;
            }
            module.extend_from_slice(&rest[above..]);
            Some(module)
        }
        child if from.children.contains(child) => Some([from.module.as_slice(), path].concat()),
        // A module that was imported, such as `words` in `words::title`.
        name if path.len() > 1 && depth < DEEPEST => {
            let import = imported(from, name).filter(|import| import.path != path)?;
            absolute(from, &[import.path.as_slice(), rest].concat(), depth + 1)
        }
        _ => None,
    }
}
