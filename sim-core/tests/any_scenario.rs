//! What holds for every scenario, tried on scenarios that nobody thought of.

#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use sim_core::check::check;
use sim_core::kernel_version::{KernelVersion, TsvalOffset};
use sim_core::run;
use sim_core::scenario::{Action, ClockSetup, HostSetup, LinkSetup, Scenario, Side, TimedAction, Traffic};
use sim_core::time::SimTime;
use sim_core::trace::query::Index;

const RECYCLE: &str = "net.ipv4.tcp_tw_recycle";

fn kernel() -> impl Strategy<Value = KernelVersion> {
    prop::sample::select(&KernelVersion::ALL)
}

fn switch() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        (RECYCLE, "0"),
        (RECYCLE, "1"),
        ("net.ipv4.tcp_tw_reuse", "1"),
        ("net.ipv4.tcp_timestamps", "0"),
        ("net.ipv4.tcp_timestamps", "1"),
        ("net.ipv4.tcp_max_tw_buckets", "3"),
        ("net.ipv4.tcp_fin_timeout", "5"),
        ("net.ipv4.tcp_syncookies", "2"),
    ])
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => switch().prop_map(|(key, value)| Action::SetSysctl { key: key.into(), value: value.into() }),
        1 => kernel().prop_map(|version| Action::SetKernel { version }),
        2 => any::<bool>().prop_map(|behind_nat| Action::AddHost { behind_nat }),
    ]
}

fn traffic() -> impl Strategy<Value = Traffic> {
    (0..20_000u32, 300..30_000u32, 1..4u16, prop::option::of(200..20_000u32)).prop_flat_map(
        |(first_ms, interval_ms, at_once, patience_ms)| {
            let jitter = 0..=interval_ms;
            jitter.prop_map(move |jitter_ms| Traffic {
                first_ms,
                interval_ms,
                jitter_ms,
                at_once,
                patience_ms,
                pause_ms: None,
            })
        },
    )
}

fn host(index: u8) -> impl Strategy<Value = HostSetup> {
    let clock = (prop::sample::select(vec![100, 250, 300, 1_000]), any::<u32>());
    (any::<bool>(), kernel(), clock, 0..200u32, traffic()).prop_map(
        move |(behind_nat, kernel, (hz, tsval), delay_ms, traffic)| HostSetup {
            name: format!("host-{index}"),
            count: None,
            addr: if behind_nat { [10, 0, 0, 10 + index].into() } else { [203, 0, 113, 100 + index].into() },
            behind_nat,
            kernel,
            clock: ClockSetup { hz, tsval },
            sysctls: Default::default(),
            link: LinkSetup::of(delay_ms),
            traffic,
        },
    )
}

/// Some hosts, any kernels, any settings, things that happen, a NAT that may run out of ports.
fn scenario() -> impl Strategy<Value = Scenario> {
    let hosts = (host(0), host(1), host(2), host(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    let actions = prop::collection::vec((0..60_000u64, action()), 0..6);
    let server = (kernel(), switch(), any::<bool>(), 0..4_000u32, 1..6_000u32);
    let nat = (1..40u16, 1..100u32);
    (any::<u64>(), hosts, actions, server, nat).prop_map(|(seed, hosts, actions, server, nat)| {
        let mut scenario = Scenario::preset("one-address-many-servers").expect("the preset reads");
        let (kernel, (key, value), client_first, service_ms, response_bytes) = server;
        scenario.seed = seed;
        scenario.duration_s = 60;
        scenario.hosts = hosts;
        scenario.actions = actions.into_iter().map(|(at_ms, action)| TimedAction { at_ms, action }).collect();
        scenario.server.kernel = kernel;
        scenario.server.sysctls.insert(key.into(), value.into());
        scenario.server.service_ms = service_ms;
        scenario.server.response_bytes = response_bytes;
        scenario.closes_first = if client_first { Side::Client } else { Side::Server };
        if let Some(setup) = &mut scenario.nat {
            (setup.last_port, setup.idle_s) = (setup.first_port + nat.0, nat.1);
        }
        scenario
    })
}

fn refused(scenario: &Scenario) -> usize {
    let trace = run(scenario);
    Index::new(&trace).status(SimTime::ZERO + trace.duration).refused
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_trace_passes_the_check(scenario in scenario()) {
        prop_assert_eq!(scenario.check(), Ok(()));
        prop_assert_eq!(check(&run(&scenario)), []);
    }

    #[test]
    fn a_scenario_survives_json_and_runs_the_same_again(scenario in scenario()) {
        let read = Scenario::from_json(&scenario.to_json());
        prop_assert_eq!(read.as_ref(), Ok(&scenario));
        prop_assert_eq!(run(&scenario).digest(), run(&scenario).digest());
    }

    #[test]
    fn without_recycle_nobody_is_refused(scenario in scenario()) {
        let mut scenario = scenario;
        scenario.server.sysctls.insert(RECYCLE.into(), "0".into());
        scenario.actions.retain(|timed| !matches!(&timed.action, Action::SetSysctl { key, .. } if key == RECYCLE));
        prop_assert_eq!(refused(&scenario), 0);
    }

    /// Its clock never goes back and its segments keep their order, so no clock of its own is ever ahead of it. That
    /// takes one clock for all of its connections, which 6.18 does not have (R9).
    #[test]
    fn a_host_alone_behind_its_address_is_never_refused(scenario in scenario(), behind_nat: bool) {
        let mut scenario = scenario;
        scenario.server.sysctls.insert(RECYCLE.into(), "1".into());
        scenario.server.sysctls.insert("net.ipv4.tcp_timestamps".into(), "1".into());
        scenario.actions.clear();
        scenario.hosts.retain(|host| host.behind_nat == behind_nat);
        scenario.hosts.truncate(1);
        let many_clocks = |host: &HostSetup| host.kernel.profile().tsval_offset == TsvalOffset::PerConnection;
        prop_assume!(!scenario.hosts.iter().any(many_clocks));
        prop_assert_eq!(refused(&scenario), 0);
    }
}
