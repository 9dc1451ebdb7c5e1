//! The settings of the server: kernel, switches, and added hosts.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use sim_core::sysctl::ControlForm;
use yew::prelude::*;

use super::changes::changes;
use super::{button, sends, when};
use crate::platform::element::{chosen, is_checked};
use lab::plan::{Key, Place, Plan, Settings};
use lab::state::Action;
use lab::text;

/// The properties of [`ServerSettings`].
#[derive(Clone, PartialEq, Properties)]
pub struct SettingsProps {
    /// The visitor's settings.
    pub plan: Rc<Plan>,
    /// The switches at the playhead.
    pub settings: Settings,
    /// The effect of the last change.
    pub status_line: Option<Rc<str>>,
    /// Whether there is a change to undo.
    pub can_undo: bool,
    /// Whether there is a change to redo.
    pub can_redo: bool,
    /// Receives the actions.
    pub act: Callback<Action>,
}

/// The kernel, the three switches, the two buttons that add hosts, and the list of changes.
#[component]
pub fn ServerSettings(props: &SettingsProps) -> Html {
    let SettingsProps { plan, status_line, can_undo, can_redo, act, .. } = props;
    let add = |label: &'static str, place: Place| button("plain", label, act, Action::Add(place));
    html! {
        <section class="settings" aria-labelledby="settings-heading">
            <h2 id="settings-heading" class="for-the-ear">{ text::settings::HEADING }</h2>
            { kernel(props) }
            { for Key::all().map(|key| control(key, props)) }
            <div class="setting hosts-to-add">
                if plan.has(Place::BehindNat) {
                    { add(text::settings::ADD_BEHIND_NAT, Place::BehindNat) }
                }
                { add(text::settings::ADD_OWN, Place::Own) }
            </div>
            <p class="told" aria-live="polite">{ status_line.as_deref().unwrap_or_default() }</p>
            { changes(plan, *can_undo, *can_redo, act) }
        </section>
    }
}

fn kernel(props: &SettingsProps) -> Html {
    let onchange = when(&props.act, |event: Event| Some(Action::SetKernel(chosen(&event)?.parse().ok()?)));
    let option = |version: KernelVersion| {
        let selected = version == props.plan.kernel;
        html! { <option value={version.name()} {selected}>{ version.title() }</option> }
    };
    html! {
        <div class="setting kernel">
            <label for="kernel">{ text::settings::KERNEL }</label>
            <select id="kernel" {onchange}>{ for KernelVersion::ALL.map(option) }</select>
        </div>
    }
}

fn control(key: Key, props: &SettingsProps) -> Html {
    match key.form() {
        ControlForm::Switch => switch(key, props),
        ControlForm::Choice(_) => choices(key, props),
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
                aria-describedby={about.clone()} disabled={value.is_none()}
                checked={value.is_some_and(|value| value > 0)} {onchange} />
            <p id={about}>{ text::settings::about(key, props.plan.kernel, value) }</p>
        </div>
    }
}

fn choices(key: Key, props: &SettingsProps) -> Html {
    let (label, about) = (format!("{}-label", key.short()), format!("about-{}", key.short()));
    let said = text::settings::about(key, props.plan.kernel, props.settings.value(key));
    html! {
        <div class="setting">
            <span id={label.clone()} class="mono">{ key.name() }</span>
            <div class="choice" role="radiogroup" aria-labelledby={label} aria-describedby={about.clone()}>
                { for (0..=key.maximum()).map(|value| choice(key, value, props)) }
            </div>
            <p id={about}>{ said }</p>
        </div>
    }
}

fn choice(key: Key, value: u8, props: &SettingsProps) -> Html {
    let checked = props.settings.value(key) == Some(value);
    let onchange = sends(&props.act, Action::Set(key, value));
    html! {
        <label>
            <input type="radio" name={key.short()} value={value.to_string()} {checked} {onchange} />
            <span>{ value }</span>
        </label>
    }
}
