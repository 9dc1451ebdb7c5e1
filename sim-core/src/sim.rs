//! The simulation: hosts and boxes of a scenario, an event queue, and a recorder.
//!
//! [`Sim`] takes the next event from its queue, moves its own time forward and lets one host act. What follows goes to
//! the queue, so no two hosts act at once. A copy of a `Sim` is a checkpoint: continuing from the copy gives the same
//! records as continuing from the original.

use std::collections::VecDeque;

use crate::event_queue::Due;
use crate::host::Host;
use crate::kernel::{Kernel, Wake};
use crate::network::flight::Flight;
use crate::scenario::{HostSetup, Scenario, SysctlFile, TimedAction};
use crate::time::SimTime;
use crate::trace::{Event, LossReason, NodeId, Trace};

mod actions;
mod boot;
mod checkpoint;
mod environment;
mod load;
mod offer;
mod program;
mod recorder;
#[cfg(test)]
mod tests;
mod world;

pub use self::checkpoint::{Checkpoints, TooLate};
use self::environment::{Cause, HostEnvironment};
pub use self::load::Load;
pub use self::recorder::Recorder;
use self::world::World;

/// The server is the first node; then come the NAT, the other boxes and the database, as far as they are there, and the
/// hosts as they join.
const SERVER: NodeId = NodeId(0);

/// A simulation under way.
#[derive(Clone, Debug)]
pub struct Sim<R = Trace> {
    now: SimTime,
    /// Whether anything has been let happen; until then even the first moment is still to come.
    started: bool,
    end: SimTime,
    scenario: Scenario,
    /// The hosts that have joined, as the scenario describes them, and those that joined by an action.
    present: Vec<HostSetup>,
    /// The server first; the others in the order of their nodes.
    hosts: Vec<Host>,
    /// The actions in the order of their moments, and how many of them are done.
    actions: Vec<TimedAction>,
    done: usize,
    /// The load that replaces the clients' own traffic, and its attempts so far.
    load: Option<Load>,
    offered: u64,
    /// The current content of the server's `/etc/sysctl.d/`.
    sysctl_file: SysctlFile,
    /// Pending wake-ups for the program of the host that is acting.
    wakes: VecDeque<Wake>,
    world: World<R>,
}

/// Runs a scenario to its end.
pub fn run(scenario: &Scenario) -> Trace {
    let mut sim = Sim::new(scenario);
    sim.run_until(sim.end());
    sim.into_trace()
}

impl Sim<Trace> {
    /// A simulation at its start, which records everything.
    pub fn new(scenario: &Scenario) -> Self {
        Self::recorded_by(Trace::empty(), scenario)
    }

    /// All that has happened so far.
    pub fn into_trace(self) -> Trace {
        Trace { duration: self.now.since(SimTime::ZERO), ..self.world.recorder }
    }
}

impl<R: Recorder> Sim<R> {
    /// A simulation at its start, with a recorder of the caller's.
    pub fn recorded_by(recorder: R, scenario: &Scenario) -> Self {
        Self::new_with(recorder, scenario, None)
    }

    /// A simulation at its start in which the clients open the connections of `load` in turn, and no others.
    pub fn under_load(recorder: R, scenario: &Scenario, load: Load) -> Self {
        Self::new_with(recorder, scenario, Some(load))
    }

    fn new_with(recorder: R, scenario: &Scenario, load: Option<Load>) -> Self {
        let mut actions = scenario.actions.clone();
        actions.sort_by_key(TimedAction::at);
        let mut sim = Self {
            now: SimTime::ZERO,
            started: false,
            end: SimTime::from_secs(u64::from(scenario.duration_s)),
            scenario: scenario.clone(),
            present: Vec::new(),
            hosts: Vec::new(),
            actions,
            done: 0,
            load,
            offered: 0,
            sysctl_file: scenario.server.sysctls.clone(),
            wakes: VecDeque::new(),
            world: World::new(recorder, scenario.seed),
        };
        sim.set_up();
        sim.note_offer();
        sim
    }

    /// The moment that it has reached.
    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// When the scenario ends.
    pub const fn end(&self) -> SimTime {
        self.end
    }

    /// The recorder, with the records so far.
    pub const fn recorder(&self) -> &R {
        &self.world.recorder
    }

    /// Lets everything happen that is due up to and at `moment`, but nothing after the end.
    pub fn run_until(&mut self, moment: SimTime) {
        let moment = moment.min(self.end);
        self.started = true;
        loop {
            let action = self.actions.get(self.done).map(TimedAction::at);
            let due = Some(self.world.event_queue.next_at()).filter(|at| *at != SimTime::NEVER);
            // An action comes before everything else of its moment, so that it makes no difference whether it was
            // known from the start or added later.
            if let Some(at) = action.filter(|at| *at <= moment && due.is_none_or(|due| *at <= due)) {
                self.now = at;
                self.perform();
            } else if due.is_some_and(|due| due <= moment)
                && let Some((at, due)) = self.world.event_queue.take()
            {
                self.now = at;
                self.happen(due);
            } else {
                break;
            }
        }
        self.now = self.now.max(moment);
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Arrival { node, flight } => {
                if self.world.network.middlebox(node).is_some() {
                    return self.world.pass_on(self.now, node, flight);
                }
                let Flight { segment, connection, header, .. } = self.world.flights.end(flight);
                if !self.world.network.has(node, header.dst.addr) {
                    let lost = Event::SegmentLost { reason: LossReason::NoRoute };
                    return self.world.record(self.now, node, Some(segment), connection, lost);
                }
                self.world.record(self.now, node, Some(segment), connection, Event::SegmentArrived);
                let cause = Cause::Segment(segment, connection);
                self.at_door(node, cause, |kernel, now, env| kernel.segment_arrives(now, &header, env));
                self.serve(node);
            }
            Due::KernelTimer { node }
            | Due::Request { node }
            | Due::PatienceEnds { node, .. }
            | Due::Answer { node, .. }
            | Due::NextRequest { node, .. }
                if self.host_mut(node).left => {}
            Due::KernelTimer { node } => {
                if self.timer_is_due(node) {
                    self.at_door(node, Cause::Itself, |kernel, now, env| kernel.timers_fire(now, env));
                    self.serve(node);
                }
            }
            Due::Request { node } => self.request_is_due(node),
            Due::Offer => self.offer_is_due(),
            Due::PatienceEnds { node, socket, connection } => self.patience_ends(node, socket, connection),
            Due::Answer { node, socket, boots } => self.answer_is_ready(node, socket, boots),
            Due::NextRequest { node, socket, boots } => self.pause_ends(node, socket, boots),
        }
    }

    /// Opens a door of a host's kernel, and notes when its next timer is due.
    fn at_door<T>(
        &mut self,
        node: NodeId,
        cause: Cause,
        call: impl FnOnce(&mut Kernel, SimTime, &mut HostEnvironment<'_, R>) -> T,
    ) -> T {
        let now = self.now;
        let host = &mut self.hosts[index_of(&self.world, node)];
        let mut env = HostEnvironment {
            now,
            node,
            cause,
            connection: cause.connection(),
            isn_secret: host.isn_secret,
            wakes: &mut self.wakes,
            world: &mut self.world,
        };
        let result = call(&mut host.kernel, now, &mut env);
        if let Some(deadline) = host.kernel.deadline_before(host.timer_noted) {
            host.timer_noted = deadline;
            self.world.event_queue.note(deadline, Due::KernelTimer { node });
        }
        result
    }

    /// Whether the timer that fires now is the one that `node` noted last; then there is none noted any more.
    fn timer_is_due(&mut self, node: NodeId) -> bool {
        let now = self.now;
        let host = self.host_mut(node);
        let due = host.timer_noted == now;
        if due {
            host.timer_noted = SimTime::NEVER;
        }
        due
    }

    fn host_mut(&mut self, node: NodeId) -> &mut Host {
        let index = index_of(&self.world, node);
        &mut self.hosts[index]
    }
}

/// Where the host of `node` stands among the hosts. Nothing that is due at a box asks for it.
fn index_of<R>(world: &World<R>, node: NodeId) -> usize {
    world.host_of[usize::from(node.0)].unwrap_or_default()
}
