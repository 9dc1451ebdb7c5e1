//! Segments under way, with a shape and a colour for each kind. With more segments, each has less detail.

use super::words::Anchor::Middle;
use super::words::{StageText, path, words};
use lab::format::{filled, tenths};
use lab::geometry::Curve;
use lab::stage::scene::Scene;
use lab::stage::segments::{MOST_IN_SHAPE, Placed, heading, in_shape, labels, place};
use lab::stage::shapes::{self};
use sim_core::segment::SegmentKind;
use sim_core::trace::query::Flight;
use yew::prelude::*;

/// All segments that are under way at this moment.
pub fn under_way(scene: &Scene, reduced_motion: bool) -> Html {
    let flights: Vec<&Flight> = scene.run.index.in_flight(scene.snapshot.at).collect();
    if flights.len() > MOST_IN_SHAPE {
        return specks(scene, &flights);
    }
    let placed = in_shape(scene, &flights, reduced_motion);
    let draw = |(segment, label): (&Placed, Option<StageText>)| drawn(segment, reduced_motion, label);
    html! { <g class="segments">{ for placed.iter().zip(labels(scene, &placed)).map(draw) }</g> }
}

/// Hundreds of segments, as one path for each kind.
fn specks(scene: &Scene, flights: &[&Flight]) -> Html {
    let mut paths: [(SegmentKind, String); 6] = [
        SegmentKind::Syn,
        SegmentKind::SynAck,
        SegmentKind::Ack,
        SegmentKind::Data,
        SegmentKind::Fin,
        SegmentKind::Rst,
    ]
    .map(|kind| (kind, String::new()));
    for flight in flights {
        let Some(segment) = place(scene, flight, None) else { continue };
        let kind = SegmentKind::of(&flight.header);
        if let Some((_, d)) = paths.iter_mut().find(|(of, _)| *of == kind) {
            shapes::speck(d, kind, segment.lane(segment.way, 0.4));
        }
    }
    let kind = |(kind, d): (SegmentKind, String)| html! { <g class={shapes::class(kind)}>{ path("speck", d) }</g> };
    html! { <g class="segments specks">{ for paths.into_iter().map(kind) }</g> }
}

fn drawn(segment: &Placed, reduced_motion: bool, label: Option<StageText>) -> Html {
    let Placed { flight, upright, ahead, at, .. } = segment;
    let kind = SegmentKind::of(&flight.header);
    html! {
        <g class={shapes::class(kind)} key={format!("{}-{}", flight.segment.0, flight.from.0)}>
            if reduced_motion {
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

/// The whole link as an arrow, for reduced motion.
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
