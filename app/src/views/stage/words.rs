//! Renders the texts, outlines and paths of the stage.

use yew::prelude::*;

use lab::format::tenths;
use lab::geometry::Rect;
use lab::run::Run;
pub use lab::stage::lettering::{Anchor, StageText};

/// Texts at their positions, some of them in the tint of a host.
pub fn draw_all(run: &Run, all: Vec<StageText>) -> Html {
    let draw = |StageText { class, x, y, anchor, text, tint }: StageText| {
        let text = words(class, x, y, anchor, text);
        match tint {
            Some(host) => html! { <g class={run.tint_class(host)}>{ text }</g> },
            None => text,
        }
    };
    all.into_iter().map(draw).collect()
}

/// The outline of a box. `round` is the radius of its corners.
pub fn outline(rect: &Rect, round: &'static str) -> Html {
    let [x, y, width, height] = [rect.x, rect.y, rect.w, rect.h].map(tenths);
    html! { <rect {x} {y} {width} {height} rx={round} /> }
}

/// A path with a CSS class.
pub fn path(class: &'static str, d: String) -> Html {
    html! { <path {d} {class} /> }
}

/// A text at a position.
pub fn words(class: &'static str, x: f64, y: f64, anchor: Anchor, text: String) -> Html {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    html! { <text x={tenths(x)} y={tenths(y)} text-anchor={anchor} {class}>{ text }</text> }
}
