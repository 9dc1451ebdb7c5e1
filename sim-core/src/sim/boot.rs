//! How nodes come to be: at the start, when a host joins, when the server starts again; and the actions that do that.

use super::around::Cause;
use super::{NAT, Recorder, SERVER, Sim};
use crate::addr::{Endpoint, FourTuple};
use crate::agenda::Due;
use crate::host::{Client, Host, Program, Server};
use crate::kernel::{Clock, Kernel, KernelConfig};
use crate::kernel_version::{KernelVersion, TsvalUnit};
use crate::network::link::Link;
use crate::network::nat::Nat;
use crate::rng::Rng;
use crate::scenario::{Action, ClockSetup, HostSetup, SysctlFile, newcomer};
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
        let server = &self.scenario.server;
        let (name, addr, kernel) = (server.name.clone(), server.addr, server.kernel);
        let clock = clock_of(kernel, server.clock, self.scenario.wall_clock_ms);
        self.join(Node { name, role: Role::Server, addr, behind: None, joined: self.now }, Link::CENTRAL);
        if let Some(nat) = self.scenario.nat.clone() {
            self.world.network.nat = Some(Nat::new(NAT, &nat));
            let node = Node { name: nat.name, role: Role::Nat, addr: nat.addr, behind: None, joined: self.now };
            self.join(node, Link::new(nat.link, false));
        }
        let mut rng = Rng::of_node(self.scenario.seed, SERVER);
        let program = Program::Server(Server::new(&self.scenario));
        let kernel = self.new_kernel(SERVER, kernel, clock, &self.sysctl_file, rng.secret());
        self.hosts.push(new_host(kernel, program, rng));
        self.boot(SERVER, &self.sysctl_file.clone());
        for host in self.scenario.hosts.clone() {
            self.add_host(host);
        }
    }

    /// Performs the next action.
    pub(super) fn act(&mut self) {
        let action = self.actions[self.done].action.clone();
        self.done += 1;
        match action {
            Action::SetSysctl { key, value } => {
                let written = self.at_door(SERVER, Cause::Itself, |kernel, now, around| {
                    kernel.write_sysctl(now, &key, &value, around)
                });
                if written.is_ok() {
                    self.sysctl_file.insert(key, value);
                }
            }
            Action::SetKernel { version } => self.reboot_server(version),
            Action::AddHost { behind_nat } => {
                let mut rng = Rng::of_node(self.scenario.seed, self.world.network.next_node());
                let host = newcomer(&self.scenario, &self.present, behind_nat, &mut rng);
                self.add_host(host);
            }
        }
    }

    fn add_host(&mut self, setup: HostSetup) {
        let node = self.world.network.next_node();
        let (nat, addr) = (self.world.network.nat.as_ref().map(|nat| nat.node), setup.addr);
        let behind = nat.filter(|_| setup.behind_nat);
        let name = setup.name.clone();
        self.join(
            Node { name, role: Role::Client, addr, behind, joined: self.now },
            Link::new(setup.link, setup.behind_nat),
        );
        let mut rng = Rng::of_node(self.scenario.seed, node);
        let clock = clock_of(setup.kernel, setup.clock, self.scenario.wall_clock_ms);
        let kernel = self.new_kernel(node, setup.kernel, clock, &setup.sysctls, rng.secret());
        let program = Program::Client(Client::new(&self.scenario, setup.traffic));
        self.hosts.push(new_host(kernel, program, rng));
        self.boot(node, &setup.sysctls);
        if self.load.is_none() {
            let first = self.now + Span::from_millis(u64::from(setup.traffic.first_ms));
            self.world.agenda.note(first, Due::Request { node });
        }
        self.present.push(setup);
    }

    /// The server starts again: everything but its address, its wall clock and its files is new.
    fn reboot_server(&mut self, version: KernelVersion) {
        let uptime_us = BOOT_US - self.now.as_micros() as i64;
        let server = self.host_mut(SERVER);
        let clock = Clock { uptime_us, ..server.kernel.clock() };
        let secret = server.rng.secret();
        let (rng, boots) = (server.rng.clone(), server.boots + 1);
        let kernel = self.new_kernel(SERVER, version, clock, &self.sysctl_file, secret);
        let program = Program::Server(Server::new(&self.scenario));
        *self.host_mut(SERVER) = Host { boots, ..new_host(kernel, program, rng) };
        self.boot(SERVER, &self.sysctl_file.clone());
    }

    fn join(&mut self, node: Node, link: Link) {
        let id = self.world.network.next_node();
        self.world.network.connect(id, node.addr, link);
        self.world.recorder.joined(node);
    }

    /// A kernel with the sysctls of `file`, as far as it has and takes them.
    fn new_kernel(&self, node: NodeId, version: KernelVersion, clock: Clock, file: &SysctlFile, secret: u64) -> Kernel {
        let profile = version.profile();
        let mut sysctls = Sysctls::defaults(profile);
        for (key, value) in file {
            // What it refuses is reported when the file is written at boot.
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
        let stamped = kernel.sysctls().tcp_timestamps != 0;
        let tsval = stamped.then(|| kernel.tsval(now, FourTuple { local, remote: server }));
        let booted = Event::Booted { kernel: kernel.version(), clock: kernel.clock(), tsval };
        self.world.record(now, node, None, None, booted);
        for (key, value) in file {
            // A line that this kernel refuses is in the trace, with what the system says.
            let _ =
                self.at_door(node, Cause::Itself, |kernel, now, around| kernel.write_sysctl(now, key, value, around));
        }
        if let Program::Server(server) = &self.host_mut(node).program {
            let (port, backlog) = (server.port, server.backlog);
            // Nothing listens on a kernel that has just booted, so the port is free.
            let _ = self.at_door(node, Cause::Itself, |kernel, now, around| kernel.listen(now, port, backlog, around));
        }
    }
}

fn new_host(kernel: Kernel, program: Program, mut rng: Rng) -> Host {
    let isn_secret = rng.secret();
    Host { kernel, program, rng, isn_secret, timer_noted: SimTime::NEVER, boots: 0 }
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
