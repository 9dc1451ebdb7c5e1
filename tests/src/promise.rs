//! Checks a scenario's promise against the trace of its run.

use std::collections::BTreeSet;

use sim_core::kernel::counter::Counter;
use sim_core::kernel::state::State;
use sim_core::scenario::{Promise, Scenario};
use sim_core::time::SimTime;
use sim_core::trace::query::Index;
use sim_core::trace::snapshot::Snapshot;
use sim_core::trace::{Errno, Event, NodeId, Outcome, Role, Trace};

use crate::golden::refused_hosts;

/// The parts of the promise that the run did not keep, a sentence each.
#[must_use]
pub fn broken(scenario: &Scenario, promise: &Promise, trace: &Trace) -> Vec<String> {
    let mut broken = Vec::new();
    let mut expect = |holds: bool, sentence: String| {
        if !holds {
            broken.push(sentence);
        }
    };
    let refused = refused_hosts(trace);
    let entries: BTreeSet<&str> = refused.iter().map(|host| entry(scenario, host)).collect();
    let promised: BTreeSet<&str> = promise.refused.iter().map(String::as_str).collect();
    expect(entries == promised, format!("refused are {entries:?}, not {promised:?}"));
    let least = promise.refused_at_least.map_or(0, usize::from);
    expect(refused.len() >= least, format!("refused are {} hosts, not {least}", refused.len()));
    let server = Snapshot::at(trace, SimTime::ZERO + trace.duration).server;
    let value = |counter: Counter| server.counters.iter().find(|row| row.counter == counter).map_or(0, |row| row.value);
    for counter in &promise.rise {
        expect(value(*counter) > 0, format!("{} does not rise", counter.name()));
    }
    for counter in &promise.stay {
        expect(value(*counter) == 0, format!("{} rises to {}", counter.name(), value(*counter)));
    }
    if let Some(allowed) = &promise.failures {
        let seen = failures(trace);
        let kept = allowed.is_empty() == seen.is_empty() && seen.iter().all(|errno| allowed.contains(errno));
        expect(kept, format!("connections fail with {seen:?}, not {allowed:?}"));
    }
    if let Some(bounds) = promise.time_wait {
        let most = most_in_time_wait(trace);
        let kept = (bounds.at_least..=bounds.at_most).contains(&most);
        expect(kept, format!("{most} sockets are in TIME_WAIT, not {} to {}", bounds.at_least, bounds.at_most));
    }
    broken
}

/// The entry of the scenario that defines the host `name`. A host that was added during the run is an entry of its own.
fn entry<'a>(scenario: &'a Scenario, name: &'a str) -> &'a str {
    let crowds = scenario.hosts.iter().filter(|host| host.count.is_some());
    let mut names = crowds.map(|host| host.name.as_str());
    let number_of = |crowd: &str| name.strip_prefix(crowd)?.strip_prefix('-')?.parse::<u16>().ok();
    names.find(|crowd| number_of(crowd).is_some()).unwrap_or(name)
}

/// The errors with which connections of the hosts ended.
fn failures(trace: &Trace) -> Vec<Errno> {
    let index = Index::new(trace);
    let of_a_host = |node: NodeId| trace.nodes[usize::from(node.0)].role == Role::Client;
    let ended = index.attempts.iter().filter(|attempt| of_a_host(attempt.host)).filter_map(|attempt| attempt.ended);
    let failed = ended.filter_map(|(_, outcome)| match outcome {
        Outcome::Failed(errno) => Some(errno),
        Outcome::Answered => None,
    });
    failed.collect()
}

/// The peak number of the server's sockets in TIME_WAIT.
fn most_in_time_wait(trace: &Trace) -> u32 {
    let (mut now, mut most) = (0_u32, 0);
    for record in trace.records.iter().filter(|record| trace.nodes[usize::from(record.node.0)].role == Role::Server) {
        match record.event {
            Event::StateSet { new: State::TimeWait, .. } => now += 1,
            Event::StateSet { old: State::TimeWait, .. } => now -= 1,
            Event::Booted { .. } => now = 0,
            _ => {}
        }
        most = most.max(now);
    }
    most
}
