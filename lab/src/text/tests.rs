//! Sentences that are put together hold for the run that they are about.

use super::*;
use crate::plan::Key;
use crate::route::Loaded;
use crate::route::Route;
use crate::state::{Action, State};
use sim_core::trace::query::Fate;

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
fn a_host_that_gives_up_first_is_not_said_to_retransmit() {
    let mut state = page("?scenario=reboot&t=50");
    state.apply(Action::Set(Key::RECYCLE, 0));
    assert!(state.status_line.as_deref().unwrap_or_default().ends_with("gives up at 50.200 s, without another SYN."));
}

#[test]
fn at_the_start_the_page_asks_a_question() {
    assert_eq!(asked("?scenario=one-host-alone&t=0"), "One host is behind the NAT. Can it connect?");
    assert_eq!(asked("?scenario=one-host-alone&t=1"), "One host is behind the NAT. Nobody is refused.");
    let state = page("?scenario=one-host-alone&t=0");
    assert_eq!(why::nobody(&state.run, &state.plan, &state.snapshot), "Nobody has been refused yet.");
}

#[test]
fn scenarios_without_recycle_do_not_mention_it() {
    assert_eq!(asked("?scenario=ports-run-out-reuse-0&t=30"), "Ports run out. Do all connections get through?");
    assert_eq!(asked("?scenario=lossy-link&t=30"), "A lossy link. Recycle refuses no host.");
}

/// 163,860,150 - 4,038,654,765 + 2^32 = 420,172,681.
#[test]
fn a_difference_that_wraps_is_marked_mod_2_32() {
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
fn other_failures_exclude_refusals_by_recycle() {
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

#[test]
fn an_arrow_of_a_lost_segment_says_once_that_it_is_lost() {
    let run = page("?scenario=lossy-link").run;
    let lost = run.index.flights.iter().filter(|flight| matches!(flight.fate, Fate::Lost(_)));
    let said: Vec<String> = lost.map(|flight| ladder::arrow(&run, flight, None)).collect();
    assert!(!said.is_empty());
    for said in said {
        assert_eq!(said.matches("does not arrive").count() + said.matches("It is lost").count(), 1, "{said}");
        assert!(said.ends_with("lost on the link."), "{said}");
    }
}
