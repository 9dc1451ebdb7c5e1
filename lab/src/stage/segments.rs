//! Where the segments of the moment are on their links, and the label of each.

use super::geometry::{Curve, Point, Rect};
use super::layout::Link;
use super::lettering::Anchor::Middle;
use super::lettering::{StageText, width};
use super::marks;
use super::scene::Scene;
use super::shapes::{self, HALF};
use crate::format::filled;
use crate::run::Run;
use sim_core::segment::SegmentKind;
use sim_core::trace::query::Flight;
use sim_core::words::grouped;

/// From one segment of a pile to the next.
const PILE: f64 = 26.0;

/// Up to so many segments each say whose they are.
const MOST_LABELLED: usize = 14;

/// Up to so many have their full shape; more are specks.
pub const MOST_IN_SHAPE: usize = 36;

/// How near a segment comes to a box.
const CLEAR: f64 = 4.0;

/// In so many steps a link is searched for places between the boxes.
const STEPS: u32 = 64;

/// A segment and where it is drawn.
pub struct Placed<'a> {
    /// The flight of the segment.
    pub flight: &'a Flight,
    /// The link that it travels on.
    pub curve: &'a Curve,
    /// Whether the link goes down or up rather than sideways.
    pub upright: bool,
    /// Whether it goes along the curve.
    pub along: bool,
    /// Whether it goes right or down.
    pub ahead: bool,
    /// How far it has come, from 0 to 1.
    pub way: f64,
    /// The middle of its shape.
    pub at: Point,
}

/// Those that have their full shape, none on a box and none on another.
pub fn in_shape<'a>(scene: &Scene<'a>, flights: &[&'a Flight], still: bool) -> Vec<Placed<'a>> {
    let rects = scene.layout.rects();
    let mut placed: Vec<Placed> = Vec::new();
    for flight in flights {
        let Some(mut segment) = place(scene, flight, if still { Some(0.5) } else { None }) else { continue };
        segment.at = settled(scene, &segment, &rects, &placed);
        placed.push(segment);
    }
    placed
}

/// Where a segment is on its link.
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
    /// Where it is after a part of its way. Those who go right or down have one side of the link, the others the other,
    /// so that what meets does not collide.
    #[must_use]
    pub fn lane(&self, way: f64, share: f64) -> Point {
        let side = if self.ahead { -share } else { share };
        let Point { x, y } = self.curve.at(if self.along { way } else { 1.0 - way });
        if self.upright { Point { x: x + side * 40.0, y } } else { Point { x, y: y + side * (HALF + 4.0) } }
    }

    /// What its shape covers at `at`.
    fn rect_at(&self, at: Point) -> Rect {
        let half = shapes::half_width(SegmentKind::of(&self.flight.header));
        Rect { x: at.x - half, y: at.y - HALF, w: half * 2.0, h: HALF * 2.0 }
    }

    /// What it covers.
    pub fn rect(&self) -> Rect {
        self.rect_at(self.at)
    }
}

/// Its place on the part of its link that no box covers: where it sets out and where it arrives it would lie on words.
/// What was sent together stands one behind the other or, where there is no room, is piled up.
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

/// Whose segment it is, and for a SYN the clock that it carries; and without the clock.
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

/// What stands at each segment: the longest name that lies on no box, on no other segment and on no other words.
pub fn labels(scene: &Scene, placed: &[Placed]) -> Vec<Option<StageText>> {
    if placed.len() > MOST_LABELLED {
        return vec![None; placed.len()];
    }
    let mut taken = scene.layout.rects();
    taken.extend(placed.iter().map(Placed::rect));
    taken.extend(marks::said(scene).iter().map(StageText::rect));
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

/// A small arrowhead ahead of the shape.
pub fn heading(half: f64, ahead: bool) -> String {
    filled(if ahead { "M# -5l5 5l-5 5" } else { "M-# -5l-5 5l5 5" }, &[half + 4.0])
}
