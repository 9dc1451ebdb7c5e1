//! What is turned and pressed.

pub mod changes;
pub mod header;
pub mod help;
pub mod notices;
pub mod settings;
pub mod tabs;
pub mod time_bar;

use yew::Callback;

use crate::state::Action;

/// A listener that sends the action which follows from an event, if one does.
pub(crate) fn when<E: 'static>(act: &Callback<Action>, follows: impl Fn(E) -> Option<Action> + 'static) -> Callback<E> {
    let act = act.clone();
    Callback::from(move |event| {
        if let Some(action) = follows(event) {
            act.emit(action);
        }
    })
}
