//! Every anomaly of every scenario has an explanation.

use std::collections::BTreeMap;

use sim_core::scenario::PRESETS;
use sim_core::trace::Event;

use super::*;
use crate::route::Loaded;
use crate::route::Route;
use crate::state::State;

fn page(query: &str) -> State {
    let (route, rejected) = Route::parse(query, &Loaded::default()).unwrap();
    assert_eq!(rejected, []);
    State::open(route, rejected, false)
}

/// The pages of all scenarios, unchanged and with settings that trigger other rules.
fn pages() -> impl Iterator<Item = State> {
    let variants = ["", "&do=20:timestamps=0", "&reuse=1", "&kernel=3.10", "&kernel=6.18"];
    PRESETS.iter().flat_map(move |preset| {
        variants.into_iter().map(move |variant| page(&format!("?scenario={}&t=1{variant}", preset.name)))
    })
}

/// The first few anomalies of each kind. A crowd has thousands of the same kind.
fn some_of_each(state: &State) -> Vec<(usize, Anomaly)> {
    let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
    let wanted = |(_, anomaly): &(usize, Anomaly)| {
        let seen = of_kind.entry(format!("{anomaly:?}")).or_default();
        *seen += 1;
        *seen <= 3
    };
    state.run.anomaly.iter().filter(wanted).collect()
}

fn explained(state: &State, anomaly: (usize, Anomaly)) -> Explanation {
    Explanation::of(&state.plan, &state.run, &state.snapshot, anomaly).unwrap()
}

#[test]
fn every_anomaly_has_a_rule_a_function_and_working_buttons() {
    for mut state in pages() {
        for anomaly in some_of_each(&state) {
            state.apply(Action::Show(anomaly.0));
            assert_eq!(state.anomaly(), Some(anomaly));
            let answer = explained(&state, anomaly);
            assert!(!answer.say.is_empty() && !answer.citation.is_empty() && !answer.remedy.is_empty());
            assert!(!answer.say.contains("unknown"), "{}", answer.say);
            for way in &answer.buttons {
                let mut after = state.clone();
                after.apply(way.action.clone());
                match way.action {
                    Action::Set(..) | Action::SetKernel(_) => assert_ne!(after.plan, state.plan, "{}", way.label),
                    _ => assert_ne!((after.at, after.chosen), (state.at, state.chosen), "{}", way.label),
                }
            }
        }
    }
}

/// The counters that an explanation names were incremented at that node at that moment.
#[test]
fn the_counters_of_an_answer_rose_at_that_moment() {
    for state in pages() {
        for anomaly in some_of_each(&state) {
            let record = &state.run.trace.records[anomaly.0];
            let rose: Vec<String> = state
                .run
                .trace
                .records
                .iter()
                .filter(|other| (other.at, other.node) == (record.at, record.node))
                .filter_map(|other| match &other.event {
                    Event::CounterAdded { counter, .. } => Some(format!("TcpExt{} +1", counter.name())),
                    _ => None,
                })
                .collect();
            let named = explained(&state, anomaly).counters;
            assert!(named.iter().all(|name| rose.contains(name)), "{named:?} of {rose:?}");
            if anomaly.1.is_refusal() {
                assert_eq!(named, ["TcpExtPAWSPassive +1", "TcpExtListenDrops +1"]);
            }
        }
    }
}

/// The comparison of the kernel holds for the numbers that are shown.
#[test]
fn a_full_accept_queue_is_longer_than_its_backlog() {
    let state = page("?scenario=accept-queue-overflow&t=1");
    let full: Vec<_> =
        state.run.anomaly.iter().filter(|anomaly| anomaly.1 == Anomaly::Dropped(DropReason::AcceptQueueFull)).collect();
    assert!(!full.is_empty());
    for anomaly in full {
        let scene = Context::of(&state.run, anomaly.0).unwrap();
        let listening = scene.snapshot.server.listening.unwrap();
        assert!(listening.waiting > listening.backlog, "at {}", scene.record.at);
    }
}

/// The port range has 20 ports, and all of them are in use when `connect()` fails (rule R8).
#[test]
fn the_ports_have_run_out_when_connect_fails() {
    let state = page("?scenario=ports-run-out-reuse-0&t=1");
    let failed: Vec<_> =
        state.run.anomaly.iter().filter(|anomaly| matches!(anomaly.1, Anomaly::CannotConnect(_))).collect();
    assert!(!failed.is_empty());
    for anomaly in failed {
        let answer = explained(&state, anomaly);
        assert_eq!(answer.sum.last().unwrap().number, "20 of 20");
        assert!(answer.buttons.iter().any(|way| way.label == "Reuse 1 from here"));
    }
}

#[test]
fn reuse_from_here_ends_the_shortage() {
    let mut state = page("?scenario=ports-run-out-reuse-0&t=1");
    let first = state.run.anomaly.iter().find(|anomaly| matches!(anomaly.1, Anomaly::CannotConnect(_))).unwrap();
    state.apply(Action::Show(first.0));
    let at = state.at;
    state.apply(Action::Set(Key::REUSE, 1));
    let later = |state: &State| {
        let at_record = |position: usize| state.run.trace.records[position].at;
        state
            .run
            .anomaly
            .iter()
            .filter(|(position, anomaly)| matches!(anomaly, Anomaly::CannotConnect(_)) && at_record(*position) > at)
            .count()
    };
    assert_eq!(later(&state), 0);
}

#[test]
fn a_chosen_record_is_explained_before_the_waiting_host() {
    let mut state = page("");
    let first = state.run.index.first_refusal().unwrap().record;
    assert_eq!(state.anomaly().map(|anomaly| anomaly.0), Some(first));
    let gave_up = state.run.anomaly.iter().find(|anomaly| matches!(anomaly.1, Anomaly::Failed(_))).unwrap();
    state.apply(Action::Show(gave_up.0));
    assert_eq!(state.anomaly(), Some(gave_up));
    assert_eq!(page("?t=0").anomaly(), None);
}

/// The explanations of all anomalies of one scenario.
fn answers(query: &str) -> Vec<(Anomaly, Explanation)> {
    let state = page(query);
    state.run.anomaly.iter().map(|anomaly| (anomaly.1, explained(&state, anomaly))).collect()
}

/// ACKs and RSTs are never retransmitted, and a lost segment gets no answer.
#[test]
fn a_lost_ack_has_no_consequence() {
    let lost: Vec<_> = answers("?scenario=lossy-link&t=1");
    let lost: Vec<_> = lost.into_iter().filter(|(anomaly, _)| matches!(anomaly, Anomaly::Lost(_))).collect();
    let (acks, others): (Vec<_>, Vec<_>) = lost
        .iter()
        .partition(|(_, answer)| answer.say.contains("'s ACK is lost") || answer.say.contains("'s RST is lost"));
    assert!(!acks.is_empty() && !others.is_empty());
    for (_, answer) in acks {
        assert_eq!((answer.afterwards.as_str(), answer.remedy), ("", "Possible fix: a link that loses less."));
    }
    for (_, answer) in others {
        assert!(!answer.afterwards.contains("answers"), "{}", answer.afterwards);
        assert!(answer.remedy.ends_with("sends the segment again."), "{}", answer.say);
    }
}

#[test]
fn the_remedy_for_a_full_time_wait_table_is_more_buckets() {
    let answers = answers("?scenario=bucket-overflow&t=1");
    let no_socket = answers.iter().filter(|(anomaly, _)| *anomaly == Anomaly::Dropped(DropReason::NoSocket));
    let remedies: Vec<&str> = no_socket.map(|(_, answer)| answer.remedy).collect();
    assert!(!remedies.is_empty());
    assert!(remedies.iter().all(|remedy| *remedy == "Possible fix: a larger tcp_max_tw_buckets."), "{remedies:?}");
}

#[test]
fn a_sentence_begins_with_a_capital_letter_or_with_the_name_of_a_host() {
    for query in ["?scenario=firewall-drop&t=1", "?scenario=ports-run-out-reuse-1&t=1", "?scenario=bucket-overflow&t=1"]
    {
        for (_, answer) in answers(query) {
            for text in [&answer.say, &answer.afterwards] {
                let wrong =
                    text.split(". ").any(|one| ["the ", "a ", "an "].iter().any(|begin| one.starts_with(begin)));
                assert!(!wrong, "{text}");
            }
        }
    }
}
