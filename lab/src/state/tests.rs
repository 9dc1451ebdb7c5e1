//! Sequences of actions as a visitor would trigger them, without a browser.

use super::*;
use crate::comparison::Comparison;
use crate::route::Loaded;

fn page(query: &str) -> State {
    let (route, rejected) = Route::parse(query, &Loaded::default()).unwrap();
    State::open(route, rejected, false)
}

fn after(mut state: State, actions: impl IntoIterator<Item = Action>) -> State {
    actions.into_iter().for_each(|action| state.apply(action));
    state
}

fn refused_after(state: &State, at: SimTime) -> usize {
    state.run.index.refusals.iter().filter(|refused| refused.at > at).count()
}

#[test]
fn the_page_opens_at_the_first_refusal_and_its_address_stays_bare() {
    let state = page("");
    assert_eq!(Some(state.at), state.run.index.first_refusal().map(|refused| refused.at));
    assert!(state.run.refusal_on_stage(&state.snapshot).is_some());
    assert_eq!(state.route().query(), "");
}

#[test]
fn recycle_off_changes_only_later_events() {
    let state = after(page(""), [Action::Set(Key::RECYCLE, 0)]);
    assert_eq!(refused_after(&state, state.at), 0);
    assert_eq!(state.run.index.status(state.at).refused, 1);
    assert!(state.status_line.as_deref().unwrap().contains("sends its SYN again at"));
    assert_eq!(page(&state.route().query()).plan, state.plan);
}

#[test]
fn a_switch_before_time_moves_holds_from_the_start() {
    let state = after(page("?t=0"), [Action::Set(Key::RECYCLE, 0)]);
    assert_eq!(state.plan.initial().value(Key::RECYCLE), Some(0));
    assert!(state.plan.changes.is_empty() && state.run.index.refusals.is_empty());
}

#[test]
fn a_change_can_hold_from_the_start_or_never_have_been() {
    let changed = after(page(""), [Action::Set(Key::RECYCLE, 0)]);
    let change = changed.plan.changes[0];
    let from_start = after(changed.clone(), [Action::FromStart(change)]);
    assert!(from_start.run.index.refusals.is_empty());
    assert_eq!(*after(changed, [Action::Remove(change)]).plan, Plan::incident().unwrap());
}

#[test]
fn undo_and_redo_restore_plans() {
    let changed = after(page(""), [Action::Add(Place::BehindNat), Action::Set(Key::REUSE, 1)]);
    let undone = after(changed.clone(), [Action::Undo, Action::Undo]);
    assert_eq!(*undone.plan, Plan::incident().unwrap());
    assert!(!undone.can_undo());
    assert_eq!(after(undone, [Action::Redo, Action::Redo]).plan, changed.plan);
}

#[test]
fn too_many_hosts_are_rejected_with_a_message() {
    let state = after(page(""), vec![Action::Add(Place::Own); Place::Own.most_added() + 1]);
    assert_eq!(state.plan.added(Place::Own), Place::Own.most_added());
    assert_eq!(
        state.status_line.as_deref(),
        Some("The stage has room for only four more hosts with their own address.")
    );
}

#[test]
fn changing_a_switch_while_it_plays_goes_on_playing_from_that_moment() {
    let state = after(page("?t=20&play=1"), [Action::Frame(50.0), Action::Set(Key::RECYCLE, 0), Action::Frame(50.0)]);
    assert!(state.playing);
    assert!(state.plan.changes[0].at > SimTime::from_secs(20) && state.plan.changes[0].at <= state.at);
}

#[test]
fn the_address_does_not_change_with_every_frame() {
    let state = after(page("?t=20"), [Action::TogglePlay]);
    let later = after(state.clone(), vec![Action::Frame(16.0); 5]);
    assert!(later.at > state.at);
    assert_eq!(later.route().query(), "?t=20&play=1");
    assert_eq!(after(later.clone(), [Action::Pause]).route().at, Some(later.at));
}

#[test]
fn play_at_the_end_starts_again() {
    let state = after(page("?t=180"), [Action::TogglePlay]);
    assert!(state.playing);
    assert_eq!(state.at, SimTime::ZERO);
    let ended = after(page("?t=179.999&play=1"), vec![Action::Frame(100.0); 30]);
    assert!(!ended.playing);
    assert_eq!(ended.at, ended.run.end());
}

#[test]
fn without_motion_play_goes_from_event_to_event() {
    let state = after(page("?t=0&play=1"), [Action::SetReducedMotion(true), Action::Frame(1_500.0)]);
    assert_eq!(Some(state.at), state.run.index.next_stop(SimTime::ZERO));
}

#[test]
fn steps_and_refusals_lead_there_and_back() {
    let state = page("");
    let there = after(state.clone(), [Action::Step(Direction::Forward), Action::Step(Direction::Back)]);
    assert_eq!(there.at, state.at);
    let next = after(state.clone(), [Action::StepRefusal(Direction::Forward)]);
    assert_eq!(Some(next.at), state.run.index.next_refusal(state.at).map(|refused| refused.at));
    assert_eq!(after(next, [Action::StepRefusal(Direction::Back)]).at, state.at);
}

#[test]
fn an_added_host_is_refused_only_behind_the_nat() {
    let refused = |place: Place| {
        let state = after(page(""), [Action::Add(place)]);
        let newest = state.run.clients().last().map(|(node, _)| node);
        state.run.index.refusals.iter().filter(|refused| refused.host == newest).count()
    };
    assert!(refused(Place::BehindNat) > 0);
    assert_eq!(refused(Place::Own), 0);
}

#[test]
fn undo_reuses_the_previous_run() {
    let state = page("");
    let undone = after(state.clone(), [Action::Set(Key::RECYCLE, 0), Action::Undo]);
    assert!(undone.can_redo());
    assert_eq!(undone.run, state.run);
}

#[test]
fn a_run_has_the_first_difference_from_the_previous_run() {
    assert!(page("").forked().is_none());
    assert!(after(page("?t=0"), [Action::Set(Key::RECYCLE, 0)]).forked().is_none());
    let state = after(page("?t=20"), [Action::Set(Key::RECYCLE, 0), Action::Seek(SimTime::from_secs(120))]);
    let forked = state.forked().unwrap();
    assert_eq!(forked.at, state.plan.changes[0].at);
    let passive = |snapshot: &Snapshot| {
        snapshot.server.counters.iter().find(|row| row.counter.name() == "PAWSPassive").unwrap().value
    };
    assert_eq!(passive(&state.snapshot), passive(&forked.before));
    // Both runs are the same until then. The snapshot is from the other run and does not include the change itself.
    assert!(forked.before.at < forked.at);
    assert_eq!(forked.before, page("").run.snapshot(forked.before.at, None));
    // An address does not hold the order of edits, so the other side is the plan without its changes.
    assert_eq!(page(&state.route().query()).forked().map(|forked| forked.at), Some(forked.at));
}

#[test]
fn the_comparison_is_computed_when_its_tab_opens() {
    let changed = after(page("?t=20"), [Action::Set(Key::RECYCLE, 0)]);
    assert!(changed.side_by_side().is_none());
    let looked = after(changed, [Action::OpenTab(Tab::Compare)]);
    let compared = looked.side_by_side().unwrap();
    assert_eq!(compared.baseline, Baseline::LastChange);
    assert_eq!(*compared.sides[0].0, Plan::incident().unwrap());
    assert_eq!(compared.sides[1].1, looked.run);
    assert!(
        Comparison::of([&compared.sides[0].1, &compared.sides[1].1])
            .first
            .as_ref()
            .is_some_and(|first| first.at >= looked.plan.changes[0].at)
    );
    // This run comes first if the baseline is a what-if and not an earlier plan.
    let newer = after(looked, [Action::Compare(Baseline::Kernel412)]);
    let compared = newer.side_by_side().unwrap();
    assert_eq!(compared.sides[0].1, newer.run);
    assert_eq!(compared.sides[1].0.kernel, KernelVersion::V4_12);
}

#[test]
fn baselines_with_the_same_run_are_not_offered() {
    for query in ["", "?t=0&recycle=0", "?kernel=4.12", "?scenario=ports-run-out-reuse-0", "?t=20&do=20:recycle=0"] {
        let state = after(page(query), [Action::OpenTab(Tab::Compare)]);
        let choices = state.side_by_side().unwrap().choices.clone();
        for baseline in &choices {
            let compared = after(state.clone(), [Action::Compare(*baseline)]).side_by_side().unwrap().clone();
            assert_eq!(compared.baseline, *baseline);
            assert_ne!(compared.sides[0].0.scenario(), compared.sides[1].0.scenario(), "{query}: {baseline:?}");
        }
        let names: Vec<String> = choices.iter().map(|baseline| baseline.name()).collect();
        let recycle = Key::RECYCLE.exists_in(state.plan.kernel);
        assert_eq!(names.iter().any(|name| name.contains("recycle") || name.contains("4.12")), recycle, "{query}");
    }
}

#[test]
fn the_address_has_the_chosen_baseline() {
    let looked = after(page("?t=20"), [Action::OpenTab(Tab::Compare)]);
    assert_eq!(looked.route().query(), "?t=20&view=compare");
    let chosen = after(looked, [Action::Compare(Baseline::Kernel412)]);
    let query = "?t=20&view=compare&against=kernel-4.12";
    assert_eq!(chosen.route().query(), query);
    assert_eq!(page(query).side_by_side().unwrap().baseline, Baseline::Kernel412);
    assert_eq!(after(chosen, [Action::OpenTab(Tab::Log)]).route().query(), "?t=20&view=log");
    // If the page was opened by its address, the run before the last change is the scenario without changes. The
    // visitor's choice of name is kept.
    let twice = "?do=10:reuse=1&do=20:recycle=0&t=20&view=compare&against=as-it-was";
    assert_eq!(page(twice).side_by_side().unwrap().baseline, Baseline::AsItWas);
    assert_eq!(page(twice).route().query(), twice);
}

#[test]
fn a_baseline_that_does_not_apply_is_reported() {
    for none in ["?recycle=0&view=compare&against=recycle-0", "?kernel=4.12&view=compare&against=recycle-1"] {
        let state = page(none);
        assert_eq!(state.notices.len(), 1, "{none}");
        assert!(!state.route().query().contains("against"), "{none}");
    }
}

#[test]
fn the_other_side_follows_the_next_change() {
    let looked = after(page("?t=20"), [Action::OpenTab(Tab::Compare), Action::Set(Key::RECYCLE, 0)]);
    assert_eq!(looked.side_by_side().unwrap().baseline, Baseline::LastChange);
    let back = after(looked, [Action::Undo]);
    assert_ne!(back.side_by_side().unwrap().baseline, Baseline::LastChange);
}
