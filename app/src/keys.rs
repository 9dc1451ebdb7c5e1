//! What each key does.

use sim_core::time::SimTime;

use crate::platform::keyboard::{Press, Taken};
use crate::state::{Action, Direction};

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Something that changes the page.
    Act(Action),
    /// The help sheet.
    Help,
}

/// The command of a key; `None` leaves the key to the browser.
#[must_use]
pub fn command(press: &Press) -> Option<Command> {
    let free = |needed: Taken| press.taken < needed;
    let refusal = |direction| if press.shift { Action::StepRefusal(direction) } else { Action::Step(direction) };
    let action = match press.key.as_str() {
        _ if press.taken == Taken::All => return None,
        "z" | "Z" if press.command && press.shift => Action::Redo,
        "z" | "Z" if press.command => Action::Undo,
        _ if press.command => return None,
        "?" => return Some(Command::Help),
        " " if free(Taken::Space) => Action::TogglePlay,
        "ArrowLeft" if free(Taken::Arrows) => refusal(Direction::Back),
        "ArrowRight" if free(Taken::Arrows) => refusal(Direction::On),
        "Home" if free(Taken::Arrows) => Action::Seek(SimTime::ZERO),
        "End" if free(Taken::Arrows) => Action::Seek(SimTime::from_secs(u64::from(u32::MAX))),
        _ => return None,
    };
    Some(Command::Act(action))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, taken: Taken) -> Press {
        Press { key: key.to_owned(), shift: false, command: false, taken }
    }

    #[test]
    fn a_key_that_the_focused_element_needs_is_left_to_it() {
        assert_eq!(command(&press(" ", Taken::None)), Some(Command::Act(Action::TogglePlay)));
        assert_eq!(command(&press(" ", Taken::Space)), None);
        assert_eq!(command(&press("ArrowRight", Taken::Space)), Some(Command::Act(Action::Step(Direction::On))));
        assert_eq!(command(&press("ArrowRight", Taken::Arrows)), None);
    }

    #[test]
    fn shift_and_control_make_other_keys() {
        let shifted = Press { shift: true, ..press("ArrowLeft", Taken::None) };
        assert_eq!(command(&shifted), Some(Command::Act(Action::StepRefusal(Direction::Back))));
        assert_eq!(command(&Press { command: true, ..press("z", Taken::All) }), None);
        let undo = Press { command: true, ..press("z", Taken::Arrows) };
        assert_eq!(command(&undo), Some(Command::Act(Action::Undo)));
        assert_eq!(command(&Press { command: true, ..press("ArrowLeft", Taken::None) }), None);
    }
}
