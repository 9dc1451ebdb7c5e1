//! SYNs that a capture shows unanswered, and that neither recycle nor a counter accounts for.

use super::Confidence::{Likely, Possible};
use super::Speaks::{Excludes, For, Notes, Supports};
use super::rest::DROPS;
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::Because;
use crate::facts::Facts;

/// Unanswered, and TCP knows nothing of it.
pub const ELSEWHERE: Signature = Signature {
    id: Id::UnansweredElsewhere,
    title: "SYNs go unanswered before TCP sees them, or after",
    meaning: "A capture shows SYNs without an answer, and neither the counters nor recycle account for them. tcpdump sees \
              packets before the firewall of the host does. A rule, a full conntrack table or the reverse path filter may \
              have dropped them; or the answer left by another way.",
    rule: "none: this is not TCP",
    function: "before tcp_v4_rcv: nf_hook_slow, nf_conntrack_in, fib_validate_source",
    rfc: "RFC 3704 (reverse path filter)",
    signs: &[
        Sign {
            speaks: For(Likely),
            what: "unexplained SYNs in a capture, no counter of dropped SYNs moves",
            look: silent,
        },
        Sign {
            speaks: For(Possible),
            what: "unexplained SYNs in a capture, no two counts to compare",
            look: uncounted,
        },
        Sign {
            speaks: Excludes,
            what: "a counter of dropped SYNs moves by a tenth of the unexplained or more",
            look: accounted,
        },
        Sign { speaks: Supports, what: "IPReversePathFilter moves", look: reverse_path },
        Sign { speaks: Excludes, what: "recycle explains most of the unanswered SYNs", look: mostly_recycle },
        Sign { speaks: Notes, what: "ListenDrops since boot", look: drops_since_boot },
        Sign { speaks: Notes, what: "connections that the host opened itself go unanswered too", look: outgoing },
        Sign { speaks: Notes, what: "the capture ends early", look: damaged },
    ],
    next: &[
        Next {
            command: "nstat -az | grep -E 'ListenDrops|PAWSPassive|IPReversePathFilter'; sleep 60; \
                      nstat -az | grep -E 'ListenDrops|PAWSPassive|IPReversePathFilter'",
            why: "Whether TCP, or the reverse path filter, drops. Run it while the capture runs.",
        },
        Next { command: "dmesg | grep -i conntrack; conntrack -S", why: "Whether the conntrack table is full." },
        Next { command: "nft list ruleset; iptables -L -n -v", why: "Which rules drop, by their counts." },
        Next {
            command: "perf record -e skb:kfree_skb -a -g -- sleep 60; perf script",
            why: "Which function of the kernel drops; it names it.",
        },
        Next { command: "ip route get REMOTE from LOCAL", why: "By which way the answer leaves; capture there too." },
    ],
};

/// The counts and the capture are seldom of the same minute, so the numbers need not agree.
fn accounted(facts: &Facts<'_>) -> Option<Reason> {
    let few = facts.capture.unexplained() / 10;
    let by = |name: &&&str| facts.count(name).moved().is_some_and(|by| by > 0 && by >= few);
    DROPS[..4].iter().find(by).and_then(|name| clue::moved(facts, name))
}

fn reverse_path(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::moved(facts, "IPReversePathFilter")?;
    Some(clue::and(reason, "The reverse path filter drops packets (net.ipv4.conf.*.rp_filter)."))
}

fn unexplained(facts: &Facts<'_>, says: &str) -> Option<Reason> {
    let sum = facts.capture;
    (sum.unexplained() > 0).then(|| {
        let (lost, all) = (clue::grouped(sum.unexplained()), clue::grouped(sum.syns));
        let says = format!("{lost} of {all} SYNs got no answer, and nothing in the capture explains it. {says}");
        let by_recycle = facts.kernel.has_recycle != Some(false);
        let lines = facts.syns(|because| match because {
            Because::Unexplained => true,
            Because::Recycle { .. } => !by_recycle,
            Because::SameFourTuple => false,
        });
        Reason::new(says, lines)
    })
}

/// `ListenDrops` was counted, and shows nothing.
fn drops_are_silent(facts: &Facts<'_>) -> Option<Reason> {
    clue::stood(facts, "ListenDrops").or_else(|| clue::zero(facts, "ListenDrops"))
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
    match clue::moved(facts, "ListenDrops") {
        Some(drops) => unexplained(facts, &format!("{} That is far less.", drops.says)),
        None => unexplained(facts, "No two counts say whether TCP dropped them."),
    }
}

/// What the kernel remembered before the capture began is not known, so recycle may have refused the rest as well.
fn mostly_recycle(facts: &Facts<'_>) -> Option<Reason> {
    let sum = facts.capture;
    (sum.by_recycle > sum.unexplained()).then(|| Reason::new("Recycle explains most of the unanswered SYNs.", vec![]))
}

fn drops_since_boot(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::since_boot(facts, "ListenDrops")?;
    Some(clue::and(reason, "Whether these SYNs are among them is not known."))
}

fn outgoing(facts: &Facts<'_>) -> Option<Reason> {
    let counts = facts.evidence.captures.iter().map(|seen| seen.outgoing_unanswered);
    let lost = counts.fold(0, u64::saturating_add);
    let says = format!(
        "{} connections that this host opened got no answer either: the way is bad in both directions.",
        clue::grouped(lost)
    );
    (lost > 0).then(|| Reason::new(says, vec![]))
}

fn damaged(facts: &Facts<'_>) -> Option<Reason> {
    let any = facts.evidence.captures.iter().any(|seen| seen.damaged.is_some());
    any.then(|| Reason::new("A capture ends early, so answers at its end may be missing.", vec![]))
}
