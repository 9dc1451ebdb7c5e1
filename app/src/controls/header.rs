//! The top of the page: its name, the theme, the help.

use yew::prelude::*;

use crate::theme::Theme;

/// What the header does.
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// What is being shown.
    pub title: AttrValue,
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
            <span class="scenario">{ &props.title }</span>
            <span class="right">
                <button type="button" class="quiet" onclick={turn}>{ theme.label() }</button>
                <button type="button" class="quiet" onclick={props.help.reform(|_| ())} aria-haspopup="dialog">
                    { "Keys" }<kbd aria-hidden="true">{ "?" }</kbd>
                </button>
            </span>
        </header>
    }
}
