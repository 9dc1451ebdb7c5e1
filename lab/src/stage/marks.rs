//! The marks for losses and refusals, and the text beside each mark.

use super::facts::{Cause, Failure};
use super::layout::{Form, Link, StageLayout};
use super::lettering::Anchor::{self, End, Middle, Start};
use super::lettering::{StageText, fitting, width};
use super::scene::Scene;
use super::shapes::End as Ended;
use crate::format;
use crate::geometry::{Point, Rect};
use crate::text;
use crate::text::stage as stage_text;
use sim_core::kernel::drop_reason::DropClass;
use sim_core::trace::LossReason;
use sim_core::trace::query::RefusedSyn;

/// The line height.
const LINE: f64 = 20.0;

/// The distance from the end of a link to the mark of a segment that was dropped there.
const BEFORE: f64 = 26.0;

/// The most marks that are drawn side by side.
const MOST: usize = 8;

/// Up to this many failures are all shown, however minor each of them is.
const FEW: usize = 3;

/// The width of text below the boxes, where links and hosts are close.
const LOW_ROOM: f64 = 260.0;

/// Half the width of a mark, and of a segment's shape beside it.
const SIDE: f64 = 17.0;

/// The position of the refused SYN: just before the end of its last link.
pub fn door(scene: &Scene, refused: &RefusedSyn) -> Point {
    let flight = refused.segment.and_then(|segment| scene.run.index.flight_of(segment));
    let end = flight.and_then(|flight| scene.layout.between(flight.from, flight.to));
    end.map_or(scene.layout.door, |(link, along)| before_end(link, along))
}

/// The text beside the octagon of a refusal.
pub fn refusal_words(scene: &Scene, refused: &RefusedSyn, door: Point) -> Vec<StageText> {
    let host = refused.host.map_or("unknown", |host| scene.run.name(host));
    let layout = scene.layout;
    // The text stands above the boxes and links, or beside the octagon in the tall form.
    let is_low = layout.form == Form::Wide && door.y > layout.door.y + 60.0;
    let (title, left, bottom, anchor) = match layout.form {
        Form::Wide => ("title", door.x + 20.0, layout.words_bottom, End),
        Form::Tall if door.x > layout.width * 0.5 => ("name", door.x - 34.0, door.y + 8.0, End),
        Form::Tall => ("name", door.x + 34.0, door.y + 8.0, Start),
    };
    let room = match (layout.form, anchor) {
        (Form::Wide, _) => left - layout.hosts_right() - 4.0,
        (Form::Tall, Start) => layout.width - left - 2.0,
        (Form::Tall, _) => left - 2.0,
    };
    let room = if is_low { room.min(LOW_ROOM) } else { room };
    let sums = broken(text::sum(&refused.refusal), layout, room);
    let names = stage_text::refused(host);
    let name = fitting(title, room, &names);
    let (left, top, anchor) = if is_low {
        // The link of a host with an address of its own ends below the boxes, so the text has boxes above it.
        let w = sums.iter().map(|sum| width("m", sum)).fold(width(title, &name), f64::max);
        let (left, top, anchor) = free_place(layout, door, (w, (sums.len() + 1) as f64 * LINE), false);
        (left, top + 14.0, anchor)
    } else {
        (left, bottom - sums.len() as f64 * LINE, anchor)
    };
    let mut lines = vec![StageText::new(title, left, top, anchor, name)];
    lines.extend(
        (1..).zip(sums).map(|(index, sum)| StageText::new("m", left, top + f64::from(index) * LINE, anchor, sum)),
    );
    lines
}

/// All text about failures, used by the tests that check for overlaps.
pub fn all_words(scene: &Scene) -> Vec<StageText> {
    match (scene.refused, spoken(scene)) {
        (Some(refused), _) => refusal_words(scene, refused, door(scene, refused)),
        (None, Some((failure, at))) => mark_words(scene, failure, at),
        (None, None) => Vec::new(),
    }
}

/// The comparison on as many lines as it needs here.
fn broken(sum: String, layout: &StageLayout, room: f64) -> Vec<String> {
    if layout.long_lines && width("m", &sum) <= room {
        return vec![sum];
    }
    let (remembered, rest, link) = match text::halves(&sum) {
        Some((remembered, "- ", rest)) => (remembered.to_owned(), rest, "- "),
        Some((remembered, link, rest)) => (format!("{remembered},"), rest, link),
        None => return vec![sum],
    };
    let second = format!("{link}{rest}");
    let lines = match rest.split_once('=') {
        Some((tsval, behind)) if layout.form == Form::Tall || width("m", &second) > room => {
            vec![remembered, format!("{link}{}", tsval.trim_end()), format!("={behind}")]
        }
        _ => vec![remembered, second],
    };
    let most = (room / width("m", "0")) as usize;
    lines.iter().flat_map(|line| format::wrapped(line, most)).collect()
}

/// The position of the failure, and the offset for another mark that would cover it.
pub fn placed<'a>(scene: &Scene<'a>) -> Vec<(&'a Failure, Point)> {
    let first = spoken(scene).map(|(failure, _)| failure);
    let all = scene.facts.failures(scene.snapshot.at);
    let others = all.filter(|failure| !failure.is_refusal() && Some(*failure) != first);
    let others = others.filter(|failure| !is_busy(scene) || failure.is_telling(scene.run));
    let rects = scene.layout.rects();
    let mut marks: Vec<(&Failure, Point)> = Vec::new();
    for failure in first.into_iter().chain(others).take(MOST) {
        let Some((mut at, back)) = place(scene, failure) else { continue };
        while marks.iter().any(|(_, other)| (other.x - at.x).abs() < 30.0 && (other.y - at.y).abs() < 30.0) {
            at = Point { x: at.x + back.x, y: at.y + back.y };
        }
        let half = SIDE / 2.0;
        let around = Rect { x: at.x - half, y: at.y - half, w: SIDE, h: SIDE };
        if Some(failure) == first || !rects.iter().any(|rect| rect.meets(&around, 0.0)) {
            marks.push((failure, at));
        }
    }
    marks
}

/// The failure to explain, and its position.
pub fn spoken<'a>(scene: &Scene<'a>) -> Option<(&'a Failure, Point)> {
    let failure = scene.facts.telling(scene.run, scene.snapshot.at)?;
    let matters = !is_busy(scene) || failure.is_telling(scene.run);
    Some((failure, place(scene, failure).filter(|_| matters)?.0))
}

/// The loss that the stage explains in words; `None` while a refusal is explained.
pub fn explained<'a>(scene: &Scene<'a>) -> Option<&'a Failure> {
    if scene.refused.is_some() { None } else { spoken(scene).map(|(failure, _)| failure) }
}

/// Whether so much happens that drops without consequence are left out.
fn is_busy(scene: &Scene) -> bool {
    !scene.layout.crowds.is_empty() || scene.facts.failures(scene.snapshot.at).nth(FEW).is_some()
}

/// Whether a mark is at the server's end of the main link, where the text of a refusal would be.
pub fn stands_at_door(layout: &StageLayout, at: Point) -> bool {
    layout.form == Form::Wide && at.y <= layout.door.y + 60.0 && at.x > layout.server.x - 80.0
}

/// The text of a mark. It touches no box and is as near to the mark as possible, preferably above it.
pub fn mark_words(scene: &Scene, failure: &Failure, at: Point) -> Vec<StageText> {
    let layout = scene.layout;
    let (title, detail) = stage_text::end(scene.run, scene.snapshot, failure);
    let room = if layout.width >= 880.0 { 440.0 } else { (layout.width - 130.0).min(280.0) };
    let wrapped = |class: &'static str, text: &str| {
        let most = (room / width(class, "0")) as usize;
        format::wrapped(text, most).into_iter().map(move |line| (class, line))
    };
    let lines: Vec<(&'static str, String)> = wrapped("name", &title).chain(wrapped("strong", &detail)).collect();
    let w = lines.iter().map(|(class, line)| width(class, line)).fold(0.0, f64::max);
    let h = lines.len() as f64 * LINE;
    let upright = is_upright(scene, failure);
    let (x, top, anchor) = free_place(layout, at, (w, h), upright);
    let line = |(index, (class, text)): (usize, (&'static str, String))| {
        StageText::new(class, x, top + 14.0 + index as f64 * LINE, anchor, text)
    };
    lines.into_iter().enumerate().map(line).collect()
}

/// The position of a text of this size that belongs to `at`: the x coordinate, the top edge, and the anchor.
fn free_place(layout: &StageLayout, at: Point, (w, h): (f64, f64), upright: bool) -> (f64, f64, Anchor) {
    let top = layout.words_bottom - h + 4.0;
    if stands_at_door(layout, at) && top >= 0.0 {
        return (at.x + 20.0, top, End);
    }
    let clear = SIDE + 4.0;
    let below = layout.form == Form::Wide && at.y > layout.door.y + 60.0;
    let columns = [
        (at.x, Middle),
        (at.x + 20.0, End),
        (at.x - 20.0, Start),
        (at.x + clear, Start),
        (at.x - clear, End),
        (4.0, Start),
        (layout.width - 4.0, End),
    ];
    // Try above and below, then beside, then further away.
    let mut tops = vec![at.y - clear - h, at.y + clear];
    tops.extend((0..=8).map(|eighth| at.y - h * f64::from(eighth) / 8.0));
    for step in 1..36 {
        let step = f64::from(step) * 8.0;
        tops.extend([at.y - clear - h - step, at.y + clear + step]);
    }
    let mut taken = layout.rects();
    taken.push(Rect { x: at.x - SIDE, y: at.y - SIDE, w: SIDE * 2.0, h: SIDE * 2.0 });
    let mut best = (f64::INFINITY, (at.x, at.y, Middle));
    for (top, (x, anchor)) in tops.iter().flat_map(|top| columns.iter().map(move |column| (*top, *column))) {
        let left = match anchor {
            Start => x,
            Middle => x - w / 2.0,
            End => x - w,
        };
        let rect = Rect { x: left, y: top, w, h };
        let outside = left < 2.0 || rect.right() > layout.width - 2.0 || top < 0.0 || rect.bottom() > layout.height;
        let clashes = taken.iter().filter(|other| other.meets(&rect, 2.0)).count() + if outside { 4 } else { 0 };
        let center = rect.center();
        let away = (center.y - at.y).abs() + (center.x - at.x).abs() * 0.25;
        // Readers expect the text above its mark, but above a low mark are the links of other hosts.
        let unusual = if (top > at.y) == below { 0.0 } else { 12.0 };
        let on_link = if upright && rect.x < at.x && rect.right() > at.x { 60.0 } else { 0.0 };
        let cost = clashes as f64 * 10_000.0 + away + unusual + on_link;
        if cost < best.0 {
            best = (cost, (x, top, anchor));
        }
    }
    best.1
}

/// The link on which the segment or call failed, and whether it travelled along the curve.
fn way<'a>(scene: &Scene<'a>, failure: &Failure) -> Option<(&'a Link, bool)> {
    let layout = scene.layout;
    let Some(flight) = failure.flight.and_then(|flight| scene.run.index.flights.get(flight)) else {
        // A call of the server goes to its database; a call of a host goes to the server.
        let database = scene.topology.database.filter(|_| failure.node == scene.topology.server);
        return Some((layout.link(database.unwrap_or(failure.node))?, database.is_some()));
    };
    let own = || layout.link(flight.from).map(|link| (link, false));
    layout.between(flight.from, flight.to).or_else(own)
}

fn is_upright(scene: &Scene, failure: &Failure) -> bool {
    way(scene, failure).is_some_and(|(link, _)| link.upright)
}

/// The position of the failure, and the offset of the next mark that would cover it.
pub fn place(scene: &Scene, failure: &Failure) -> Option<(Point, Point)> {
    let (link, along) = way(scene, failure)?;
    let flight = failure.flight.and_then(|flight| scene.run.index.flights.get(flight));
    let at = before_end(link, along);
    let end = if along { link.curve.end() } else { link.curve.start() };
    let back = Point { x: (at.x - end.x) * 1.2, y: (at.y - end.y) * 1.2 };
    let is_midway = flight.is_some_and(|flight| flight.arrives.is_none() && flight.from != flight.to);
    Some((if is_midway { link.curve.at(0.5) } else { at }, back))
}

/// The point just before the end of a link, or just after its start.
fn before_end(link: &Link, end: bool) -> Point {
    let (from, to) = (link.curve.start(), link.curve.end());
    let (near, far) = if end { (to, from) } else { (from, to) };
    if link.upright {
        Point { x: near.x, y: near.y + BEFORE.copysign(far.y - near.y) }
    } else {
        Point { x: near.x + BEFORE.copysign(far.x - near.x), y: near.y }
    }
}

/// The shape that marks a loss, a drop or a failed call.
pub const fn ended(cause: Cause) -> Ended {
    match cause {
        Cause::Lost(LossReason::Link | LossReason::NoRoute) => Ended::Lost,
        Cause::Lost(_) => Ended::Stopped,
        Cause::Dropped(reason) => match reason.class() {
            DropClass::FullQueue => Ended::Full,
            DropClass::TimeWait => Ended::TimeWait,
            DropClass::Recycle | DropClass::Unacceptable => Ended::NotTaken,
        },
        Cause::Failed(_) => Ended::Failed,
    }
}
