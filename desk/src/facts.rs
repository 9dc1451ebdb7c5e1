//! The evidence as questions that signatures ask: how a counter moved, which value of a sysctl holds, what captures show.

use std::collections::BTreeSet;

use crate::evidence::{Because, Evidence, Origin, Quote, Said, Sample, Setting, UnansweredSyn};
use crate::kernel::{Kernel, RECYCLE};

/// What is known of a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Two counts in a row: what it was and what it is.
    Between {
        /// At the last count but one.
        before: u64,
        /// At the last.
        after: u64,
        /// The lines of both, as far as there are lines.
        lines: Vec<Quote>,
    },
    /// One count, so everything since boot.
    SinceBoot(u64, Vec<Quote>),
    /// Nobody said.
    Unknown,
}

impl Count {
    /// By how much it moved between two counts.
    #[must_use]
    pub fn moved(&self) -> Option<u64> {
        match self {
            Self::Between { before, after, .. } => Some(after.saturating_sub(*before)),
            _ => None,
        }
    }

    /// Its value since boot where no second count says more.
    #[must_use]
    pub fn since_boot(&self) -> Option<u64> {
        match self {
            Self::SinceBoot(value, _) => Some(*value),
            _ => None,
        }
    }

    /// Its last value.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        match self {
            Self::Between { after, .. } => Some(*after),
            Self::SinceBoot(value, _) => Some(*value),
            Self::Unknown => None,
        }
    }

    /// The lines that it stands on.
    #[must_use]
    pub fn lines(&self) -> Vec<Quote> {
        match self {
            Self::Between { lines, .. } | Self::SinceBoot(_, lines) => lines.clone(),
            Self::Unknown => Vec::new(),
        }
    }
}

/// The evidence, and what was worked out of it once.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What was handed in.
    pub evidence: &'a Evidence,
    /// The kernel.
    pub kernel: Kernel,
    /// A counter that went down between the last two counts, with both lines: the machine was booted in between.
    pub reboot: Option<(String, Vec<Quote>)>,
    /// Settings of files in the order in which they are applied.
    pub applied: Vec<&'a Setting>,
    /// SYNs in captures, those unanswered, those of them that recycle explains, and those that a timewait socket judged.
    pub capture: CaptureTotals,
}

/// Sums over all captures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureTotals {
    /// SYNs to the server.
    pub syns: u64,
    /// Those without an answer.
    pub unanswered: u64,
    /// Those of the unanswered that recycle explains.
    pub by_recycle: u64,
    /// Those of the unanswered that a socket with the same four-tuple explains.
    pub by_four_tuple: u64,
}

impl CaptureTotals {
    /// Unanswered SYNs that nothing in the capture explains.
    #[must_use]
    pub fn unexplained(&self) -> u64 {
        self.unanswered.saturating_sub(self.by_recycle).saturating_sub(self.by_four_tuple)
    }
}

impl<'a> Facts<'a> {
    /// Of this evidence.
    #[must_use]
    pub fn of(evidence: &'a Evidence) -> Self {
        let kernel = Kernel::of(evidence);
        Self {
            reboot: reboot(evidence),
            applied: applied(&evidence.settings),
            capture: totals(evidence, &kernel),
            evidence,
            kernel,
        }
    }

    /// What is known of the counter `name`.
    #[must_use]
    pub fn count(&self, name: &str) -> Count {
        let samples = &self.evidence.samples;
        let Some(last) = samples.last() else { return Count::Unknown };
        let after = value(last, name);
        let before = samples.len().checked_sub(2).map(|at| &samples[at]).filter(|_| self.reboot.is_none());
        match (before.and_then(|sample| value(sample, name)), after) {
            (Some((before, first)), Some((after, second))) => {
                Count::Between { before, after, lines: first.into_iter().chain(second).collect() }
            }
            (None, Some((value, line))) => Count::SinceBoot(value, line.into_iter().collect()),
            (_, None) => Count::Unknown,
        }
    }

    /// Whether two counts in a row can be compared.
    #[must_use]
    pub fn has_difference(&self) -> bool {
        self.evidence.samples.len() >= 2 && self.reboot.is_none()
    }

    /// The setting of `key` that holds: what the running kernel says, else the file that is read last.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&'a Setting> {
        self.running(key).or_else(|| self.in_files(key).last())
    }

    /// What the running kernel says of `key`.
    #[must_use]
    pub fn running(&self, key: &str) -> Option<&'a Setting> {
        self.evidence.settings.iter().rfind(|setting| setting.key == key && setting.origin == Origin::Running)
    }

    /// What files say of `key`, the one that is read last at the end.
    pub fn in_files(&self, key: &str) -> impl DoubleEndedIterator<Item = &'a Setting> {
        let key = key.to_owned();
        self.applied.iter().copied().filter(move |setting| setting.key == key)
    }

    /// The value of `key` as a number, from the setting that holds.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        number(self.setting(key)?)
    }

    /// Whether the kernel at hand can have recycle on: not if it has none.
    #[must_use]
    pub fn can_recycle(&self) -> bool {
        self.kernel.has_recycle != Some(false)
    }

    /// Recycle as the running kernel says it.
    #[must_use]
    pub fn recycle_runs(&self) -> Option<bool> {
        self.running(RECYCLE).and_then(number).map(|value| value != 0)
    }

    /// Unanswered SYNs of one kind, as lines; at most three.
    #[must_use]
    pub fn syns(&self, of: impl Fn(&Because) -> bool) -> Vec<Quote> {
        let captures = self.evidence.captures.iter();
        let all = captures.flat_map(|seen| seen.unanswered.iter().map(|syn| (seen.source.as_str(), syn)));
        all.filter(|(_, syn)| of(&syn.because)).take(3).map(|(source, syn)| quote(source, syn)).collect()
    }
}

/// The value of a setting as a number; of several numbers the first.
#[must_use]
pub fn number(setting: &Setting) -> Option<u64> {
    setting.value.split_whitespace().next()?.parse().ok()
}

/// A SYN as a line of its capture.
fn quote(source: &str, syn: &UnansweredSyn) -> Quote {
    let stamp = syn.tsval.map_or_else(|| "no timestamp".to_owned(), |tsval| format!("TSval {tsval}"));
    let line = u32::try_from(syn.packet).unwrap_or(u32::MAX);
    let text = format!("packet {}: SYN {} > {}, seq {}, {stamp}", syn.packet, syn.remote, syn.local, syn.seq);
    Quote { source: source.to_owned(), line, text }
}

/// Settings of files, the one that wins at the end. In the order of the evidence as long as nothing else is known.
fn applied(settings: &[Setting]) -> Vec<&Setting> {
    settings.iter().filter(|setting| setting.origin != Origin::Running).collect()
}

fn totals(evidence: &Evidence, kernel: &Kernel) -> CaptureTotals {
    let mut sum = CaptureTotals::default();
    for seen in &evidence.captures {
        sum.syns = sum.syns.saturating_add(seen.syns);
        sum.unanswered = sum.unanswered.saturating_add(seen.unanswered_syns);
        if kernel.has_recycle != Some(false) {
            sum.by_recycle = sum.by_recycle.saturating_add(seen.explained_by_recycle);
        }
        let judged = seen.unanswered.iter().filter(|syn| syn.because == Because::SameFourTuple);
        sum.by_four_tuple += judged.count() as u64;
    }
    sum
}

/// `netstat -s` leaves out what is zero, `nstat -az` does not: the value of a counter that a sample of the first sort
/// does not name is known.
fn value(sample: &Sample, name: &str) -> Option<(u64, Option<Quote>)> {
    match sample.counters.get(name) {
        Some(said) => Some((said.what, Some(said.quote.clone()))),
        // Newer netstat prints what it has no sentence for as `TCPReqQFullDrop: 3`.
        None if leaves_zeros_out(sample) => Some((0, None)),
        None => None,
    }
}

fn leaves_zeros_out(sample: &Sample) -> bool {
    let in_words = |said: &Said<u64>| {
        let text = said.quote.text.trim_start();
        text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(' ') && text.ends_with(char::is_alphabetic)
    };
    sample.counters.values().any(in_words)
}

fn reboot(evidence: &Evidence) -> Option<(String, Vec<Quote>)> {
    // The number of open connections is a count that may fall.
    let gauges = BTreeSet::from(["CurrEstab", "MaxConn", "RtoMin", "RtoMax", "RtoAlgorithm"]);
    let [.., before, after] = evidence.samples.as_slice() else { return None };
    before.counters.iter().filter(|(name, _)| !gauges.contains(name.as_str())).find_map(|(name, first)| {
        let second = after.counters.get(name)?;
        (second.what < first.what).then(|| (name.clone(), vec![first.quote.clone(), second.quote.clone()]))
    })
}
