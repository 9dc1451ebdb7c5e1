//! Words in a drawing: where they begin or end, and in which class.

use yew::prelude::*;

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A text at a place.
pub fn words(class: impl Into<Classes>, x: f64, y: f64, anchor: Anchor, text: impl Into<String>) -> Html {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    html! { <text class={class.into()} x={px(x)} y={px(y)} text-anchor={anchor}>{ text.into() }</text> }
}

/// A coordinate as an attribute.
pub fn px(number: f64) -> String {
    format!("{number:.1}")
}
