//! Segments on their way: a shape and a colour for each kind; the more there are, the less is said of each.

use sim_core::trace::query::Flight;
use yew::prelude::*;

use super::Scene;
use super::geometry::{Curve, Point, Rect};
use super::layout::Link;
use super::marks;
use super::shapes::{self, HALF};
use super::words::Anchor::Middle;
use super::words::{Words, path, width, words};
use crate::axis::within;
use crate::format::{filled, grouped, tenths};
use crate::run::{Kind, Run};

/// From one segment of a pile to the next.
const PILE: f64 = 26.0;

/// Up to so many segments each say whose they are.
const MOST_LABELLED: usize = 14;

/// Up to so many have their full shape; more are specks.
const MOST_IN_SHAPE: usize = 36;

/// How near a segment comes to a box.
const CLEAR: f64 = 4.0;

/// In so many steps a link is searched for places between the boxes.
const STEPS: u32 = 64;

/// A segment and where it is drawn.
pub(super) struct Placed<'a> {
    flight: &'a Flight,
    pub(super) curve: &'a Curve,
    pub(super) upright: bool,
    /// Whether it goes along the curve.
    along: bool,
    /// Whether it goes right or down.
    ahead: bool,
    /// How far it has come, from 0 to 1.
    way: f64,
    at: Point,
}

/// Everything between the boxes at this moment.
pub fn under_way(scene: &Scene, still: bool) -> Html {
    let flights: Vec<&Flight> = scene.run.index.in_flight(scene.snapshot.at).collect();
    if flights.len() > MOST_IN_SHAPE {
        return specks(scene, &flights);
    }
    let placed = in_shape(scene, &flights, still);
    let draw = |(segment, label): (&Placed, Option<Words>)| drawn(segment, still, label);
    html! { <g class="segments">{ for placed.iter().zip(labels(scene, &placed)).map(draw) }</g> }
}

/// Those that have their full shape, none on a box and none on another.
pub(super) fn in_shape<'a>(scene: &Scene<'a>, flights: &[&'a Flight], still: bool) -> Vec<Placed<'a>> {
    let rects = scene.layout.rects();
    let mut placed: Vec<Placed> = Vec::new();
    for flight in flights {
        let Some(mut segment) = place(scene, flight, if still { Some(0.5) } else { None }) else { continue };
        segment.at = settled(scene, &segment, &rects, &placed);
        placed.push(segment);
    }
    placed
}

/// Hundreds of segments, as one path for each kind.
fn specks(scene: &Scene, flights: &[&Flight]) -> Html {
    let mut paths: [(Kind, String); 6] =
        [Kind::Syn, Kind::SynAck, Kind::Ack, Kind::Data, Kind::Fin, Kind::Rst].map(|kind| (kind, String::new()));
    for flight in flights {
        let Some(segment) = place(scene, flight, None) else { continue };
        let kind = Kind::of(&flight.header);
        if let Some((_, d)) = paths.iter_mut().find(|(of, _)| *of == kind) {
            shapes::speck(d, kind, segment.lane(segment.way, 0.4));
        }
    }
    let kind = |(kind, d): (Kind, String)| html! { <g class={shapes::class(kind)}>{ path("speck", d) }</g> };
    html! { <g class="segments specks">{ for paths.into_iter().map(kind) }</g> }
}

/// Where a segment is on its link.
fn place<'a>(scene: &Scene<'a>, flight: &'a Flight, way: Option<f64>) -> Option<Placed<'a>> {
    let (Link { curve, upright, .. }, along) = scene.layout.between(flight.from, flight.to)?;
    let whole = flight.arrives?.since(flight.sent).as_micros().max(1) as f64;
    let way = way.unwrap_or_else(|| scene.snapshot.at.since(flight.sent).as_micros() as f64 / whole);
    let (from, to) = (curve.start(), curve.end());
    let forwards = if *upright { to.y > from.y } else { to.x > from.x };
    let at = Point { x: 0.0, y: 0.0 };
    Some(Placed { flight, curve, upright: *upright, along, ahead: forwards == along, way, at })
}

impl Placed<'_> {
    /// Where it is after a part of its way. Those who go right or down have one side of the link, the others the other,
    /// so that what meets does not collide.
    fn lane(&self, way: f64, share: f64) -> Point {
        let side = if self.ahead { -share } else { share };
        let Point { x, y } = self.curve.at(if self.along { way } else { 1.0 - way });
        if self.upright { Point { x: x + side * 40.0, y } } else { Point { x, y: y + side * (HALF + 4.0) } }
    }

    /// What its shape covers at `at`.
    fn rect_at(&self, at: Point) -> Rect {
        let half = shapes::half_width(Kind::of(&self.flight.header));
        Rect { x: at.x - half, y: at.y - HALF, w: half * 2.0, h: HALF * 2.0 }
    }

    /// What it covers.
    pub(super) fn rect(&self) -> Rect {
        self.rect_at(self.at)
    }
}

/// Its place on the part of its link that no box covers: where it sets out and where it arrives it would lie on words.
/// What was sent together stands one behind the other or, where there is no room, is piled up.
fn settled(scene: &Scene, segment: &Placed, rects: &[Rect], placed: &[Placed]) -> Point {
    let inside = |Point { x, y }: Point| {
        let half = shapes::half_width(Kind::of(&segment.flight.header)) + 2.0;
        let (right, bottom) = (scene.layout.width - half, scene.layout.height - HALF - 2.0);
        Point { x: within(x, half, right), y: within(y, HALF + 2.0, bottom) }
    };
    let at = |way: f64| inside(segment.lane(way, 1.0));
    let is_clear = |at: Point| !meets(rects, &segment.rect_at(at), CLEAR);
    let mut ways = (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS)).filter(|way| is_clear(at(*way)));
    let first = ways.next().unwrap_or(0.5);
    let last = ways.next_back().unwrap_or(first);
    let way = first + (last - first) * segment.way;
    let is_free = |at: &Point| {
        is_clear(*at)
            && !placed.iter().any(|other| (other.at.x - at.x).abs() < 64.0 && (other.at.y - at.y).abs() < PILE - 1.0)
    };
    let step = (last - first) / f64::from(STEPS);
    let behind = (0..=STEPS).map(|back| way - step * f64::from(back)).take_while(|way| *way >= first - 1e-9);
    let aside = (1..=5).flat_map(|pile| [-PILE, PILE].map(|side| side * f64::from(pile)));
    let aside = aside.map(|side| {
        let Point { x, y } = at(way);
        inside(Point { x, y: y + side })
    });
    let mut free = behind.clone().map(at).chain(aside).filter(is_free);
    let on_another = || behind.map(at).find(|at| is_clear(*at));
    free.next().or_else(on_another).unwrap_or_else(|| at(way))
}

fn meets(rects: &[Rect], rect: &Rect, margin: f64) -> bool {
    rects.iter().any(|other| other.meets(rect, margin))
}

/// Whose segment it is, and for a SYN the clock that it carries; and without the clock.
fn names(run: &Run, flight: &Flight) -> [String; 2] {
    let host = run.owner(flight.connection).map_or("", |host| run.name(host));
    let long = match flight.header.timestamps {
        Some(stamps) if Kind::of(&flight.header) == Kind::Syn => {
            format!("{host} {}", grouped(u64::from(stamps.tsval.0)))
        }
        _ => host.to_owned(),
    };
    [long, host.to_owned()]
}

/// What stands at each segment: the longest name that lies on no box, on no other segment and on no other words.
pub(super) fn labels(scene: &Scene, placed: &[Placed]) -> Vec<Option<Words>> {
    if placed.len() > MOST_LABELLED {
        return vec![None; placed.len()];
    }
    let mut taken = scene.layout.rects();
    taken.extend(placed.iter().map(Placed::rect));
    taken.extend(marks::said(scene).iter().map(Words::rect));
    let label = |segment: &Placed| {
        let (above, below) = (segment.at.y - HALF - 6.0, segment.at.y + HALF + 15.0);
        let sides = if segment.ahead && !segment.upright { [above, below] } else { [below, above] };
        let names = names(scene.run, segment.flight);
        let ends = [segment.curve.start().x + 2.0, segment.curve.end().x - 2.0];
        let [left, right] = if segment.upright { [0.0, scene.layout.width] } else { ends };
        let all = sides.iter().flat_map(|y| names.iter().map(move |name| (*y, name)));
        let mut words = all.map(|(y, name)| {
            // At an edge a name of wide letters has to fit too.
            let half = width("strong", name) / 2.0 + 2.0;
            let x = within(segment.at.x, left + half, (right - half).max(left + half));
            Words::new("f", x, y, Middle, name.clone())
        });
        let is_free = |words: &Words| {
            let rect = words.rect();
            rect.y >= 0.0 && rect.bottom() <= scene.layout.height && !meets(&taken, &rect, 0.0)
        };
        let label = words.find(is_free)?;
        taken.push(label.rect());
        Some(label)
    };
    placed.iter().map(label).collect()
}

fn drawn(segment: &Placed, still: bool, label: Option<Words>) -> Html {
    let Placed { flight, upright, ahead, at, .. } = segment;
    let kind = Kind::of(&flight.header);
    html! {
        <g class={shapes::class(kind)} key={format!("{}-{}", flight.segment.0, flight.from.0)}>
            if still {
                { arrow(segment.curve, segment.along) }
            }
            <g transform={format!("translate({} {})", tenths(at.x), tenths(at.y))}>
                { path("shape", shapes::segment(kind, *upright, *ahead)) }
                if !upright {
                    { path("heading", heading(shapes::half_width(kind), *ahead)) }
                }
                { words("m", 0.0, 4.0, Middle, kind.name().to_owned()) }
                if let Some(label) = label {
                    { words("f", label.x - at.x, label.y - at.y, Middle, label.text) }
                }
            </g>
        </g>
    }
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
    html! { <>{ path("way", link.path()) }{ path("way-head", head) }</> }
}
