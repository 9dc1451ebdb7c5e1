//! The server's kernel and its switches, and who else joins.

use std::rc::Rc;

use sim_core::kernel_version::KernelVersion;
use yew::prelude::*;

use super::changes::changes;
use super::{button, sends, when};
use crate::markup::{Element, element};
use crate::platform::element::{chosen, is_checked};
use lab::plan::{Key, Place, Plan, Settings};
use lab::state::Action;
use lab::text;

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
        element!("option", "value" = version.name(), "selected" = version == plan.kernel).with(text::kernel(version))
    };
    let kernels = element!("select", "id" = "kernel").with_each(KernelVersion::ALL.map(kernel)).on_change(onchange);
    let kernel = element!("div", "class" = "setting kernel")
        .with(element!("label", "for" = "kernel").with("Server kernel"))
        .with(kernels);
    let add = |label: &'static str, place: Place| button("plain", label, act, Action::Add(place));
    let hosts = element!("div", "class" = "setting hosts-to-add")
        .with(plan.has(Place::BehindNat).then(|| add("Add a host behind the NAT", Place::BehindNat)))
        .with(add("Add a host with its own address", Place::Own));
    let told = told.as_deref().unwrap_or_default().to_owned();
    element!("section", "aria-labelledby" = "settings-heading", "class" = "settings")
        .with(element!("h2", "id" = "settings-heading", "class" = "for-the-ear").with("Server settings"))
        .with(kernel)
        .with(switch(Key::Recycle, props))
        .with(reuse(props))
        .with(switch(Key::Timestamps, props))
        .with(hosts)
        .with(element!("p", "aria-live" = "polite", "class" = "told").with(told))
        .with(changes(plan, *can_undo, *can_redo, act))
        .html()
}

fn switch(key: Key, props: &SettingsProps) -> Element {
    let value = props.settings.value(key);
    let about = format!("about-{}", key.short());
    let onchange = when(&props.act, move |event: Event| Some(Action::Set(key, u8::from(is_checked(&event)?))));
    let input = element!(
        "input",
        "type" = "checkbox",
        "role" = "switch",
        "id" = key.short(),
        "aria-describedby" = about.clone(),
        "disabled" = value.is_none(),
        "class" = format!("switch {}", key.short()),
    );
    element!("div", "class" = "setting")
        .with(element!("label", "for" = key.short(), "class" = "mono").with(key.name()))
        .with(input.checked(value.is_some_and(|value| value > 0)).on_change(onchange))
        .with(element!("p", "id" = about).with(text::settings::about(key, props.plan.kernel, value)))
}

fn reuse(props: &SettingsProps) -> Element {
    let key = Key::Reuse;
    let choices = element!(
        "div",
        "role" = "radiogroup",
        "aria-labelledby" = "reuse-label",
        "aria-describedby" = "about-reuse",
        "class" = "choice",
    );
    let about = text::settings::about(key, props.plan.kernel, Some(props.settings.reuse));
    element!("div", "class" = "setting")
        .with(element!("span", "id" = "reuse-label", "class" = "mono").with(key.name()))
        .with(choices.with_each((0..=key.maximum()).map(|value| choice(key, value, props))))
        .with(element!("p", "id" = "about-reuse").with(about))
}

fn choice(key: Key, value: u8, props: &SettingsProps) -> Element {
    let input = element!("input", "type" = "radio", "name" = key.short())
        .holding(value.to_string())
        .checked(props.settings.value(key) == Some(value))
        .on_change(sends(&props.act, Action::Set(key, value)));
    element!("label").with(input).with(element!("span").with(value.to_string()))
}
