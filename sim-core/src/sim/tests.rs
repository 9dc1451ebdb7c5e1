//! A snapshot folded from the records equals the state of the kernels and the NAT at that time.

use std::collections::BTreeSet;

use super::{SERVER, Sim};
use crate::invariants::check;
use crate::kernel::counter::Counter;
use crate::scenario::{Action, Scenario, Side};
use crate::time::SimTime;
use crate::trace::snapshot::{Phase, Snapshot};
use crate::trace::{NodeId, Timer};

fn incident() -> Scenario {
    Scenario::preset("one-address-many-servers").unwrap()
}

fn set(key: &str, value: &str) -> Action {
    Action::SetSysctl { key: format!("net.ipv4.{key}"), value: value.to_owned() }
}

/// The incident in all the ways in which the page can change it.
fn variations() -> Vec<Scenario> {
    let mut all = vec![incident()];
    let mut change = |change: fn(&mut Scenario)| {
        let mut scenario = incident();
        change(&mut scenario);
        all.push(scenario);
    };
    change(|scenario| scenario.act(30_000, set("tcp_tw_recycle", "0")));
    change(|scenario| scenario.act(20_000, set("tcp_timestamps", "0")));
    change(|scenario| scenario.closes_first = Side::Client);
    change(|scenario| scenario.server.kernel = "3.10".parse().unwrap());
    change(|scenario| scenario.server.kernel = "6.18".parse().unwrap());
    change(|scenario| scenario.act(12_000, Action::AddHost { behind_nat: true }));
    change(|scenario| {
        scenario.server.sysctls.insert("net.ipv4.tcp_tw_recycle".into(), "0".into());
        scenario.act(40_017, Action::SetKernel { version: "4.11".parse().unwrap() });
        scenario.act(60_000, set("tcp_tw_recycle", "1"));
    });
    // Answers that take long, so that a boot finds connections open.
    change(|scenario| {
        scenario.server.service_ms = 3_000;
        for at_ms in [19_000, 48_100, 97_000] {
            scenario.act(at_ms, Action::SetKernel { version: "4.9".parse().unwrap() });
        }
    });
    // A NAT with few ports, which forgets soon.
    change(|scenario| {
        let nat = scenario.nat.as_mut().unwrap();
        (nat.first_port, nat.last_port, nat.idle_s) = (50_000, 50_007, 5);
    });
    all
}

/// Those, and every preset.
fn everything() -> Vec<Scenario> {
    let presets = crate::scenario::PRESETS.iter().filter_map(|preset| Scenario::preset(preset.name));
    variations().into_iter().chain(presets).collect()
}

#[test]
fn a_snapshot_is_what_the_server_holds() {
    for scenario in everything() {
        let mut sim = Sim::new(&scenario);
        for at_ms in (0..=u64::from(scenario.duration_s) * 1_000).step_by(1_717) {
            let at = SimTime::from_millis(at_ms);
            sim.run_until(at);
            let snapshot = Snapshot::at(sim.recorder(), at);
            let (view, kernel) = (&snapshot.server, &sim.hosts[0].kernel);
            assert_eq!((view.kernel, &view.sysctls, view.clock), (kernel.version(), kernel.sysctls(), kernel.clock()));
            let seen: BTreeSet<String> =
                view.sockets.iter().map(|row| format!("{} {}", row.tuple.remote, row.state)).collect();
            let held: BTreeSet<String> =
                kernel.sockets().iter().map(|socket| format!("{} {}", socket.tuple.remote, socket.state)).collect();
            assert_eq!(seen, held, "at {at}");
            for row in &view.counters {
                assert_eq!(row.value, kernel.counters().value(row.counter), "{:?} at {at}", row.counter);
            }
            for stamp in &view.remembered {
                let held = kernel.remembered(stamp.peer).map(|held| (held.tsval, held.at));
                assert_eq!(held, Some((stamp.tsval, stamp.at)), "{} at {at}", stamp.peer);
            }
        }
    }
}

#[test]
fn the_timer_of_a_timewait_socket_is_the_kernels() {
    let mut scenario = incident();
    scenario.server.sysctls.insert("net.ipv4.tcp_tw_recycle".into(), "0".into());
    let mut sim = Sim::new(&scenario);
    let at = SimTime::from_secs(100);
    sim.run_until(at);
    let snapshot = Snapshot::at(sim.recorder(), at);
    let timewait = snapshot.server.sockets.iter().filter_map(|row| row.timer.map(|timer| (row.tuple, timer)));
    let seen: Vec<_> = timewait.map(|(tuple, timer)| (tuple, timer.timer, Some(timer.expires))).collect();
    assert!(seen.len() > 10, "recycle is off, so they stay for a minute: {}", seen.len());
    for (tuple, timer, expires) in seen {
        let socket = sim.hosts[0].kernel.sockets().into_iter().find(|socket| socket.tuple == tuple);
        assert_eq!((timer, expires), (Timer::TimeWait, socket.and_then(|socket| socket.expires)));
    }
}

#[test]
fn a_clients_clock_and_phase_are_what_it_has() {
    for scenario in variations() {
        let mut sim = Sim::new(&scenario);
        for at_ms in (0..=180_000).step_by(4_391) {
            let at = SimTime::from_millis(at_ms);
            sim.run_until(at);
            let snapshot = Snapshot::at(sim.recorder(), at);
            for view in &snapshot.clients {
                let index = super::index_of(&sim.world, view.node);
                let host = &sim.hosts[index];
                let crate::host::Program::Client(client) = &host.program else { panic!("a client") };
                let mut open: Vec<_> = client.open.values().map(|exchange| exchange.connection).collect();
                open.sort_unstable();
                assert_eq!(view.open.iter().map(|open| open.connection).collect::<Vec<_>>(), open, "at {at}");
                let waits = client.open.values().any(|exchange| !exchange.connected);
                assert_eq!(matches!(view.phase, Phase::Connecting { .. }), waits, "at {at}");
                assert_eq!(matches!(view.phase, Phase::Idle), open.is_empty(), "at {at}");
                let clock = host.kernel.clock().tsval(host.kernel.version().profile(), at);
                // The clients of the incident run 4.9, which adds no offset.
                assert_eq!(view.tsval, Some(clock), "at {at}");
            }
        }
    }
}

#[test]
fn every_variation_passes_the_check_and_goes_on_from_a_copy() {
    for scenario in variations() {
        let mut whole = Sim::new(&scenario);
        whole.run_until(whole.end());
        let mut first = Sim::new(&scenario);
        for at_ms in [8_213, 40_020, 120_000] {
            first.run_until(SimTime::from_millis(at_ms));
            first = first.clone();
        }
        first.run_until(first.end());
        let trace = whole.into_trace();
        assert_eq!(check(&trace), []);
        assert_eq!(first.into_trace(), trace);
    }
}

#[test]
fn going_on_with_a_snapshot_gives_the_same_as_starting_again() {
    let trace = crate::run(&incident());
    let mut going = Snapshot::at(&trace, SimTime::ZERO);
    for at_ms in [1, 8_214, 8_215, 70_000, 30_000, 179_999, 0] {
        let at = SimTime::from_millis(at_ms);
        going.advance(&trace, at);
        assert_eq!(going, Snapshot::at(&trace, at), "at {at}");
    }
}

#[test]
fn the_counters_say_what_moved_just_now() {
    let trace = crate::run(&incident());
    let moved = |at_us| {
        let snapshot = Snapshot::at(&trace, SimTime::from_micros(at_us));
        let by =
            |counter| snapshot.server.counters.iter().find(|row| row.counter == counter).map(|row| (row.value, row.by));
        (by(Counter::PawsPassive), by(Counter::ListenDrops))
    };
    assert_eq!(moved(8_213_999), (Some((0, 0)), Some((0, 0))));
    assert_eq!(moved(8_214_000), (Some((1, 1)), Some((1, 1))));
    assert_eq!(moved(9_214_000), (Some((2, 1)), Some((2, 1))));
    // The next that happens at the server is a connection of own-2, at 10.417 s.
    assert_eq!(moved(10_417_000), (Some((2, 0)), Some((2, 0))));
}

#[test]
fn the_nat_shows_the_mappings_that_live() {
    for scenario in variations() {
        let mut sim = Sim::new(&scenario);
        for at_ms in (0..=180_000).step_by(9_173) {
            let at = SimTime::from_millis(at_ms);
            sim.run_until(at);
            let snapshot = Snapshot::at(sim.recorder(), at);
            let seen: BTreeSet<u16> =
                snapshot.nat.unwrap().mappings.iter().map(|mapping| mapping.outside.port).collect();
            assert_eq!(seen, sim.world.network.living_ports(at), "at {at}");
        }
    }
}

#[test]
fn the_server_is_the_first_node_and_the_nat_the_second() {
    let trace = crate::run(&incident());
    let names: Vec<&str> = trace.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names[..3], ["server", "nat", "web-1"]);
    assert_eq!((SERVER, trace.nodes[2].behind), (NodeId(0), Some(NodeId(1))));
}
