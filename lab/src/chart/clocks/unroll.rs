//! Unrolls 32-bit timestamps to 64 bits along the values that the server remembers.

use sim_core::time::SimTime;
use sim_core::timestamp::Tsval;

use super::{RememberedStep, remembered, tsval};

/// The values along which timestamps are unrolled.
#[derive(Clone, Copy)]
pub(super) struct Unroller<'a> {
    pub(super) steps: &'a [RememberedStep],
    /// Whether the remembered values span 2^31 ticks or more.
    pub(super) goes_round: bool,
    /// The first timestamp, used for an address for which nothing is remembered.
    pub(super) first: i64,
}

impl Unroller<'_> {
    /// `tsval`, unrolled along the value remembered at `at`, or else the first remembered value.
    pub(super) fn unrolled(self, at: SimTime, tsval: Tsval) -> i64 {
        unrolled(remembered(self.steps, at).or(self.steps.first()).map_or(self.first, |step| step.value), tsval)
    }
}

/// `value` at its signed distance from `near`.
pub(super) fn unrolled(near: i64, value: Tsval) -> i64 {
    near + i64::from(value.minus(Tsval(tsval(near))))
}
