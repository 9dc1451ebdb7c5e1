//! Segments on their way: a shape and a colour for each kind; the more there are, the less is said of each.

use sim_core::trace::query::Flight;
use yew::prelude::*;

use super::Scene;
use super::geometry::{Curve, Point};
use super::layout::Link;
use super::shapes::{self, HALF};
use super::words::Anchor::Middle;
use super::words::{path, width, words};
use crate::axis::within;
use crate::format::{filled, grouped, tenths};
use crate::markup::{Element, element, list};
use crate::run::{Kind, Run};

/// From one segment of a pile to the next.
const PILE: f64 = 26.0;

/// Up to so many segments each say whose they are.
const MOST_LABELLED: usize = 14;

/// Up to so many have their full shape; more are specks.
const MOST_IN_SHAPE: usize = 36;

/// A segment and where it is drawn.
struct Placed<'a> {
    flight: &'a Flight,
    curve: &'a Curve,
    upright: bool,
    /// Whether it goes along the curve.
    along: bool,
    /// Whether it goes right or down.
    ahead: bool,
    at: Point,
}

/// Everything between the boxes at this moment.
pub fn under_way(scene: &Scene, still: bool) -> Element {
    let flights: Vec<&Flight> = scene.run.index.in_flight(scene.snapshot.at).collect();
    if flights.len() > MOST_IN_SHAPE {
        return specks(scene, &flights);
    }
    let mut placed: Vec<Placed> = Vec::new();
    for flight in &flights {
        let Some(mut segment) = place(scene, flight, if still { Some(0.5) } else { None }) else { continue };
        segment.at = lane(&segment, 1.0);
        segment.at = beside(&segment, &placed);
        placed.push(segment);
    }
    let labelled = placed.len() <= MOST_LABELLED;
    let draw = |segment: &Placed| {
        let arrow = still.then(|| arrow(segment.curve, segment.along));
        let label = (labelled && !is_covered(segment, &placed)).then(|| fitted(scene, segment)).flatten();
        drawn(segment, arrow, label)
    };
    element!("g", "class" = "segments").with_each(placed.iter().map(draw))
}

/// Hundreds of segments, as one path for each kind.
fn specks(scene: &Scene, flights: &[&Flight]) -> Element {
    let mut paths: [(Kind, String); 6] =
        [Kind::Syn, Kind::SynAck, Kind::Ack, Kind::Data, Kind::Fin, Kind::Rst].map(|kind| (kind, String::new()));
    for flight in flights {
        let Some(segment) = place(scene, flight, None) else { continue };
        let kind = Kind::of(&flight.header);
        if let Some((_, d)) = paths.iter_mut().find(|(of, _)| *of == kind) {
            shapes::speck(d, kind, lane(&segment, 0.4));
        }
    }
    let kind = |(kind, d): (Kind, String)| element!("g", "class" = shapes::class(kind)).with(path("speck", d));
    element!("g", "class" = "segments specks").with_each(paths.into_iter().map(kind))
}

/// Where a segment is on its link.
fn place<'a>(scene: &Scene<'a>, flight: &'a Flight, way: Option<f64>) -> Option<Placed<'a>> {
    let (Link { curve, upright, .. }, along) = scene.layout.between(flight.from, flight.to)?;
    let whole = flight.arrives?.since(flight.sent).as_micros().max(1) as f64;
    let way = way.unwrap_or_else(|| scene.snapshot.at.since(flight.sent).as_micros() as f64 / whole);
    let (from, to) = (curve.start(), curve.end());
    let forwards = if *upright { to.y > from.y } else { to.x > from.x };
    let at = curve.at(if along { way } else { 1.0 - way });
    Some(Placed { flight, curve, upright: *upright, along, ahead: forwards == along, at })
}

/// Those who go right or down on one side of the link, the others on the other, so that what meets does not collide.
fn lane(segment: &Placed, share: f64) -> Point {
    let side = if segment.ahead { -share } else { share };
    let Point { x, y } = segment.at;
    if segment.upright { Point { x: x + side * 40.0, y } } else { Point { x, y: y + side * (HALF + 4.0) } }
}

/// What was sent together is piled up, away from the link or, where it stands upright, upwards.
fn beside(segment: &Placed, placed: &[Placed]) -> Point {
    let mut at = segment.at;
    while placed.iter().any(|other| (other.at.x - at.x).abs() < 64.0 && (other.at.y - at.y).abs() < PILE - 1.0) {
        at.y += if segment.ahead || segment.upright { -PILE } else { PILE };
    }
    at
}

/// Whether the label of `segment` would lie under its neighbour in a pile.
fn is_covered(segment: &Placed, placed: &[Placed]) -> bool {
    let label = if segment.ahead && !segment.upright { -PILE } else { PILE };
    let at = Point { y: segment.at.y + label, ..segment.at };
    placed.iter().any(|other| (other.at.x - at.x).abs() < 64.0 && (other.at.y - at.y).abs() < PILE / 2.0)
}

/// Whose segment it is, and for a SYN the clock that it carries; and without the clock.
fn labels(run: &Run, flight: &Flight) -> [String; 2] {
    let host = run.owner(flight.connection).map_or("", |host| run.name(host));
    let long = match flight.header.timestamps {
        Some(stamps) if Kind::of(&flight.header) == Kind::Syn => {
            format!("{host} {}", grouped(u64::from(stamps.tsval.0)))
        }
        _ => host.to_owned(),
    };
    [long, host.to_owned()]
}

/// The longest label that has room between the ends of its link, and how far to the side it is moved for that.
fn fitted(scene: &Scene, segment: &Placed) -> Option<(f64, String)> {
    let ends = [segment.curve.start().x, segment.curve.end().x];
    let (left, right) = if segment.upright { (2.0, scene.layout.width - 2.0) } else { (ends[0] + 4.0, ends[1] - 4.0) };
    let [long, short] = labels(scene.run, segment.flight);
    let label = [long, short].into_iter().find(|label| width("f", label) <= right - left)?;
    let half = width("f", &label) / 2.0;
    let x = within(segment.at.x, left + half, (right - half).max(left + half));
    Some((x - segment.at.x, label))
}

fn drawn(segment: &Placed, arrow: Option<Html>, label: Option<(f64, String)>) -> Element {
    let Placed { flight, upright, ahead, at, .. } = segment;
    let kind = Kind::of(&flight.header);
    let label_y = if *ahead && !upright { -HALF - 6.0 } else { HALF + 15.0 };
    let heading = (!upright).then(|| heading(shapes::half_width(kind), *ahead));
    let there = format!("translate({} {})", tenths(at.x), tenths(at.y));
    let shape = element!("g", "transform" = there)
        .with(path("shape", shapes::segment(kind, *upright, *ahead)))
        .with(heading.map(|d| path("heading", d)))
        .with(words("m", 0.0, 4.0, Middle, kind.name().to_owned()))
        .with(label.map(|(aside, label)| words("f", aside, label_y, Middle, label)));
    element!("g", "class" = shapes::class(kind))
        .key(format!("{}-{}", flight.segment.0, flight.from.0))
        .with(arrow)
        .with(shape)
}

/// A small arrowhead ahead of the shape.
fn heading(half: f64, ahead: bool) -> String {
    filled(if ahead { "M# -5l5 5l-5 5" } else { "M-# -5l-5 5l5 5" }, &[half + 4.0])
}

/// The whole way as an arrow, for those who want nothing to move.
fn arrow(link: &Curve, along: bool) -> Html {
    let (tip, tail) = if along { (1.0, 0.96) } else { (0.0, 0.04) };
    let (tip, tail) = (link.at(tip), link.at(tail));
    let length = ((tip.x - tail.x).powi(2) + (tip.y - tail.y).powi(2)).sqrt().max(1e-6);
    let (along_x, along_y) = ((tip.x - tail.x) / length, (tip.y - tail.y) / length);
    let (base_x, base_y) = (tip.x - along_x * 10.0, tip.y - along_y * 10.0);
    let (left, right) =
        ((base_x - along_y * 5.0, base_y + along_x * 5.0), (base_x + along_y * 5.0, base_y - along_x * 5.0));
    let head = filled("M# #L# #L# #z", &[tip.x, tip.y, left.0, left.1, right.0, right.1]);
    list([path("way", link.path()), path("way-head", head)])
}
