//! The help dialog: the keys, and the marks on the time bar.

use yew::prelude::*;

use super::time_marks::marks_legend;
use crate::platform::dialog;

/// The keys and what they do, in the order of the dialog.
const KEYS: [(&str, &str); 11] = [
    ("Space", "play or pause"),
    ("\u{2190} \u{2192}", "previous or next event"),
    ("Shift + \u{2190} \u{2192}", "previous or next refusal"),
    ("Page down, Page up", "10 s back or on, on the slider"),
    ("Home, End", "the start or the end"),
    (", or -", "slower"),
    (". or +", "faster"),
    ("1 to 9", "the first nine tabs, from the left"),
    ("U or Ctrl + Z", "undo the last change"),
    ("R or Ctrl + Shift + Z", "redo it"),
    ("?", "this sheet"),
];

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
            <h2 id="help-heading">{ "Keys" }</h2>
            <dl>{ for KEYS.iter().map(row) }</dl>
            <h2>{ "Marks on the time bar" }</h2>
            { marks_legend() }
            <button type="button" class="plain" onclick={close}>{ "Close" }</button>
        </dialog>
    }
}
