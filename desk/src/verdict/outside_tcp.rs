//! A capture shows unanswered SYNs, but TCP did not drop them: neither recycle nor a counter explains them.

use super::Confidence::{Likely, Possible};
use super::Effect::{Excludes, For, Notes, Supports};
use super::healthy::DROPS;
use super::{Indicator, NextCommand, Reason, Signature, VerdictId, indicators};
use crate::evidence::UnansweredCause;
use crate::facts::Facts;
use sim_core::words::grouped;

/// SYNs are lost outside TCP.
pub const OUTSIDE_TCP: Signature = Signature {
    id: VerdictId::UnansweredElsewhere,
    title: "SYNs go unanswered before TCP sees them, or after",
    meaning: "A capture shows SYNs without an answer, and neither the counters nor recycle explain them. tcpdump sees \
              packets \
              before the firewall of the host. A firewall rule, a full conntrack table or the reverse path filter may \
              have \
              dropped them, or the answer took another route.",
    rule: "none: this is not TCP",
    function: "before tcp_v4_rcv: nf_hook_slow, nf_conntrack_in, fib_validate_source",
    rfc: "RFC 3704 (reverse path filter)",
    indicators: &[
        Indicator {
            effect: For(Likely),
            label: "unexplained SYNs in a capture, and no counter of dropped SYNs rises",
            find: silent,
        },
        Indicator {
            effect: For(Possible),
            label: "unexplained SYNs in a capture, no two counts to compare",
            find: uncounted,
        },
        Indicator {
            effect: Excludes,
            label: "a counter of dropped SYNs moves by a tenth of the unexplained or more",
            find: accounted,
        },
        Indicator { effect: Supports, label: "IPReversePathFilter moves", find: reverse_path },
        Indicator { effect: Excludes, label: "recycle explains most of the unanswered SYNs", find: mostly_recycle },
        Indicator { effect: Notes, label: "ListenDrops since boot", find: drops_since_boot },
        Indicator { effect: Notes, label: "connections that the host opened itself go unanswered too", find: outgoing },
        Indicator { effect: Notes, label: "the capture ends early", find: damaged },
    ],
    next: &[
        NextCommand {
            command: "nstat -az | grep -E 'ListenDrops|PAWSPassive|IPReversePathFilter'; sleep 60; \
                      nstat -az | grep -E 'ListenDrops|PAWSPassive|IPReversePathFilter'",
            why: "Shows whether TCP or the reverse path filter drops packets. Run it while the capture runs.",
        },
        NextCommand {
            command: "dmesg | grep -i conntrack; conntrack -S",
            why: "Shows whether the conntrack table is full.",
        },
        NextCommand {
            command: "nft list ruleset; iptables -L -n -v",
            why: "Shows which firewall rules drop packets, by their counts.",
        },
        NextCommand {
            command: "perf record -e skb:kfree_skb -a -g -- sleep 60; perf script",
            why: "Names the function of the kernel that drops packets.",
        },
        NextCommand {
            command: "ip route get REMOTE from LOCAL",
            why: "Shows which interface the answer uses. Capture there too.",
        },
    ],
};

/// The samples and the capture are rarely from the same minute, so the numbers need not agree.
fn accounted(facts: &Facts<'_>) -> Option<Reason> {
    let few = facts.capture.unexplained() / 10;
    let by = |name: &&&str| facts.count(name).moved().is_some_and(|by| by > 0 && by >= few);
    DROPS[..4].iter().find(by).and_then(|name| indicators::moved(facts, name))
}

fn reverse_path(facts: &Facts<'_>) -> Option<Reason> {
    let reason = indicators::moved(facts, "IPReversePathFilter")?;
    Some(indicators::and(reason, "The reverse path filter drops packets (net.ipv4.conf.*.rp_filter)."))
}

fn unexplained(facts: &Facts<'_>, says: &str) -> Option<Reason> {
    let sum = facts.capture;
    (sum.unexplained() > 0).then(|| {
        let (lost, all) = (grouped(sum.unexplained()), grouped(sum.syns));
        let says = format!("{lost} of {all} SYNs got no answer, and nothing in the capture explains it. {says}");
        let by_recycle = facts.kernel.has_recycle != Some(false);
        let lines = facts.syns(|because| match because {
            UnansweredCause::Unexplained => true,
            UnansweredCause::Recycle { .. } => !by_recycle,
            UnansweredCause::SameFourTuple => false,
        });
        Reason::new(says, lines)
    })
}

/// `ListenDrops` is known and shows no drop.
fn drops_are_silent(facts: &Facts<'_>) -> Option<Reason> {
    indicators::stood(facts, "ListenDrops").or_else(|| indicators::zero(facts, "ListenDrops"))
}

fn silent(facts: &Facts<'_>) -> Option<Reason> {
    let drops = drops_are_silent(facts)?;
    let mut reason = unexplained(facts, &drops.says)?;
    reason.lines.extend(drops.lines);
    Some(reason)
}

fn uncounted(facts: &Facts<'_>) -> Option<Reason> {
    if drops_are_silent(facts).is_some() {
        return None;
    }
    match indicators::moved(facts, "ListenDrops") {
        Some(drops) => unexplained(facts, &format!("{} That is far less.", drops.says)),
        None => unexplained(facts, "There are no two counts that show whether TCP dropped them."),
    }
}

/// The timestamps that the kernel remembered before the capture are not known, so recycle may have refused the rest
/// too.
fn mostly_recycle(facts: &Facts<'_>) -> Option<Reason> {
    let sum = facts.capture;
    (sum.by_recycle > sum.unexplained()).then(|| Reason::new("Recycle explains most of the unanswered SYNs.", vec![]))
}

fn drops_since_boot(facts: &Facts<'_>) -> Option<Reason> {
    let reason = indicators::since_boot(facts, "ListenDrops")?;
    Some(indicators::and(reason, "It is not known whether these SYNs are among them."))
}

fn outgoing(facts: &Facts<'_>) -> Option<Reason> {
    let counts = facts.evidence.captures.iter().map(|seen| seen.outgoing_unanswered);
    let lost = counts.fold(0, u64::saturating_add);
    let says = format!(
        "{} connections that this host opened got no answer either: packets are lost in both directions.",
        grouped(lost)
    );
    (lost > 0).then(|| Reason::new(says, vec![]))
}

fn damaged(facts: &Facts<'_>) -> Option<Reason> {
    let any = facts.evidence.captures.iter().any(|seen| seen.damaged.is_some());
    any.then(|| Reason::new("A capture could not be read to its end, so answers may be missing.", vec![]))
}
