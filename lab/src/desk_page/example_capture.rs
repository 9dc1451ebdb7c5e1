//! The capture of the example: the packets that the server of the first preset sees.

use sim_core::export::pcapng;
use sim_core::trace::{NodeId, Role};

use crate::plan::Plan;
use crate::run::Run;

/// The capture as a pcapng file.
pub fn capture() -> Option<Vec<u8>> {
    let run = Run::of(&Plan::incident()?);
    let server = run.trace.nodes.iter().position(|node| node.role == Role::Server)?;
    Some(pcapng::file(&run.trace, NodeId(u16::try_from(server).ok()?), "made up by TIME_WAIT Lab"))
}
