//! Why a SYN was refused, why another segment went astray, and why none did.

mod anomaly;
mod numbers;
mod rule;
mod scene;

use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel_version::{KernelVersion, PAWS_MSL_S, PAWS_WINDOW};
use sim_core::time::SimTime;
use sim_core::trace::NodeId;
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::Snapshot;

pub use self::anomaly::{afterwards, remedy, sentence as odd_sentence};
pub use self::numbers::lines as odd_lines;
pub use self::rule::{Rule, rule};
pub use self::scene::Context;
use super::Names;
use crate::format::{grouped_signed, moment};
use crate::plan::{Change, ChangeKind, Key, Plan};
use crate::run::Run;
use sim_core::words::grouped;

/// One line of the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumLine {
    /// What it is.
    pub label: String,
    /// Its number.
    pub number: String,
    /// Whose clock it is.
    pub clock_of: Option<NodeId>,
    /// Whether it is one of the two conditions of the rule.
    pub condition: bool,
}

/// The refusal in a sentence or two.
pub fn sentence(run: &Run, refused: &RefusedSyn) -> String {
    let Names { host, because_of, address } = Names::of(run, refused);
    let other = because_of
        .filter(|other| *other != host)
        .map_or_else(|| "the remembered timestamp".to_owned(), |other| format!("{other}'s"));
    match refused.reason {
        DropReason::RecycleNoTimestamp => format!(
            "{host}'s SYN carries no timestamp, but the server remembers one for {address}. \
             It treats the SYN as an old duplicate."
        ),
        _ => format!(
            "{host}'s clock is behind {other}. The server keeps one timestamp for {address} \
             and treats {host}'s SYN as an old duplicate."
        ),
    }
}

/// The refusal as a sum: two clocks, and the two conditions that they meet (R1).
pub fn lines(run: &Run, refused: &RefusedSyn) -> Vec<SumLine> {
    let Names { host, because_of, .. } = Names::of(run, refused);
    let refusal = &refused.refusal;
    let from = because_of.map_or_else(String::new, |other| format!(", from {other}"));
    let age = refusal.now.since(refusal.remembered_at);
    let mut lines = vec![
        SumLine {
            label: format!("remembered{from}"),
            number: grouped(u64::from(refusal.remembered.0)),
            clock_of: refused.because_of,
            condition: false,
        },
        SumLine {
            label: format!("tsval in the SYN, from {host}"),
            number: refusal.tsval.map_or_else(|| "none".to_owned(), |tsval| grouped(u64::from(tsval.0))),
            clock_of: refused.host,
            condition: false,
        },
    ];
    let condition =
        |label: &str, number: String| SumLine { label: label.to_owned(), number, clock_of: None, condition: true };
    let wraps = refusal.tsval.is_some_and(|tsval| tsval.0 > refusal.remembered.0);
    let label = if wraps { "behind by, in 32 bits" } else { "behind by" };
    let behind = refusal.behind_by();
    lines.extend(behind.map(|behind| condition(label, format!("{} > {PAWS_WINDOW}", grouped_signed(behind.into())))));
    lines.push(condition("remembered for", format!("{age} s < {PAWS_MSL_S} s")));
    lines
}

/// Where the rule stands: the function, the kernel that has it, and the standard.
pub fn citation(rule: Rule, version: Option<KernelVersion>) -> String {
    let place = match version {
        Some(KernelVersion::MacOs | KernelVersion::Windows) if rule.in_kernel => "its own TCP".to_owned(),
        Some(version) if rule.in_kernel => format!("{}() in {}", rule.function, version.title()),
        _ if rule.in_kernel => format!("{}()", rule.function),
        _ => rule.function.to_owned(),
    };
    if rule.standard.is_empty() { place } else { format!("{place} \u{b7} {}", rule.standard) }
}

/// What the refused host hears, and what it does about it.
pub fn silence(run: &Run, refused: &RefusedSyn, now: SimTime) -> String {
    let host = refused.host.map_or("the host", |host| run.name(host));
    let past = |at: SimTime, past: &'static str, present: &'static str| if at <= now { past } else { present };
    let next = match (run.next_copy(refused), run.end_of(refused)) {
        (Some(at), _) => format!(" It {} its SYN again at {}.", past(at, "sent", "sends"), moment(at)),
        (None, Some(at)) => format!(" It {} up at {}.", past(at, "gave", "gives"), moment(at)),
        (None, None) => String::new(),
    };
    format!("The server sends no SYN-ACK and no RST, and logs nothing. {host} gets no reply.{next}")
}

/// That nobody has been refused since recycle was turned off, once it has been.
pub fn since(plan: &Plan, snapshot: &Snapshot, refused: &RefusedSyn) -> Option<String> {
    let turned_off = |change: &Change| {
        change.what == ChangeKind::Set(Key::RECYCLE, 0) && change.at > refused.at && change.at <= snapshot.at
    };
    let off = plan.settings(snapshot.at).is(Key::RECYCLE, 0);
    let change = plan.effective().filter(turned_off).last().filter(|_| off)?;
    Some(format!("Recycle has been 0 since {}, and nobody has been refused since.", moment(change.at)))
}

/// Why nobody has been refused yet.
pub fn nobody(run: &Run, plan: &Plan, snapshot: &Snapshot) -> String {
    let settings = plan.settings(snapshot.at);
    match settings.value(Key::RECYCLE) {
        None => format!(
            "Nobody is refused. {} has no tcp_tw_recycle, so it does not compare SYNs with a remembered timestamp.",
            plan.kernel.title()
        ),
        Some(0) => {
            "Nobody has been refused. Recycle is 0, so the server does not compare SYNs with a remembered timestamp."
                .to_owned()
        }
        Some(_) if settings.is(Key::TIMESTAMPS, 0) => {
            "Nobody has been refused. Timestamps are 0, so the server uses no timestamps and remembers none.".to_owned()
        }
        // At the start is asked what will come.
        Some(_) if snapshot.at == SimTime::ZERO => "Nobody has been refused yet.".to_owned(),
        Some(_) => match run.index.next_refusal(snapshot.at) {
            Some(refused) => format!("Nobody has been refused yet. The first refusal is at {}.", moment(refused.at)),
            None => "Nobody is refused in this run.".to_owned(),
        },
    }
}

/// The heading.
pub const HEADING: &str = "Why";
/// Shows the first anomaly of the run.
pub const FIRST_PROBLEM: &str = "First problem";
/// Moves to the refusal before.
pub const PREVIOUS_REFUSAL: &str = "Previous refusal";
/// Moves to the refusal after.
pub const NEXT_REFUSAL: &str = "Next refusal";
/// Shows the anomaly of the same kind before.
pub const PREVIOUS_LIKE: &str = "Previous event of this kind";
/// Shows the anomaly of the same kind after.
pub const NEXT_LIKE: &str = "Next event of this kind";
/// Turns recycle off at this time.
pub const RECYCLE_OFF: &str = "Recycle off from here";
/// Turns timestamps on at this time.
pub const TIMESTAMPS_ON: &str = "Timestamps on from here";
/// Sets reuse at this time.
pub const REUSE_1: &str = "Reuse 1 from here";
/// Clears reuse at this time.
pub const REUSE_0: &str = "Reuse 0 from here";
/// The first kernel without recycle.
pub const KERNEL_4_12: &str = "Kernel 4.12";
/// The last kernel with recycle.
pub const KERNEL_4_11: &str = "Kernel 4.11";
