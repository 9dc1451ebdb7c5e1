//! The fix for a verdict on this kernel: what to run now, what to keep, how to undo it, and how to check that it
//! worked.
//!
//! A fix never contains `tcp_timestamps = 0`, a lower `tcp_max_tw_buckets`, or `tcp_fin_timeout`.

mod content;
mod drop_in;
mod recipe;

use crate::evidence::Setting;
use crate::facts::Facts;
use crate::verdict::{Verdict, VerdictId};

pub use self::content::{Fix, FixStep};
pub use self::drop_in::{ConfLine, DropIn};

/// The fix for one verdict; `None` if there is nothing to change on this host.
pub fn fix(id: VerdictId, facts: &Facts<'_>) -> Option<Fix> {
    let mut fix = match id {
        VerdictId::RecycleRefuses | VerdictId::RecycleOn => recipe::recycle(id, facts),
        VerdictId::TimeWaitPaws => recipe::time_wait_paws(),
        VerdictId::AcceptQueueOverflow => recipe::accept_queue(facts),
        VerdictId::SynQueueFull => recipe::syn_queue(facts),
        VerdictId::PortsExhausted => recipe::ports(facts),
        VerdictId::TimeWaitOverflow => recipe::buckets(facts),
        VerdictId::UnansweredElsewhere | VerdictId::Healthy | VerdictId::Inconclusive => return None,
    };
    let profile = facts.kernel.profile();
    fix.keep.retain(|line| sim_core::sysctl::exists(profile, line.key));
    let other = |line: &ConfLine| {
        let value: Vec<&str> = line.value.split_whitespace().collect();
        let differs = |setting: &&Setting| setting.value.split_whitespace().ne(value.iter().copied());
        facts.in_files(line.key).filter(differs).map(|setting| setting.quote.clone()).collect::<Vec<_>>()
    };
    fix.found = fix.keep.iter().flat_map(other).collect();
    Some(fix)
}

/// The fixes for all verdicts, and one file with all their lines.
pub fn fixes(verdicts: &[Verdict], facts: &Facts<'_>) -> (Vec<Fix>, Option<DropIn>) {
    let fixes: Vec<Fix> = verdicts.iter().filter_map(|verdict| fix(verdict.id, facts)).collect();
    let file = DropIn::of(facts, fixes.iter().flat_map(|fix| &fix.keep));
    (fixes, file)
}
