//! [`Recorder`]: what receives the records of a simulation.

use crate::trace::{Node, Record, Trace};

/// The receiver of records: a whole [`Trace`], or something that keeps less.
pub trait Recorder {
    /// A node joined; nodes are numbered in this order.
    fn joined(&mut self, node: Node);
    /// Something happened.
    fn record(&mut self, record: Record);
}

impl Recorder for Trace {
    fn joined(&mut self, node: Node) {
        self.nodes.push(node);
    }

    fn record(&mut self, record: Record) {
        self.records.push(record);
    }
}
