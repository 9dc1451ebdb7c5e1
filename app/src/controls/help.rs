//! The help dialog: the keys, and the marks on the time bar.

use yew::prelude::*;

use super::time_marks::marks_legend;
use crate::platform::dialog;
use lab::text::help as text;

/// The help dialog. It can be opened through `node`.
pub fn help(node: &NodeRef) -> Html {
    let close = {
        let node = node.clone();
        Callback::from(move |_| dialog::close(&node))
    };
    let row = |(key, what): &(&'static str, &'static str)| {
        html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></div> }
    };
    html! {
        <dialog class="help" aria-labelledby="help-heading" ref={node}>
            <h2 id="help-heading">{ text::HEADING }</h2>
            <dl>{ for text::KEYS.iter().map(row) }</dl>
            <h2>{ text::MARKS }</h2>
            { marks_legend() }
            <button type="button" class="plain" onclick={close}>{ text::CLOSE }</button>
        </dialog>
    }
}
