//! Crowds: the state of each host, and text for the hosts that stand out.

use super::layout::{CALLED_OUT, CrowdPlace};
use super::lettering::{Lines, StageText, fitting, width};
use super::scene::Scene;
use super::top_k::lowest_k;
use super::wait::wait;
use crate::format::filled;
use crate::text::stage as text;
use sim_core::trace::NodeId;
use sim_core::trace::snapshot::{ClientView, Phase};

/// The state of one host of a crowd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberState {
    /// The host has not joined yet, or has left.
    Absent,
    /// The host has no open connection.
    Idle,
    /// The host has sent a SYN and waits for the SYN-ACK.
    Connecting,
    /// The host waits for a retry, because its SYN was refused or got no answer.
    Waiting,
    /// The host has an established connection.
    Connected,
}

impl MemberState {
    /// The states that are drawn, each with the CSS class of its marks.
    pub const DRAWN: [(Self, &'static str); 4] = [
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

/// The state of each member, in the order of the members.
pub fn states(scene: &Scene, place: &CrowdPlace) -> Vec<MemberState> {
    place.crowd.members.iter().map(|node| MemberState::of(scene.client(*node), scene)).collect()
}

/// The marks of all members in the state `wanted`, as one SVG path: dots (short thick strokes), crosses or squares.
pub fn marks(place: &CrowdPlace, states: &[MemberState], wanted: MemberState) -> String {
    let mut d = String::new();
    let (half, grid) = (place.grid.pitch * 0.3, &place.grid);
    for (index, _) in states.iter().enumerate().filter(|(_, state)| **state == wanted) {
        let x = place.rect.x + 12.0 + grid.pitch * ((index % grid.columns) as f64 + 0.5);
        let y = place.rect.y + 46.0 + grid.pitch * ((index / grid.columns) as f64 + 0.5);
        let (left, top, side) = (x - half, y - half, half * 2.0);
        d += &match wanted {
            MemberState::Waiting => filled("M# #l# #m0 -#l-# #", &[left, top, side, side, side, side, side]),
            MemberState::Connected => filled("M# #h#v#h-#z", &[left, top, side, side, side]),
            _ => filled("M# #h0", &[x, y]),
        };
    }
    d
}

/// The text of the crowd: its name, the number of waiting hosts, and the hosts that are named.
pub fn lines(scene: &Scene, place: &CrowdPlace, states: &[MemberState]) -> Vec<StageText> {
    let mut lines = Lines::new(&place.rect, 12.0);
    let room = lines.room();
    let members = &place.crowd.members;
    let count = |wanted: MemberState| states.iter().filter(|state| **state == wanted).count();
    let present = members.len() - count(MemberState::Absent);
    let beside_name = room - width("name", &place.crowd.name).min(60.0) - 6.0;
    let number = fitting("f", beside_name, &[text::hosts(present), present.to_string()]);
    let waiting = count(MemberState::Waiting);
    let waits = if waiting == 0 { String::new() } else { text::wait(waiting) };
    let kind = members.iter().find_map(|node| scene.client(*node)).map(|client| client.kernel.title());
    lines.left("name", 20.0, place.crowd.name.clone()).within(room - width("f", &number) - 6.0);
    lines.left("f", 38.0, kind.unwrap_or_default().to_owned()).within(room - width("loud", &waits) - 6.0);
    lines.right("f", 20.0, number);
    lines.right("loud", 38.0, waits);
    let mut down = 46.0 + place.grid.height + 16.0;
    for (node, state) in called_out(scene, place, states) {
        let name = scene.run.name(node);
        let (class, what) = member_text(scene, node, state, room - width("who", name) - 6.0);
        let who = lines.left("who", down, name.to_owned());
        who.within(room - width(class, &what) - 6.0);
        who.tint = Some(node);
        lines.right(class, down, what);
        down += 18.0;
    }
    lines.done()
}

/// The hosts to name: first the host whose SYN was just refused, then the waiting hosts with the earliest retry, then
/// the hosts that are connecting.
fn called_out(scene: &Scene, place: &CrowdPlace, states: &[MemberState]) -> Vec<(NodeId, MemberState)> {
    let refused = scene.refused.and_then(|refused| refused.host);
    let rank = |node: NodeId, state: MemberState| {
        let soonest = scene.client(node).and_then(|client| wait(scene.run, client, scene.snapshot.at));
        let kind = match state {
            _ if refused == Some(node) => 0_u64,
            MemberState::Waiting => 1,
            MemberState::Connecting => 2,
            _ => 3,
        };
        // The upper two bits hold the kind. No moment in microseconds reaches bit 62.
        (kind << 62) + soonest.map_or(0, |wait| wait.until.as_micros() + 1)
    };
    let mut calling = Vec::new();
    let mut ranks = Vec::new();
    for (node, state) in place.crowd.members.iter().copied().zip(states.iter().copied()) {
        if matches!(state, MemberState::Waiting | MemberState::Connecting) {
            calling.push((node, state));
            ranks.push(rank(node, state));
        }
    }
    lowest_k(&ranks, CALLED_OUT).into_iter().map(|index| calling[index]).collect()
}

fn member_text(scene: &Scene, node: NodeId, state: MemberState, room: f64) -> (&'static str, String) {
    let now = scene.snapshot.at;
    let wait = scene.client(node).and_then(|client| wait(scene.run, client, now));
    match wait.filter(|_| state == MemberState::Waiting) {
        Some(wait) => ("loud", fitting("loud", room, &text::next(&wait, now))),
        None => ("f", fitting("f", room, &text::CONNECTING.map(str::to_owned))),
    }
}
