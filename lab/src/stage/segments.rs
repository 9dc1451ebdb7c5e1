//! The positions of the segments under way, and the label of each.

use super::layout::Link;
use super::lettering::Anchor::Middle;
use super::lettering::{StageText, width};
use super::marks;
use super::scene::Scene;
use super::shapes::{self, HALF};
use crate::format::filled;
use crate::geometry::{Curve, Point, Rect};
use crate::run::Run;
use sim_core::segment::SegmentKind;
use sim_core::trace::query::Flight;
use sim_core::words::grouped;

/// The distance between segments that are stacked.
const PILE: f64 = 26.0;

/// Up to this many segments have a label.
const MOST_LABELLED: usize = 14;

/// Up to this many segments have their full shape. More are drawn as specks.
pub const MOST_IN_SHAPE: usize = 36;

/// The least distance between a segment and a box.
const CLEAR: f64 = 4.0;

/// The number of positions along a link that are tried for a segment.
const STEPS: u32 = 64;

/// A segment and its position.
pub struct Placed<'a> {
    /// The flight of the segment.
    pub flight: &'a Flight,
    /// The link that it travels on.
    pub curve: &'a Curve,
    /// Whether the link is vertical rather than horizontal.
    pub upright: bool,
    /// Whether the segment travels towards the end of the curve.
    pub along: bool,
    /// Whether the segment travels to the right or downwards.
    pub ahead: bool,
    /// The share of the link that it has travelled, from 0 to 1.
    pub way: f64,
    /// The centre of its shape.
    pub at: Point,
}

/// The segments that have their full shape. None covers a box or another segment.
pub fn in_shape<'a>(scene: &Scene<'a>, flights: &[&'a Flight], reduced_motion: bool) -> Vec<Placed<'a>> {
    let rects = scene.layout.rects();
    let mut placed: Vec<Placed> = Vec::new();
    for flight in flights {
        let Some(mut segment) = place(scene, flight, if reduced_motion { Some(0.5) } else { None }) else { continue };
        segment.at = settled(scene, &segment, &rects, &placed);
        placed.push(segment);
    }
    placed
}

/// The position of a segment on its link. `way` overrides the share that it has travelled.
pub fn place<'a>(scene: &Scene<'a>, flight: &'a Flight, way: Option<f64>) -> Option<Placed<'a>> {
    let (Link { curve, upright, .. }, along) = scene.layout.between(flight.from, flight.to)?;
    let whole = flight.arrives?.since(flight.sent).as_micros().max(1) as f64;
    let way = way.unwrap_or_else(|| scene.snapshot.at.since(flight.sent).as_micros() as f64 / whole);
    let (from, to) = (curve.start(), curve.end());
    let forwards = if *upright { to.y > from.y } else { to.x > from.x };
    let at = Point { x: 0.0, y: 0.0 };
    Some(Placed { flight, curve, upright: *upright, along, ahead: forwards == along, way, at })
}

impl Placed<'_> {
    /// The position after `way` of the link, moved sideways by the share `share` of a lane. The two directions use
    /// different sides, so that segments that meet do not collide.
    pub fn lane(&self, way: f64, share: f64) -> Point {
        let side = if self.ahead { -share } else { share };
        let Point { x, y } = self.curve.at(if self.along { way } else { 1.0 - way });
        if self.upright { Point { x: x + side * 40.0, y } } else { Point { x, y: y + side * (HALF + 4.0) } }
    }

    /// The bounding box of the shape, centred at `at`.
    fn rect_at(&self, at: Point) -> Rect {
        let half = shapes::half_width(SegmentKind::of(&self.flight.header));
        Rect { x: at.x - half, y: at.y - HALF, w: half * 2.0, h: HALF * 2.0 }
    }

    /// The bounding box.
    pub fn rect(&self) -> Rect {
        self.rect_at(self.at)
    }
}

/// The position on the part of the link that no box covers. Segments that were sent together follow each other, or are
/// stacked if there is no room.
fn settled(scene: &Scene, segment: &Placed, rects: &[Rect], placed: &[Placed]) -> Point {
    let inside = |Point { x, y }: Point| {
        let half = shapes::half_width(SegmentKind::of(&segment.flight.header)) + 2.0;
        let (right, bottom) = (scene.layout.width - half, scene.layout.height - HALF - 2.0);
        Point { x: x.clamp(half, right), y: y.clamp(HALF + 2.0, bottom) }
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

/// The label: the host, and for a SYN its TSval. The second form is without the TSval.
fn names(run: &Run, flight: &Flight) -> [String; 2] {
    let host = run.owner(flight.connection).map_or("", |host| run.name(host));
    let long = match flight.header.timestamps {
        Some(stamps) if SegmentKind::of(&flight.header) == SegmentKind::Syn => {
            format!("{host} {}", grouped(u64::from(stamps.tsval.0)))
        }
        _ => host.to_owned(),
    };
    [long, host.to_owned()]
}

/// The label of each segment: the longest form that covers no box, no other segment and no other label.
pub fn labels(scene: &Scene, placed: &[Placed]) -> Vec<Option<StageText>> {
    if placed.len() > MOST_LABELLED {
        return vec![None; placed.len()];
    }
    let mut taken = scene.layout.rects();
    taken.extend(placed.iter().map(Placed::rect));
    taken.extend(marks::all_words(scene).iter().map(StageText::rect));
    let label = |segment: &Placed| {
        let (above, below) = (segment.at.y - HALF - 6.0, segment.at.y + HALF + 15.0);
        let sides = if segment.ahead && !segment.upright { [above, below] } else { [below, above] };
        let names = names(scene.run, segment.flight);
        let ends = [segment.curve.start().x + 2.0, segment.curve.end().x - 2.0];
        let [left, right] = if segment.upright { [0.0, scene.layout.width] } else { ends };
        let all = sides.iter().flat_map(|y| names.iter().map(move |name| (*y, name)));
        let mut words = all.map(|(y, name)| {
            // Leave room for wide letters at the edge of the drawing.
            let half = width("strong", name) / 2.0 + 2.0;
            let x = segment.at.x.clamp(left + half, (right - half).max(left + half));
            StageText::new("f", x, y, Middle, name.clone())
        });
        let is_free = |words: &StageText| {
            let rect = words.rect();
            rect.y >= 0.0 && rect.bottom() <= scene.layout.height && !meets(&taken, &rect, 0.0)
        };
        let label = words.find(is_free)?;
        taken.push(label.rect());
        Some(label)
    };
    placed.iter().map(label).collect()
}

/// A small arrowhead in front of the shape, as an SVG path.
pub fn heading(half: f64, ahead: bool) -> String {
    filled(if ahead { "M# -5l5 5l-5 5" } else { "M-# -5l-5 5l5 5" }, &[half + 4.0])
}
