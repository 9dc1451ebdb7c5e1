//! Charts on the page.

pub mod figure;
