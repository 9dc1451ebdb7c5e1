//! Hooks that connect the page of the lab to the browser: its title, its address, its keys and its events.

use yew::prelude::*;

use crate::hooks::use_rested;
use crate::keys::{Command, command};
use crate::platform::{address, dialog, keyboard, media, panic, picked, visibility};
use crate::scenario_reader;
use lab::plan::Base;
use lab::state::Action;
use lab::text;

/// The address bar is updated once the address has not changed for this long, in milliseconds.
const ADDRESS_RESTS_MS: u32 = 250;

/// Sets the title of the document when a scenario is opened that is not the one of the HTML file.
#[hook]
pub fn use_title(base: &Base) {
    let opened = use_memo((), |()| base.clone());
    use_effect_with(base.clone(), move |base| {
        if *base != *opened {
            picked::entitle(&text::page::title(&base.scenario.title));
        }
    });
}

/// Updates the address bar once the address has stopped changing. It does not write an unchanged address, because the
/// visitor may have navigated in the meantime.
#[hook]
pub fn use_address(query: String) {
    let written = use_mut_ref(address::query);
    use_rested(query, ADDRESS_RESTS_MS, move |query| {
        if *written.borrow() != query {
            address::replace_query(&query);
            *written.borrow_mut() = query;
        }
    });
}

/// Turns browser events into actions: key presses, navigation, a hidden browser tab, and reduced motion.
#[hook]
pub fn use_browser(act: Callback<Action>, help: NodeRef) {
    use_effect_with((), move |()| {
        let keys = {
            let act = act.clone();
            keyboard::on_press(move |press| match command(&press) {
                Some(Command::Act(action)) => {
                    act.emit(action);
                    true
                }
                Some(Command::Help) => {
                    dialog::open(&help);
                    true
                }
                None => false,
            })
        };
        let back = {
            let act = act.clone();
            address::on_change(move || {
                let act = act.clone();
                let query = address::query();
                scenario_reader::with_parts_for(&address::query(), move |arrived| {
                    match scenario_reader::read_route(&query) {
                        Ok((route, rejected)) if arrived => act.emit(Action::Arrive(route, rejected)),
                        _ => panic::not_loaded(),
                    }
                });
            })
        };
        let hidden = {
            let act = act.clone();
            visibility::on_hidden(move || act.emit(Action::Pause))
        };
        let motion = media::on_reduced_motion(move |reduced_motion| act.emit(Action::SetReducedMotion(reduced_motion)));
        move || drop((keys, back, hidden, motion))
    });
}
