//! The list of inputs: what each was recognised as, how far it is read, and the buttons to cancel and remove it.

use desk::format::size;
use desk::session::{Action, Content, Input, Progress};
use yew::prelude::*;

use super::state::{DeskAction, DeskState};
use crate::platform::element;
use crate::platform::picked::Picked;

const UNDO: &str = "desk-undo";

/// The list; empty if there are no inputs.
pub fn input_list(state: &DeskState, act: &Callback<DeskAction>) -> Html {
    let undo = state.removed.as_ref().map(|(_, input)| {
        let onclick = act.reform(|_: MouseEvent| Action::Undo);
        html! {
            <p class="under" role="status">
                <span>{ format!("{} is removed.", input.name) }</span>
                <button type="button" class="plain" id={UNDO} {onclick}>{ "Undo" }</button>
            </p>
        }
    });
    if state.inputs.is_empty() && undo.is_none() {
        return Html::default();
    }
    html! {
        <section class="handed" aria-labelledby="handed-heading">
            <h2 id="handed-heading">{ "Handed in" }</h2>
            <ul aria-labelledby="handed-heading">{ for state.inputs.iter().map(|input| row(input, act)) }</ul>
            { for undo }
        </section>
    }
}

fn row(input: &Input<Picked>, act: &Callback<DeskAction>) -> Html {
    let id = input.id;
    let remove = act.reform(move |_: MouseEvent| {
        element::focus(UNDO.to_owned());
        Action::Remove(id)
    });
    let (state, button) = match &input.content {
        Content::Capture(_, bytes, Progress::Reading(at)) => {
            let said = format!("reading, {} of {}", size(*at), size(*bytes));
            let cancel = act.reform(move |_: MouseEvent| Action::Cancel(id));
            (
                html! {
                    <label class="reading">
                        <span>{ said }</span>
                        <progress max={bytes.to_string()} value={at.to_string()} aria-label={format!("Reading {}", input.name)} />
                    </label>
                },
                Some(("Cancel", cancel)),
            )
        }
        Content::Capture(_, _, Progress::Cancelled(_) | Progress::Failed) => (
            html! { <span>{ &input.label }</span> },
            Some(("Read it again", act.reform(move |_: MouseEvent| Action::Restart(id)))),
        ),
        _ => (html! { <span>{ &input.label }</span> }, None),
    };
    let more = button.map(|(label, onclick)| {
        let name = format!("{label}: {}", input.name);
        html! { <button type="button" class="link" aria-label={name} {onclick}>{ label }</button> }
    });
    html! {
        <li key={id}>
            <strong>{ input.name.to_string() }</strong>
            { state }
            <span class="entry-buttons">
                { for more }
                <button type="button" class="link" aria-label={format!("Remove {}", input.name)} onclick={remove}>{ "Remove" }</button>
            </span>
        </li>
    }
}
