//! The words of the list of changes.

use sim_core::time::SimTime;

use crate::format::moment;
use crate::plan::{Change, ChangeKind, Place};

/// The name of the list.
pub const CHANGES: &str = "Changes";
/// Takes the last change back.
pub const UNDO: &str = "Undo";
/// Makes an undone change again.
pub const REDO: &str = "Redo";
/// Makes a change from time 0.
pub const FROM_START: &str = "From the start";
/// Takes one change out.
pub const REMOVE: &str = "Remove";

/// What a change does, with the value that it replaces: `recycle 1 to 0`, `a host behind the NAT`.
pub fn change(change: Change, before: u8) -> String {
    match change.what {
        ChangeKind::Add(Place::BehindNat) => "a host behind the NAT".to_owned(),
        ChangeKind::Add(Place::Own) => "a host with its own address".to_owned(),
        ChangeKind::Set(key, value) => format!("{} {before} to {value}", key.short()),
    }
}

/// The accessible name of a button beside a change.
pub fn button(label: &str, change: &str, at: SimTime) -> String {
    format!("{label}: {change}, at {}", moment(at))
}
