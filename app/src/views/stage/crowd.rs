//! Crowds: a mark for the state of each host, and the names of some.

use super::words::{draw_all, outline, path};
use lab::stage::crowd_text::{MemberState, lines, marks, states};
use lab::stage::layout::CrowdPlace;
use lab::stage::scene::Scene;
use yew::prelude::*;

/// All crowds.
pub fn draw(scene: &Scene) -> Html {
    html! { <g class="crowds">{ for scene.layout.crowds.iter().map(|place| crowd(scene, place)) }</g> }
}

fn crowd(scene: &Scene, place: &CrowdPlace) -> Html {
    let states = states(scene, place);
    html! {
        <g class="crowd" key={place.crowd.name.clone()}>
            { outline(&place.rect, "8") }
            { for MemberState::DRAWN.iter().map(|(state, class)| path(class, marks(place, &states, *state))) }
            { draw_all(scene.run, lines(scene, place, &states)) }
        </g>
    }
}
