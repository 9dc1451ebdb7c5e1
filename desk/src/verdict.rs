//! From evidence to verdicts: every signature is asked, what holds is sorted by how sure it is.

mod clue;
mod elsewhere;
mod ports;
mod queues;
mod recycle;
mod rest;
mod signature;
mod timewait;

use serde::Serialize;

use crate::evidence::{Evidence, Quote};
use crate::facts::Facts;

pub use self::clue::grouped;
pub use self::ports::ports as port_range;
pub use self::signature::{Bears, Id, Next, Sign, Signature, Speaks, signature};

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// One reading of the evidence among others.
    Possible,
    /// Nothing else in the evidence fits as well.
    Likely,
    /// The evidence cannot be read otherwise.
    Certain,
}

/// As headings write it. That the evidence does not suffice is not a matter of being sure.
#[must_use]
pub fn how_sure(verdict: &Verdict) -> &'static str {
    if verdict.id == Id::NotEnough { "send more" } else { verdict.confidence.name() }
}

impl Confidence {
    /// As reports write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    const fn weaker(self) -> Self {
        match self {
            Self::Certain => Self::Likely,
            Self::Likely | Self::Possible => Self::Possible,
        }
    }
}

/// Something that speaks for or against a verdict, and the lines that say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// In a sentence.
    pub says: String,
    /// The lines, as they were handed in.
    pub lines: Vec<Quote>,
}

impl Reason {
    /// This sentence on these lines.
    #[must_use]
    pub fn new(says: impl Into<String>, lines: Vec<Quote>) -> Self {
        Self { says: says.into(), lines }
    }
}

/// What the desk says is the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which of the closed list.
    pub id: Id,
    /// How sure.
    pub confidence: Confidence,
    /// What speaks for it.
    #[serde(rename = "for")]
    pub for_: Vec<Reason>,
    /// What speaks against it.
    pub against: Vec<Reason>,
    /// What to run next to be surer.
    pub next: Vec<Next>,
}

/// All verdicts that hold, the surest first; never empty.
#[must_use]
pub fn verdicts(evidence: &Evidence) -> Vec<Verdict> {
    judge(&Facts::of(evidence))
}

/// The same, of evidence that was looked through already.
#[must_use]
pub fn judge(facts: &Facts<'_>) -> Vec<Verdict> {
    let mut held: Vec<Verdict> = Id::FAULTS.iter().filter_map(|id| weigh(signature(*id), facts)).collect();
    // Where a refusal is nearly certain, that recycle is on is its cause and no finding of its own.
    if held.iter().any(|verdict| verdict.id == Id::RecycleRefuses && verdict.confidence > Confidence::Possible) {
        held.retain(|verdict| verdict.id != Id::RecycleOn);
    }
    if held.is_empty() {
        let last = [Id::Healthy, Id::NotEnough].iter().find_map(|id| weigh(signature(*id), facts));
        held.extend(last);
    }
    held.sort_by_key(|verdict| (std::cmp::Reverse(verdict.confidence), verdict.id));
    held
}

/// What one signature makes of the evidence.
fn weigh(signature: &Signature, facts: &Facts<'_>) -> Option<Verdict> {
    let mut confidence = None;
    let mut weakened = false;
    let mut verdict =
        Verdict { id: signature.id, confidence: Confidence::Possible, for_: vec![], against: vec![], next: vec![] };
    for sign in signature.signs {
        let Some(reason) = (sign.look)(facts) else { continue };
        match sign.speaks {
            Speaks::For(so_much) => {
                confidence = confidence.max(Some(so_much));
                verdict.for_.push(reason);
            }
            Speaks::Supports => verdict.for_.push(reason),
            Speaks::Weakens | Speaks::Notes => {
                weakened |= sign.speaks == Speaks::Weakens;
                verdict.against.push(reason);
            }
            Speaks::Excludes => return None,
        }
    }
    verdict.confidence = confidence?;
    if weakened {
        verdict.confidence = verdict.confidence.weaker();
    }
    // What would have to be asked to be certain; a certain verdict asks for nothing.
    if verdict.confidence < Confidence::Certain || signature.id == Id::NotEnough {
        verdict.next = signature.next.to_vec();
    }
    Some(verdict)
}
