//! Sentences that are put together hold for the run that they are about.

use super::*;
use crate::plan::Key;
use crate::route::Loaded;
use crate::route::Route;
use crate::state::{Action, State};

fn page(query: &str) -> State {
    let (route, rejected) = Route::parse(query, &Loaded::default()).unwrap();
    assert_eq!(rejected, []);
    State::open(route, rejected, false)
}

fn asked(query: &str) -> String {
    let state = page(query);
    question(&state.run, &state.snapshot)
}

/// web-1 has three attempts of 10 s each in this scenario, and its kernel would go on for longer.
#[test]
fn who_gives_up_before_the_next_syn_is_not_said_to_send_one() {
    let mut state = page("?scenario=reboot&t=50");
    state.apply(Action::Set(Key::RECYCLE, 0));
    assert!(state.status_line.as_deref().unwrap_or_default().ends_with("gives up at 50.200 s, without another SYN."));
}

#[test]
fn the_start_asks_and_does_not_answer() {
    assert_eq!(asked("?scenario=one-host-alone&t=0"), "One host is behind the NAT. Can it connect?");
    assert_eq!(asked("?scenario=one-host-alone&t=1"), "One host is behind the NAT. Nobody is refused.");
    let state = page("?scenario=one-host-alone&t=0");
    assert_eq!(why::nobody(&state.run, &state.plan, &state.snapshot), "Nobody has been refused yet.");
}

#[test]
fn recycle_is_not_spoken_of_where_there_is_none() {
    assert_eq!(asked("?scenario=ports-run-out-reuse-0&t=30"), "Ports run out. Do all connections get through?");
    assert_eq!(asked("?scenario=lossy-link&t=30"), "A lossy link. Recycle refuses no host.");
}

/// 163,860,150 - 4,038,654,765 + 2^32 = 420,172,681.
#[test]
fn a_sum_that_wraps_says_so() {
    let state = page("?scenario=random-timestamps-by-a-firewall&t=37.205");
    let refused = state.run.index.last_refusal(state.at).unwrap();
    let sums = "remembered 163,860,150 - tsval 4,038,654,765 = 420,172,681 (mod 2^32) > 1";
    assert_eq!(sum(&refused.refusal), sums);
    assert!(why::lines(&state.run, refused).iter().any(|line| line.label == "behind by, in 32 bits"));
    let state = page("?t=60");
    for refused in &state.run.index.refusals {
        let plain = refused.refusal.tsval.unwrap().0 < refused.refusal.remembered.0;
        assert_eq!(sum(&refused.refusal).contains("mod"), !plain);
    }
}

#[test]
fn failures_are_counted_once_and_by_what_they_come_from() {
    let state = page("?scenario=firewall-drop&t=60");
    let attempts = || state.run.index.attempts.iter();
    let failed = attempts().filter(|attempt| matches!(attempt.ended, Some((_, Outcome::Failed(_)))));
    assert!(failed_otherwise(&state.run, state.run.end()) > 0);
    assert_eq!(failed_otherwise(&state.run, state.run.end()), failed.count());
    assert_eq!(failed_otherwise(&state.run, SimTime::ZERO), 0);
    // What recycle refused has its place already.
    let incident = page("");
    assert_eq!(failed_otherwise(&incident.run, incident.run.end()), 0);
}
