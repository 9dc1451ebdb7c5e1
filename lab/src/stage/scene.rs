//! The input of every part of the stage: the run, the moment, and the layout.

use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::{ClientView, Snapshot};

use super::facts::{Facts, Turn};
use super::layout::StageLayout;
use super::topology::Topology;
use crate::run::Run;

/// The input of every part of the stage.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The run.
    pub run: &'a Run,
    /// The state of all nodes at the playhead.
    pub snapshot: &'a Snapshot,
    /// The failures, reboots and clock shifts of the run.
    pub facts: &'a Facts,
    /// The tree of hosts and boxes.
    pub topology: &'a Topology,
    /// The layout, in CSS pixels.
    pub layout: &'a StageLayout,
    /// The refusal that is shown at the server.
    pub refused: Option<&'a RefusedSyn>,
    /// Whether hosts show their addresses: they have one of their own, or pass it on.
    pub shows_addresses: bool,
}

impl<'a> Scene<'a> {
    /// The scene of a run at the moment of `snapshot`.
    pub fn new(
        run: &'a Run,
        snapshot: &'a Snapshot,
        facts: &'a Facts,
        topology: &'a Topology,
        layout: &'a StageLayout,
    ) -> Self {
        let refused = run.refusal_on_stage(snapshot);
        let shows_addresses = run.scenario.nat.is_none();
        Self { run, snapshot, facts, topology, layout, refused, shows_addresses }
    }

    /// The host `node`, if it has joined.
    pub fn client(&self, node: NodeId) -> Option<&'a ClientView> {
        let clients = &self.snapshot.clients;
        clients.binary_search_by_key(&node, |client| client.node).ok().and_then(|index| clients.get(index))
    }

    /// When the host `node` left, if it has.
    pub fn left(&self, node: NodeId) -> Option<SimTime> {
        match self.facts.last_turn(node, self.snapshot.at) {
            Some((at, Turn::Left)) => Some(at),
            _ => None,
        }
    }
}
