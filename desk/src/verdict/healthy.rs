//! The verdict if there is enough evidence and it shows no fault.

use super::Confidence::{Likely, Possible};
use super::Effect::{Excludes, For, Notes, Supports, Weakens};
use super::inconclusive::COLLECT_MORE;
use super::{Indicator, Reason, Signature, VerdictId, indicators};
use crate::evidence::Quote;
use crate::facts::Facts;
use sim_core::words::grouped;

/// The fewest answered SYNs in a capture that say something.
const ENOUGH_SYNS: u64 = 100;

/// Counters that rise when the kernel drops something. All but the last count SYNs or third segments of handshakes.
pub const DROPS: [&str; 5] =
    ["ListenDrops", "ListenOverflows", "PAWSPassive", "TCPReqQFullDrop", "TCPTimeWaitOverflow"];

/// The server drops nothing.
pub const HEALTHY: Signature = Signature {
    id: VerdictId::Healthy,
    title: "Nothing is dropped here",
    meaning: "There is enough evidence, and it shows no dropped SYN, no full queue and no recycle. This is true for \
              the time \
              in which the evidence was collected. If clients still fail to connect, collect it again while they \
              fail, and \
              look at the network in front of this host.",
    rule: "none",
    function: "none",
    rfc: "none",
    indicators: &[
        Indicator { effect: Excludes, label: "a counter of drops moves", find: moving },
        Indicator { effect: Excludes, label: "a capture with unanswered SYNs", find: unanswered },
        Indicator { effect: Excludes, label: "the kernel may have recycle, and PAWSPassive is not known", find: blind },
        Indicator { effect: For(Likely), label: "no counter of drops moves while PassiveOpens does", find: still },
        Indicator { effect: For(Likely), label: "ListenDrops is 0 since boot, PassiveOpens is not", find: never },
        Indicator {
            effect: For(Possible),
            label: "no counter of drops rises, but it is not known whether clients connected",
            find: still_blindly,
        },
        Indicator { effect: For(Possible), label: "a capture of 100 SYNs or more, all answered", find: all_answered },
        Indicator { effect: Supports, label: "the kernel has no recycle, or it is off", find: no_recycle },
        Indicator { effect: Weakens, label: "recycle is not known", find: recycle_unknown },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: COLLECT_MORE,
};

fn moving(facts: &Facts<'_>) -> Option<Reason> {
    DROPS.iter().find_map(|name| indicators::moved(facts, name))
}

fn unanswered(facts: &Facts<'_>) -> Option<Reason> {
    (facts.capture.unanswered > 0).then(|| Reason::new("A capture shows unanswered SYNs.", vec![]))
}

fn passive_is_known(facts: &Facts<'_>) -> bool {
    !facts.can_recycle() || facts.count("PAWSPassive").last().is_some() || facts.recycle_runs() == Some(false)
}

/// Counters can miss a refusal by recycle; a capture shows it.
fn blind(facts: &Facts<'_>) -> Option<Reason> {
    (facts.kernel.has_recycle == Some(true) && !passive_is_known(facts) && facts.capture.syns < ENOUGH_SYNS).then(
        || {
            Reason::new(
                "This kernel has recycle, but the evidence contains neither PAWSPassive nor tcp_tw_recycle.",
                vec![],
            )
        },
    )
}

fn all_still(facts: &Facts<'_>) -> Option<Vec<Quote>> {
    let drops = indicators::stood(facts, "ListenDrops")?;
    moving(facts).is_none().then_some(drops.lines)
}

fn still(facts: &Facts<'_>) -> Option<Reason> {
    let mut lines = all_still(facts)?;
    let calls = indicators::moved(facts, "PassiveOpens")?;
    lines.extend(calls.lines);
    Some(Reason::new(format!("{} ListenDrops stood still in that time.", calls.says), lines))
}

fn never(facts: &Facts<'_>) -> Option<Reason> {
    let drops = indicators::zero(facts, "ListenDrops").filter(|_| !facts.has_difference())?;
    let calls = indicators::since_boot(facts, "PassiveOpens")?;
    DROPS
        .iter()
        .all(|name| facts.count(name).last().unwrap_or_default() == 0)
        .then(|| Reason::new(format!("{} {}", drops.says, calls.says), [drops.lines, calls.lines].concat()))
}

fn still_blindly(facts: &Facts<'_>) -> Option<Reason> {
    let lines = all_still(facts)?;
    facts.count("PassiveOpens").moved().is_none().then(|| {
        Reason::new(
            "ListenDrops stood still between two counts. It is not known whether clients connected in that time.",
            lines,
        )
    })
}

fn all_answered(facts: &Facts<'_>) -> Option<Reason> {
    let sum = facts.capture;
    let says = format!("A capture shows {} SYNs, and each was answered.", grouped(sum.syns));
    (sum.syns >= ENOUGH_SYNS && sum.unanswered == 0).then(|| Reason::new(says, vec![]))
}

fn no_recycle(facts: &Facts<'_>) -> Option<Reason> {
    if !facts.can_recycle() {
        let lines = facts.kernel.quote.clone().into_iter().collect();
        return Some(Reason::new("This kernel has no tcp_tw_recycle: 4.12 removed it.", lines));
    }
    let setting = facts.running(crate::kernel::RECYCLE).filter(|_| facts.recycle_runs() == Some(false))?;
    Some(Reason::new("The running net.ipv4.tcp_tw_recycle is 0.", vec![setting.quote.clone()]))
}

fn recycle_unknown(facts: &Facts<'_>) -> Option<Reason> {
    (facts.can_recycle() && facts.recycle_runs().is_none())
        .then(|| Reason::new("The evidence does not say whether recycle is on.", vec![]))
}
