//! A command or a file as it is typed, with a button that copies it.

use yew::prelude::*;

use crate::platform::clipboard;

/// What is printed.
#[derive(Clone, PartialEq, Properties)]
pub struct PrintedProps {
    /// Names the place on the page.
    pub id: AttrValue,
    /// What it is, for the button's name.
    pub what: AttrValue,
    /// The text.
    pub text: AttrValue,
}

/// The text and its button.
#[component]
pub fn Printed(props: &PrintedProps) -> Html {
    let said = use_state_eq(|| "");
    let onclick = {
        let (id, text, said) = (props.id.clone(), props.text.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let (id, said) = (id.clone(), said.clone());
            clipboard::copy(&text, move |copied| {
                if !copied {
                    clipboard::select(&id);
                }
                said.set(if copied { "Copied." } else { "Selected: copy it with Ctrl+C." });
            });
        })
    };
    html! {
        <div class="to-copy">
            <pre class="printed" id={props.id.clone()}>{ props.text.clone() }</pre>
            <div class="under">
                <button type="button" class="plain" aria-label={format!("Copy {}", props.what)} {onclick}>{ "Copy" }</button>
                <span class="soft" aria-live="polite">{ *said }</span>
            </div>
        </div>
    }
}
