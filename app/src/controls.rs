//! The controls of the page, and helpers that turn browser events into actions.

pub mod changes;
pub mod header;
pub mod help;
pub mod notices;
pub mod settings;
pub mod tabs;
pub mod time_bar;
pub mod time_marks;

use yew::prelude::*;

use lab::state::Action;

/// A listener that sends `action`.
pub(crate) fn sends<E: 'static>(act: &Callback<Action>, action: Action) -> Callback<E> {
    let act = act.clone();
    Callback::from(move |_| act.emit(action.clone()))
}

/// A button that sends `action`.
pub(crate) fn button(class: &'static str, label: &'static str, act: &Callback<Action>, action: Action) -> Html {
    html! { <button type="button" {class} onclick={sends(act, action)}>{ label }</button> }
}

/// A listener that sends the action that `follows` derives from an event, if any.
pub(crate) fn when<E: 'static>(act: &Callback<Action>, follows: impl Fn(E) -> Option<Action> + 'static) -> Callback<E> {
    let act = act.clone();
    Callback::from(move |event| {
        if let Some(action) = follows(event) {
            act.emit(action);
        }
    })
}
