//! The fix for a verdict on this kernel: what to run now, what to keep, how to undo it, and how to check that it
//! worked.
//!
//! A fix never contains `tcp_timestamps = 0`, a lower `tcp_max_tw_buckets`, or `tcp_fin_timeout`.

mod drop_in;
mod recipe;

use serde::Serialize;

use crate::evidence::{Quote, Setting};
use crate::facts::Facts;
use crate::verdict::{Verdict, VerdictId};

pub use self::drop_in::{ConfLine, DropIn};

/// One step of a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixStep {
    /// A shell command to run as root; `None` for work by hand.
    pub command: Option<String>,
    /// What the command does or shows, or what to do by hand.
    pub says: String,
}

impl FixStep {
    /// A command to run.
    fn run(command: impl Into<String>, says: impl Into<String>) -> Self {
        Self { command: Some(command.into()), says: says.into() }
    }

    /// Work to do by hand.
    fn by_hand(says: impl Into<String>) -> Self {
        Self { command: None, says: says.into() }
    }
}

/// The fix for one verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The verdict.
    pub of: VerdictId,
    /// Steps that take effect at once.
    pub now: Vec<FixStep>,
    /// Lines for a file in `sysctl.d`. They contain only keys that this kernel has.
    pub keep: Vec<ConfLine>,
    /// Lines of files in the evidence that set another value at the next boot.
    pub found: Vec<Quote>,
    /// How to find other places that may set the old value.
    pub elsewhere: Vec<FixStep>,
    /// How to undo it.
    pub undo: Vec<FixStep>,
    /// How to check that it worked.
    pub check: Vec<FixStep>,
}

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
