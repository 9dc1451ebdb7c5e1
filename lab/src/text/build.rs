//! The words of the form: what can be chosen, and what is wrong where.

use sim_core::scenario::ScenarioError;

/// The lazy part that reads scenarios did not arrive.
pub const NO_READER: &str = "The part of the page that reads scenarios did not arrive. Try again.";

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has more than 1 MB.
    TooLong,
    /// The browser did not give it.
    Refused,
}

/// What the form is for.
pub const ABOUT: &str = "Change anything and run it. The form starts from the scenario as it stands, with what you \
                         changed in it. Undo brings back what was. The address of the page holds the whole scenario.";
/// What is there and has no fields.
pub const KEPT: &str = "Firewalls, load balancers, the database and the way back of a link have no fields here. They \
                        stay as they are; a file can change them.";
/// How to open a file.
pub const OPEN_FILE: &str =
    "A scenario that was saved as JSON opens with this button, or dropped anywhere on the page.";
/// The page shows another scenario than the form started from.
pub const ANOTHER: &str = "The page shows another scenario now than this form started from.";
/// Nothing is wrong.
pub const FINE: &str = "This can run.";

/// The scenario is on the page.
pub const OPENED: &str = "The page shows this scenario now. Undo brings back what was.";
/// The browser gave no file.
pub const NOT_SAVED: &str = "The browser does not let this page save files. Take along has the scenario as text.";

/// Who closes first.
pub const SIDES: [(&str, &str); 2] = [("server", "the server"), ("client", "the host that called")];
/// Which port a NAT gives out.
pub const PORTS: [(&str, &str); 3] = [
    ("sequential", "the next in sequence"),
    ("random", "any that is free"),
    ("port-preserving", "the inside port if it is free"),
];
/// What the server's program does.
pub const ACCEPTING: [(&str, &str); 2] = [("false", "stops calling accept()"), ("true", "goes on with accept()")];

/// What an action does, by its name in a scenario.
#[must_use]
pub fn action(name: &str) -> &str {
    match name {
        "set-sysctl" => "A sysctl is set",
        "set-kernel" => "The server starts again with another kernel",
        "add-host" => "A host joins",
        "reboot" => "A machine starts again",
        "remove-host" => "A host leaves",
        "pass-address" => "A host leaves, and another takes its address",
        "set-link" => "A link changes",
        "set-accepting" => "The server's program stops or goes on",
        other => other,
    }
}

/// What is wrong with a field: what stands there, and what may.
#[must_use]
pub fn mistake(error: &ScenarioError) -> String {
    let found = error.found.as_str();
    let quoted = found.split_once("string ").map(|(_, text)| text);
    let allowed = match error.allowed.as_str() {
        // What is no number has yet to meet the bounds of its field.
        "u16" | "u32" | "u64" if quoted.is_some() => "a whole number".to_owned(),
        bounds => allowed(bounds),
    };
    match (found, quoted) {
        (_, Some("\"\"")) | ("", _) | ("\"\"", _) => format!("Nothing stands here. It takes {allowed}."),
        (_, Some(text)) => format!("This takes {allowed}, not {text}."),
        (text, _) if text.starts_with("missing field") || text.starts_with("unknown") => {
            format!("There is a mistake: {text}. It takes {allowed}.")
        }
        (text, _) => format!("This takes {allowed}, not {}.", text.rsplit("integer ").next().unwrap_or(text)),
    }
}

/// The names that the reader has for kinds of numbers, in numbers; a range with its thousands apart.
fn allowed(allowed: &str) -> String {
    match allowed {
        "u16" => "a whole number from 0 to 65,535".to_owned(),
        "u32" => "a whole number from 0 to 4,294,967,295".to_owned(),
        "u64" => "a whole number from 0 on".to_owned(),
        _ => match allowed.split_once(" to ").map(|(low, high)| (low.parse::<u64>(), high.parse::<u64>())) {
            Some((Ok(low), Ok(high))) => {
                format!("a whole number from {} to {}", sim_core::words::grouped(low), sim_core::words::grouped(high))
            }
            _ => allowed.to_owned(),
        },
    }
}

/// What became of a file that is no scenario.
#[must_use]
pub fn no_scenario(error: &ScenarioError) -> String {
    let place = if error.path.is_empty() { "It".to_owned() } else { format!("At {} it", error.path) };
    format!("{place} has: {}. Allowed: {}.", error.found, error.allowed)
}

/// What became of a file that was not read.
#[must_use]
pub fn unread(unread: Unread) -> &'static str {
    match unread {
        Unread::TooLong => "It has more than 1 MB, and no scenario needs that.",
        Unread::Refused => "The browser could not read it.",
    }
}

/// A file could not be opened, with the reason as a sentence.
pub fn not_opened(name: &str, because: &str) -> String {
    format!("{name} was not opened. {because}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(found: &str, allowed: &str) -> String {
        mistake(&ScenarioError { path: String::new(), found: found.to_owned(), allowed: allowed.to_owned() })
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_the_form() {
        assert_eq!(said("0", "1 to 3600"), "This takes a whole number from 1 to 3,600, not 0.");
        assert_eq!(said("invalid type: string \"abc\"", "u32"), "This takes a whole number, not \"abc\".");
        assert_eq!(said("invalid type: string \"\"", "u16"), "Nothing stands here. It takes a whole number.");
        assert_eq!(said("web-1", "a name that no other has"), "This takes a name that no other has, not web-1.");
        assert_eq!(
            said("invalid value: integer `4294967296`", "u32"),
            "This takes a whole number from 0 to 4,294,967,295, not `4294967296`."
        );
    }
}
