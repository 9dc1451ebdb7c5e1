//! Everything that the page shows about the evidence: the verdicts, the fixes, the harmful settings, and the summary
//! line.

use sim_core::kernel_version::KernelVersion;

use crate::evidence::{Evidence, Quote, Quoted};
use crate::facts::Facts;
use crate::fix::{DropIn, Fix, fixes};
use crate::format::counted;
use crate::harm::{Harm, harms};
use crate::verdict::{Verdict, judge, signature};

/// The result for one state of the evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The most certain first.
    pub verdicts: Vec<Verdict>,
    /// The fixes for them.
    pub fixes: Vec<Fix>,
    /// The file that keeps the fixes, if there is anything to keep.
    pub file: Option<DropIn>,
    /// Settings that do not help, or do harm.
    pub harms: Vec<Harm>,
    /// The kernel in words.
    pub kernel: String,
    /// The modelled kernel whose rules apply, if the release is known.
    pub version: Option<KernelVersion>,
}

impl Outcome {
    /// The result for this evidence.
    pub fn of(evidence: &Evidence) -> Self {
        let facts = Facts::of(evidence);
        let verdicts = judge(&facts);
        let (fixes, file) = fixes(&verdicts, &facts);
        Self {
            fixes,
            file,
            harms: harms(&facts),
            kernel: facts.kernel.in_words(),
            version: facts.kernel.version,
            verdicts,
        }
    }

    /// The result of a link, which names verdicts and a kernel but no evidence.
    pub fn of_link(verdicts: Vec<Verdict>, kernel: Option<KernelVersion>) -> Self {
        let evidence = Evidence { release: kernel.map(release), ..Evidence::default() };
        let facts = Facts::of(&evidence);
        let (fixes, file) = fixes(&verdicts, &facts);
        let version = facts.kernel.version;
        Self { fixes, file, harms: Vec::new(), kernel: facts.kernel.in_words(), version, verdicts }
    }

    /// The fix for a verdict.
    pub fn fix(&self, verdict: &Verdict) -> Option<&Fix> {
        self.fixes.iter().find(|fix| fix.of == verdict.id)
    }

    /// The first verdict in a line.
    pub fn summary(&self, evidence: &Evidence) -> String {
        if !evidence.is_recognised() {
            return "Nothing of this was recognised. The list says why.".to_owned();
        }
        let Some(first) = self.verdicts.first() else { return String::new() };
        let more = match self.verdicts.len() - 1 {
            0 => String::new(),
            more => format!(" {} below.", counted(more, "more verdict", "more verdicts")),
        };
        format!("{}: {}.{more}", signature(first.id).title, first.confidence.name())
    }
}

/// A release that is judged as `kernel`.
fn release(kernel: KernelVersion) -> Quoted<String> {
    let value = if kernel == KernelVersion::El7 { "3.10.0.el7".to_owned() } else { kernel.name().to_owned() };
    let quote = Quote { source: "the link".to_owned(), line: 1, text: value.clone() };
    Quoted { value, quote }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::VerdictId;

    #[test]
    fn a_link_gets_the_fix_for_its_kernel() {
        for kernel in KernelVersion::ALL {
            let verdicts = Outcome::of(&Evidence::default()).verdicts;
            assert_eq!(Outcome::of_link(verdicts, Some(kernel)).version, Some(kernel));
        }
    }

    #[test]
    fn the_summary_says_if_nothing_was_recognised() {
        let evidence = Evidence::default();
        let outcome = Outcome::of(&evidence);
        assert_eq!(outcome.verdicts[0].id, VerdictId::Inconclusive);
        assert_eq!(outcome.summary(&evidence), "Nothing of this was recognised. The list says why.");
    }
}
