//! The recorder for all runs of the page. It keeps either every record or only the totals.
//!
//! `Sim` is compiled once for each type of recorder, and it is the largest part of the wasm. So the page has a single
//! recorder type, which checks at each record what to keep.

use std::cell::RefCell;
use std::rc::Rc;

use sim_core::scenario::Scenario;
use sim_core::time::{SimTime, Span};
use sim_core::trace::{Node, Record, Totals};
use sim_core::{Recorder, Sim, Trace};

/// The recorded data.
#[derive(Debug)]
enum Data {
    Everything(Trace),
    Totals(Totals),
}

/// The recorder itself. Its creator keeps the other reference, to take the data out.
#[derive(Debug)]
struct Handle(Rc<RefCell<Data>>);

impl Recorder for Handle {
    fn joined(&mut self, node: Node) {
        match &mut *self.0.borrow_mut() {
            Data::Everything(trace) => trace.joined(node),
            Data::Totals(sums) => sums.joined(node),
        }
    }

    fn record(&mut self, record: Record) {
        match &mut *self.0.borrow_mut() {
            Data::Everything(trace) => trace.record(record),
            Data::Totals(sums) => sums.record(record),
        }
    }
}

/// Runs a scenario to its end and keeps every record.
pub fn run(scenario: &Scenario) -> Trace {
    let data = Rc::new(RefCell::new(Data::Everything(Trace::empty())));
    let mut sim = Sim::recorded_by(Handle(Rc::clone(&data)), scenario);
    sim.run_until(sim.end());
    let duration = sim.now().since(SimTime::ZERO);
    match data.replace(Data::Totals(Totals::default())) {
        Data::Everything(trace) => Trace { duration, ..trace },
        // The recorder was created with `Everything`, so this does not happen.
        Data::Totals(_) => Trace::empty(),
    }
}

/// A run in progress of which only the totals are data.
#[derive(Debug)]
pub struct Counting {
    sim: Sim<Handle>,
    data: Rc<RefCell<Data>>,
}

impl Counting {
    /// A run of `scenario` at its start.
    pub fn new(scenario: &Scenario) -> Self {
        let data = Rc::new(RefCell::new(Data::Totals(Totals::default())));
        Self { sim: Sim::recorded_by(Handle(Rc::clone(&data)), scenario), data }
    }

    /// Simulates `span`, but not past the end. Returns the totals once the end is reached.
    pub fn step(&mut self, span: Span) -> Option<Totals> {
        self.sim.run_until(self.sim.now() + span);
        match &*self.data.borrow() {
            Data::Totals(sums) if self.sim.now() >= self.sim.end() => Some(sums.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorder_keeps_what_the_model_reports() {
        let scenario = Scenario::preset("one-address-many-servers").unwrap();
        let trace = sim_core::run(&scenario);
        assert_eq!(run(&scenario), trace);
        let mut counting = Counting::new(&scenario);
        let mut steps = 0;
        let sums = loop {
            steps += 1;
            if let Some(sums) = counting.step(Span::from_secs(7)) {
                break sums;
            }
        };
        assert_eq!(sums, Totals::of(&trace));
        // 180 s in steps of 7 s.
        assert_eq!(steps, 26);
    }
}
