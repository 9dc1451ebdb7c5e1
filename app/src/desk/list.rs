//! The list of what was handed in: what each was recognised as, how far its reading is, and the way out.

use yew::prelude::*;

use super::hand::{Act, Hand, Item, Progress, What};
use super::told::size;
use crate::platform::element;

const UNDO: &str = "desk-undo";

/// The list; nothing where nothing was handed in.
pub fn list(hand: &Hand, act: &Callback<Act>) -> Html {
    let undo = hand.removed.as_ref().map(|(_, item)| {
        let onclick = act.reform(|_: MouseEvent| Act::Undo);
        html! {
            <p class="under" role="status">
                <span>{ format!("{} is removed.", item.name) }</span>
                <button type="button" class="plain" id={UNDO} {onclick}>{ "Undo" }</button>
            </p>
        }
    });
    if hand.items.is_empty() && undo.is_none() {
        return Html::default();
    }
    html! {
        <section class="handed" aria-labelledby="handed-heading">
            <h2 id="handed-heading">{ "Handed in" }</h2>
            <ul aria-labelledby="handed-heading">{ for hand.items.iter().map(|item| row(item, act)) }</ul>
            { for undo }
        </section>
    }
}

fn row(item: &Item, act: &Callback<Act>) -> Html {
    let id = item.id;
    let remove = act.reform(move |_: MouseEvent| {
        element::focus(UNDO.to_owned());
        Act::Remove(id)
    });
    let (state, button) = match &item.what {
        What::Capture(_, bytes, Progress::Reading(at)) => {
            let said = format!("reading, {} of {}", size(*at), size(*bytes));
            let cancel = act.reform(move |_: MouseEvent| Act::Cancel(id));
            (
                html! {
                    <label class="reading">
                        <span>{ said }</span>
                        <progress max={bytes.to_string()} value={at.to_string()} aria-label={format!("Reading {}", item.name)} />
                    </label>
                },
                Some(("Cancel", cancel)),
            )
        }
        What::Capture(_, _, Progress::Cancelled(_) | Progress::Failed) => (
            html! { <span>{ &item.told }</span> },
            Some(("Read it again", act.reform(move |_: MouseEvent| Act::Again(id)))),
        ),
        _ => (html! { <span>{ &item.told }</span> }, None),
    };
    let more = button.map(|(label, onclick)| {
        let name = format!("{label}: {}", item.name);
        html! { <button type="button" class="link" aria-label={name} {onclick}>{ label }</button> }
    });
    html! {
        <li key={id}>
            <strong>{ item.name.to_string() }</strong>
            { state }
            <span class="entry-buttons">
                { for more }
                <button type="button" class="link" aria-label={format!("Remove {}", item.name)} onclick={remove}>{ "Remove" }</button>
            </span>
        </li>
    }
}
