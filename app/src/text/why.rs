//! Why a SYN was refused, and why none was.

use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel_version::{PAWS_MSL_S, PAWS_WINDOW};
use sim_core::trace::query::RefusedSyn;
use sim_core::trace::snapshot::Snapshot;

use super::{Names, kernel};
use crate::format::{grouped, grouped_signed, moment};
use crate::plan::{Change, Key, Plan, What};
use crate::run::Run;

/// One line of the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// Its number.
    pub number: String,
    /// Whether it is the result of those above.
    pub result: bool,
}

/// The refusal in a sentence or two.
#[must_use]
pub fn sentence(run: &Run, refused: &RefusedSyn) -> String {
    let Names { host, because_of, address } = Names::of(run, refused);
    let other = because_of.map_or_else(|| "the one that the server remembers".to_owned(), |other| format!("{other}'s"));
    match refused.reason {
        DropReason::RecycleNoTimestamp => format!(
            "{host}'s SYN carries no timestamp, but the server remembers one for {address}. It takes the SYN for an old duplicate."
        ),
        _ => format!(
            "{host}'s clock is behind {other}. The server keeps one timestamp for {address} and takes {host}'s SYN for an old duplicate."
        ),
    }
}

/// The refusal as a sum.
#[must_use]
pub fn lines(run: &Run, refused: &RefusedSyn) -> Vec<Line> {
    let Names { host, because_of, .. } = Names::of(run, refused);
    let refusal = &refused.refusal;
    let line = |label: String, number: String, result: bool| Line { label, number, result };
    let from = because_of.map_or_else(String::new, |other| format!(", from {other}"));
    let mut lines = vec![line(format!("remembered{from}"), grouped(u64::from(refusal.remembered.0)), false)];
    if let (Some(tsval), Some(behind)) = (refusal.tsval, refusal.behind_by()) {
        lines.push(line(format!("tsval in the SYN, from {host}"), grouped(u64::from(tsval.0)), false));
        lines.push(line(
            "behind by".to_owned(),
            format!("{} > {PAWS_WINDOW}", grouped_signed(i64::from(behind))),
            true,
        ));
    } else {
        lines.push(line(format!("tsval in the SYN, from {host}"), "none".to_owned(), false));
    }
    let age = refusal.now.since(refusal.remembered_at);
    lines.push(line("remembered for".to_owned(), format!("{age} s < {PAWS_MSL_S} s"), false));
    lines
}

/// Where the rule stands: the kernel's function and the standard.
#[must_use]
pub fn citation(plan: &Plan, refused: &RefusedSyn) -> String {
    let citation = refused.reason.citation();
    let standard = if citation.standard.is_empty() { String::new() } else { format!(" \u{b7} {}", citation.standard) };
    format!("{}() in {}{standard}", citation.function, kernel(plan.kernel))
}

/// What the refused host hears, and what it does about it.
#[must_use]
pub fn silence(run: &Run, refused: &RefusedSyn) -> String {
    let host = refused.host.map_or("the host", |host| run.name(host));
    let waits = "after 1, 3, 7, 15, 31 and 63 s";
    format!("The server sends nothing back and writes no log line. {host} sends its SYN again {waits}.")
}

/// That nobody has been refused since recycle was turned off, once it has been.
#[must_use]
pub fn since(plan: &Plan, snapshot: &Snapshot, refused: &RefusedSyn) -> Option<String> {
    let turned_off = |change: &Change| {
        change.what == What::Set(Key::Recycle, 0) && change.at > refused.at && change.at <= snapshot.at
    };
    let off = plan.settings(snapshot.at).recycle == Some(0);
    let change = plan.effective().filter(turned_off).last().filter(|_| off)?;
    Some(format!("Since {} recycle is 0 and nobody has been refused.", moment(change.at)))
}

/// Why nobody has been refused yet.
#[must_use]
pub fn nobody(run: &Run, plan: &Plan, snapshot: &Snapshot) -> String {
    let settings = plan.settings(snapshot.at);
    match settings.recycle {
        None => format!(
            "Nobody is refused. {} has no tcp_tw_recycle: it compares no SYN with the clock of an address.",
            kernel(plan.kernel)
        ),
        Some(0) => {
            "Nobody has been refused. recycle is 0: the server compares no SYN with a remembered clock.".to_owned()
        }
        Some(_) if settings.timestamps == 0 => {
            "Nobody has been refused. timestamps is 0: the server asks for no clock and remembers none.".to_owned()
        }
        Some(_) => match run.index.next_refusal(snapshot.at) {
            Some(refused) => format!("Nobody has been refused yet. The first refusal is at {}.", moment(refused.at)),
            None => "Nobody has been refused, and nobody will be until the end.".to_owned(),
        },
    }
}
