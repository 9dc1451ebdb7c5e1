//! Segments on their way: a shape and a colour for each kind, and the red octagon of a refused SYN.

use sim_core::trace::query::{Fate, Flight, RefusedSyn};
use sim_core::trace::snapshot::Snapshot;
use sim_core::trace::{NodeId, Role};
use yew::prelude::*;

use super::hosts::px;
use super::layout::{Curve, Form, Layout, Point};
use crate::format::grouped;
use crate::run::{Kind, Run};
use crate::text;

/// Half the height of a segment's shape.
const HALF: f64 = 11.0;

/// From one line of words to the next.
const LINE: f64 = 20.0;

/// More segments than these at once are not drawn; nobody could tell them apart.
const MOST_DRAWN: usize = 300;

/// Everything between the boxes at this moment.
pub fn under_way(run: &Run, snapshot: &Snapshot, layout: &Layout, still: bool) -> Html {
    let mut drawn: Vec<Point> = Vec::new();
    let flights = run.index.in_flight(snapshot.at).take(MOST_DRAWN);
    let draw = |flight: &Flight| -> Option<Html> {
        let (link, outbound) = link(run, layout, flight)?;
        let arrives = flight.arrives?;
        let whole = arrives.since(flight.sent).as_micros().max(1) as f64;
        let way = if still { 0.5 } else { (snapshot.at.since(flight.sent).as_micros() as f64 / whole).clamp(0.0, 1.0) };
        let at = lane(layout.form, link.at(if outbound { way } else { 1.0 - way }), outbound);
        let at = beside(layout.form, at, outbound, &drawn);
        drawn.push(at);
        let arrow = still.then(|| arrow(link, outbound));
        Some(segment(run, flight, at, outbound, layout.form, arrow))
    };
    html! { <g class="segments">{ for flights.filter_map(draw) }</g> }
}

/// The refused SYN at the server's door, with its numbers.
pub fn refusal(run: &Run, refused: &RefusedSyn, layout: &Layout) -> Html {
    let Point { x, y } = layout.door;
    let host = refused.host.map_or("somebody", |host| run.name(host));
    let sum = text::sum(&refused.refusal);
    let sums = match sum.split_once(" - ") {
        Some((first, second)) if !layout.long_lines => vec![first.to_owned(), format!("- {second}")],
        _ => vec![sum],
    };
    let height = sums.len() as f64 * LINE;
    // Above the NAT, or beside the octagon where the stage stands upright.
    let (left, top, anchor) = match layout.form {
        Form::Wide => (x + 20.0, layout.nat.y - 14.0 - height, "end"),
        Form::Tall => (x + 34.0, y + 8.0 - height, "start"),
    };
    let line = |(index, sum): (usize, &String)| {
        html! { <text class="m" x={px(left)} y={px(top + (index + 1) as f64 * LINE)} text-anchor={anchor}>{ sum }</text> }
    };
    let leader = format!("M{x} {}V{}", y - 24.0, top + height + 6.0);
    html! {
        <g class="refused">
            { for (layout.form == Form::Wide).then(|| html! { <path class="leader" d={leader} /> }) }
            <text class="title" x={px(left)} y={px(top)} text-anchor={anchor}>{ format!("SYN from {host}, refused") }</text>
            { for sums.iter().enumerate().map(line) }
            <path class="octagon" d={octagon(x, y, 22.0)} />
            <path class="cross" d={format!("M{} {}l16 16m0 -16l-16 16", x - 8.0, y - 8.0)} />
        </g>
    }
}

/// The link that a flight is on, and whether it goes towards the server.
fn link<'a>(run: &Run, layout: &'a Layout, flight: &Flight) -> Option<(&'a Curve, bool)> {
    let is_client = |node: NodeId| run.node(node).is_some_and(|node| node.role == Role::Client);
    if is_client(flight.from) {
        return Some((layout.link(flight.from)?, true));
    }
    if is_client(flight.to) {
        return Some((layout.link(flight.to)?, false));
    }
    let from_nat = run.node(flight.from).is_some_and(|node| node.role == Role::Nat);
    Some((&layout.trunk, from_nat))
}

/// To the server on one side of the link, back on the other, so that what meets does not collide.
fn lane(form: Form, at: Point, outbound: bool) -> Point {
    let side = if outbound { -1.0 } else { 1.0 };
    match form {
        Form::Wide => Point { x: at.x, y: at.y + side * (HALF + 4.0) },
        Form::Tall => Point { x: at.x + side * 40.0, y: at.y },
    }
}

/// What was sent together stands side by side.
fn beside(form: Form, at: Point, outbound: bool, drawn: &[Point]) -> Point {
    let step = if outbound { -26.0 } else { 26.0 };
    let mut at = at;
    for _ in 0..3 {
        if !drawn.iter().any(|other| (other.x - at.x).abs() < 64.0 && (other.y - at.y).abs() < 24.0) {
            break;
        }
        match form {
            Form::Wide => at.y += step,
            Form::Tall => at.y -= step.abs(),
        }
    }
    at
}

fn segment(run: &Run, flight: &Flight, at: Point, outbound: bool, form: Form, arrow: Option<Html>) -> Html {
    let kind = Kind::of(&flight.header);
    let (class, half) = match kind {
        Kind::Syn => ("syn", 28.0),
        Kind::SynAck => ("syn-ack", 38.0),
        Kind::Ack => ("ack", 22.0),
        Kind::Data => ("data", 26.0),
        Kind::Fin => ("fin", 26.0),
        Kind::Rst => ("rst", 26.0),
    };
    let doomed = matches!(flight.fate, Fate::Dropped(reason) if reason.is_recycle());
    let host = run.owner(flight.connection).map_or("", |host| run.name(host));
    let label = match flight.header.timestamps {
        Some(stamps) if kind == Kind::Syn => format!("{host} {}", grouped(u64::from(stamps.tsval.0))),
        _ => host.to_owned(),
    };
    let label_y = if outbound && form == Form::Wide { -HALF - 6.0 } else { HALF + 15.0 };
    html! {
        <g class={classes!("segment", class, doomed.then_some("doomed"))} key={format!("{}-{}", flight.segment.0, flight.from.0)}>
            { for arrow }
            <g transform={format!("translate({:.1} {:.1})", at.x, at.y)}>
                <path class="shape" d={shape(kind, half, outbound)} />
                { for heading(form, half, outbound).map(|d| html! { <path class="heading" {d} /> }) }
                <text class="m" text-anchor="middle" y="4">{ kind.name() }</text>
                <text class="f" text-anchor="middle" y={px(label_y)}>{ label }</text>
            </g>
        </g>
    }
}

/// The whole way as an arrow, for those who want nothing to move.
fn arrow(link: &Curve, outbound: bool) -> Html {
    let (tip, tail) = if outbound { (1.0, 0.96) } else { (0.0, 0.04) };
    let (tip, tail) = (link.at(tip), link.at(tail));
    let length = (tip.x - tail.x).hypot(tip.y - tail.y).max(1e-6);
    let (along_x, along_y) = ((tip.x - tail.x) / length, (tip.y - tail.y) / length);
    let (base_x, base_y) = (tip.x - along_x * 10.0, tip.y - along_y * 10.0);
    let head = format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z",
        tip.x,
        tip.y,
        base_x - along_y * 5.0,
        base_y + along_x * 5.0,
        base_x + along_y * 5.0,
        base_y - along_x * 5.0
    );
    html! { <><path class="way" d={link.path()} /><path class="way-head" d={head} /></> }
}

/// The outline of a kind, so that colour is never alone.
fn shape(kind: Kind, half: f64, outbound: bool) -> String {
    let (h, w) = (HALF, half);
    match kind {
        Kind::Syn => format!("M{} -{h}H{}a{h} {h} 0 0 1 0 22H{}a{h} {h} 0 0 1 0 -22z", h - w, w - h, h - w),
        Kind::SynAck => format!("M-{w} -{h}H{w}V{h}H-{w}z"),
        Kind::Ack => format!("M-{w} 0l7 -9H{}l7 9l-7 9H{}z", w - 7.0, 7.0 - w),
        Kind::Data => format!("M-{w} -{h}H{}L{w} -{}V{h}H-{w}z", w - 7.0, h - 7.0),
        Kind::Fin if outbound => format!("M-{w} -{h}H{}L{w} 0L{} {h}H-{w}z", w - 9.0, w - 9.0),
        Kind::Fin => format!("M{w} -{h}H{}L-{w} 0L{} {h}H{w}z", 9.0 - w, 9.0 - w),
        Kind::Rst => format!("M{} -{h}H{w}L{} {h}H-{w}z", 8.0 - w, w - 8.0),
    }
}

/// A small arrowhead ahead of the shape.
fn heading(form: Form, half: f64, outbound: bool) -> Option<String> {
    (form == Form::Wide).then(|| {
        if outbound { format!("M{} -5l5 5l-5 5", half + 4.0) } else { format!("M-{} -5l-5 5l5 5", half + 4.0) }
    })
}

fn octagon(x: f64, y: f64, radius: f64) -> String {
    let side = radius * 0.414_2;
    format!(
        "M{} {}l{d} -{d}h{s}l{d} {d}v{s}l-{d} {d}h-{s}l-{d} -{d}z",
        px(x - radius),
        px(y - side),
        d = px(radius - side),
        s = px(side * 2.0)
    )
}
