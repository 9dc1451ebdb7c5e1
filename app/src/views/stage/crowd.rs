//! Crowds: a mark for each host, by what it is at, and some of them called out by name.

use super::words::{draw_all, outline, path};
use crate::markup::{Element, element};
use lab::stage::crowd_text::*;
use lab::stage::layout::CrowdPlace;
use lab::stage::scene::Scene;

/// Every crowd.
pub fn draw(scene: &Scene) -> Element {
    element!("g", "class" = "crowds").with_each(scene.layout.crowds.iter().map(|place| crowd(scene, place)))
}

fn crowd(scene: &Scene, place: &CrowdPlace) -> Element {
    let states = states(scene, place);
    let marks = State::DRAWN.iter().map(|(state, class)| path(class, marks(place, &states, *state)));
    element!("g", "class" = "crowd")
        .key(place.crowd.name.clone())
        .with(outline(&place.rect, "8"))
        .with_each(marks)
        .with(draw_all(scene.run, lines(scene, place, &states)))
}
