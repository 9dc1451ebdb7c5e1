//! The marks of failures: the red octagon of a refused SYN, and less prominent marks for all others.

use super::words::{StageText, draw_all, path};
use lab::format::{filled, tenths};
use lab::geometry::Point;
use lab::stage::facts::Failure;
use lab::stage::layout::Form;
use lab::stage::marks::{ended, mark_words, placed, refusal_words, spoken, stands_at_door};
use lab::stage::scene::Scene;
use lab::stage::shapes::{self, End as Ended};
use sim_core::trace::query::RefusedSyn;
use yew::prelude::*;

/// The refused SYN at the server, with its numbers.
pub fn refusal(scene: &Scene, refused: &RefusedSyn, door: Point) -> Html {
    let Point { x, y } = door;
    let lines = refusal_words(scene, refused, door);
    let words_bottom = lines.last().map_or(y, |line| line.y) + 6.0;
    let above = scene.layout.form == Form::Wide && words_bottom < y - 24.0;
    html! {
        <g class="refused">
            if scene.layout.form == Form::Tall {
                { paper(&lines) }
            }
            if above {
                { path("leader", filled("M# #V#", &[x, y - 24.0, words_bottom])) }
            }
            { draw_all(scene.run, lines) }
            { path("octagon", shapes::octagon(x, y, 22.0)) }
            { path("cross", filled("M# #l16 16m0 -16l-16 16", &[x - 8.0, y - 8.0])) }
        </g>
    }
}

/// A background that hides the links behind text.
fn paper(lines: &[StageText]) -> Html {
    let rects = || lines.iter().map(StageText::rect);
    let x = rects().map(|rect| rect.x).fold(f64::INFINITY, f64::min);
    let y = rects().map(|rect| rect.y).fold(f64::INFINITY, f64::min);
    let w = rects().map(|rect| rect.right()).fold(0.0, f64::max) - x;
    let h = rects().map(|rect| rect.bottom()).fold(0.0, f64::max) - y;
    let [x, y, width, height] = [x, y, w, h].map(tenths);
    html! { <rect {x} {y} {width} {height} fill="var(--paper)" /> }
}

/// All other failures that are still visible. The most important one has a text, unless a refusal is explained.
pub fn others(scene: &Scene) -> Html {
    let first = spoken(scene).map(|(failure, _)| failure);
    let draw = |(failure, at): &(&Failure, Point)| mark(scene, failure, *at, Some(*failure) == first);
    // The first mark is drawn on top.
    html! { <g class="marks-here">{ for placed(scene).iter().rev().map(draw) }</g> }
}

fn mark(scene: &Scene, failure: &Failure, at: Point, is_first: bool) -> Html {
    let ended = ended(failure.cause);
    let (outline, lines) = ended.paths();
    let words = if is_first && scene.refused.is_none() { mark_words(scene, failure, at) } else { Vec::new() };
    let above = words
        .last()
        .map(|last| last.y + 6.0)
        .filter(|bottom| stands_at_door(scene.layout, at) && *bottom < at.y - 20.0);
    let key = format!("{}-{}", failure.at.as_micros(), failure.flight.unwrap_or_default());
    let class = classes!("mark", (!is_first).then_some("older"), (ended == Ended::Lost).then_some("bare"));
    html! {
        <g {class} {key}>
            <g transform={format!("translate({} {})", tenths(at.x), tenths(at.y))}>
                <path d={outline} class="outline" />
                <path d={lines} class="cross" />
            </g>
            if let Some(bottom) = above {
                { path("leader", filled("M# #V#", &[at.x, at.y - 18.0, bottom])) }
            }
            { draw_all(scene.run, words) }
        </g>
    }
}
