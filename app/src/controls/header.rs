//! The top of the page: its name, the scenario, the theme, the help.

use yew::prelude::*;

use super::when;
use crate::plan::Base;
use crate::platform::element::chosen;
use crate::presets::{PRESETS, Preset};
use crate::state::Action;
use crate::theme::Theme;

/// What the header does.
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
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
    html! {
        <header class="top">
            <a class="brand" href="./">{ "TIME_WAIT Lab" }</a>
            { picker(props) }
            <span class="right">
                <button type="button" class="quiet" onclick={turn}>{ theme.label() }</button>
                <button type="button" class="quiet" onclick={props.help.reform(|_| ())} aria-haspopup="dialog">
                    { "Keys" }<kbd aria-hidden="true">{ "?" }</kbd>
                </button>
            </span>
        </header>
    }
}

/// The scenarios by their titles.
fn picker(props: &HeaderProps) -> Html {
    let onchange = when(&props.act, |event: Event| Some(Action::Open(Base::preset(&chosen(&event)?)?)));
    let option = |preset: &Preset| {
        html! { <option value={preset.name} selected={Some(preset.name) == props.base.name}>{ preset.title }</option> }
    };
    let own = props.base.name.is_none().then(|| {
        html! { <option value="" selected=true>{ &props.base.scenario.title }</option> }
    });
    html! {
        <label class="picker scenario">
            <span>{ "Scenario" }</span>
            <select {onchange}>{ for own }{ for PRESETS.iter().map(option) }</select>
        </label>
    }
}
