//! The ladder of every scenario at many widths and moments: no label covers another, and every refusal has a label.

use std::sync::LazyLock;

use sim_core::scenario::{PRESETS, Scenario};
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::Index;
use sim_core::trace::{NodeId, Trace};

use super::arrow::Tip;
use super::default_hosts::{MOST, default_hosts};
use super::labels::{Class, Label};
use super::layout::LadderLayout;
use super::sequence::{PAGE, Sequence, Source};
use crate::geometry::Point;

/// The widths of a small phone, a phone, a tablet, and the widest column of the page.
const WIDTHS: [f64; 4] = [340.0, 358.0, 640.0, 1_200.0];

/// The run of every scenario, computed once.
static RUNS: LazyLock<Vec<(&str, Trace, Index)>> = LazyLock::new(|| {
    let run = |preset: &sim_core::scenario::Preset| {
        let trace = sim_core::run(&Scenario::preset(preset.name).unwrap());
        let index = Index::new(&trace);
        (preset.name, trace, index)
    };
    PRESETS.iter().map(run).collect()
});

fn runs() -> impl Iterator<Item = (&'static str, Source<'static>)> {
    RUNS.iter().map(|(name, trace, index)| (*name, Source { trace, index }))
}

/// Moments across a run: its ends, its first and last refusal, and some between.
fn moments(source: Source) -> Vec<SimTime> {
    let refusals = &source.index.refusals;
    let parts = (0..=3).map(|part| SimTime::from_micros(source.trace.duration.as_micros() * part / 3));
    parts.chain(refusals.first().into_iter().chain(refusals.last()).map(|refused| refused.at)).collect()
}

/// Calls `look` with a page of every scenario at every width and moment, with the default hosts and with the most
/// hosts.
fn each_page(mut look: impl FnMut(&str, Source, &Sequence, &LadderLayout)) {
    for (name, source) in runs() {
        let most: Vec<NodeId> = source.callers().into_iter().take(MOST).collect();
        let mut pages: Vec<(Vec<NodeId>, SimTime)> = Vec::new();
        for at in moments(source) {
            pages.push((default_hosts(source, at, &[]), at));
            pages.push((most.clone(), at));
        }
        pages.sort_unstable();
        pages.dedup();
        let mut sequence = Sequence::default();
        for (hosts, at) in pages {
            if sequence.hosts != hosts {
                sequence = Sequence::of(source, &hosts);
            }
            let page = sequence.page_at(source, at, 0);
            for width in WIDTHS {
                let layout = LadderLayout::new(source, &sequence, page, width);
                let what = format!("{name} at {} s, {width} px, {hosts:?}", at.as_secs_f64());
                look(&what, source, &sequence, &layout);
                assert!(layout.height_of(at).is_some(), "{what}: the playhead is not on its page");
            }
        }
    }
}

/// Whether a point of `label` is inside of `other`, checked for many points.
fn covers(label: &Label, other: &Label) -> bool {
    let [a, b, c, d] = label.bounds.corners();
    let [e, f, _, h] = other.bounds.corners();
    let dot = |from: Point, to: Point, place: Point| {
        ((to.x - from.x) * (place.x - from.x) + (to.y - from.y) * (place.y - from.y)) / from.distance(to).powi(2)
    };
    let shares = || (1..12).map(|part| f64::from(part) / 12.0);
    shares().any(|along| {
        shares().any(|down| {
            let place = a.towards(b, along).towards(d.towards(c, along), down);
            let (right, below) = (dot(e, f, place), dot(e, h, place));
            (0.02..0.98).contains(&right) && (0.02..0.98).contains(&below)
        })
    })
}

#[test]
fn no_two_labels_cover_each_other_and_none_is_cut_off() {
    each_page(|what, _, _, layout| {
        for (position, label) in layout.labels.iter().enumerate() {
            for corner in label.bounds.corners() {
                let within = |place: f64, end: f64| place >= -0.01 && place <= end + 0.01;
                let inside = within(corner.x, layout.width) && within(corner.y, layout.height);
                assert!(inside, "{what}: {:?} is cut off at {corner:?}", label.text);
            }
            for other in &layout.labels[position + 1..] {
                // A label is at most as high as it is long, so labels that are further apart need no check.
                let far = (label.start.y - other.start.y).abs() > 120.0;
                let apart = far || !covers(label, other) && !covers(other, label);
                assert!(apart, "{what}: {:?} and {:?} at {:?}", label.text, other.text, label.start);
            }
        }
    });
}

#[test]
fn a_pause_covers_no_line_where_there_is_room_between_two() {
    let mut pauses = 0;
    each_page(|what, _, _, layout| {
        let widest = layout.columns.windows(2).map(|pair| pair[1].x - pair[0].x).fold(0.0, f64::max);
        for label in layout.labels.iter().filter(|label| label.class == Class::Pause && layout.width > 1_000.0) {
            let [from, to, ..] = label.bounds.corners();
            if widest < to.x - from.x + 40.0 {
                continue;
            }
            pauses += 1;
            let crossed = layout.columns.iter().find(|column| (from.x..to.x).contains(&column.x));
            assert!(crossed.is_none(), "{what}: {:?} covers the line of {:?}", label.text, crossed);
        }
    });
    assert!(pauses > 100, "only {pauses} pauses were looked at");
}

#[test]
fn every_refusal_on_a_page_has_its_octagon_and_its_numbers() {
    let mut refusals = 0;
    each_page(|what, source, sequence, layout| {
        for arrow in &layout.arrows {
            let Tip::Refused(refusal) = arrow.tip else { continue };
            refusals += 1;
            assert!(source.index.refusal_at(arrow.record).is_some_and(|refused| refused.refusal == refusal), "{what}");
            let beside =
                |label: &&Label| label.class == Class::Refused && (label.start.y - 4.5 - arrow.to.y).abs() < 1.0;
            assert!(layout.labels.iter().any(|label| beside(&label)), "{what}: nothing beside {:?}", arrow.to);
        }
        let drawn = layout.arrows.iter().filter(|arrow| matches!(arrow.tip, Tip::Refused(_))).count();
        let (from, to) = layout.span;
        let whose = |host: Option<NodeId>| host.is_some_and(|host| sequence.hosts.contains(&host));
        let sent = |refused: &&sim_core::trace::query::RefusedSyn| {
            let sent = refused.segment.and_then(|segment| source.index.flight_of(segment)).map(|flight| flight.sent);
            whose(refused.host) && sent.is_some_and(|sent| sent > from && sent < to)
        };
        let happened = source.index.refusals.iter().filter(sent).count();
        assert!(drawn >= happened, "{what}: {drawn} of {happened} refusals are drawn");
    });
    assert!(refusals > 200, "only {refusals} refusals were looked at");
}

#[test]
fn later_times_are_never_higher_on_the_page() {
    each_page(|what, source, _, layout| {
        assert!(layout.arrows.len() <= PAGE, "{what}");
        for arrow in &layout.arrows {
            assert!(arrow.to.y >= arrow.from.y && arrow.to.y <= layout.height, "{what}: {arrow:?}");
            // Both ends of the arrow are at the height of their moments.
            let flight = &source.index.flights[arrow.flight];
            for (at, y) in [(Some(flight.sent), arrow.from.y), (flight.arrives, arrow.to.y)] {
                let Some(at) = at else { continue };
                let before = layout.height_of(at - Span::from_micros(1)).unwrap_or(0.0);
                let then = layout.height_of(at).unwrap_or(f64::MAX);
                assert!(before <= y + 0.01 && y <= then + 0.01, "{what}: {y} is not {before} to {then}: {arrow:?}");
            }
        }
        let sent = |flight: usize| source.index.flights[flight].sent;
        for pair in layout.arrows.windows(2) {
            let order = (sent(pair[0].flight) <= sent(pair[1].flight), pair[0].from.y <= pair[1].from.y);
            assert_eq!(order, (true, true), "{what}: {pair:?}");
        }
        for tick in layout.ticks.windows(2) {
            assert!(tick[1].y >= tick[0].y + 16.0, "{what}: {tick:?}");
        }
        let (from, to) = layout.span;
        let step = Span::from_micros(to.since(from).as_micros() / 50);
        let places: Vec<f64> = (0..50).filter_map(|part| layout.height_of(from + step.times(part))).collect();
        assert!(places.len() == 50 && places.is_sorted(), "{what}: {places:?}");
    });
}

#[test]
fn pages_overlap_and_cover_all_arrows() {
    for (name, source) in runs() {
        let sequence = Sequence::of(source, &default_hosts(source, SimTime::ZERO, &[]));
        let mut next = 0;
        for page in 0..sequence.pages() {
            let shown = sequence.on_page(page);
            assert!(shown.start <= next && shown.end >= next, "{name}: page {page} begins at {}", shown.start);
            next = shown.end;
        }
        assert_eq!(next, sequence.flights.len(), "{name}");
    }
}

#[test]
fn the_first_page_shows_the_refused_host_and_the_host_that_caused_it() {
    for (name, source) in runs() {
        let Some(refused) = source.index.first_refusal() else { continue };
        let hosts = default_hosts(source, refused.at, &[]);
        for host in [refused.host, refused.because_of].into_iter().flatten() {
            assert!(hosts.contains(&host), "{name}: {hosts:?} without {host:?}");
        }
        // A refusal of hosts that are already shown does not change the selection.
        let with_another: Vec<NodeId> = source.callers().into_iter().take(MOST).chain(hosts).collect();
        assert_eq!(default_hosts(source, refused.at, &with_another), with_another, "{name}");
    }
}
