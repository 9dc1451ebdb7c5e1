//! How nodes start: at the beginning, when a host joins, and when a host reboots.

use std::net::Ipv4Addr;

use super::environment::Cause;
use super::{Recorder, SERVER, Sim};
use crate::addr::{Endpoint, FourTuple};
use crate::event_queue::Due;
use crate::host::{Client, Host, Program, Server};
use crate::kernel::{Clock, Kernel, KernelConfig};
use crate::kernel_version::{KernelVersion, TsvalOffset, TsvalUnit};
use crate::network::Middlebox;
use crate::network::firewall::Firewall;
use crate::network::link::Link;
use crate::network::nat::Nat;
use crate::rng::Rng;
use crate::scenario::{BoxKind, ClockSetup, HostSetup, SysctlFile};
use crate::sysctl::Sysctls;
use crate::time::{SimTime, Span};
use crate::trace::{Event, Node, NodeId, Role};

/// Jiffies start five minutes before zero (`INITIAL_JIFFIES`), so a clock that shows 0 has run for that long.
const JIFFIES_START_BEFORE_ZERO_S: u32 = 300;

/// How long a machine has been up when its network is; a boot takes no time here, but its clocks show it.
const BOOT_US: i64 = 10_000_000;

impl<R: Recorder> Sim<R> {
    /// Puts everything in its place that is there from the start.
    pub(super) fn set_up(&mut self) {
        let server = self.scenario.server.clone();
        let clock = clock_of(server.kernel, server.clock, self.scenario.wall_clock_ms);
        let behind = self.box_in_front_of(&server.name);
        self.join(&server.name, Role::Server, server.addr, Link::CENTRAL, behind);
        self.set_up_boxes();
        let database = self.scenario.database.clone().map(|setup| {
            let node = self.join(&setup.name, Role::Database, setup.addr, Link::new(setup.link), None);
            (node, setup)
        });
        let program = Program::Server(Server::new(&self.scenario));
        let rng = Rng::of_node(self.scenario.seed, SERVER);
        self.start(SERVER, server.kernel, clock, program, rng, &self.sysctl_file.clone());
        if let Some((node, setup)) = database {
            let clock = clock_of(setup.kernel, setup.clock, self.scenario.wall_clock_ms);
            let program = Program::Server(Server::database(&setup));
            let rng = Rng::of_node(self.scenario.seed, node);
            self.start(node, setup.kernel, clock, program, rng, &SysctlFile::new());
        }
        for host in self.scenario.hosts_one_by_one() {
            self.add_host(host);
        }
    }

    fn set_up_boxes(&mut self) {
        let seed = self.scenario.seed;
        if let Some(nat) = self.scenario.nat.clone() {
            let ports = nat.first_port..=nat.last_port;
            let rng = Rng::of_node(seed, self.world.network.next_node());
            let middlebox = Nat::new(nat.addr, ports, nat.ports, Span::from_secs(u64::from(nat.idle_s)), rng);
            let behind = self.box_in_front_of(&nat.name);
            self.join_box(&nat.name, Role::Nat, nat.addr, Link::new(nat.link), behind, Middlebox::Nat(middlebox));
        }
        for setup in self.scenario.boxes.clone() {
            let rng = Rng::of_node(seed, self.world.network.next_node());
            let (role, addr, middlebox) = match setup.kind {
                BoxKind::Firewall { timestamps, drops_from } => {
                    let firewall = Firewall::new(timestamps, drops_from, rng);
                    (Role::Firewall, Ipv4Addr::UNSPECIFIED, Middlebox::Firewall(firewall))
                }
                BoxKind::LoadBalancer { addr, first_port, last_port, idle_s, ports } => {
                    let idle = Span::from_secs(u64::from(idle_s));
                    let nat = Nat::new(addr, first_port..=last_port, ports, idle, rng);
                    (Role::LoadBalancer, addr, Middlebox::LoadBalancer(nat))
                }
            };
            let behind = self.box_in_front_of(&setup.name);
            self.join_box(&setup.name, role, addr, Link::new(setup.link), behind, middlebox);
        }
    }

    /// The box that stands in front of what the scenario calls `name`. Boxes follow on the NAT and the server.
    fn box_in_front_of(&self, name: &str) -> Option<NodeId> {
        let first = 1 + u16::from(self.scenario.nat.is_some());
        let position = self.scenario.boxes.iter().position(|one| one.in_front_of.iter().any(|behind| behind == name));
        position.map(|position| NodeId(first + position as u16))
    }

    pub(super) fn add_host(&mut self, setup: HostSetup) {
        let nat = self.scenario.nat.as_ref().filter(|_| setup.behind_nat).map(|_| NodeId(1));
        // A host of a crowd stands where the whole entry stands.
        let entry = setup.name.trim_end_matches(|letter| letter != '-').strip_suffix('-').unwrap_or_default();
        let crowd = self.scenario.hosts.iter().any(|host| host.count.is_some() && host.name == entry);
        let boxed = self.box_in_front_of(if crowd { entry } else { &setup.name });
        let node = self.join(&setup.name, Role::Client, setup.addr, Link::new(setup.link), nat.or(boxed));
        let rng = Rng::of_node(self.scenario.seed, node);
        let clock = clock_of(setup.kernel, setup.clock, self.scenario.wall_clock_ms);
        let program = Program::Client(Client::new(&self.scenario, setup.traffic));
        self.start(node, setup.kernel, clock, program, rng, &setup.sysctls);
        if self.load.is_none() {
            let first = self.now + Span::from_millis(u64::from(setup.traffic.first_ms));
            self.world.event_queue.note(first, Due::Request { node });
        }
        self.present.push(setup);
    }

    fn join(&mut self, name: &str, role: Role, addr: Ipv4Addr, link: Link, behind: Option<NodeId>) -> NodeId {
        let node = self.world.network.next_node();
        self.world.network.connect(addr, link, behind, None);
        self.tell_of(name, role, addr, behind);
        node
    }

    fn join_box(
        &mut self,
        name: &str,
        role: Role,
        addr: Ipv4Addr,
        link: Link,
        behind: Option<NodeId>,
        middlebox: Middlebox,
    ) {
        self.world.network.connect(addr, link, behind, Some(middlebox));
        self.tell_of(name, role, addr, behind);
    }

    fn tell_of(&mut self, name: &str, role: Role, addr: Ipv4Addr, behind: Option<NodeId>) {
        self.world.host_of.push(None);
        self.world.recorder.joined(Node { name: name.to_owned(), role, addr, behind, joined: self.now });
    }

    /// The first boot of a host.
    fn start(
        &mut self,
        node: NodeId,
        version: KernelVersion,
        clock: Clock,
        program: Program,
        mut rng: Rng,
        file: &SysctlFile,
    ) {
        let kernel = self.new_kernel(node, version, clock, file, rng.secret());
        self.world.host_of[usize::from(node.0)] = Some(self.hosts.len());
        self.hosts.push(new_host(kernel, program, rng));
        self.boot(node, file);
    }

    /// A host starts again: everything but its address, its wall clock and its files is new.
    pub(super) fn restart(&mut self, node: NodeId, version: KernelVersion, program: Program, file: &SysctlFile) {
        let uptime_us = BOOT_US - self.now.as_micros() as i64;
        let host = self.host_mut(node);
        let clock = Clock { uptime_us, ..host.kernel.clock() };
        let secret = host.rng.secret();
        let (rng, boots) = (host.rng.clone(), host.boots + 1);
        let kernel = self.new_kernel(node, version, clock, file, secret);
        *self.host_mut(node) = Host { boots, ..new_host(kernel, program, rng) };
        self.boot(node, file);
    }

    /// A kernel with those sysctls of `file` that it has and accepts.
    fn new_kernel(&self, node: NodeId, version: KernelVersion, clock: Clock, file: &SysctlFile, secret: u64) -> Kernel {
        let profile = version.profile();
        let mut sysctls = Sysctls::defaults(profile);
        for (key, value) in file.iter() {
            // Refused lines are reported when the file is applied at boot.
            let _ = sysctls.write(profile, key, value);
        }
        let addr = self.world.network.addr(node);
        Kernel::new(KernelConfig { version, addr, sysctls, clock, secret })
    }

    /// Tells of the boot and of each line of the sysctl file; the server opens its port.
    fn boot(&mut self, node: NodeId, file: &SysctlFile) {
        let server = Endpoint::new(self.scenario.server.addr, self.scenario.server.port);
        let local = Endpoint::new(self.world.network.addr(node), 0);
        let now = self.now;
        let kernel = &self.host_mut(node).kernel;
        let one_clock = match kernel.sysctls().tcp_timestamps {
            0 => false,
            2 => true,
            _ => {
                let offset = kernel.version().profile().tsval_offset;
                !matches!(offset, TsvalOffset::PerConnection | TsvalOffset::PerIncarnation)
            }
        };
        let tsval = one_clock.then(|| kernel.tsval(now, FourTuple { local, remote: server }));
        let booted = Event::Booted { kernel: kernel.version(), clock: kernel.clock(), tsval };
        self.world.record(now, node, None, None, booted);
        for (key, value) in file.iter() {
            // A line that this kernel refuses is in the trace, with what the system says.
            let _ = self.at_door(node, Cause::Itself, |kernel, now, env| kernel.write_sysctl(now, key, value, env));
        }
        if let Program::Server(server) = &self.host_mut(node).program {
            let (port, backlog) = (server.port, server.backlog);
            // Nothing listens on a kernel that has just booted, so the port is free.
            let _ = self.at_door(node, Cause::Itself, |kernel, now, env| kernel.listen(now, port, backlog, env));
        }
    }
}

fn new_host(kernel: Kernel, program: Program, mut rng: Rng) -> Host {
    let isn_secret = rng.secret();
    Host { kernel, program, rng, isn_secret, timer_noted: SimTime::NEVER, boots: 0, left: false }
}

/// The clocks of a machine whose timestamp clock shows `setup.tsval` at the start of the simulation.
fn clock_of(version: KernelVersion, setup: ClockSetup, wall_clock_ms: u64) -> Clock {
    let (hz, tsval) = (u64::from(setup.hz.max(1)), setup.tsval);
    let uptime_us = match version.profile().tsval_unit {
        TsvalUnit::Jiffies => {
            let ticks = u64::from(tsval.wrapping_add(JIFFIES_START_BEFORE_ZERO_S.wrapping_mul(setup.hz)));
            // Rounded up, so that the tick has been reached.
            (ticks * 1_000_000).div_ceil(hz)
        }
        TsvalUnit::Milliseconds => u64::from(tsval) * 1_000,
    };
    Clock { hz: setup.hz.max(1), uptime_us: uptime_us as i64, wall_us: wall_clock_ms.saturating_mul(1_000) }
}
