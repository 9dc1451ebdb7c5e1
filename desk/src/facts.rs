//! Answers the questions of the signatures: how did a counter change, which value of a sysctl is current, what do
//! captures show?

use std::collections::BTreeSet;

use crate::evidence::{Evidence, Origin, Quote, Quoted, Sample, Setting, UnansweredCause, UnansweredSyn};
use crate::kernel::{Kernel, RECYCLE};
use crate::parse;

/// The values of a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// The last two samples contain it.
    Between {
        /// The value in the last sample but one.
        before: u64,
        /// The value in the last sample.
        after: u64,
        /// The lines of both, if there are any: `netstat -s` leaves out zeros.
        lines: Vec<Quote>,
    },
    /// Only one sample contains it: the value since boot.
    SinceBoot(u64, Vec<Quote>),
    /// No sample contains it.
    Unknown,
}

impl Count {
    /// Its rise between the last two samples.
    pub fn moved(&self) -> Option<u64> {
        match self {
            Self::Between { before, after, .. } => Some(after.saturating_sub(*before)),
            _ => None,
        }
    }

    /// Its value since boot, if there is only one sample.
    pub fn since_boot(&self) -> Option<u64> {
        match self {
            Self::SinceBoot(value, _) => Some(*value),
            _ => None,
        }
    }

    /// Its last value.
    pub fn last(&self) -> Option<u64> {
        match self {
            Self::Between { after, .. } => Some(*after),
            Self::SinceBoot(value, _) => Some(*value),
            Self::Unknown => None,
        }
    }

    /// The lines with its values.
    pub fn lines(&self) -> Vec<Quote> {
        match self {
            Self::Between { lines, .. } | Self::SinceBoot(_, lines) => lines.clone(),
            Self::Unknown => Vec::new(),
        }
    }
}

/// The evidence, and what follows from it.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The evidence.
    pub evidence: &'a Evidence,
    /// The kernel.
    pub kernel: Kernel,
    /// A counter that fell between the last two samples, with both lines. It shows that the machine was booted in
    /// between.
    pub reboot: Option<(String, Vec<Quote>)>,
    /// Settings of files, in the order in which they are applied.
    pub applied: Vec<&'a Setting>,
    /// The sums over all captures.
    pub capture: CaptureTotals,
}

/// Sums over all captures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureTotals {
    /// SYNs to the server.
    pub syns: u64,
    /// SYNs without an answer.
    pub unanswered: u64,
    /// Unanswered SYNs that recycle explains.
    pub by_recycle: u64,
    /// Answered SYNs that recycle would have refused.
    pub all_the_same: u64,
    /// Unanswered SYNs that a socket with the same four-tuple explains.
    pub by_four_tuple: u64,
}

impl CaptureTotals {
    /// Unanswered SYNs that nothing in the capture explains.
    pub fn unexplained(&self) -> u64 {
        self.unanswered.saturating_sub(self.by_recycle).saturating_sub(self.by_four_tuple)
    }
}

impl<'a> Facts<'a> {
    /// Prepares the evidence.
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

    /// The values of the counter `name`.
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

    /// Whether there are two samples from the same boot.
    pub fn has_difference(&self) -> bool {
        self.evidence.samples.len() >= 2 && self.reboot.is_none()
    }

    /// The current setting of `key`: that of the running kernel, or else of the file that is applied last.
    pub fn setting(&self, key: &str) -> Option<&'a Setting> {
        self.running(key).or_else(|| self.in_files(key).last())
    }

    /// The setting of `key` in the running kernel.
    pub fn running(&self, key: &str) -> Option<&'a Setting> {
        self.evidence.settings.iter().rfind(|setting| setting.key == key && setting.origin == Origin::Running)
    }

    /// The settings of `key` in files, the one that is applied last at the end.
    pub fn in_files(&self, key: &str) -> impl DoubleEndedIterator<Item = &'a Setting> {
        let key = key.to_owned();
        self.applied.iter().copied().filter(move |setting| setting.key == key)
    }

    /// The current value of `key` as a number.
    pub fn number(&self, key: &str) -> Option<u64> {
        number(self.setting(key)?)
    }

    /// Whether the kernel may have recycle: it has it, or the kernel is not known.
    pub fn can_recycle(&self) -> bool {
        self.kernel.has_recycle != Some(false)
    }

    /// Whether recycle is on in the running kernel, if that is known.
    pub fn recycle_runs(&self) -> Option<bool> {
        self.running(RECYCLE).and_then(number).map(|value| value != 0)
    }

    /// Unanswered SYNs with a cause that `of` selects, as lines. At most three.
    pub fn syns(&self, of: impl Fn(&UnansweredCause) -> bool) -> Vec<Quote> {
        let captures = self.evidence.captures.iter();
        let all = captures.flat_map(|seen| seen.unanswered.iter().map(|syn| (seen.source.as_str(), syn)));
        all.filter(|(_, syn)| of(&syn.because)).take(3).map(|(source, syn)| quote(source, syn)).collect()
    }
}

/// The value of a setting as a number. If it has several numbers, the first.
pub fn number(setting: &Setting) -> Option<u64> {
    setting.value.split_whitespace().next()?.parse().ok()
}

/// A SYN as a quoted line.
fn quote(source: &str, syn: &UnansweredSyn) -> Quote {
    let stamp = syn.tsval.map_or_else(|| "no timestamp".to_owned(), |tsval| format!("TSval {tsval}"));
    let line = u32::try_from(syn.packet).unwrap_or(u32::MAX);
    let text = format!("packet {}: SYN {} > {}, seq {}, {stamp}", syn.packet, syn.remote, syn.local, syn.seq);
    Quote { source: source.to_owned(), line, text }
}

/// Settings of files, in the order in which they are applied.
fn applied(settings: &[Setting]) -> Vec<&Setting> {
    parse::resolve(settings).into_iter().flat_map(|winner| winner.beaten.into_iter().chain(winner.at_boot)).collect()
}

fn totals(evidence: &Evidence, kernel: &Kernel) -> CaptureTotals {
    let mut sum = CaptureTotals::default();
    for seen in &evidence.captures {
        sum.syns = sum.syns.saturating_add(seen.syns);
        sum.unanswered = sum.unanswered.saturating_add(seen.unanswered_syns);
        if kernel.has_recycle != Some(false) {
            sum.by_recycle = sum.by_recycle.saturating_add(seen.explained_by_recycle);
            sum.all_the_same = sum.all_the_same.saturating_add(seen.answered_all_the_same);
        }
        let judged = seen.unanswered.iter().filter(|syn| syn.because == UnansweredCause::SameFourTuple);
        sum.by_four_tuple += judged.count() as u64;
    }
    sum
}

/// The value of a counter in a sample, and its line. `netstat -s` leaves out counters that are 0, `nstat -az` does not.
fn value(sample: &Sample, name: &str) -> Option<(u64, Option<Quote>)> {
    match sample.counters.get(name) {
        Some(said) => Some((said.value, Some(said.quote.clone()))),
        None if leaves_zeros_out(sample) => Some((0, None)),
        None => None,
    }
}

fn leaves_zeros_out(sample: &Sample) -> bool {
    let in_words = |said: &Quoted<u64>| {
        let text = said.quote.text.trim_start();
        text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(' ') && text.ends_with(char::is_alphabetic)
    };
    sample.counters.values().any(in_words)
}

fn reboot(evidence: &Evidence) -> Option<(String, Vec<Quote>)> {
    // These values may fall without a reboot.
    let gauges = BTreeSet::from(["CurrEstab", "MaxConn", "RtoMin", "RtoMax", "RtoAlgorithm"]);
    let [.., before, after] = evidence.samples.as_slice() else { return None };
    before.counters.iter().filter(|(name, _)| !gauges.contains(name.as_str())).find_map(|(name, first)| {
        let second = after.counters.get(name)?;
        (second.value < first.value).then(|| (name.clone(), vec![first.quote.clone(), second.quote.clone()]))
    })
}
