//! What came to nothing, where it did: the red octagon of a refused SYN, and quieter marks for every other end.

use super::words::{Words, draw_all, path};
use crate::markup::{Element, classes, element};
use lab::format::{filled, tenths};
use lab::stage::facts::Casualty;
use lab::stage::geometry::Point;
use lab::stage::layout::Form;
use lab::stage::marks::*;
use lab::stage::scene::Scene;
use lab::stage::shapes::{self, End as Ended};
use sim_core::trace::query::RefusedSyn;

/// The refused SYN at the server's door, with its numbers.
pub fn refusal(scene: &Scene, refused: &RefusedSyn, door: Point) -> Element {
    let Point { x, y } = door;
    let lines = refusal_words(scene, refused, door);
    let words_bottom = lines.last().map_or(y, |line| line.y) + 6.0;
    let above = scene.layout.form == Form::Wide && words_bottom < y - 24.0;
    let leader = above.then(|| path("leader", filled("M# #V#", &[x, y - 24.0, words_bottom])));
    let paper = (scene.layout.form == Form::Tall).then(|| paper(&lines));
    element!("g", "class" = "refused")
        .with(paper)
        .with(leader)
        .with(draw_all(scene.run, lines))
        .with(path("octagon", shapes::octagon(x, y, 22.0)))
        .with(path("cross", filled("M# #l16 16m0 -16l-16 16", &[x - 8.0, y - 8.0])))
}

/// What hides the links behind words.
fn paper(lines: &[Words]) -> Element {
    let rects = || lines.iter().map(Words::rect);
    let x = rects().map(|rect| rect.x).fold(f64::INFINITY, f64::min);
    let y = rects().map(|rect| rect.y).fold(f64::INFINITY, f64::min);
    let w = rects().map(|rect| rect.right()).fold(0.0, f64::max) - x;
    let h = rects().map(|rect| rect.bottom()).fold(0.0, f64::max) - y;
    element!("rect", "x" = x, "y" = y, "width" = w, "height" = h, "fill" = "var(--paper)")
}

/// Every other end whose consequence lasts: the most telling with words, unless a refusal has the word.
pub fn others(scene: &Scene) -> Element {
    let first = spoken(scene).map(|(casualty, _)| casualty);
    let draw = |(casualty, at): &(&Casualty, Point)| mark(scene, casualty, *at, Some(*casualty) == first);
    // The first lies on top.
    element!("g", "class" = "marks-here").with_each(placed(scene).iter().rev().map(draw))
}

fn mark(scene: &Scene, casualty: &Casualty, at: Point, is_first: bool) -> Element {
    let ended = ended(casualty.cause);
    let (outline, lines) = ended.paths();
    let words = if is_first && scene.refused.is_none() { mark_words(scene, casualty, at) } else { Vec::new() };
    let above = words
        .last()
        .map(|last| last.y + 6.0)
        .filter(|bottom| stands_at_door(scene.layout, at) && *bottom < at.y - 20.0);
    let leader = above.map(|bottom| path("leader", filled("M# #V#", &[at.x, at.y - 18.0, bottom])));
    let key = format!("{}-{}", casualty.at.as_micros(), casualty.flight.unwrap_or_default());
    let class = classes(&["mark", if is_first { "" } else { "older" }, if ended == Ended::Lost { "bare" } else { "" }]);
    let there = format!("translate({} {})", tenths(at.x), tenths(at.y));
    let shape = element!("g", "transform" = there)
        .with(element!("path", "d" = outline, "class" = "outline"))
        .with(element!("path", "d" = lines, "class" = "cross"));
    element!("g", "class" = class).key(key).with(shape).with(leader).with(draw_all(scene.run, words))
}
