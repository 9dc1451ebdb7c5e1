//! Crowds: a mark for each host, by what it is at, and some of them called out by name.

use super::Scene;
use super::few::lowest;
use super::hosts::wait;
use super::layout::{CALLED_OUT, CrowdPlace};
use super::words::{Lines, Words, draw_all, fitting, outline, path, width};
use crate::format::filled;
use crate::text::stage as text;
use sim_core::trace::NodeId;
use sim_core::trace::snapshot::{ClientView, Phase};
use yew::prelude::*;

/// What a host of a crowd is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not there.
    Absent,
    /// Nothing.
    Idle,
    /// It waits for the answer to a SYN.
    Connecting,
    /// It waits because a SYN was refused or got no answer.
    Waiting,
    /// It is connected.
    Connected,
}

impl State {
    const DRAWN: [(Self, &'static str); 4] = [
        (Self::Idle, "at-rest"),
        (Self::Connecting, "connecting"),
        (Self::Waiting, "waiting"),
        (Self::Connected, "connected"),
    ];

    fn of(client: Option<&ClientView>, scene: &Scene) -> Self {
        let Some(client) = client else { return Self::Absent };
        match client.phase {
            Phase::Idle if scene.left(client.node).is_some() => Self::Absent,
            Phase::Idle => Self::Idle,
            Phase::Connecting { .. } if wait(scene.run, client, scene.snapshot.at).is_some() => Self::Waiting,
            Phase::Connecting { .. } => Self::Connecting,
            Phase::Connected { .. } => Self::Connected,
        }
    }
}

/// Every crowd.
pub fn draw(scene: &Scene) -> Html {
    html! { <g class="crowds">{ for scene.layout.crowds.iter().map(|place| crowd(scene, place)) }</g> }
}

fn crowd(scene: &Scene, place: &CrowdPlace) -> Html {
    let states = states(scene, place);
    html! {
        <g class="crowd" key={place.crowd.name.clone()}>
            { outline(&place.rect, "8") }
            { for State::DRAWN.iter().map(|(state, class)| path(class, marks(place, &states, *state))) }
            { draw_all(scene.run, lines(scene, place, &states)) }
        </g>
    }
}

/// What each of its hosts is at, in their order.
pub(super) fn states(scene: &Scene, place: &CrowdPlace) -> Vec<State> {
    place.crowd.members.iter().map(|node| State::of(scene.client(*node), scene)).collect()
}

/// All marks of one kind in one path: dots that a broad line makes of a short way, crosses, squares.
fn marks(place: &CrowdPlace, states: &[State], wanted: State) -> String {
    let mut d = String::new();
    let (half, grid) = (place.grid.pitch * 0.3, &place.grid);
    for (index, _) in states.iter().enumerate().filter(|(_, state)| **state == wanted) {
        let x = place.rect.x + 12.0 + grid.pitch * ((index % grid.columns) as f64 + 0.5);
        let y = place.rect.y + 46.0 + grid.pitch * ((index / grid.columns) as f64 + 0.5);
        let (left, top, side) = (x - half, y - half, half * 2.0);
        d += &match wanted {
            State::Waiting => filled("M# #l# #m0 -#l-# #", &[left, top, side, side, side, side, side]),
            State::Connected => filled("M# #h#v#h-#z", &[left, top, side, side, side]),
            _ => filled("M# #h0", &[x, y]),
        };
    }
    d
}

/// The words: what it is, how many wait, and those who are called out.
pub(super) fn lines(scene: &Scene, place: &CrowdPlace, states: &[State]) -> Vec<Words> {
    let mut lines = Lines::new(&place.rect, 12.0);
    let room = lines.room();
    let members = &place.crowd.members;
    let count = |wanted: State| states.iter().filter(|state| **state == wanted).count();
    let there = members.len() - count(State::Absent);
    let beside_name = room - width("name", &place.crowd.name).min(60.0) - 6.0;
    let number = fitting("f", beside_name, &[text::hosts(there), there.to_string()]);
    let waiting = count(State::Waiting);
    let waits = if waiting == 0 { String::new() } else { text::wait(waiting) };
    let kind = members.iter().find_map(|node| scene.client(*node)).map(|client| text::kind(client.kernel));
    lines.left("name", 20.0, place.crowd.name.clone()).within(room - width("f", &number) - 6.0);
    lines.left("f", 38.0, kind.unwrap_or_default()).within(room - width("loud", &waits) - 6.0);
    lines.right("f", 20.0, number);
    lines.right("loud", 38.0, waits);
    let mut down = 46.0 + place.grid.height + 16.0;
    for (node, state) in called_out(scene, place, states) {
        let name = scene.run.name(node);
        let (class, what) = what(scene, node, state, room - width("who", name) - 6.0);
        let who = lines.left("who", down, name.to_owned());
        who.within(room - width(class, &what) - 6.0);
        who.tint = Some(node);
        lines.right(class, down, what);
        down += 18.0;
    }
    lines.done()
}

/// Who is called out: the host whose SYN stands at the door, then those who wait and try again soonest, then those who
/// call just now.
fn called_out(scene: &Scene, place: &CrowdPlace, states: &[State]) -> Vec<(NodeId, State)> {
    let refused = scene.refused.and_then(|refused| refused.host);
    let rank = |node: NodeId, state: State| {
        let soonest = scene.client(node).and_then(|client| wait(scene.run, client, scene.snapshot.at));
        let kind = match state {
            _ if refused == Some(node) => 0_u64,
            State::Waiting => 1,
            State::Connecting => 2,
            _ => 3,
        };
        // The kind counts first: no moment comes near the 62nd bit.
        (kind << 62) + soonest.map_or(0, |wait| wait.until.as_micros() + 1)
    };
    let mut calling = Vec::new();
    let mut ranks = Vec::new();
    for (node, state) in place.crowd.members.iter().copied().zip(states.iter().copied()) {
        if matches!(state, State::Waiting | State::Connecting) {
            calling.push((node, state));
            ranks.push(rank(node, state));
        }
    }
    lowest(&ranks, CALLED_OUT).into_iter().map(|index| calling[index]).collect()
}

fn what(scene: &Scene, node: NodeId, state: State, room: f64) -> (&'static str, String) {
    let now = scene.snapshot.at;
    let wait = scene.client(node).and_then(|client| wait(scene.run, client, now));
    match wait.filter(|_| state == State::Waiting) {
        Some(wait) => ("loud", fitting("loud", room, &text::next(&wait, now))),
        None => ("f", fitting("f", room, &text::CONNECTING.map(str::to_owned))),
    }
}
