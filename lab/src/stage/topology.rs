//! The tree of hosts, boxes and server, as the stage draws it.

use sim_core::trace::{NodeId, Role};

use crate::run::Run;

/// More hosts than this behind one box are drawn as crowds.
const MOST_SINGLE: usize = 16;

/// A crowd has at least this many hosts.
const LEAST_CROWD: usize = 6;

/// The tree of hosts and boxes, and the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Topology {
    /// The branches on the side of the hosts: boxes, then crowds, then single hosts.
    pub branches: Vec<Branch>,
    /// The boxes in front of the server, the outermost first.
    pub guards: Vec<Guard>,
    /// The server.
    pub server: NodeId,
    /// The database behind it.
    pub database: Option<NodeId>,
    /// The number of addresses from which the server is called.
    pub peers: usize,
    /// The number of nodes in the trace.
    pub nodes: usize,
}

/// A host, a crowd, or a box with branches behind it.
#[derive(Clone, Debug, PartialEq)]
pub enum Branch {
    /// One host.
    Host(NodeId),
    /// Many hosts of one kind.
    Crowd(Crowd),
    /// A box and the branches behind it.
    Boxed(Guard, Vec<Branch>),
}

/// A NAT, firewall or load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Its node.
    pub node: NodeId,
    /// Its role.
    pub role: Role,
}

/// Many hosts of one kind behind one box.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowd {
    /// The common prefix of their names.
    pub name: String,
    /// The hosts.
    pub members: Vec<NodeId>,
}

impl Topology {
    /// The tree of a run, including the hosts that join later.
    pub fn of(run: &Run) -> Self {
        let find = |role| nodes(run).find(|(_, node)| node.role == role).map(|(id, _)| id);
        let server = find(Role::Server).unwrap_or(NodeId(0));
        let mut guards = Vec::new();
        let mut above = run.node(server).and_then(|node| node.behind);
        while let Some((node, guard)) = above.and_then(|id| Some((id, run.node(id)?))) {
            guards.push(Guard { node, role: guard.role });
            above = guard.behind;
        }
        guards.reverse();
        let branches = branches(run, None, &guards);
        let balanced = guards.iter().any(|guard| guard.role.translates());
        let peers = if balanced { 1 } else { branches.iter().map(Branch::addresses).sum() };
        Self { branches, guards, server, database: find(Role::Database), peers, nodes: run.trace.nodes.len() }
    }

    /// The first box on the side of the hosts.
    pub fn first_box(&self) -> Option<&Branch> {
        self.branches.iter().find(|branch| matches!(branch, Branch::Boxed(..)))
    }

    /// The largest number of boxes between a host and the open network.
    pub fn depth(&self) -> usize {
        self.branches.iter().map(Branch::depth).max().unwrap_or(0)
    }

    /// The number of hosts that are drawn one by one.
    pub fn singles(&self) -> usize {
        self.branches.iter().map(Branch::singles).sum()
    }
}

impl Branch {
    /// The number of nested boxes.
    pub fn depth(&self) -> usize {
        match self {
            Self::Host(_) | Self::Crowd(_) => 0,
            Self::Boxed(_, inside) => 1 + inside.iter().map(Self::depth).max().unwrap_or(0),
        }
    }

    /// All hosts in the branch, including the members of crowds.
    pub fn hosts(&self) -> Vec<NodeId> {
        match self {
            Self::Host(node) => vec![*node],
            Self::Crowd(crowd) => crowd.members.clone(),
            Self::Boxed(_, inside) => inside.iter().flat_map(Self::hosts).collect(),
        }
    }

    fn singles(&self) -> usize {
        match self {
            Self::Host(_) => 1,
            Self::Crowd(_) => 0,
            Self::Boxed(_, inside) => inside.iter().map(Self::singles).sum(),
        }
    }

    fn addresses(&self) -> usize {
        match self {
            Self::Boxed(guard, _) if guard.role.translates() => 1,
            Self::Boxed(_, inside) => inside.iter().map(Self::addresses).sum(),
            Self::Host(_) => 1,
            Self::Crowd(crowd) => crowd.members.len(),
        }
    }
}

/// The branches directly behind `above`; `None` stands for the open network.
fn branches(run: &Run, above: Option<NodeId>, guards: &[Guard]) -> Vec<Branch> {
    let behind_above = |role: fn(Role) -> bool| {
        let is_behind = move |node: &sim_core::trace::Node| node.behind == above && role(node.role);
        nodes(run).filter(move |(_, node)| is_behind(node)).map(|(id, _)| id)
    };
    let boxes = behind_above(Role::is_box).filter(|id| guards.iter().all(|guard| guard.node != *id));
    let boxed = |node: NodeId| {
        let role = run.node(node).map_or(Role::Firewall, |found| found.role);
        Branch::Boxed(Guard { node, role }, branches(run, Some(node), guards))
    };
    let mut branches: Vec<Branch> = boxes.map(boxed).collect();
    let (crowds, singles) = crowds(run, behind_above(|role| role == Role::Client).collect());
    branches.extend(crowds.into_iter().map(Branch::Crowd));
    branches.extend(singles.into_iter().map(Branch::Host));
    branches
}

/// Groups hosts whose names differ only in a number, where there are too many to draw one by one.
fn crowds(run: &Run, hosts: Vec<NodeId>) -> (Vec<Crowd>, Vec<NodeId>) {
    if hosts.len() <= MOST_SINGLE {
        return (Vec::new(), hosts);
    }
    let mut crowds: Vec<Crowd> = Vec::new();
    for node in hosts {
        let name = run.name(node).trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('-');
        match crowds.iter_mut().find(|crowd| crowd.name == name) {
            Some(crowd) => crowd.members.push(node),
            None => crowds.push(Crowd { name: name.to_owned(), members: vec![node] }),
        }
    }
    let (crowds, others): (Vec<Crowd>, Vec<Crowd>) =
        crowds.into_iter().partition(|crowd| crowd.members.len() >= LEAST_CROWD);
    let others: Vec<NodeId> = others.into_iter().flat_map(|crowd| crowd.members).collect();
    if others.len() <= MOST_SINGLE {
        return (crowds, others);
    }
    (crowds.into_iter().chain([Crowd { name: "hosts".to_owned(), members: others }]).collect(), Vec::new())
}

fn nodes(run: &Run) -> impl Iterator<Item = (NodeId, &sim_core::trace::Node)> {
    (0..u16::MAX).map(NodeId).zip(&run.trace.nodes)
}
