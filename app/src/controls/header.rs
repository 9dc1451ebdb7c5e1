//! The header of the page: its name, links to the pages, the scenario picker, theme and help.

use yew::prelude::*;

use crate::platform::address;
use crate::platform::element::chosen;
use crate::theme::Theme;
use lab::catalogue::{self, Entry};
use lab::plan::Base;
use lab::state::Action;

/// The properties of [`Header`].
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// The controls of the lab; `None` on the page of the desk.
    #[prop_or_default]
    pub lab: Option<LabHead>,
}

/// The controls that only the lab has.
#[derive(Clone, PartialEq)]
pub struct LabHead {
    /// The scenario of the page.
    pub base: Base,
    /// Receives the actions.
    pub act: Callback<Action>,
    /// Opens the help dialog.
    pub help: Callback<()>,
}

/// The header.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let theme = use_state_eq(Theme::stored);
    let turn = {
        let theme = theme.clone();
        Callback::from(move |_| {
            let next = theme.next();
            next.choose();
            theme.set(next);
        })
    };
    let lab = props.lab.as_ref();
    let root = address::root();
    let page = |name: &'static str, href: String, is_here: bool| {
        html! { <a {href} aria-current={is_here.then_some("page")}>{ name }</a> }
    };
    html! {
        <header class="top">
            <a class="brand" href={root.clone()}>{ "TIME_WAIT Lab" }</a>
            <nav class="pages" aria-label="Pages">
                { page("Lab", root.clone(), lab.is_some()) }
                { page("Desk", format!("{root}desk/"), lab.is_none()) }
            </nav>
            if let Some(lab) = lab {
                { picker(lab) }
            }
            <span class="right">
                <button type="button" class="quiet" onclick={turn}>{ theme.label() }</button>
                if let Some(lab) = lab {
                    <button type="button" class="quiet" aria-haspopup="dialog" onclick={lab.help.reform(|_| ())}>
                        { "Keys" }<kbd aria-hidden="true">{ "?" }</kbd>
                    </button>
                }
            </span>
        </header>
    }
}

/// The scenario picker, a list of titles.
fn picker(props: &LabHead) -> Html {
    let act = props.act.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(base) = chosen(&event).and_then(|name| Base::preset(&name)) {
            act.emit(Action::Open(base));
        }
    });
    let base = &props.base;
    let option = |entry: &Entry| {
        html! { <option value={entry.name} selected={Some(entry.name) == base.name}>{ &entry.title }</option> }
    };
    html! {
        <label class="picker scenario">
            <span>{ "Scenario" }</span>
            <select {onchange}>
                if base.name.is_none() {
                    <option value="" selected=true>{ &base.scenario.title }</option>
                }
                { for catalogue::entries().iter().map(option) }
            </select>
        </label>
    }
}
