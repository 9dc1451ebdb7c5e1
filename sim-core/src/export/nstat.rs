//! The server's counters as `nstat` prints them.

use crate::kernel::counter::Counter;
use crate::trace::snapshot::Snapshot;

/// One counter, such as `TcpExtPAWSPassive 3`. (The tool itself pads the name, and adds a rate that nobody reads.)
pub fn line(counter: Counter, value: u64) -> String {
    format!("TcpExt{} {value}", counter.name())
}

/// The counters that have moved, as `nstat -a` shows no others, and `PAWSPassive` wherever the kernel has it: that it
/// stands at 0 is an answer too.
pub fn lines(snapshot: &Snapshot) -> Vec<String> {
    let told = |counter, value| value > 0 || counter == Counter::PawsPassive;
    let rows = snapshot.server.counters.iter().filter(|row| told(row.counter, row.value));
    rows.map(|row| line(row.counter, row.value)).collect()
}
