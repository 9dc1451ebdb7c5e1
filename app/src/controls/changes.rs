//! The list of changes. Each one can be removed.

use sim_core::time::SimTime;
use yew::prelude::*;

use super::sends;
use lab::format::{moment, seconds_exact};
use lab::plan::{Change, ChangeKind, Key, Place, Plan};
use lab::state::Action;

/// The list of changes, if there are any, and the buttons for undo and redo.
pub fn changes(plan: &Plan, can_undo: bool, can_redo: bool, act: &Callback<Action>) -> Html {
    let changes: Vec<Change> = plan.effective().collect();
    if changes.is_empty() && !can_undo && !can_redo {
        return Html::default();
    }
    html! {
        <div class="changes">
            if !changes.is_empty() {
                <ol aria-label="Changes">{ for changes.iter().map(|change| entry(*change, plan, act)) }</ol>
            }
            <div class="row">
                { way("Undo", "U Control+Z", can_undo, sends(act, Action::Undo)) }
                { way("Redo", "R Control+Shift+Z", can_redo, sends(act, Action::Redo)) }
            </div>
        </div>
    }
}

fn way(label: &'static str, keys: &'static str, can: bool, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="plain" aria-keyshortcuts={keys} disabled={!can} {onclick}>{ label }</button>
    }
}

fn entry(change: Change, plan: &Plan, act: &Callback<Action>) -> Html {
    let what = words(change, plan);
    let about = format!("{what}, at {}", moment(change.at));
    let button = |label: &'static str, action: Action| {
        let name = format!("{label}: {about}");
        html! { <button type="button" class="link" aria-label={name} onclick={sends(act, action)}>{ label }</button> }
    };
    html! {
        <li key={format!("{} {what}", seconds_exact(change.at))}>
            <span class="mono">{ moment(change.at) }</span>
            <span>{ &what }</span>
            <span class="entry-buttons">
                if change.at > SimTime::ZERO {
                    { button("From the start", Action::FromStart(change)) }
                }
                { button("Remove", Action::Remove(change)) }
            </span>
        </li>
    }
}

/// The text of a change: `recycle 1 to 0`, `a host behind the NAT`.
fn words(change: Change, plan: &Plan) -> String {
    match change.what {
        ChangeKind::Add(Place::BehindNat) => "a host behind the NAT".to_owned(),
        ChangeKind::Add(Place::Own) => "a host with its own address".to_owned(),
        ChangeKind::Set(key, value) => format!("{} {} to {value}", key.short(), before(change, key, plan)),
    }
}

/// The value that a change replaced.
fn before(change: Change, key: Key, plan: &Plan) -> u8 {
    let earlier = plan.effective().take_while(|other| *other != change).filter_map(|other| match other.what {
        ChangeKind::Set(other_key, value) if other_key == key => Some(value),
        _ => None,
    });
    earlier.last().or(plan.initial().value(key)).unwrap_or_default()
}
