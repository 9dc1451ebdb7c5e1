//! The text in a host's box: name, running clock, and what the host is doing.

use super::facts::Turn;
use super::layout::{Form, HostPlace};
use super::lettering::{Lines, StageText, fitting, width};
use super::scene::Scene;
use super::wait::wait;
use crate::text;
use crate::text::stage as stage_text;
use sim_core::kernel_version::TsvalOffset;
use sim_core::time::Span;
use sim_core::trace::snapshot::ClientView;
use sim_core::trace::{NodeId, Outcome};
use sim_core::words::grouped;

/// A failed attempt is shown at its host for this long after its end.
const TOLD_FOR: Span = Span::from_secs(6);

/// A reboot or a new address is shown at its host for this long.
const FRESH: Span = Span::from_secs(60);

/// The text of a host's box.
pub fn rows(scene: &Scene, place: &HostPlace) -> Vec<StageText> {
    let name = scene.run.name(place.node);
    let tall = scene.layout.form == Form::Tall;
    let mut lines = Lines::new(&place.rect, if tall { 9.0 } else { 12.0 });
    let room = lines.room();
    let line_room = room + if tall { 8.0 } else { 4.0 };
    let (class, state) = state(scene, place.node);
    let state = fitting(class, line_room, &state);
    let clock = clock(scene, place.node);
    if tall {
        lines.left("name", 19.0, name.to_owned()).within(room - 18.0);
        let number = lines.left("m clock", 37.0, fitting("m", place.rect.w - 10.0, &clock));
        number.within(line_room);
        // Centre the longest numbers in the box.
        number.x -= ((number.width() - room) / 2.0).max(0.0);
        lines.left(class, 54.0, state).within(line_room);
        return lines.done();
    }
    let first = if scene.layout.roomy { 18.0 } else { place.rect.h / 2.0 + 5.0 };
    let clock = fitting("m", room - width("name", name) - 8.0, &clock);
    lines.left("name", first, name.to_owned()).within(room - width("m clock", &clock) - 4.0);
    lines.right("m clock", first, clock);
    if scene.layout.roomy {
        lines.left(class, 34.0, state).within(line_room);
    }
    lines.done()
}

/// The TSval that a segment of the host would carry now, in three lengths.
pub fn clock(scene: &Scene, node: NodeId) -> [String; 3] {
    let Some(client) = scene.client(node).filter(|_| scene.left(node).is_none()) else { return Default::default() };
    if let Some(tsval) = client.tsval {
        let [whole, bare] = [grouped(u64::from(tsval.0)), tsval.0.to_string()];
        return [whole.clone(), whole, bare];
    }
    let profile = client.kernel.profile();
    let random = matches!(profile.tsval_offset, TsvalOffset::PerConnection | TsvalOffset::PerIncarnation);
    if random && profile.timestamps_default > 0 { stage_text::RANDOM_CLOCK } else { stage_text::NO_CLOCK_OF_ITS_OWN }
        .map(str::to_owned)
}

/// What the host is doing, the longest text first, and the CSS class of the text.
fn state(scene: &Scene, node: NodeId) -> (&'static str, Vec<String>) {
    let Scene { run, snapshot, .. } = *scene;
    let now = snapshot.at;
    let Some(client) = scene.client(node) else {
        let joins = run.node(node).map_or(now, |node| node.joined);
        return ("f", stage_text::joins(joins).into());
    };
    if let Some(left) = scene.left(node) {
        return ("f", stage_text::left(left).into());
    }
    if let Some(wait) = wait(run, client, now) {
        let [again, short] = stage_text::next(&wait, now);
        let long = match scene.facts.last_turn(node, now) {
            Some((at, Turn::Rebooted)) if now.since(at) < FRESH => format!("rebooted, {again}"),
            Some((_, Turn::Took(addr))) => format!("{addr}, {again}"),
            _ => again.clone(),
        };
        return ("loud", vec![long, again, short]);
    }
    if let Some(failed) = failure(scene, client) {
        return ("loud", failed.into());
    }
    match scene.facts.last_turn(node, now) {
        Some((at, Turn::Rebooted)) if now.since(at) < FRESH => {
            return ("strong", stage_text::rebooted(now.since(at)).into());
        }
        Some((at, Turn::Took(addr))) if now.since(at) < FRESH => {
            return ("strong", vec![format!("now {addr}"), addr.to_string()]);
        }
        _ => {}
    }
    let kernel = client.kernel.title();
    if scene.shows_addresses
        && let Some(addr) = scene.facts.addr(run, node, now)
    {
        return ("f", vec![format!("{addr}, {kernel}"), addr.to_string()]);
    }
    let machine = text::machine(run, client, kernel, now);
    let long = if scene.layout.form == Form::Wide { machine } else { kernel.to_owned() };
    ("f", vec![long, kernel.to_owned()])
}

/// How the last attempt failed, in two lengths. `None` once that is [`TOLD_FOR`] ago.
fn failure(scene: &Scene, client: &ClientView) -> Option<[String; 2]> {
    let last = client.last.filter(|last| scene.snapshot.at.since(last.at) < TOLD_FOR && client.open.is_empty())?;
    let Outcome::Failed(errno) = last.outcome else { return None };
    let established = scene.run.index.attempt(last.connection).is_some_and(|attempt| attempt.established.is_some());
    let call = if established { "" } else { "connect: " };
    Some([format!("{call}{errno}"), stage_text::short_errno(errno).to_owned()])
}
