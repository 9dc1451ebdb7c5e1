//! The fix for a verdict on exactly this kernel: what to run now, what to keep, the way back, and how to see that it worked.
//!
//! Never among them: `tcp_timestamps = 0`, a lower `tcp_max_tw_buckets`, `tcp_fin_timeout`.

mod drop_in;
mod recipe;

use serde::Serialize;

use crate::evidence::{Quote, Setting};
use crate::facts::Facts;
use crate::verdict::{Id, Verdict};

pub use self::drop_in::{DropIn, Line};

/// A command, and what it does or shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// To be run as root; none where something is to be done by hand.
    pub command: Option<String>,
    /// In a sentence.
    pub says: String,
}

impl Step {
    /// Run this.
    fn run(command: impl Into<String>, says: impl Into<String>) -> Self {
        Self { command: Some(command.into()), says: says.into() }
    }

    /// Do this.
    fn by_hand(says: impl Into<String>) -> Self {
        Self { command: None, says: says.into() }
    }
}

/// A fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it is for.
    pub of: Id,
    /// Takes effect at once.
    pub now: Vec<Step>,
    /// Lines for a file of `sysctl.d`; only keys that this kernel has.
    pub keep: Vec<Line>,
    /// Lines of files in the evidence that set another value, and would do so again at the next boot.
    pub found: Vec<Quote>,
    /// Where the old value may be set as well.
    pub elsewhere: Vec<Step>,
    /// The way back.
    pub undo: Vec<Step>,
    /// How to see that it worked.
    pub check: Vec<Step>,
}

/// The fix for one verdict; none where there is nothing to be done on this host.
#[must_use]
pub fn fix(id: Id, facts: &Facts<'_>) -> Option<Fix> {
    let mut fix = match id {
        Id::RecycleRefuses | Id::RecycleOn => recipe::recycle(id, facts),
        Id::TimeWaitPaws => recipe::time_wait_paws(),
        Id::AcceptQueueOverflow => recipe::accept_queue(facts),
        Id::SynQueueFull => recipe::syn_queue(facts),
        Id::PortsExhausted => recipe::ports(facts),
        Id::TimeWaitOverflow => recipe::buckets(facts),
        Id::UnansweredElsewhere | Id::Healthy | Id::NotEnough => return None,
    };
    let profile = facts.kernel.profile();
    fix.keep.retain(|line| sim_core::sysctl::exists(profile, line.key));
    let other = |line: &Line| {
        let value: Vec<&str> = line.value.split_whitespace().collect();
        let differs = |setting: &&Setting| setting.value.split_whitespace().ne(value.iter().copied());
        facts.in_files(line.key).filter(differs).map(|setting| setting.quote.clone()).collect::<Vec<_>>()
    };
    fix.found = fix.keep.iter().flat_map(other).collect();
    Some(fix)
}

/// The fixes for all verdicts, and one file for all of their lines.
#[must_use]
pub fn fixes(verdicts: &[Verdict], facts: &Facts<'_>) -> (Vec<Fix>, Option<DropIn>) {
    let fixes: Vec<Fix> = verdicts.iter().filter_map(|verdict| fix(verdict.id, facts)).collect();
    let file = DropIn::of(facts, fixes.iter().flat_map(|fix| &fix.keep));
    (fixes, file)
}
