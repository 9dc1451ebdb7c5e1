//! The stage of every preset at many moments: its text fits, and the description for screen readers is complete.

use sim_core::time::SimTime;
use sim_core::trace::snapshot::Phase;
use sim_core::trace::{Errno, Outcome};

use super::layout::StageLayout;
use super::lettering::StageText;
use super::model::StageModel;
use super::samples::plans;
use super::scene::Scene;
use super::wait::wait;
use super::{box_text, crowd_text, host_text, marks, segments, server_text};
use crate::geometry::{Point, Rect};
use crate::plan::{Base, Plan, Settings};
use crate::run::Run;
use crate::text;

/// Calls `check` with the stage of every plan, at several widths and many moments.
fn for_every_scene(check: impl Fn(&str, &Scene, &Settings)) {
    for (name, plan) in plans() {
        let run = Run::of(&plan);
        let model = StageModel::of(&run);
        let ends = model.facts.moments();
        let regular = (0..40).map(|nth| SimTime::from_micros(run.end().as_micros() * nth / 40));
        let sent = run.index.flights.iter().map(|flight| flight.sent).step_by(5).take(40);
        let moments: Vec<SimTime> = regular.chain(ends.into_iter().step_by(7).take(60)).chain(sent).collect();
        for width in [280.0, 358.0, 656.0, 880.0, 1_024.0] {
            let layout = StageLayout::new(width, &model.topology, model.needs);
            for at in &moments {
                let snapshot = run.snapshot(*at, None);
                let scene = Scene::new(&run, &snapshot, &model.facts, &model.topology, &layout);
                check(&format!("{name} at {at:?} in {width}"), &scene, &plan.settings(*at));
            }
        }
    }
}

/// The texts of `words` that extend beyond `rect` or overlap another one.
fn misfits(words: &[StageText], rect: &Rect) -> Vec<String> {
    let mut misfits = Vec::new();
    let shown: Vec<&StageText> = words.iter().filter(|word| !word.text.is_empty()).collect();
    for (index, word) in shown.iter().enumerate() {
        let covered = word.rect();
        let fits = covered.x >= rect.x
            && covered.right() <= rect.right() + 1.0
            && covered.y >= rect.y
            && covered.bottom() <= rect.bottom() + 1.0;
        if !fits {
            misfits.push(format!("\"{}\" ({covered:?}) runs out of {rect:?}", word.text));
        }
        let met = shown[index + 1..].iter().find(|other| letters(word).meets(&letters(other), 0.0));
        misfits.extend(met.map(|other| format!("\"{}\" lies on \"{}\"", word.text, other.text)));
    }
    misfits
}

/// The area of the letters, which is lower than the line height.
fn letters(word: &StageText) -> Rect {
    Rect { y: word.y - 9.0, h: 9.0, ..word.rect() }
}

/// Collects the problems that `ask` finds in every scene, and fails with the first few.
fn nothing_is_wrong(ask: impl Fn(&Scene, &Settings) -> Vec<String>) {
    let found = core::cell::RefCell::new(std::collections::BTreeMap::new());
    for_every_scene(|name, scene, settings| {
        for wrong in ask(scene, settings) {
            let place = name.split(" at ").next().unwrap_or_default().to_owned();
            found.borrow_mut().entry((place, scene.layout.width as u32)).or_insert(format!("{name}: {wrong}"));
        }
    });
    let found = found.into_inner();
    assert!(found.is_empty(), "{}", found.into_values().collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_words_of_every_box_fit_into_it_and_not_onto_each_other() {
    nothing_is_wrong(|scene, settings| {
        let layout = scene.layout;
        let mut wrong = Vec::new();
        for place in &layout.hosts {
            wrong.extend(misfits(&host_text::rows(scene, place), &place.rect));
        }
        for place in &layout.crowds {
            let states = crowd_text::states(scene, place);
            wrong.extend(misfits(&crowd_text::lines(scene, place, &states), &place.rect));
        }
        for place in &layout.boxes {
            wrong.extend(misfits(&box_text::all_words(scene, place), &place.rect));
        }
        wrong.extend(misfits(&server_text::lines(scene, settings), &layout.server));
        if let Some(rect) = layout.database {
            wrong.extend(misfits(&server_text::database_lines(scene, &rect), &rect));
        }
        wrong
    });
}

#[test]
fn no_mark_lies_in_a_box() {
    nothing_is_wrong(|scene, _| {
        let inside = |at: &Point| {
            scene.layout.rects().into_iter().find(|rect| rect.meets(&Rect { x: at.x, y: at.y, w: 0.0, h: 0.0 }, 0.0))
        };
        let marks = marks::placed(scene);
        marks.iter().filter_map(|(_, at)| inside(at).map(|rect| format!("{at:?} lies in {rect:?}"))).collect()
    });
}

#[test]
fn the_text_of_a_failure_is_on_the_stage_and_covers_no_box() {
    nothing_is_wrong(|scene, _| {
        let words = marks::all_words(scene);
        let stage = Rect { x: 0.0, y: 0.0, w: scene.layout.width, h: scene.layout.height };
        let mut wrong = misfits(&words, &stage);
        for word in &words {
            let met = scene.layout.rects().into_iter().find(|rect| rect.meets(&letters(word), 0.0));
            wrong.extend(met.map(|rect| format!("\"{}\" ({:?}) lies on {rect:?}", word.text, word.rect())));
        }
        wrong
    });
}

#[test]
fn the_description_names_the_hosts_and_the_failure() {
    for_every_scene(|name, scene, _| {
        let description = text::stage::description(scene, marks::explained(scene));
        assert!(description.ends_with('.') && !description.contains("  "), "{name}: {description}");
        if let Some(refused) = scene.refused {
            assert!(description.contains(&text::refused_in_words(scene.run, refused)), "{name}: {description}");
        }
        if let Some(failure) = marks::explained(scene) {
            let (what, why) = text::stage::end(scene.run, scene.snapshot, failure);
            assert!(description.contains(&what) && description.contains(&why), "{name}: {description}");
        }
    });
}

/// Exceptions: a segment that is wider than its link covers both ends of the link, and on a phone there is no room for
/// both directions of a link among many boxes.
#[test]
fn no_segment_and_no_name_of_one_lies_on_a_box_or_runs_out_of_the_stage() {
    nothing_is_wrong(|scene, _| {
        let flights: Vec<_> = scene.run.index.in_flight(scene.snapshot.at).collect();
        let placed = segments::in_shape(scene, &flights, false);
        let stage = Rect { x: 0.0, y: 0.0, w: scene.layout.width, h: scene.layout.height };
        let labels = segments::labels(scene, &placed).into_iter().flatten();
        let has_room = |segment: &&segments::Placed| {
            segment.upright && scene.layout.boxes.len() < 4
                || segment.curve.end().x - segment.curve.start().x > segment.rect().w + 10.0
        };
        let shapes = placed.iter().filter(has_room).map(segments::Placed::rect);
        let pieces = shapes.chain(labels.map(|label| label.rect()));
        let inside = |piece: &Rect| {
            piece.x >= 0.0 && piece.y >= 0.0 && piece.right() <= stage.right() && piece.bottom() <= stage.bottom()
        };
        let is_wrong = |piece: &Rect| !inside(piece) || scene.layout.rects().iter().any(|rect| rect.meets(piece, 0.0));
        pieces.filter(is_wrong).map(|piece| format!("{piece:?}")).collect()
    });
}

/// The event that a host is said to wait for happens at that moment, unless something else happens to the host before.
#[test]
fn a_waiting_host_acts_at_the_announced_time() {
    for_every_scene(|name, scene, _| {
        let Scene { run, snapshot, .. } = *scene;
        for client in &snapshot.clients {
            let Some(wait) = wait(run, client, snapshot.at) else { continue };
            let Phase::Connecting { connection, .. } = client.phase else { panic!("{name}") };
            let attempt = run.index.attempt(connection).unwrap();
            if wait.is_last {
                assert_eq!(attempt.ended, Some((wait.until, Outcome::Failed(Errno::Etimedout))), "{name}");
                continue;
            }
            let flights = &run.index.flights;
            let then = &flights[flights.partition_point(|flight| flight.sent < wait.until)..];
            let mut then = then.iter().take_while(|flight| flight.sent == wait.until);
            let sends = then.any(|flight| flight.connection == Some(connection) && flight.header.opens());
            let answered = attempt.ended.filter(|(_, outcome)| *outcome != Outcome::Failed(Errno::Etimedout));
            let answered = [answered.map(|(at, _)| at), attempt.established];
            let turns = answered.into_iter().flatten().any(|turn| turn <= wait.until);
            let reboots = scene.facts.last_turn(client.node, wait.until).is_some_and(|(at, _)| at >= snapshot.at);
            let is_cut = sends || turns || reboots || run.end() < wait.until;
            assert!(is_cut, "{name}: {wait:?}");
        }
    });
}

#[test]
fn the_server_counts_half_open_connections_apart() {
    let run = Run::of(&Plan::of(Base::preset("recycle-and-cookies").unwrap()));
    let snapshot = run.snapshot(SimTime::from_secs(20), None);
    assert_eq!(server_text::sockets(&snapshot), ["0 TIME-WAIT", "4 half open"]);
}

#[test]
fn every_segment_in_flight_is_on_a_link() {
    for_every_scene(|name, scene, _| {
        for flight in scene.run.index.in_flight(scene.snapshot.at) {
            assert!(scene.layout.between(flight.from, flight.to).is_some(), "{name}: {flight:?}");
        }
    });
}
