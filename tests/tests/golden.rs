//! Every preset: its golden file, the rules that hold in every trace, and what it must show whatever our output says.
//!
//! `tests/golden/NAME.txt` is what a run gave when it was last read. `BLESS=1` writes it anew (`cargo xtask bless`). The
//! table below is not written by a program: it follows from the rules of ARCHITECTURE.md.

use std::path::PathBuf;

use sim_core::check::check;
use sim_core::kernel::mib::Counter;
use sim_core::scenario::{PRESETS, Scenario};
use sim_core::time::SimTime;
use sim_core::trace::query::Index;
use sim_core::trace::snapshot::Snapshot;
use sim_core::trace::{Errno, Outcome, Role, Trace};
use tests::golden;

/// What a scenario must show.
struct Expected {
    name: &'static str,
    /// Why it must.
    why: &'static str,
    /// The hosts that R1 refuses at least once, or [`MANY`] or [`NOBODY`].
    refused: &'static [&'static str],
    /// Counters of the server that rise.
    rise: &'static [Counter],
    /// Counters of the server that stay at 0.
    stay: &'static [Counter],
    /// How connections of the hosts may fail; `None` where nothing is said.
    failures: Option<&'static [Errno]>,
}

const NOBODY: &[&str] = &[];
/// More hosts than one wants to list.
const MANY: &[&str] = &["many"];

const PAWS: &[Counter] = &[Counter::PawsPassive, Counter::ListenDrops];
const TIMED_OUT: Option<&[Errno]> = Some(&[Errno::Etimedout]);
const NONE_FAILS: Option<&[Errno]> = Some(&[]);

const EXPECTED: &[Expected] = &[
    Expected {
        name: "one-address-many-servers",
        why: "six clocks behind one address: all but the highest are behind what is remembered (R1, R4)",
        refused: &["web-2", "web-3", "web-4", "web-5", "web-6"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "one-host-alone",
        why: "one clock is never behind itself",
        refused: NOBODY,
        rise: &[],
        stay: &[Counter::PawsPassive, Counter::ListenDrops],
        failures: NONE_FAILS,
    },
    Expected {
        name: "reboot",
        why: "jiffies begin anew five minutes before zero (R9), so web-1 is behind the clock it had",
        refused: &["web-1"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "address-passed-on",
        why: "the memory belongs to the address (R3), and new-1's clock is lower than that of the host that left",
        refused: &["new-1"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "random-timestamps-by-a-firewall",
        why: "each connection has a clock of its own; of two random ones either is ahead",
        refused: &["web-1"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "load-balancer",
        why: "the server sees the balancer's address only, and own-1 has the highest clock behind it",
        refused: &["own-2", "own-3", "own-4"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "macos-client",
        why: "a random timestamp for each connection (R9); web-1 has one clock",
        refused: &["mac-1"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: None,
    },
    Expected {
        name: "windows-client",
        why: "no timestamps by default (R9), and 4.9 refuses SYNs without one from a remembered address (R1)",
        refused: &["pc-1"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "linux-4.10.0-client",
        why: "4.10.0 has an offset for each connection, 4.11 one for each pair of addresses (R9)",
        refused: &["web-1"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "two-hundred-phones",
        why: "two hundred clocks, and more, behind one address",
        refused: MANY,
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "retries-that-catch-up",
        why: "a clock that lags by 2.5 s is ahead of the remembered one 2.5 s later (R13), well before anybody gives up",
        refused: &["web-2"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: NONE_FAILS,
    },
    Expected {
        name: "keep-alive",
        why: "fewer connections, the same clocks",
        refused: &["web-2", "web-3"],
        rise: PAWS,
        stay: &[Counter::ListenOverflows],
        failures: TIMED_OUT,
    },
    Expected {
        name: "same-four-tuple-again",
        why: "recycle is off, so R1 is asked of nobody; what goes wrong is judged by timewait sockets (R6)",
        refused: NOBODY,
        rise: &[],
        stay: &[Counter::PawsPassive, Counter::ListenDrops, Counter::ListenOverflows],
        failures: None,
    },
    Expected {
        name: "ports-run-out-reuse-0",
        why: "45 queries in 90 s, 20 ports, a minute each (R8); the hosts see a connection that breaks off",
        refused: NOBODY,
        rise: &[],
        stay: &[Counter::TwRecycled, Counter::ListenDrops],
        failures: Some(&[Errno::Econnreset]),
    },
    Expected {
        name: "ports-run-out-reuse-1",
        why: "a port rests for a second or two and is used again (R7)",
        refused: NOBODY,
        rise: &[Counter::TwRecycled],
        stay: &[Counter::ListenDrops],
        failures: NONE_FAILS,
    },
    Expected {
        name: "ports-run-out-reuse-2",
        why: "2 means loopback only from 4.19 on (R7), and the database is another machine",
        refused: NOBODY,
        rise: &[],
        stay: &[Counter::TwRecycled, Counter::ListenDrops],
        failures: Some(&[Errno::Econnreset]),
    },
    Expected {
        name: "accept-queue-overflow",
        why: "nobody accepts for 18 s and four fit in (R14); recycle is on and has nothing to do with it",
        refused: NOBODY,
        rise: &[Counter::ListenOverflows, Counter::ListenDrops],
        stay: &[Counter::PawsPassive],
        failures: NONE_FAILS,
    },
    Expected {
        name: "lossy-link",
        why: "what is lost moves no counter of a refusal, and one clock that keeps its order is never behind",
        refused: NOBODY,
        rise: &[],
        stay: &[Counter::PawsPassive, Counter::ListenDrops, Counter::ListenOverflows],
        failures: None,
    },
];

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "golden", &format!("{name}.txt")].iter().collect()
}

fn trace_of(name: &str) -> (Scenario, Trace) {
    let scenario = Scenario::preset(name).unwrap_or_else(|| panic!("{name} is no preset that reads"));
    let trace = sim_core::run(&scenario);
    (scenario, trace)
}

#[test]
fn every_preset_runs_as_its_golden_file_says() {
    let mut different = Vec::new();
    for preset in PRESETS {
        let (scenario, trace) = trace_of(preset.name);
        let now = golden::text(&scenario, &trace);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(file(preset.name), now).unwrap();
        } else if std::fs::read_to_string(file(preset.name)).ok() != Some(now) {
            different.push(preset.name);
        }
    }
    assert!(different.is_empty(), "blessed by BLESS=1, once the difference was read: {different:?}");
}

#[test]
fn every_trace_of_a_preset_passes_the_check() {
    for preset in PRESETS {
        assert_eq!(check(&trace_of(preset.name).1), [], "{}", preset.name);
    }
}

#[test]
fn every_preset_shows_what_it_must() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let told: Vec<&str> = EXPECTED.iter().map(|expected| expected.name).collect();
    assert_eq!(told, PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>());
    for expected in EXPECTED {
        let (_, trace) = trace_of(expected.name);
        let (name, why) = (expected.name, expected.why);
        let refused = golden::refused_hosts(&trace);
        if expected.refused == MANY {
            assert!(refused.len() > 50, "{name}: {why}; but only {refused:?}");
        } else {
            assert_eq!(refused, names(expected.refused), "{name}: {why}");
        }
        let server = Snapshot::at(&trace, SimTime::ZERO + trace.duration).server;
        let value = |counter| server.counters.iter().find(|row| row.counter == counter).map_or(0, |row| row.value);
        for counter in expected.rise {
            assert!(value(*counter) > 0, "{name}: {} rises, since {why}", counter.name());
        }
        for counter in expected.stay {
            assert_eq!(value(*counter), 0, "{name}: {} stays, since {why}", counter.name());
        }
        if let Some(allowed) = expected.failures {
            let seen = failures(&trace);
            let as_expected = allowed.is_empty() == seen.is_empty() && seen.iter().all(|errno| allowed.contains(errno));
            assert!(as_expected, "{name}: {why}; but the hosts saw {seen:?}");
        }
    }
}

/// How connections of the hosts failed.
fn failures(trace: &Trace) -> Vec<Errno> {
    let index = Index::new(trace);
    let of_a_host = |node: sim_core::trace::NodeId| trace.nodes[usize::from(node.0)].role == Role::Client;
    let ended = index.attempts.iter().filter(|attempt| of_a_host(attempt.host)).filter_map(|attempt| attempt.ended);
    let failed = ended.filter_map(|(_, outcome)| match outcome {
        Outcome::Failed(errno) => Some(errno),
        Outcome::Answered => None,
    });
    failed.collect()
}
