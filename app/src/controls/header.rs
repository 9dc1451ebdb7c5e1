//! The top of the page: its name, the scenario, the theme, the help.

use yew::prelude::*;

use crate::later::with_scenarios;
use crate::markup::{Element, element};
use crate::plan::Base;
use crate::platform::address;
use crate::platform::element::chosen;
use crate::presets::{PRESETS, Preset};
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
    let turn = element!("button", "type" = "button", "class" = "quiet").with(theme.label()).on_click(turn);
    let lab = props.lab.as_ref();
    let keys = lab.map(|lab| {
        element!("button", "type" = "button", "aria-haspopup" = "dialog", "class" = "quiet")
            .with("Keys")
            .with(element!("kbd", "aria-hidden" = "true").with("?"))
            .on_click(lab.help.reform(|_| ()))
    });
    let root = address::root();
    let page = |name: &'static str, href: String, is_here: bool| {
        element!("a", "href" = href, "aria-current" = if is_here { Some("page") } else { None }).with(name)
    };
    let pages = element!("nav", "aria-label" = "Pages", "class" = "pages")
        .with(page("Lab", root.clone(), lab.is_some()))
        .with(page("Desk", format!("{root}desk/"), lab.is_none()));
    element!("header", "class" = "top")
        .with(element!("a", "href" = root, "class" = "brand").with("TIME_WAIT Lab"))
        .with(pages)
        .with(lab.map(picker))
        .with(element!("span", "class" = "right").with(turn).with(keys))
        .html()
}

/// The scenarios by their titles.
fn picker(props: &LabHead) -> Element {
    let act = props.act.clone();
    let onchange = Callback::from(move |event: Event| {
        let (act, Some(name)) = (act.clone(), chosen(&event)) else { return };
        with_scenarios(move |_| act.emit(Base::preset(&name).map_or(Action::NotArrived, Action::Open)));
    });
    let own = props
        .base
        .name
        .is_none()
        .then(|| element!("option", "value" = "", "selected" = true).with(props.base.scenario.title.clone()));
    let option = |preset: &Preset| {
        element!("option", "value" = preset.name, "selected" = Some(preset.name) == props.base.name).with(preset.title)
    };
    let select = element!("select").with(own).with_each(PRESETS.iter().map(option)).on_change(onchange);
    element!("label", "class" = "picker scenario").with(element!("span").with("Scenario")).with(select)
}
