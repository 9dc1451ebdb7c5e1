//! The list of changes. Each one can be removed.

use sim_core::time::SimTime;
use yew::prelude::*;

use super::sends;
use lab::format::{moment, seconds_exact};
use lab::plan::{Change, ChangeKind, Key, Plan};
use lab::state::Action;
use lab::text::changes as text;

/// The list of changes, if there are any, and the buttons for undo and redo.
pub fn changes(plan: &Plan, can_undo: bool, can_redo: bool, act: &Callback<Action>) -> Html {
    let changes: Vec<Change> = plan.effective().collect();
    if changes.is_empty() && !can_undo && !can_redo {
        return Html::default();
    }
    html! {
        <div class="changes">
            if !changes.is_empty() {
                <ol aria-label={text::CHANGES}>{ for changes.iter().map(|change| entry(*change, plan, act)) }</ol>
            }
            <div class="row">
                { way(text::UNDO, "U Control+Z", can_undo, sends(act, Action::Undo)) }
                { way(text::REDO, "R Control+Shift+Z", can_redo, sends(act, Action::Redo)) }
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
    let button = |label: &'static str, action: Action| {
        let name = text::button(label, &what, change.at);
        html! { <button type="button" class="link" aria-label={name} onclick={sends(act, action)}>{ label }</button> }
    };
    html! {
        <li key={format!("{} {what}", seconds_exact(change.at))}>
            <span class="mono">{ moment(change.at) }</span>
            <span>{ &what }</span>
            <span class="entry-buttons">
                if change.at > SimTime::ZERO {
                    { button(text::FROM_START, Action::FromStart(change)) }
                }
                { button(text::REMOVE, Action::Remove(change)) }
            </span>
        </li>
    }
}

fn words(change: Change, plan: &Plan) -> String {
    let before = match change.what {
        ChangeKind::Set(key, _) => before(change, key, plan),
        ChangeKind::Add(_) => 0,
    };
    text::change(change, before)
}

/// The value that a change replaced.
fn before(change: Change, key: Key, plan: &Plan) -> u8 {
    let earlier = plan.effective().take_while(|other| *other != change).filter_map(|other| match other.what {
        ChangeKind::Set(other_key, value) if other_key == key => Some(value),
        _ => None,
    });
    earlier.last().or(plan.initial().value(key)).unwrap_or_default()
}
