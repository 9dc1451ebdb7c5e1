//! The server's kernel and its switches, and who else joins.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use yew::prelude::*;

use super::changes::changes;
use super::when;
use crate::plan::{Key, Place, Plan, Settings};
use crate::platform::element::{chosen, is_checked};
use crate::state::Action;
use crate::text;

/// What the settings show.
#[derive(Clone, PartialEq, Properties)]
pub struct SettingsProps {
    /// What is set.
    pub plan: Rc<Plan>,
    /// The switches at the playhead.
    pub settings: Settings,
    /// What the last change will come to.
    pub told: Option<Rc<str>>,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to do again.
    pub can_redo: bool,
    /// Where actions go.
    pub act: Callback<Action>,
}

/// The kernel, the three switches, the two buttons for hosts, and what was changed when.
#[component]
pub fn ServerSettings(props: &SettingsProps) -> Html {
    let SettingsProps { plan, told, can_undo, can_redo, act, .. } = props;
    let onchange = when(act, |event: Event| Some(Action::SetKernel(chosen(&event)?.parse().ok()?)));
    let kernel = |version: KernelVersion| {
        html! { <option value={version.name()} selected={version == plan.kernel}>{ text::kernel(version) }</option> }
    };
    html! {
        <section class="settings" aria-labelledby="settings-heading">
            <h2 id="settings-heading" class="for-the-ear">{ "Server settings" }</h2>
            <div class="setting kernel">
                <label for="kernel">{ "Server kernel" }</label>
                <select id="kernel" {onchange}>{ for KernelVersion::ALL.into_iter().map(kernel) }</select>
            </div>
            { switch(Key::Recycle, props) }
            { reuse(props) }
            { switch(Key::Timestamps, props) }
            <div class="setting hosts-to-add">
                { for plan.has(Place::BehindNat).then(|| add("Add a host behind the NAT", Place::BehindNat, act)) }
                { add("Add a host with its own address", Place::Own, act) }
            </div>
            <p class="told" aria-live="polite">{ told.as_deref().unwrap_or_default() }</p>
            { changes(plan, *can_undo, *can_redo, act) }
        </section>
    }
}

fn switch(key: Key, props: &SettingsProps) -> Html {
    let value = props.settings.value(key);
    let about = format!("about-{}", key.short());
    let onchange = when(&props.act, move |event: Event| Some(Action::Set(key, u8::from(is_checked(&event)?))));
    html! {
        <div class="setting">
            <label class="mono" for={key.short()}>{ key.name() }</label>
            <input type="checkbox" role="switch" id={key.short()} class={classes!("switch", key.short())}
                checked={value.is_some_and(|value| value > 0)} disabled={value.is_none()} {onchange} aria-describedby={about.clone()} />
            <p id={about}>{ text::settings::about(key, props.plan.kernel, value) }</p>
        </div>
    }
}

fn reuse(props: &SettingsProps) -> Html {
    let key = Key::Reuse;
    html! {
        <div class="setting">
            <span class="mono" id="reuse-label">{ key.name() }</span>
            <div class="choice" role="radiogroup" aria-labelledby="reuse-label" aria-describedby="about-reuse">
                { for (0..=key.maximum()).map(|value| choice(key, value, props)) }
            </div>
            <p id="about-reuse">{ text::settings::about(key, props.plan.kernel, Some(props.settings.reuse)) }</p>
        </div>
    }
}

fn choice(key: Key, value: u8, props: &SettingsProps) -> Html {
    let onchange = props.act.reform(move |_: Event| Action::Set(key, value));
    let checked = props.settings.value(key) == Some(value);
    html! {
        <label>
            <input type="radio" name={key.short()} value={value.to_string()} {checked} {onchange} />
            <span>{ value }</span>
        </label>
    }
}

fn add(label: &'static str, place: Place, act: &Callback<Action>) -> Html {
    html! { <button type="button" class="plain" onclick={act.reform(move |_| Action::Add(place))}>{ label }</button> }
}
