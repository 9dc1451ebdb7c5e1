//! The exports of the lab and the captures that the desk reads, checked with tshark, tcpdump and sysctl.
//!
//! A plain `cargo test` does not run these tests, because a machine may lack the programs. `cargo xtask test --only
//! exports` installs the programs and runs the tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use sim_core::export::capture::{self, Captured, Direction};
use sim_core::export::pcapng;
use sim_core::scenario::{PRESETS, Preset, Scenario};
use sim_core::trace::{NodeId, Role, Trace};

mod analysis;
mod captures;
mod sysctl;
mod tcpdump;
mod tshark;

/// A capture and the data that it is compared with.
struct Capture {
    scenario: Scenario,
    trace: Trace,
    node: NodeId,
    /// The segments in the capture, from the model.
    segments: Vec<Captured>,
    file: PathBuf,
    /// The output of tshark.
    by_tshark: OnceLock<Vec<tshark::Packet>>,
}

/// For every preset, the capture at the server and that at the client with the most retransmissions. They are written
/// once for all tests.
fn captures() -> &'static [Capture] {
    static CAPTURES: OnceLock<Vec<Capture>> = OnceLock::new();
    let of_preset = |preset: &Preset| {
        let scenario = Scenario::preset(preset.name).unwrap();
        let trace = sim_core::run(&scenario);
        let clients = (0..trace.nodes.len()).filter(|node| trace.nodes[*node].role == Role::Client);
        let sent_again = |node: &NodeId| {
            let captured = capture::at(&trace, *node);
            let again = captured.iter().filter(|seen| seen.direction == Direction::Outbound && seen.retransmission > 0);
            (again.count(), captured.len())
        };
        let client = clients.map(|node| NodeId(node as u16)).max_by_key(sent_again);
        [NodeId(0), client.unwrap()].map(|node| Capture::of(preset.name, scenario.clone(), trace.clone(), node))
    };
    CAPTURES.get_or_init(|| PRESETS.iter().flat_map(of_preset).collect())
}

impl Capture {
    fn of(preset: &str, scenario: Scenario, trace: Trace, node: NodeId) -> Self {
        let name = &trace.nodes[usize::from(node.0)].name;
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{preset}.{name}.pcapng"));
        std::fs::write(&file, pcapng::file(&trace, node, &scenario.title)).unwrap();
        let segments = capture::at(&trace, node);
        Self { scenario, trace, node, segments, file, by_tshark: OnceLock::new() }
    }

    /// The name of the capture, for messages.
    fn name(&self) -> String {
        format!("{} at {}", self.scenario.title, self.trace.nodes[usize::from(self.node.0)].name)
    }
}

/// The output of a program, which must succeed.
fn printed(command: &mut Command) -> String {
    // A clean environment: no user settings, UTC.
    let command = command.env("HOME", env!("CARGO_TARGET_TMPDIR")).env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
    let output = command.output().unwrap_or_else(|why| panic!("{command:?}: {why}; `cargo xtask test` installs it"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
