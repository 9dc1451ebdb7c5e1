//! The keyboard shortcuts.

use sim_core::time::SimTime;

use crate::platform::keyboard::{Press, Taken};
use lab::state::{Action, Direction};
use lab::tab::Tab;

/// The effect of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Sends an action.
    Act(Action),
    /// Opens the help dialog.
    Help,
}

/// The command of a key; `None` leaves the key to the browser.
pub fn command(press: &Press) -> Option<Command> {
    let free = |needed: Taken| press.taken < needed;
    let refusal = |direction| if press.shift { Action::StepRefusal(direction) } else { Action::Step(direction) };
    let action = match press.key.as_str() {
        // A text field has its own undo.
        _ if press.command && !free(Taken::Text) => return None,
        "z" | "Z" if press.command && press.shift => Action::Redo,
        "z" | "Z" if press.command => Action::Undo,
        _ if press.command => return None,
        "?" if free(Taken::Text) => return Some(Command::Help),
        " " if free(Taken::Space) => Action::TogglePlay,
        "ArrowLeft" if free(Taken::Arrows) => refusal(Direction::Back),
        "ArrowRight" if free(Taken::Arrows) => refusal(Direction::Forward),
        "Home" if free(Taken::Arrows) => Action::Seek(SimTime::ZERO),
        "End" if free(Taken::Arrows) => Action::Seek(SimTime::from_secs(u64::from(u32::MAX))),
        "u" | "U" if free(Taken::Arrows) => Action::Undo,
        "r" | "R" if free(Taken::Arrows) => Action::Redo,
        "," | "-" if free(Taken::Arrows) => Action::StepSpeed(Direction::Back),
        "." | "+" if free(Taken::Arrows) => Action::StepSpeed(Direction::Forward),
        digit if free(Taken::Arrows) => Action::OpenTab(tab(digit)?),
        _ => return None,
    };
    Some(Command::Act(action))
}

/// The tab at the position that `digit` names, from 1.
fn tab(digit: &str) -> Option<Tab> {
    let number: usize = digit.parse().ok()?;
    Tab::all().nth(number.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, taken: Taken) -> Press {
        Press { key: key.to_owned(), shift: false, command: false, taken }
    }

    #[test]
    fn keys_that_the_focused_element_needs_are_ignored() {
        assert_eq!(command(&press(" ", Taken::None)), Some(Command::Act(Action::TogglePlay)));
        assert_eq!(command(&press(" ", Taken::Space)), None);
        assert_eq!(command(&press("ArrowRight", Taken::Space)), Some(Command::Act(Action::Step(Direction::Forward))));
        assert_eq!(command(&press("ArrowRight", Taken::Arrows)), None);
    }

    #[test]
    fn shift_and_control_make_other_keys() {
        let shifted = Press { shift: true, ..press("ArrowLeft", Taken::None) };
        assert_eq!(command(&shifted), Some(Command::Act(Action::StepRefusal(Direction::Back))));
        assert_eq!(command(&Press { command: true, ..press("z", Taken::Text) }), None);
        let undo = Press { command: true, ..press("z", Taken::Arrows) };
        assert_eq!(command(&undo), Some(Command::Act(Action::Undo)));
        assert_eq!(command(&Press { command: true, ..press("ArrowLeft", Taken::None) }), None);
    }

    #[test]
    fn every_tab_has_its_number_and_nothing_else_has() {
        for (index, tab) in Tab::all().enumerate() {
            let looked = command(&press(&(index + 1).to_string(), Taken::Space));
            assert_eq!(looked, Some(Command::Act(Action::OpenTab(tab))));
        }
        for key in ["0", "99", "F1", "a", "Tab", "Enter", "\u{e9}"] {
            assert_eq!(command(&press(key, Taken::None)), None, "{key}");
        }
    }

    #[test]
    fn keys_in_a_text_field_do_nothing() {
        for key in ["?", "1", "u", "r", ",", ".", "+", "-", " ", "Home", "ArrowLeft"] {
            assert_eq!(command(&press(key, Taken::Text)), None, "{key}");
        }
        assert_eq!(command(&Press { command: true, ..press("z", Taken::Text) }), None);
    }

    #[test]
    fn the_speed_has_keys() {
        assert_eq!(command(&press(",", Taken::Space)), Some(Command::Act(Action::StepSpeed(Direction::Back))));
        assert_eq!(command(&press("+", Taken::None)), Some(Command::Act(Action::StepSpeed(Direction::Forward))));
    }
}
