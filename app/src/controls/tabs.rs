//! The views that share a place: one tab each, as the ARIA practices have them. Arrows go from tab to tab.

use yew::prelude::*;

use super::sends;
use crate::markup::element;
use crate::platform::element::focus_beside;
use lab::state::Action;
use lab::tab::Tab;

/// The row of tabs.
pub fn tabs(current: Tab, act: &Callback<Action>) -> Html {
    let tab = |view: Tab| {
        let selected = view == current;
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => true,
                "ArrowLeft" => false,
                _ => return,
            };
            if focus_beside(&event, next) {
                event.prevent_default();
            }
        });
        let button = element!(
            "button",
            "type" = "button",
            "role" = "tab",
            "id" = view.tab_id(),
            "aria-controls" = "view",
            "aria-selected" = if selected { "true" } else { "false" },
            "tabindex" = if selected { "0" } else { "-1" },
        );
        let button = button
            .with(view.label())
            .on_click(sends(act, Action::Look(view)))
            .on_focus(sends(act, Action::Look(view)))
            .on_key(onkeydown);
        element!("li", "role" = "presentation").key(view.name()).with(button)
    };
    let tabs = element!("ul", "role" = "tablist", "aria-label" = "Views", "class" = "tabs");
    tabs.with_each(Tab::all().map(tab)).html()
}
