//! What keeps the page of the lab in step with the browser: its title, its address, keys, and the browser's events.

use yew::prelude::*;

use crate::hooks::use_rested;
use crate::keys::{Command, command};
use crate::platform::{address, dialog, keyboard, media, panic, picked, visibility};
use crate::scenario_reader;
use lab::plan::Base;
use lab::state::Action;
use lab::text;

/// The address is written when it has not changed for this long, in milliseconds.
const ADDRESS_RESTS_MS: u32 = 250;

/// Sets the title of the document once another scenario is opened than the one of the HTML file.
#[hook]
pub fn use_title(base: &Base) {
    let opened = use_memo((), |()| base.clone());
    use_effect_with(base.clone(), move |base| {
        if *base != *opened {
            picked::entitle(&text::page::title(&base.scenario.title));
        }
    });
}

/// Writes the address once it has stopped changing. An address that is already there is not written again, because
/// the visitor may have gone elsewhere meanwhile.
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

/// Turns events of the browser into actions: keys, another address, a hidden browser tab, reduced motion.
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
        let motion = media::on_reduced_motion(move |still| act.emit(Action::SetStill(still)));
        move || drop((keys, back, hidden, motion))
    });
}
