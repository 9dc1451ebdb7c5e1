//! One recorder for all runs of the page: it keeps every record, or the totals alone.
//!
//! The simulation is compiled once for each type of recorder, and it is most of what a visitor loads. So the page has
//! one type, and asks at each record which kind it is.

use std::cell::RefCell;
use std::rc::Rc;

use sim_core::scenario::Scenario;
use sim_core::time::{SimTime, Span};
use sim_core::trace::{Node, Record, Totals};
use sim_core::{Recorder, Sim, Trace};

/// What is kept.
#[derive(Debug)]
enum Kept {
    Everything(Trace),
    Totals(Totals),
}

/// The recorder's end of it; whoever holds the other takes it out.
#[derive(Debug)]
struct Handle(Rc<RefCell<Kept>>);

impl Recorder for Handle {
    fn joined(&mut self, node: Node) {
        match &mut *self.0.borrow_mut() {
            Kept::Everything(trace) => trace.joined(node),
            Kept::Totals(sums) => sums.joined(node),
        }
    }

    fn record(&mut self, record: Record) {
        match &mut *self.0.borrow_mut() {
            Kept::Everything(trace) => trace.record(record),
            Kept::Totals(sums) => sums.record(record),
        }
    }
}

/// Runs a scenario to its end and keeps every record.
pub fn run(scenario: &Scenario) -> Trace {
    let kept = Rc::new(RefCell::new(Kept::Everything(Trace::empty())));
    let mut sim = Sim::recorded_by(Handle(Rc::clone(&kept)), scenario);
    sim.run_until(sim.end());
    let duration = sim.now().since(SimTime::ZERO);
    match kept.replace(Kept::Totals(Totals::default())) {
        Kept::Everything(trace) => Trace { duration, ..trace },
        // It was made to keep everything.
        Kept::Totals(_) => Trace::empty(),
    }
}

/// A run under way of which the totals are kept.
#[derive(Debug)]
pub struct Counting {
    sim: Sim<Handle>,
    kept: Rc<RefCell<Kept>>,
}

impl Counting {
    /// A run of `scenario` at its start.
    pub fn new(scenario: &Scenario) -> Self {
        let kept = Rc::new(RefCell::new(Kept::Totals(Totals::default())));
        Self { sim: Sim::recorded_by(Handle(Rc::clone(&kept)), scenario), kept }
    }

    /// Goes on by `span`, but not past the end; the totals of the whole run once it is there.
    pub fn step(&mut self, span: Span) -> Option<Totals> {
        self.sim.run_until(self.sim.now() + span);
        match &*self.kept.borrow() {
            Kept::Totals(sums) if self.sim.now() >= self.sim.end() => Some(sums.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_the_model_gives() {
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
