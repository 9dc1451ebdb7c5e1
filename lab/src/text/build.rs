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
pub const ABOUT: &str = "Change any value and run the scenario. The form starts with the current scenario, including \
                         your changes. Undo restores the previous scenario. The address of the page contains the whole \
                         scenario.";
/// What is there and has no fields.
pub const KEPT: &str = "This form has no fields for firewalls, load balancers, the database and the return direction of \
                        a link. They stay unchanged. You can edit them in a file.";
/// How to open a file.
pub const OPEN_FILE: &str = "Open a scenario that was saved as JSON with this button, or drop it anywhere on the page.";
/// The page shows another scenario than the form started from.
pub const ANOTHER: &str = "The page now shows a different scenario than the one this form started with.";
/// Nothing is wrong.
pub const FINE: &str = "The scenario is valid.";

/// The scenario is on the page.
pub const OPENED: &str = "The page now shows this scenario. Undo restores the previous one.";
/// The browser gave no file.
pub const NOT_SAVED: &str = "The browser does not let this page save files. The Export tab shows the scenario as text.";

/// Who closes first.
pub const SIDES: [(&str, &str); 2] = [("server", "the server"), ("client", "the host that connected")];
/// Which port a NAT gives out.
pub const PORTS: [(&str, &str); 3] = [
    ("sequential", "the next in sequence"),
    ("random", "any free port"),
    ("port-preserving", "the inside port if it is free"),
];
/// What the server's program does.
pub const ACCEPTING: [(&str, &str); 2] = [("false", "stops calling accept()"), ("true", "calls accept() again")];

/// What an action does, by its name in a scenario.
pub fn action(name: &str) -> &str {
    match name {
        "set-sysctl" => "Set a sysctl",
        "set-kernel" => "Reboot the server with a different kernel",
        "add-host" => "Add a host",
        "reboot" => "Reboot a machine",
        "remove-host" => "Remove a host",
        "pass-address" => "Give a host's address to another host",
        "set-link" => "Change a link",
        "set-accepting" => "Stop or resume the server's program",
        other => other,
    }
}

/// What is wrong with a field: what stands there, and what may.
pub fn mistake(error: &ScenarioError) -> String {
    let found = error.found.as_str();
    let quoted = found.split_once("string ").map(|(_, text)| text);
    let allowed = match error.allowed.as_str() {
        // What is no number has yet to meet the bounds of its field.
        "u16" | "u32" | "u64" if quoted.is_some() => "a whole number".to_owned(),
        bounds => allowed(bounds),
    };
    match (found, quoted) {
        (_, Some("\"\"")) | ("", _) | ("\"\"", _) => format!("This field is empty. Allowed: {allowed}."),
        (_, Some(text)) => format!("{text} is not allowed. Allowed: {allowed}."),
        (text, _) if text.starts_with("missing field") || text.starts_with("unknown") => {
            format!("Error: {text}. Allowed: {allowed}.")
        }
        (text, _) => format!("{} is not allowed. Allowed: {allowed}.", text.rsplit("integer ").next().unwrap_or(text)),
    }
}

/// The names that the reader has for kinds of numbers, in numbers; a range with its thousands apart.
fn allowed(allowed: &str) -> String {
    match allowed {
        "u16" => "a whole number from 0 to 65,535".to_owned(),
        "u32" => "a whole number from 0 to 4,294,967,295".to_owned(),
        "u64" => "a whole number, 0 or more".to_owned(),
        _ => match allowed.split_once(" to ").map(|(low, high)| (low.parse::<u64>(), high.parse::<u64>())) {
            Some((Ok(low), Ok(high))) => {
                format!("a whole number from {} to {}", sim_core::words::grouped(low), sim_core::words::grouped(high))
            }
            _ => allowed.to_owned(),
        },
    }
}

/// What became of a file that is no scenario.
pub fn no_scenario(error: &ScenarioError) -> String {
    let place = if error.path.is_empty() { "The".to_owned() } else { format!("At {}, the", error.path) };
    format!("{place} file contains: {}. Allowed: {}.", error.found, error.allowed)
}

/// What became of a file that was not read.
pub fn unread(unread: Unread) -> &'static str {
    match unread {
        Unread::TooLong => "The file is larger than 1 MB, which is too large for a scenario.",
        Unread::Refused => "The browser could not read the file.",
    }
}

/// The heading.
pub const HEADING: &str = "Build";
/// Runs the scenario of the form.
pub const RUN: &str = "Run this scenario";
/// Fills the form from the page again.
pub const RESET: &str = "Reset to the page's scenario";
/// Over the buttons for files.
pub const FILE: &str = "File";
/// Saves the page's scenario.
pub const SAVE: &str = "Save the page's scenario as JSON";
/// Opens a file.
pub const OPEN: &str = "Open a scenario file";
/// The group of fields of the whole scenario.
pub const WHOLE: &str = "Scenario";
/// The group of fields of the server.
pub const SERVER: &str = "Server";
/// The group of fields of the NAT.
pub const NAT: &str = "NAT";
/// Turns the NAT on.
pub const SHARES: &str = "Some hosts share an address";
/// The list of hosts.
pub const HOSTS: &str = "Hosts";
/// The list of actions.
pub const ACTIONS: &str = "Actions";
/// Adds a host.
pub const ADD_HOST: &str = "Add a host";
/// A host whose name is empty.
pub const NO_NAME: &str = "(no name)";
/// Adds a host like this one.
pub const DUPLICATE: &str = "Duplicate";
/// Removes an entry.
pub const REMOVE: &str = "Remove";
/// Over the list of sysctls.
pub const ADD_SYSCTL: &str = "Add a sysctl";
/// The first entry of that list.
pub const CHOOSE: &str = "choose";
/// Takes a notice away.
pub const DISMISS: &str = "Dismiss";
/// The buttons that add an action: set a sysctl, reboot a machine, stop accepting.
pub const ADD_ACTION: [&str; 3] =
    ["Add action: set a sysctl", "Add action: reboot a machine", "Add action: stop accepting"];

/// The heading of a list, with the number of its entries.
pub fn list(name: &str, count: usize) -> String {
    format!("{name} ({count})")
}

/// The accessible name of a button in an entry.
pub fn button(label: &str, entry: &str) -> String {
    format!("{label} {entry}")
}

/// The name of an action in the accessible name of its button.
pub fn numbered_action(number: usize) -> String {
    format!("action {number}")
}

/// A host without a name, or an action, in the place of a mistake.
pub fn numbered(what: &str, number: &str) -> String {
    format!("{what} {number}")
}

/// A host, in the place of a mistake.
pub const HOST: &str = "Host";
/// An action, in the place of a mistake.
pub const ACTION: &str = "Action";

/// A file that is no scenario.
pub fn not_opened(name: &str, because: &str) -> String {
    format!("Could not open {name}. {because}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(found: &str, allowed: &str) -> String {
        mistake(&ScenarioError { path: String::new(), found: found.to_owned(), allowed: allowed.to_owned() })
    }

    #[test]
    fn error_messages_use_the_labels_of_the_form() {
        assert_eq!(said("0", "1 to 3600"), "0 is not allowed. Allowed: a whole number from 1 to 3,600.");
        assert_eq!(said("invalid type: string \"abc\"", "u32"), "\"abc\" is not allowed. Allowed: a whole number.");
        assert_eq!(said("invalid type: string \"\"", "u16"), "This field is empty. Allowed: a whole number.");
        assert_eq!(
            said("web-1", "a name that no other has"),
            "web-1 is not allowed. Allowed: a name that no other has."
        );
        assert_eq!(
            said("invalid value: integer `4294967296`", "u32"),
            "`4294967296` is not allowed. Allowed: a whole number from 0 to 4,294,967,295."
        );
    }
}
