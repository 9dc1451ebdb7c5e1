//! The closed list of verdicts, and what a signature is: a verdict's explanation next to the evidence that bears on it.

use serde::Serialize;

use super::{Confidence, Reason, elsewhere, ports, queues, recycle, rest, timewait};
use crate::facts::Facts;

macro_rules! ids {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A verdict's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Id {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl Id {
            /// The closed list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As reports write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

ids! {
    /// SYNs are refused by R1.
    RecycleRefuses = "recycle-refuses",
    /// Recycle is on; no refusal is seen.
    RecycleOn = "recycle-on",
    /// SYNs hit a timewait socket with the same four-tuple and an old timestamp (R6).
    TimeWaitPaws = "time-wait-paws",
    /// The accept queue is full (R14).
    AcceptQueueOverflow = "accept-queue-overflow",
    /// The SYN queue is full (R15).
    SynQueueFull = "syn-queue-full",
    /// No source port is left for one destination (R8).
    PortsExhausted = "ports-exhausted",
    /// `tcp_max_tw_buckets` denies timewait sockets.
    TimeWaitOverflow = "time-wait-overflow",
    /// A capture shows unanswered SYNs, and the counters know nothing of them.
    UnansweredElsewhere = "unanswered-elsewhere",
    /// Enough evidence, and it shows nothing.
    Healthy = "healthy",
    /// The evidence does not suffice.
    NotEnough = "not-enough",
}

impl Id {
    /// Those that say that something is wrong.
    pub const FAULTS: [Self; 8] = [
        Self::RecycleRefuses,
        Self::RecycleOn,
        Self::TimeWaitPaws,
        Self::AcceptQueueOverflow,
        Self::SynQueueFull,
        Self::PortsExhausted,
        Self::TimeWaitOverflow,
        Self::UnansweredElsewhere,
    ];
}

/// A command to run, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// To be run on the machine that does not answer.
    pub command: &'static str,
    /// What it tells.
    pub why: &'static str,
}

/// What a sign does to its verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// Makes it at least so sure.
    For(Confidence),
    /// Goes with it, and would not make it alone.
    Supports,
    /// Makes it one step less sure.
    Weakens,
    /// Is worth saying against it, and changes nothing.
    Notes,
    /// Rules it out.
    Excludes,
}

/// Whether evidence speaks for a verdict or against it, for a table of the signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bears {
    /// For.
    For,
    /// Against.
    Against,
}

/// Evidence that bears on a verdict.
#[derive(Clone, Copy, Debug)]
pub struct Sign {
    /// What it does.
    pub speaks: Speaks,
    /// What it is, for people who read the signature.
    pub what: &'static str,
    /// Looks for it.
    pub look: fn(&Facts<'_>) -> Option<Reason>,
}

impl Sign {
    /// For or against.
    #[must_use]
    pub const fn bears(&self) -> Bears {
        match self.speaks {
            Speaks::For(_) | Speaks::Supports => Bears::For,
            Speaks::Weakens | Speaks::Notes | Speaks::Excludes => Bears::Against,
        }
    }
}

/// A verdict's explanation and what bears on it.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Which verdict.
    pub id: Id,
    /// In a line.
    pub title: &'static str,
    /// What it means, in two or three sentences.
    pub meaning: &'static str,
    /// The rule of ARCHITECTURE.md.
    pub rule: &'static str,
    /// The kernel's function.
    pub function: &'static str,
    /// The standard that it departs from or follows.
    pub rfc: &'static str,
    /// The evidence that bears on it.
    pub signs: &'static [Sign],
    /// What to run to be surer.
    pub next: &'static [Next],
}

/// The signature of a verdict.
#[must_use]
pub const fn signature(id: Id) -> &'static Signature {
    match id {
        Id::RecycleRefuses => &recycle::REFUSES,
        Id::RecycleOn => &recycle::ON,
        Id::TimeWaitPaws => &timewait::PAWS,
        Id::AcceptQueueOverflow => &queues::ACCEPT,
        Id::SynQueueFull => &queues::SYN,
        Id::PortsExhausted => &ports::EXHAUSTED,
        Id::TimeWaitOverflow => &timewait::OVERFLOW,
        Id::UnansweredElsewhere => &elsewhere::ELSEWHERE,
        Id::Healthy => &rest::HEALTHY,
        Id::NotEnough => &rest::NOT_ENOUGH,
    }
}
