//! What holds for every scenario, tried on scenarios that nobody thought of.

#![cfg(not(target_arch = "wasm32"))]

mod wire;

use proptest::prelude::*;
use sim_core::invariants::check;
use sim_core::kernel::counter::Counter;
use sim_core::kernel_version::{KernelVersion, TsvalOffset};
use sim_core::run;
use sim_core::scenario::{
    Action, BoxKind, BoxSetup, ClockSetup, DatabaseSetup, HostSetup, LinkSetup, PortRule, Scenario, Side, StampRule,
    TimedAction, Traffic, WaySetup,
};
use sim_core::sim::Checkpoints;
use sim_core::time::{SimTime, Span};
use sim_core::trace::Event;
use sim_core::trace::query::Index;

const RECYCLE: &str = "net.ipv4.tcp_tw_recycle";

fn kernel() -> impl Strategy<Value = KernelVersion> {
    prop::sample::select(&KernelVersion::ALL)
}

fn client_kernel() -> impl Strategy<Value = KernelVersion> {
    let all: Vec<KernelVersion> = KernelVersion::ALL.into_iter().chain(KernelVersion::CLIENTS).collect();
    prop::sample::select(all)
}

fn name() -> impl Strategy<Value = String> {
    let names = ["host-0", "host-1", "host-2", "host-3", "nat", "firewall", "server", "nobody"];
    prop::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn link() -> impl Strategy<Value = LinkSetup> {
    let way = || {
        (0..200u32, 0..80u32, 0..30u32, 0..20u32).prop_map(|(delay_ms, jitter_ms, loss_percent, duplicate_percent)| {
            WaySetup { delay_ms, jitter_ms, loss_percent, duplicate_percent }
        })
    };
    let rough = (way(), prop::option::of(way())).prop_map(|(there, back)| {
        let WaySetup { delay_ms, jitter_ms, loss_percent, duplicate_percent } = there;
        LinkSetup { delay_ms, jitter_ms, loss_percent, duplicate_percent, back }
    });
    prop_oneof![2 => (0..200u32).prop_map(LinkSetup::of), 1 => rough]
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
        2 => name().prop_map(|name| Action::Reboot { name }),
        1 => name().prop_map(|name| Action::RemoveHost { name }),
        1 => Just(Action::PassAddress { from: "host-0".into(), to: "host-1".into() }),
        1 => (name(), link()).prop_map(|(name, link)| Action::SetLink { name, link }),
        2 => any::<bool>().prop_map(|accepting| Action::SetAccepting { accepting }),
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
                pause_ms: Some(first_ms / 10),
            })
        },
    )
}

fn host(index: u8) -> impl Strategy<Value = HostSetup> {
    let clock = (prop::sample::select(vec![100, 250, 300, 1_000]), any::<u32>());
    (any::<bool>(), client_kernel(), clock, link(), traffic()).prop_map(
        move |(behind_nat, kernel, (hz, tsval), link, traffic)| HostSetup {
            name: format!("host-{index}"),
            count: None,
            addr: if behind_nat { [10, 0, 0, 10 + index].into() } else { [203, 0, 113, 100 + index].into() },
            behind_nat,
            kernel,
            clock: ClockSetup { hz, tsval },
            sysctls: Default::default(),
            link,
            traffic,
        },
    )
}

/// Perhaps a firewall in front of the server or the NAT, perhaps a load balancer.
fn boxes() -> impl Strategy<Value = Vec<BoxSetup>> {
    let rule = prop::sample::select(vec![StampRule::Pass, StampRule::Random, StampRule::Strip]);
    let firewall =
        (rule, prop::sample::select(vec!["server", "nat"]), link()).prop_map(|(timestamps, behind, link)| {
            let kind = BoxKind::Firewall { timestamps, drops_from: vec![[203, 0, 113, 101].into()] };
            BoxSetup { name: "firewall".into(), in_front_of: vec![behind.into()], link, kind }
        });
    let balancer = (1..40u16, 1..100u32).prop_map(|(ports, idle_s)| {
        let addr = [198, 51, 100, 1].into();
        let ports_to = 10_000 + ports;
        let ports = PortRule::Random;
        let kind = BoxKind::LoadBalancer { addr, first_port: 10_000, last_port: ports_to, idle_s, ports };
        BoxSetup { name: "balancer".into(), in_front_of: vec!["server".into()], link: LinkSetup::of(1), kind }
    });
    prop_oneof![
        3 => Just(Vec::new()),
        1 => firewall.prop_map(|one| vec![one]),
        1 => balancer.prop_map(|one| vec![one]),
    ]
}

fn database() -> impl Strategy<Value = Option<DatabaseSetup>> {
    let setup = (kernel(), link(), 0..500u32).prop_map(|(kernel, link, service_ms)| DatabaseSetup {
        name: "database".into(),
        addr: [198, 51, 100, 20].into(),
        port: 5_432,
        kernel,
        clock: ClockSetup { hz: 1_000, tsval: 7_000_000 },
        link,
        service_ms,
        request_bytes: 90,
        response_bytes: 2_000,
    });
    prop_oneof![3 => Just(None), 1 => setup.prop_map(Some)]
}

/// Some hosts, any kernels, any settings, things that happen, a NAT that may run out of ports.
fn scenario() -> impl Strategy<Value = Scenario> {
    let hosts = (host(0), host(1), host(2), host(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    let actions = prop::collection::vec((0..60_000u64, action()), 0..6);
    let server = (kernel(), switch(), any::<bool>(), 0..4_000u32, 1..6_000u32);
    let rule = prop::sample::select(vec![PortRule::Sequential, PortRule::Random, PortRule::PortPreserving]);
    let nat = (1..40u16, 1..100u32, rule);
    let env = (boxes(), database(), 1..4u16);
    (any::<u64>(), hosts, actions, server, nat, env).prop_map(|(seed, hosts, actions, server, nat, env)| {
        let mut scenario = Scenario::preset("one-address-many-servers").expect("the preset reads");
        let (kernel, (key, value), client_first, service_ms, response_bytes) = server;
        scenario.seed = seed;
        scenario.duration_s = 60;
        // What the preset promises is about its own hosts.
        (scenario.hosts, scenario.promise) = (hosts, None);
        scenario.actions = actions.into_iter().map(|(at_ms, action)| TimedAction { at_ms, action }).collect();
        scenario.server.kernel = kernel;
        scenario.server.sysctls.insert(key.into(), value.into());
        scenario.server.service_ms = service_ms;
        scenario.server.response_bytes = response_bytes;
        scenario.closes_first = if client_first { Side::Client } else { Side::Server };
        if let Some(setup) = &mut scenario.nat {
            (setup.last_port, setup.idle_s, setup.ports) = (setup.first_port + nat.0, nat.1, nat.2);
        }
        (scenario.boxes, scenario.database, scenario.server.requests_per_connection) = env;
        if scenario.database.is_some() {
            scenario.server.sysctls.insert("net.ipv4.ip_local_port_range".into(), "50000 50007".into());
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

    /// At every host, read by others; and the JSON is the whole trace.
    #[test]
    fn every_capture_is_read_back_as_the_trace_has_it(scenario in scenario()) {
        let trace = run(&scenario);
        for (position, node) in trace.nodes.iter().enumerate().filter(|(_, node)| !node.role.is_box()) {
            let node_id = sim_core::trace::NodeId(position as u16);
            let held = wire::holds(&trace, node_id, scenario.wall_clock_ms * 1_000, &scenario.title);
            prop_assert_eq!(held, Ok(()), "at {}", node.name);
        }
        prop_assert_eq!(sim_core::Trace::from_json(&sim_core::export::json::file(&trace)), Ok(trace));
    }

    #[test]
    fn without_recycle_nobody_is_refused(scenario in scenario()) {
        let mut scenario = scenario;
        scenario.server.sysctls.insert(RECYCLE.into(), "0".into());
        scenario.actions.retain(|timed| !matches!(&timed.action, Action::SetSysctl { key, .. } if key == RECYCLE));
        prop_assert_eq!(refused(&scenario), 0);
    }

    /// The server is told nothing by R1 that is not in the records, whatever else goes wrong.
    #[test]
    fn paws_passive_is_the_number_of_refusals(scenario in scenario()) {
        let trace = run(&scenario);
        let index = Index::new(&trace);
        let counted = trace.records.iter().filter(
            |record| matches!(record.event, Event::CounterAdded { counter: Counter::PawsPassive, .. }),
        );
        prop_assert_eq!(counted.count(), index.refusals.len());
    }

    #[test]
    fn a_fork_is_a_fresh_run(scenario in scenario(), at_ms in 0..60_000u64, action in action()) {
        let fork = Checkpoints::of(&scenario, Span::from_secs(7)).fork(at_ms, action.clone());
        let mut with = scenario;
        with.act(at_ms, action);
        prop_assert_eq!(fork.map(|sim| sim.into_trace().digest()), Ok(run(&with).digest()));
    }

    /// Its clock never goes back and its segments keep their order, so no clock of its own is ever ahead of it. That
    /// takes one clock for all of its connections, which 6.18, 4.10.0 and macOS do not have (R9), and nobody on the
    /// way who takes timestamps out or makes up others.
    #[test]
    fn a_host_alone_behind_its_address_is_never_refused(scenario in scenario(), behind_nat: bool) {
        let mut scenario = scenario;
        scenario.server.sysctls.insert(RECYCLE.into(), "1".into());
        scenario.server.sysctls.insert("net.ipv4.tcp_timestamps".into(), "1".into());
        scenario.actions.clear();
        scenario.hosts.retain(|host| host.behind_nat == behind_nat);
        scenario.hosts.truncate(1);
        scenario.hosts.iter_mut().for_each(|host| host.link = LinkSetup::of(host.link.delay_ms));
        // The database has a clock and an address of its own; the boxes change both.
        scenario.boxes.clear();
        let many_clocks = |host: &HostSetup| {
            matches!(host.kernel.profile().tsval_offset, TsvalOffset::PerConnection | TsvalOffset::PerIncarnation)
        };
        prop_assume!(!scenario.hosts.iter().any(many_clocks));
        prop_assert_eq!(refused(&scenario), 0);
    }
}
