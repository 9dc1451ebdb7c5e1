//! The files of a crate, parsed: their imports, functions and public types, without unit tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A function has fewer lines than this.
pub const LONGEST_FUNCTION: usize = 70;

/// The source files of a crate that belong to its program.
pub struct Crate {
    /// In the order of their paths.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug, Default)]
pub struct File {
    /// From the root of the repository.
    pub path: String,
    /// As a module, such as `["stage", "layout"]`; the root of the crate is empty.
    pub module: Vec<String>,
    /// The paths of its `use` declarations.
    pub imports: Vec<Import>,
    /// Every other path, in the code and within macros.
    pub paths: BTreeSet<Vec<String>>,
    /// The modules that it declares.
    pub children: BTreeSet<String>,
    /// Each function and its length in lines.
    pub functions: Vec<(String, usize)>,
    /// The public structs, enums, traits and type aliases, without those inside of functions.
    pub public_types: Vec<String>,
}

/// One name that a `use` declaration brings in.
#[derive(Debug)]
pub struct Import {
    /// The path as it stands. That of a glob ends with the module.
    pub path: Vec<String>,
    /// The name in this file; `None` for a glob.
    pub name: Option<String>,
    /// Whether other files can take the name from this one.
    pub is_exported: bool,
}

impl Crate {
    /// Reads the crate in `folder` of the repository.
    pub fn read(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let source = root.join(folder).join("src");
        let mut tests = BTreeSet::new();
        let mut files = Vec::new();
        for path in rust_files(&source) {
            let text = std::fs::read_to_string(&path).unwrap();
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let inner = path.strip_prefix(&source).unwrap().with_extension("");
            let mut module: Vec<String> =
                inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if module.last().is_some_and(|last| ["lib", "main", "mod"].contains(&last.as_str())) {
                module.pop();
            }
            let mut file =
                File { path: path.strip_prefix(root).unwrap().display().to_string(), module, ..File::default() };
            let mut reader = Reader { file: &mut file, tests: Vec::new(), depth: 0 };
            reader.visit_file(&parsed);
            let of_file = reader.tests;
            tests.extend(of_file.into_iter().map(|test| [file.module.clone(), vec![test]].concat()));
            files.push(file);
        }
        files.retain(|file| !tests.iter().any(|test| file.module.starts_with(test)));
        assert!(!files.is_empty(), "no source in {folder}");
        Self { files }
    }
}

/// The Rust files below `folder`, in the order of their paths.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

struct Reader<'a> {
    file: &'a mut File,
    /// Modules of unit tests in files of their own.
    tests: Vec<String>,
    /// How many functions enclose the place.
    depth: usize,
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl Reader<'_> {
    fn function(&mut self, name: String, span: proc_macro2::Span) {
        self.file.functions.push((name, span.end().line - span.start().line + 1));
    }

    fn public_type(&mut self, visibility: &syn::Visibility, name: &syn::Ident) {
        if self.depth == 0 && matches!(visibility, syn::Visibility::Public(_)) {
            self.file.public_types.push(name.to_string());
        }
    }

    fn import(&mut self, tree: &syn::UseTree, before: &[String], is_exported: bool) {
        let with = |name: &syn::Ident| match name.to_string().as_str() {
            "self" => before.to_vec(),
            name => [before, &[name.to_owned()]].concat(),
        };
        let (path, name) = match tree {
            syn::UseTree::Path(path) => return self.import(&path.tree, &with(&path.ident), is_exported),
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(tree, before, is_exported));
            }
            syn::UseTree::Name(name) => (with(&name.ident), with(&name.ident).pop()),
            syn::UseTree::Rename(rename) => (with(&rename.ident), Some(rename.rename.to_string())),
            syn::UseTree::Glob(_) => {
                assert!(!is_exported, "{}: an exported glob, whose names this reader cannot follow", self.file.path);
                (before.to_vec(), None)
            }
        };
        self.file.imports.push(Import { path, name, is_exported });
    }

    /// The paths in the body of a macro, which is not parsed: names joined by `::`.
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                proc_macro2::TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.path(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                other => {
                    // A name that the macro puts in, or a group: `rows::$name`, `module::{...}`.
                    if colons == 2 && !path.is_empty() {
                        path.push("...".to_owned());
                    }
                    self.path(std::mem::take(&mut path));
                    colons = 0;
                    if let proc_macro2::TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.path(path);
    }

    fn path(&mut self, path: Vec<String>) {
        if !path.is_empty() {
            self.file.paths.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Mod(module) if is_test(&module.attrs) => self.tests.push(module.ident.to_string()),
            syn::Item::Mod(module) if module.content.is_none() => {
                self.file.children.insert(module.ident.to_string());
            }
            syn::Item::Fn(function) if is_test(&function.attrs) => {}
            syn::Item::Impl(block) if is_test(&block.attrs) => {}
            syn::Item::Use(import) if is_test(&import.attrs) => {}
            syn::Item::Use(import) => {
                self.import(&import.tree, &[], !matches!(import.vis, syn::Visibility::Inherited));
            }
            item => visit::visit_item(self, item),
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(function.sig.ident.to_string(), function.block.span().join(function.sig.span()).unwrap());
        self.depth += 1;
        visit::visit_item_fn(self, function);
        self.depth -= 1;
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if is_test(&function.attrs) {
            return;
        }
        self.function(function.sig.ident.to_string(), function.block.span().join(function.sig.span()).unwrap());
        self.depth += 1;
        visit::visit_impl_item_fn(self, function);
        self.depth -= 1;
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.public_type(&item.vis, &item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.public_type(&item.vis, &item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.public_type(&item.vis, &item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.public_type(&item.vis, &item.ident);
        visit::visit_item_type(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.tokens(called.tokens.clone());
        visit::visit_macro(self, called);
    }
}
