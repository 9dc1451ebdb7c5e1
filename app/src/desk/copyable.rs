//! A command or a file with a button that copies it.

use yew::prelude::*;

use crate::platform::clipboard;

/// The properties of [`Copyable`].
#[derive(Clone, PartialEq, Properties)]
pub struct CopyableProps {
    /// The ID of the element with the text.
    pub id: AttrValue,
    /// Names the text in the label of the button.
    pub what: AttrValue,
    /// The text.
    pub text: AttrValue,
}

/// The text and its button. If the browser does not allow copying, the text is selected instead.
#[component]
pub fn Copyable(props: &CopyableProps) -> Html {
    let status = use_state_eq(|| "");
    let onclick = {
        let (id, text, status) = (props.id.clone(), props.text.clone(), status.clone());
        Callback::from(move |_: MouseEvent| {
            let (id, status) = (id.clone(), status.clone());
            clipboard::copy(&text, move |copied| {
                if !copied {
                    clipboard::select(&id);
                }
                status.set(if copied { "Copied." } else { "Selected: copy it with Ctrl+C." });
            });
        })
    };
    html! {
        <div class="to-copy">
            <pre class="printed" id={props.id.clone()}>{ props.text.clone() }</pre>
            <div class="under">
                <button type="button" class="plain" aria-label={format!("Copy {}", props.what)} {onclick}>{ "Copy" }</button>
                <span class="soft" aria-live="polite">{ *status }</span>
            </div>
        </div>
    }
}
