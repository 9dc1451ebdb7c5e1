//! Compares the evidence with the signature of every verdict. The verdicts that hold are sorted by confidence.
//!
//! A [`Signature`] is data: the explanation of one verdict, and the indicators that speak for or against it.

mod confidence;
mod healthy;
mod inconclusive;
mod indicators;
mod outside_tcp;
mod ports;
mod queues;
mod reason;
mod recycle;
mod signature;
mod timewait;

use serde::Serialize;

use crate::evidence::Evidence;
use crate::facts::Facts;

pub use self::confidence::Confidence;
pub use self::ports::ports as port_range;
pub use self::reason::Reason;
pub use self::signature::{Effect, Indicator, NextCommand, Signature, VerdictId};

/// The confidence in headings. If the evidence is inconclusive, headings ask for more instead.
pub fn confidence_label(verdict: &Verdict) -> &'static str {
    if verdict.id == VerdictId::Inconclusive { "send more" } else { verdict.confidence.name() }
}

/// A conclusion of the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which conclusion.
    pub id: VerdictId,
    /// How certain it is.
    pub confidence: Confidence,
    /// Reasons for it.
    #[serde(rename = "for")]
    pub for_: Vec<Reason>,
    /// Reasons against it.
    pub against: Vec<Reason>,
    /// Commands that make it more certain.
    pub next: Vec<NextCommand>,
}

/// All verdicts that hold, the most certain first. There is always at least one.
pub fn verdicts(evidence: &Evidence) -> Vec<Verdict> {
    judge(&Facts::of(evidence))
}

/// [`verdicts`] of evidence that is already prepared.
pub fn judge(facts: &Facts<'_>) -> Vec<Verdict> {
    let mut held: Vec<Verdict> = VerdictId::FAULTS.iter().filter_map(|id| weigh(signature(*id), facts)).collect();
    // If recycle refuses SYNs, the verdict that it is on adds nothing.
    if held.iter().any(|verdict| verdict.id == VerdictId::RecycleRefuses && verdict.confidence > Confidence::Possible) {
        held.retain(|verdict| verdict.id != VerdictId::RecycleOn);
    }
    if held.is_empty() {
        let last = [VerdictId::Healthy, VerdictId::Inconclusive].iter().find_map(|id| weigh(signature(*id), facts));
        held.extend(last);
    }
    held.sort_by_key(|verdict| (std::cmp::Reverse(verdict.confidence), verdict.id));
    held
}

/// The signature of a verdict.
pub const fn signature(id: VerdictId) -> &'static Signature {
    match id {
        VerdictId::RecycleRefuses => &recycle::REFUSES,
        VerdictId::RecycleOn => &recycle::ON,
        VerdictId::TimeWaitPaws => &timewait::PAWS,
        VerdictId::AcceptQueueOverflow => &queues::ACCEPT,
        VerdictId::SynQueueFull => &queues::SYN,
        VerdictId::PortsExhausted => &ports::EXHAUSTED,
        VerdictId::TimeWaitOverflow => &timewait::OVERFLOW,
        VerdictId::UnansweredElsewhere => &outside_tcp::OUTSIDE_TCP,
        VerdictId::Healthy => &healthy::HEALTHY,
        VerdictId::Inconclusive => &inconclusive::INCONCLUSIVE,
    }
}

/// The verdict of one signature, if it holds.
fn weigh(signature: &Signature, facts: &Facts<'_>) -> Option<Verdict> {
    let mut confidence = None;
    let mut weakened = false;
    let mut verdict =
        Verdict { id: signature.id, confidence: Confidence::Possible, for_: vec![], against: vec![], next: vec![] };
    for indicator in signature.indicators {
        let Some(reason) = (indicator.find)(facts) else { continue };
        match indicator.effect {
            Effect::For(least) => {
                confidence = confidence.max(Some(least));
                verdict.for_.push(reason);
            }
            Effect::Supports => verdict.for_.push(reason),
            Effect::Weakens | Effect::Notes => {
                weakened |= indicator.effect == Effect::Weakens;
                verdict.against.push(reason);
            }
            Effect::Excludes => return None,
        }
    }
    verdict.confidence = confidence?;
    if weakened {
        verdict.confidence = verdict.confidence.weaker();
    }
    // A certain verdict needs no further command.
    if verdict.confidence < Confidence::Certain || signature.id == VerdictId::Inconclusive {
        verdict.next = signature.next.to_vec();
    }
    Some(verdict)
}
