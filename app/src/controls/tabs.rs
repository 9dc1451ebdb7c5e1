//! The tab list, which follows the ARIA Authoring Practices: Tab reaches the selected tab, the arrow keys move between
//! tabs.

use yew::prelude::*;

use super::sends;
use crate::platform::element::focus_beside;
use lab::state::Action;
use lab::tab::Tab;

/// The tab list.
pub fn tabs(current: Tab, act: &Callback<Action>) -> Html {
    let item = |tab: Tab| {
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
        let (tabindex, selected) = if tab == current { ("0", "true") } else { ("-1", "false") };
        html! {
            <li role="presentation" key={tab.name()}>
                <button type="button" role="tab" id={tab.tab_id()} aria-controls="view" aria-selected={selected}
                    {tabindex} onclick={sends(act, Action::OpenTab(tab))} onfocus={sends(act, Action::OpenTab(tab))}
                    {onkeydown}>
                    { tab.label() }
                </button>
            </li>
        }
    };
    html! { <ul class="tabs" role="tablist" aria-label="Views">{ for Tab::all().map(item) }</ul> }
}
