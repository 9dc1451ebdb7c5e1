//! What was changed when: a short list in which each entry can be taken back.

use sim_core::time::SimTime;
use yew::prelude::*;

use super::sends;
use crate::markup::{Element, element};
use lab::format::{moment, seconds_exact};
use lab::plan::{Change, Key, Place, Plan, What};
use lab::state::Action;

/// The list of changes, if there are any, and the ways back and on.
pub fn changes(plan: &Plan, can_undo: bool, can_redo: bool, act: &Callback<Action>) -> Html {
    let changes: Vec<Change> = plan.effective().collect();
    if changes.is_empty() && !can_undo && !can_redo {
        return Html::default();
    }
    let list = (!changes.is_empty()).then(|| {
        element!("ol", "aria-label" = "Changes").with_each(changes.iter().map(|change| entry(*change, plan, act)))
    });
    let way = |label: &'static str, keys: &'static str, can: bool, action: Action| {
        element!("button", "type" = "button", "aria-keyshortcuts" = keys, "disabled" = !can, "class" = "plain")
            .with(label)
            .on_click(sends(act, action))
    };
    let ways = element!("div", "class" = "row").with(way("Undo", "U Control+Z", can_undo, Action::Undo)).with(way(
        "Redo",
        "R Control+Shift+Z",
        can_redo,
        Action::Redo,
    ));
    element!("div", "class" = "changes").with(list).with(ways).html()
}

fn entry(change: Change, plan: &Plan, act: &Callback<Action>) -> Element {
    let what = words(change, plan);
    let about = format!("{what}, at {}", moment(change.at));
    let button = |label: &'static str, action: Action| {
        let name = format!("{label}: {about}");
        element!("button", "type" = "button", "aria-label" = name, "class" = "link")
            .with(label)
            .on_click(sends(act, action))
    };
    let buttons = element!("span", "class" = "entry-buttons")
        .with((change.at > SimTime::ZERO).then(|| button("From the start", Action::FromStart(change))))
        .with(button("Remove", Action::Remove(change)));
    element!("li")
        .key(format!("{} {what}", seconds_exact(change.at)))
        .with(element!("span", "class" = "mono").with(moment(change.at)))
        .with(element!("span").with(what))
        .with(buttons)
}

/// `recycle 1 to 0`, `a host behind the NAT`.
fn words(change: Change, plan: &Plan) -> String {
    match change.what {
        What::Add(Place::BehindNat) => "a host behind the NAT".to_owned(),
        What::Add(Place::Own) => "a host with its own address".to_owned(),
        What::Set(key, value) => format!("{} {} to {value}", key.short(), before(change, key, plan)),
    }
}

/// The value that a change replaced.
fn before(change: Change, key: Key, plan: &Plan) -> u8 {
    let earlier = plan.effective().take_while(|other| *other != change).filter_map(|other| match other.what {
        What::Set(other_key, value) if other_key == key => Some(value),
        _ => None,
    });
    earlier.last().or(plan.initial().value(key)).unwrap_or_default()
}
