//! A trace as JSON, in the schema of `docs/trace.md`. [`Trace::from_json`] reads it back unchanged.

use serde::Serialize;

use crate::trace::Trace;

/// The text, with each node and each record on a line of its own, for `grep` and `diff`.
pub fn file(trace: &Trace) -> String {
    // Taken apart so that a field that is new is not forgotten.
    let Trace { schema, nodes, records, duration } = trace;
    let (nodes, records, duration) = (lines(nodes), lines(records), duration.as_micros());
    format!(
        "{{\"schema\":{schema},\n\"nodes\":[\n{nodes}\n],\n\"records\":[\n{records}\n],\n\"duration\":{duration}}}\n"
    )
}

fn lines<T: Serialize>(items: &[T]) -> String {
    // Writing cannot fail: all keys are text, and every number exists in JSON.
    let lines: Vec<String> = items.iter().map(|item| serde_json::to_string(item).unwrap_or_default()).collect();
    lines.join(",\n")
}
