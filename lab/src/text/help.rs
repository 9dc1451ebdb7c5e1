//! The words of the list of keys.

/// Its heading.
pub const HEADING: &str = "Keys";
/// Over the marks of the time bar.
pub const MARKS: &str = "Marks on the time bar";
/// Closes it.
pub const CLOSE: &str = "Close";

/// The keys and their effects, in the order of the list.
pub const KEYS: [(&str, &str); 11] = [
    ("Space", "play or pause"),
    ("\u{2190} \u{2192}", "previous or next event"),
    ("Shift + \u{2190} \u{2192}", "previous or next refusal"),
    ("Page down, Page up", "10 s back or forward, on the slider"),
    ("Home, End", "the start or the end"),
    (", or -", "slower"),
    (". or +", "faster"),
    ("1 to 9", "the first nine tabs, from the left"),
    ("U or Ctrl + Z", "undo the last change"),
    ("R or Ctrl + Shift + Z", "redo it"),
    ("?", "this list of keys"),
];
