//! The words that a visitor reads stand in `lab::text`: phrases in other files of the page are found here.
//!
//! A phrase is a string of two words or more that begins like a sentence, ends like one, or has a small word of English
//! such as `the`. A single word cannot be told from a key or a class, so labels of one word go unnoticed.

use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::source::rust_files;

/// Words that no class, key or path of a drawing has.
const SMALL_WORDS: [&str; 14] =
    ["a", "an", "and", "are", "at", "by", "from", "in", "is", "not", "of", "or", "the", "to"];

/// Every phrase in the source of `folder`, as `path:line: phrase`.
pub fn phrases(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for path in rust_files(&root.join(folder).join("src")) {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if name.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut strings = Vec::new();
        collect(tokens, &mut strings);
        found.extend(strings.into_iter().filter(|(_, text)| is_phrase(text)).map(|(line, text)| {
            let place = format!("{name}:{line}: {text}");
            (name.clone(), place)
        }));
    }
    found
}

/// The strings of a program with their lines, without attributes (docs are such), classes and unit tests.
fn collect(tokens: TokenStream, strings: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |index: Option<usize>, text: &str| index.is_some_and(|index| tokens[index].to_string() == text);
    let mut is_test = false;
    for (index, token) in tokens.iter().enumerate() {
        let before = |steps: usize| index.checked_sub(steps);
        match token {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Bracket
                    && (is(before(1), "#") || (is(before(1), "!") && is(before(2), "#"))) =>
            {
                is_test |= group.stream().to_string().replace(' ', "") == "cfg(test)";
            }
            // The body of a test function or module ends it.
            TokenTree::Group(group) if is_test => is_test = group.delimiter() != Delimiter::Brace,
            TokenTree::Group(group) => collect(group.stream(), strings),
            TokenTree::Literal(literal) if !(is(before(1), "=") && is(before(2), "class")) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    strings.push((literal.span().start().line, text.value()));
                }
            }
            _ => {}
        }
    }
}

fn is_phrase(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        let letters = word.trim_matches(|letter: char| ".,:;?()'".contains(letter));
        !letters.is_empty() && letters.chars().all(|letter| letter.is_ascii_alphabetic() || "'-_".contains(letter))
    };
    let real = words.iter().copied().filter(|word| is_word(word) && word.len() > 1).count();
    if real < 2 {
        return false;
    }
    let begins = text.starts_with(|letter: char| letter.is_ascii_uppercase());
    let ends = text.ends_with(['.', '?']);
    begins || ends || words.iter().any(|word| SMALL_WORDS.contains(word))
}
