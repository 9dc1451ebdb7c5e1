//! Values of 32 bits, unrolled along what the server remembers, so that they have an order.

use sim_core::time::SimTime;
use sim_core::timestamp::Tsval;

use super::{Step, remembered, tsval};

/// What values are unrolled along.
#[derive(Clone, Copy)]
pub(super) struct Near<'a> {
    pub(super) steps: &'a [Step],
    /// Whether a clock that runs on would be behind what is remembered first and ahead of it later.
    pub(super) goes_round: bool,
    /// The first clock that is seen, for an address of which nothing is remembered.
    pub(super) first: i64,
}

impl Near<'_> {
    /// `tsval` as it stands to what is remembered at `at`, or else to what is remembered first.
    pub(super) fn unrolled(self, at: SimTime, tsval: Tsval) -> i64 {
        unrolled(remembered(self.steps, at).or(self.steps.first()).map_or(self.first, |step| step.value), tsval)
    }
}

/// `tsval` at its signed distance from `near`.
pub(super) fn unrolled(near: i64, value: Tsval) -> i64 {
    near + i64::from(value.minus(Tsval(tsval(near))))
}
