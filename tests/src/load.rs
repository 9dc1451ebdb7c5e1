//! The load for measurements: hosts behind one NAT that open connections at a steady rate.

use sim_core::kernel_version::KernelVersion;
use sim_core::scenario::{
    ClockSetup, HostSetup, LinkSetup, NatSetup, PortRule, Scenario, ServerSetup, Side, SysctlFile, Traffic,
};
use sim_core::{Load, Recorder, Sim};

/// The most hosts that get an address here. A node number has 16 bits.
pub const MOST_HOSTS: u32 = 60_000;

/// The run continues this long after the last attempt, so that every connection is measured in full: its TIME_WAIT
/// lasts 60 s, late by up to 4 s, and a SYN without an answer is given up after 127 s.
const TAIL_S: u64 = 135;

/// The load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The total number of connections.
    pub connections: u64,
    /// The number of hosts behind the NAT, which take turns.
    pub hosts: u32,
    /// Connections per simulated second.
    pub rate: u32,
    /// `tcp_tw_recycle` of the server.
    pub recycle: bool,
}

impl Work {
    /// Runs the simulation to its end and returns it.
    pub fn run<R: Recorder>(self, recorder: R) -> Sim<R> {
        let load = Load { connections: self.connections, per_second: self.rate };
        let mut sim = Sim::under_load(recorder, &self.scenario(), load);
        sim.run_until(sim.end());
        sim
    }

    /// The scenario: Linux 4.9 everywhere, 10 ms from the NAT to the server, no loss.
    #[must_use]
    pub fn scenario(self) -> Scenario {
        let seconds = self.connections.div_ceil(u64::from(self.rate.max(1))) + TAIL_S;
        Scenario {
            version: Scenario::VERSION,
            title: "Throughput".into(),
            purpose: "Hosts behind one NAT open connections at a steady rate.".into(),
            notice: Vec::new(),
            prediction: None,
            promise: None,
            seed: 1,
            duration_s: u32::try_from(seconds).unwrap_or(u32::MAX),
            wall_clock_ms: 1_700_000_000_000,
            closes_first: Side::Server,
            server: self.server(),
            nat: Some(NatSetup {
                name: "nat".into(),
                addr: [203, 0, 113, 7].into(),
                inside: "10.0.0.0/8".parse().expect("a net"),
                first_port: 1_024,
                last_port: 65_535,
                idle_s: 60,
                ports: PortRule::Sequential,
                link: LinkSetup::of(10),
            }),
            boxes: Vec::new(),
            database: None,
            hosts: (0..self.hosts.min(MOST_HOSTS)).map(host).collect(),
            actions: Vec::new(),
        }
    }

    fn server(self) -> ServerSetup {
        let recycle = u8::from(self.recycle).to_string();
        ServerSetup {
            name: "server".into(),
            addr: [198, 51, 100, 10].into(),
            port: 80,
            kernel: KernelVersion::V4_9,
            clock: ClockSetup { hz: 1_000, tsval: 7_000_000 },
            sysctls: [("net.ipv4.tcp_tw_recycle".to_owned(), recycle)].into_iter().collect(),
            backlog: 128,
            service_ms: 0,
            request_bytes: 100,
            response_bytes: 1_000,
            requests_per_connection: 1,
        }
    }
}

fn host(index: u32) -> HostSetup {
    HostSetup {
        name: format!("host-{}", index + 1),
        count: None,
        addr: (0x0a00_0001 + index).into(),
        behind_nat: true,
        kernel: KernelVersion::V4_9,
        // The hosts booted a second apart. With recycle on, the one with the longest uptime is served and the others
        // are refused.
        clock: ClockSetup { hz: 1_000, tsval: 1_000_000 + index * 1_000 },
        sysctls: SysctlFile::new(),
        link: LinkSetup::of(0),
        traffic: Traffic {
            first_ms: 0,
            interval_ms: 1_000,
            jitter_ms: 0,
            at_once: 1,
            patience_ms: None,
            pause_ms: None,
        },
    }
}
