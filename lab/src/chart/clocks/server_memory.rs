//! The timestamps that the server remembers for one address, as steps over time.

use std::net::Ipv4Addr;

use sim_core::kernel::Clock;
use sim_core::kernel_version::{KernelVersion, PAWS_MSL_S};
use sim_core::time::{SimTime, Span};
use sim_core::trace::{Event, NodeId, Record, Role};

use super::RememberedStep;
use super::unroll::unrolled;
use crate::plan::Key;
use crate::run::Run;

/// The server's memory of an address, while its steps are collected.
struct Memory {
    kernel: KernelVersion,
    clock: Clock,
    recycle: bool,
    steps: Vec<RememberedStep>,
    /// When the last step becomes too old to count.
    fresh_until: SimTime,
    /// Whether the last step still goes on.
    open: bool,
}

/// The timestamps remembered for `address`: a new step begins when one is stored, expires, or recycle is set.
pub(super) fn steps(run: &Run, address: Ipv4Addr) -> Vec<RememberedStep> {
    let mut memory: Option<Memory> = None;
    let is_server = |record: &&Record| run.node(record.node).is_some_and(|node| node.role == Role::Server);
    for record in run.trace.records.iter().filter(is_server) {
        if let Event::Booted { kernel, clock, .. } = record.event {
            let steps = memory.take().map(|memory| memory.end(record.at)).unwrap_or_default();
            memory = Some(Memory { kernel, clock, recycle: false, steps, fresh_until: record.at, open: false });
        }
        let Some(memory) = &mut memory else { continue };
        match &record.event {
            Event::StampRemembered { peer, tsval, at } if *peer == address => {
                memory.close(record.at);
                let value = memory.steps.last().map_or(i64::from(tsval.0), |last| unrolled(last.value, *tsval));
                memory.fresh_until = memory.outlived(record.at, at.0);
                memory.open(record.at, value, run.owner(record.connection));
            }
            Event::SysctlSet { key, value, error: None } if key == Key::RECYCLE.name() => {
                memory.turn(record.at, value.trim() != "0");
            }
            _ => {}
        }
    }
    memory.map(|memory| memory.end(run.end())).unwrap_or_default()
}

impl Memory {
    fn open(&mut self, from: SimTime, value: i64, by: Option<NodeId>) {
        let counts = self.recycle && from < self.fresh_until;
        self.steps.push(RememberedStep { from, until: from, value, by, counts });
        self.open = true;
    }

    /// Sets recycle to `on`.
    fn turn(&mut self, at: SimTime, on: bool) {
        if on == self.recycle {
            return;
        }
        let last = self.steps.last().copied().filter(|_| self.open);
        self.close(at);
        self.recycle = on;
        if let Some(last) = last {
            self.open(at, last.value, last.by);
        }
    }

    /// Ends the last step at `at`. The part after its expiry becomes a step of its own.
    fn close(&mut self, at: SimTime) {
        let Some(last) = self.steps.last_mut().filter(|_| self.open) else { return };
        last.until = at;
        if last.counts && self.fresh_until < at {
            last.until = self.fresh_until;
            let old = RememberedStep { from: self.fresh_until, until: at, counts: false, ..*last };
            self.steps.push(old);
        }
        self.open = false;
    }

    fn end(mut self, at: SimTime) -> Vec<RememberedStep> {
        self.close(at);
        self.steps
    }

    /// The first moment after `from` at which a timestamp stored in `second` is 60 whole seconds old. The server's
    /// clock counts whole seconds, so this moment is found by bisection.
    fn outlived(&self, from: SimTime, second: u32) -> SimTime {
        let profile = self.kernel.profile();
        let is_fresh = |at: SimTime| self.clock.seconds(profile, at).0.wrapping_sub(second) < PAWS_MSL_S;
        let (mut fresh, mut old) = (from, from + Span::from_secs(u64::from(PAWS_MSL_S) + 1));
        while old.since(fresh) > Span::from_micros(1) {
            let middle = fresh + Span::from_micros(old.since(fresh).as_micros() / 2);
            if is_fresh(middle) { fresh = middle } else { old = middle }
        }
        old
    }
}
