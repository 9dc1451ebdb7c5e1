//! Words in a drawing: where they begin or end, in which class, and how much room they take.

use yew::prelude::*;

use crate::markup::{Element, element, list};
use lab::run::Run;
use lab::stage::geometry::Rect;
pub use lab::stage::lettering::{Anchor, Words};

/// Texts at their places, some of them in the tint of a host.
pub fn draw_all(run: &Run, all: Vec<Words>) -> Html {
    list(all.into_iter().map(|Words { class, x, y, anchor, text, tint }| {
        let text = words(class, x, y, anchor, text);
        match tint {
            Some(host) => element!("g", "class" = run.tint_class(host)).with(text).html(),
            None => text,
        }
    }))
}

/// The outline of a box; `round` are its corners.
pub fn outline(rect: &Rect, round: &'static str) -> Element {
    element!("rect", "x" = rect.x, "y" = rect.y, "width" = rect.w, "height" = rect.h, "rx" = round)
}

/// A path in a class of the style sheet.
pub fn path(class: &'static str, d: String) -> Element {
    element!("path", "d" = d, "class" = class)
}

/// A text at a place.
pub fn words(class: &'static str, x: f64, y: f64, anchor: Anchor, text: String) -> Html {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    element!("text", "x" = x, "y" = y, "text-anchor" = anchor, "class" = class).with(text).html()
}
