//! The top of the page: its name, the scenario, the theme, the help.

use yew::prelude::*;

use crate::later::with_scenarios;
use crate::plan::Base;
use crate::platform::element::chosen;
use crate::presets::{PRESETS, Preset};
use crate::route::DESK;
use crate::state::Action;
use crate::theme::Theme;

/// Whose header it is.
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// What the lab's has more than the desk's.
    #[prop_or_default]
    pub lab: Option<LabHead>,
}

/// What the header of the lab does.
#[derive(Clone, PartialEq)]
pub struct LabHead {
    /// The scenario that is being shown.
    pub base: Base,
    /// Where actions go.
    pub act: Callback<Action>,
    /// Opens the help sheet.
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
    let page = |name: &'static str, href: &'static str, is_here: bool| {
        html! { <a {href} aria-current={is_here.then_some("page")}>{ name }</a> }
    };
    html! {
        <header class="top">
            <a class="brand" href="./">{ "TIME_WAIT Lab" }</a>
            <nav class="pages" aria-label="Pages">
                { page("Lab", "./", lab.is_some()) }
                { page("Desk", DESK, lab.is_none()) }
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

/// The scenarios by their titles.
fn picker(props: &LabHead) -> Html {
    let act = props.act.clone();
    let onchange = Callback::from(move |event: Event| {
        let (act, Some(name)) = (act.clone(), chosen(&event)) else { return };
        with_scenarios(move |_| act.emit(Base::preset(&name).map_or(Action::NotArrived, Action::Open)));
    });
    let base = &props.base;
    let option = |preset: &Preset| {
        html! { <option value={preset.name} selected={Some(preset.name) == base.name}>{ preset.title }</option> }
    };
    html! {
        <label class="picker scenario">
            <span>{ "Scenario" }</span>
            <select {onchange}>
                if base.name.is_none() {
                    <option value="" selected=true>{ &base.scenario.title }</option>
                }
                { for PRESETS.iter().map(option) }
            </select>
        </label>
    }
}
