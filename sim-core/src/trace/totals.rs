//! The totals of a run: a recorder that keeps counts and no records.
//!
//! [`Totals::of`] computes the same counts from a whole [`Trace`].

use super::{Call, ConnectionId, Event, Node, Record, Trace};
use crate::kernel::drop_reason::DropReason;
use crate::kernel::state::State;
use crate::sim::Recorder;

/// The totals of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Attempts to connect, those without a source port included.
    pub connections: u64,
    /// Attempts that became ESTABLISHED at the client.
    pub established: u64,
    /// Attempts with at least one SYN refused by R1.
    pub refused: u64,
    /// Records that a trace of the run has.
    pub events: u64,
    /// A bit for each attempt that is counted in `refused`.
    refused_ones: Vec<u64>,
}

impl Totals {
    /// The totals of a trace.
    pub fn of(trace: &Trace) -> Self {
        let mut sums = Self::default();
        trace.records.iter().for_each(|record| sums.count(record));
        sums
    }

    /// Where the kind of event is known at compile time all of this becomes one addition, and the event is never built.
    #[inline(always)]
    fn count(&mut self, record: &Record) {
        self.events += 1;
        match record.event {
            Event::CallReturned { call: Call::Connect { .. }, .. } => self.connections += 1,
            Event::StateSet { old: State::SynSent, new: State::Established, .. } => self.established += 1,
            Event::SegmentDropped { reason, .. } => self.count_refusal(reason, record.connection),
            _ => {}
        }
    }

    fn count_refusal(&mut self, reason: DropReason, connection: Option<ConnectionId>) {
        if !matches!(reason, DropReason::RecycleTimestamp | DropReason::RecycleNoTimestamp) {
            return;
        }
        let Some(ConnectionId(number)) = connection else { return };
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if word >= self.refused_ones.len() {
            self.refused_ones.resize(word + 1, 0);
        }
        self.refused += u64::from(self.refused_ones[word] & bit == 0);
        self.refused_ones[word] |= bit;
    }
}

impl Recorder for Totals {
    fn joined(&mut self, _node: Node) {}

    #[inline(always)]
    fn record(&mut self, record: Record) {
        self.count(&record);
    }
}

#[cfg(test)]
mod tests {
    use super::Totals;
    use crate::{Scenario, Sim, run};

    #[test]
    fn sums_on_the_way_are_the_sums_of_the_trace() {
        let scenario = Scenario::preset("one-address-many-servers").unwrap();
        let mut sim = Sim::recorded_by(Totals::default(), &scenario);
        sim.run_until(sim.end());
        let trace = run(&scenario);
        assert_eq!(*sim.recorder(), Totals::of(&trace));
        assert_eq!(sim.recorder().events, trace.records.len() as u64);
        assert!(sim.recorder().refused > 0, "the incident refuses somebody");
    }
}
