//! The timed actions of a scenario: a setting, a kernel, a host or a link changes.

use super::environment::Cause;
use super::{Recorder, SERVER, Sim};
use crate::host::{Client, Program, Server};
use crate::kernel_version::KernelVersion;
use crate::network::Middlebox;
use crate::network::link::Link;
use crate::rng::Rng;
use crate::scenario::{Action, LinkSetup, newcomer};
use crate::trace::{Event, NodeId};

impl<R: Recorder> Sim<R> {
    /// Performs the next action.
    pub(super) fn perform(&mut self) {
        let action = self.actions[self.done].action.clone();
        self.done += 1;
        match action {
            Action::SetSysctl { key, value } => {
                let written =
                    self.at_door(SERVER, Cause::Itself, |kernel, now, env| kernel.write_sysctl(now, &key, &value, env));
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
            Action::Reboot { name } => match self.node_called(&name) {
                Some(node) => self.reboot(node, &name),
                None => self.nobody_called(&name),
            },
            Action::RemoveHost { name } => match self.client_called(&name) {
                Some(node) => self.remove(node),
                None => self.nobody_called(&name),
            },
            Action::PassAddress { from, to } => match (self.client_called(&from), self.client_called(&to)) {
                (Some(from), Some(to)) => self.pass_address(from, to),
                (None, _) => self.nobody_called(&from),
                (_, None) => self.nobody_called(&to),
            },
            Action::SetLink { name, link } => match self.node_called(&name) {
                Some(node) => self.set_link(node, &name, link),
                None => self.nobody_called(&name),
            },
            Action::SetAccepting { accepting } => {
                let name = &self.scenario.server.name;
                let what = if accepting { "calls accept() again" } else { "stops calling accept()" };
                self.note(SERVER, format!("{name}'s program {what}"));
                self.set_accepting(SERVER, accepting);
            }
        }
    }

    fn reboot_server(&mut self, version: KernelVersion) {
        let program = Program::Server(Server::new(&self.scenario));
        self.restart(SERVER, version, program, &self.sysctl_file.clone());
    }

    fn reboot(&mut self, node: NodeId, name: &str) {
        match self.world.network.middlebox(node) {
            Some(Middlebox::Nat(nat) | Middlebox::LoadBalancer(nat)) => nat.forget(),
            Some(Middlebox::Firewall(firewall)) => firewall.forget(),
            None => return self.reboot_host(node, name),
        }
        self.world.record(self.now, node, None, None, Event::BoxRestarted);
    }

    fn reboot_host(&mut self, node: NodeId, name: &str) {
        let version = self.host_mut(node).kernel.version();
        if node == SERVER {
            return self.reboot_server(version);
        }
        let traffic = match &self.host_mut(node).program {
            Program::Client(client) => Some(client.traffic),
            Program::Server(_) => None,
        };
        let (program, file) = match traffic {
            Some(traffic) => {
                let program = Program::Client(Client::new(&self.scenario, traffic));
                let setup = self.present.iter().find(|setup| setup.name == name);
                (program, setup.map(|setup| setup.sysctls.clone()).unwrap_or_default())
            }
            None => {
                let Some(setup) = &self.scenario.database else { return };
                (Program::Server(Server::database(setup)), Default::default())
            }
        };
        self.restart(node, version, program, &file);
    }

    fn remove(&mut self, node: NodeId) {
        self.host_mut(node).left = true;
        self.world.network.release(node);
        self.world.record(self.now, node, None, None, Event::Left);
    }

    fn pass_address(&mut self, from: NodeId, to: NodeId) {
        let addr = self.world.network.addr(from);
        self.remove(from);
        self.world.network.readdress(to, addr);
        self.host_mut(to).kernel.readdress(addr);
        self.world.record(self.now, to, None, None, Event::AddressTaken { addr });
    }

    fn set_link(&mut self, node: NodeId, name: &str, link: LinkSetup) {
        self.world.network.relink(node, Link::new(link));
        let (there, back) = (link.there(), link.back());
        let told = |way: crate::scenario::WaySetup| {
            let (delay, jitter) = (way.delay_ms, way.jitter_ms);
            let (loss, copies) = (way.loss_percent, way.duplicate_percent);
            format!("{delay} ms, up to {jitter} ms more, {loss} % lost, {copies} % twice")
        };
        let text = match link.back {
            Some(_) => format!("the link of {name} has changed: there {}; back {}", told(there), told(back)),
            None => format!("the link of {name} has changed: {}", told(there)),
        };
        self.note(node, text);
    }

    fn nobody_called(&mut self, name: &str) {
        self.note(SERVER, format!("nothing happens: nobody here is called {name}"));
    }

    fn note(&mut self, node: NodeId, text: String) {
        self.world.record(self.now, node, None, None, Event::Note { text });
    }

    /// A host or box that is there.
    fn node_called(&self, name: &str) -> Option<NodeId> {
        let scenario = &self.scenario;
        let nat = scenario.nat.iter().map(|nat| nat.name.as_str());
        let boxes = scenario.boxes.iter().map(|one| one.name.as_str());
        let database = scenario.database.iter().map(|database| database.name.as_str());
        let hosts = self.present.iter().map(|host| host.name.as_str());
        let server = core::iter::once(scenario.server.name.as_str());
        let mut names = server.chain(nat).chain(boxes).chain(database).chain(hosts);
        let node = NodeId(names.position(|known| known == name)? as u16);
        let host = self.world.host_of[usize::from(node.0)];
        let left = host.is_some_and(|host| self.hosts[host].left);
        (!left).then_some(node)
    }

    /// A host that calls the server and is there.
    fn client_called(&self, name: &str) -> Option<NodeId> {
        let node = self.node_called(name)?;
        let host = self.world.host_of[usize::from(node.0)]?;
        matches!(self.hosts[host].program, Program::Client(_)).then_some(node)
    }
}
