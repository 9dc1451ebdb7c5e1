//! The list of verdicts, and what a signature holds: the explanation of a verdict and the indicators that the desk looks
//! for.

use serde::Serialize;

use super::confidence::Confidence;
use super::reason::Reason;
use crate::facts::Facts;

macro_rules! ids {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The verdicts. Their names are part of reports, JSON and links.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum VerdictId {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl VerdictId {
            /// All verdicts.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in reports, JSON and links.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

ids! {
    /// Recycle refuses SYNs (R1).
    RecycleRefuses = "recycle-refuses",
    /// Recycle is on, but no refused SYN is seen.
    RecycleOn = "recycle-on",
    /// SYNs hit a timewait socket with the same four-tuple and an old timestamp (R6).
    TimeWaitPaws = "time-wait-paws",
    /// The accept queue is full (R14).
    AcceptQueueOverflow = "accept-queue-overflow",
    /// The SYN queue is full (R15).
    SynQueueFull = "syn-queue-full",
    /// No source port is left for one destination (R8).
    PortsExhausted = "ports-exhausted",
    /// The kernel creates no more timewait sockets, because there are `tcp_max_tw_buckets` of them.
    TimeWaitOverflow = "time-wait-overflow",
    /// A capture shows unanswered SYNs that TCP did not drop.
    UnansweredElsewhere = "unanswered-elsewhere",
    /// There is enough evidence, and it shows no fault.
    Healthy = "healthy",
    /// There is not enough evidence to tell.
    Inconclusive = "not-enough",
}

impl VerdictId {
    /// The verdicts that name a fault.
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
pub struct NextCommand {
    /// A shell command for the server.
    pub command: &'static str,
    /// What its output shows.
    pub why: &'static str,
}

/// The effect of an indicator on its verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Makes the verdict hold, with at least this confidence.
    For(Confidence),
    /// Is listed as a reason for the verdict, but does not make it hold.
    Supports,
    /// Lowers the confidence by one step.
    Weakens,
    /// Is listed as a reason against the verdict, without effect on the confidence.
    Notes,
    /// Rules the verdict out.
    Excludes,
}

/// An observation that the desk looks for.
#[derive(Clone, Copy, Debug)]
pub struct Indicator {
    /// What it means for the verdict.
    pub effect: Effect,
    /// A short description, for readers of the code.
    pub label: &'static str,
    /// Looks for it in the evidence.
    pub find: fn(&Facts<'_>) -> Option<Reason>,
}

/// The explanation of a verdict, and the indicators for and against it.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// The verdict.
    pub id: VerdictId,
    /// A heading.
    pub title: &'static str,
    /// What it means, in a few sentences.
    pub meaning: &'static str,
    /// The rules of the model (R1, R2 ...), as ARCHITECTURE.md numbers them; `none` if no rule applies.
    pub rule: &'static str,
    /// The functions of the kernel that do it.
    pub function: &'static str,
    /// The standards that it follows or breaks.
    pub rfc: &'static str,
    /// The indicators.
    pub indicators: &'static [Indicator],
    /// Commands that make it more certain.
    pub next: &'static [NextCommand],
}
