//! What is left when no fault of the kernel shows: SYNs lost elsewhere, nothing wrong, not enough to tell.

use super::Confidence::{Certain, Likely, Possible};
use super::Speaks::{Excludes, For, Notes, Supports, Weakens};
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::{Because, Quote};
use crate::facts::Facts;

/// So many answered SYNs of a capture say something.
const ENOUGH_SYNS: u64 = 100;

/// Counters that move when something is dropped or denied.
const DROPS: [&str; 5] = ["ListenDrops", "ListenOverflows", "PAWSPassive", "TCPReqQFullDrop", "TCPTimeWaitOverflow"];

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
        Sign { speaks: Excludes, what: "a counter of dropped SYNs moves", look: counted },
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

/// Nothing is wrong here.
pub const HEALTHY: Signature = Signature {
    id: Id::Healthy,
    title: "Nothing is dropped here",
    meaning: "The evidence reaches far enough, and it shows no dropped SYN, no full queue and no recycle. That holds for the \
              time in which it was taken. If the complaint goes on, take it again while it happens, and look before this host.",
    rule: "none",
    function: "none",
    rfc: "none",
    signs: &[
        Sign { speaks: Excludes, what: "a counter of drops moves", look: counted },
        Sign { speaks: Excludes, what: "a capture with unanswered SYNs", look: unanswered },
        Sign { speaks: Excludes, what: "the kernel may have recycle, and PAWSPassive is not known", look: blind },
        Sign { speaks: For(Likely), what: "no counter of drops moves while PassiveOpens does", look: still },
        Sign { speaks: For(Likely), what: "ListenDrops is 0 since boot, PassiveOpens is not", look: never },
        Sign {
            speaks: For(Possible),
            what: "no counter of drops moves; whether anybody called is not known",
            look: still_blindly,
        },
        Sign { speaks: For(Possible), what: "a capture of 100 SYNs or more, all answered", look: all_answered },
        Sign { speaks: Supports, what: "the kernel has no recycle, or it is off", look: no_recycle },
        Sign { speaks: Weakens, what: "recycle is not known", look: recycle_unknown },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: NEXT,
};

/// The evidence does not suffice.
pub const NOT_ENOUGH: Signature = Signature {
    id: Id::NotEnough,
    title: "The evidence does not suffice",
    meaning: "Nothing that was handed in shows a fault, and it does not reach far enough to say that there is none. What to \
              send stands below; take it while the complaint holds.",
    rule: "none",
    function: "none",
    rfc: "none",
    signs: &[
        Sign { speaks: For(Certain), what: "nothing else holds", look: missing },
        Sign { speaks: Supports, what: "ListenDrops moves with no counter for why", look: unnamed },
        Sign { speaks: Supports, what: "nobody called between two counts", look: nobody_called },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: NEXT,
};

/// What `docs/evidence.md` asks for.
const NEXT: &[Next] = &[
    Next { command: "uname -r; cat /etc/os-release", why: "Which rules of the kernel hold." },
    Next {
        command: "sysctl -a 2>/dev/null | grep -E '^net\\.ipv4\\.(tcp_|ip_local_port_range)|^net\\.core\\.somaxconn'",
        why: "The values that hold now. Run it on the host and in the container that serves.",
    },
    Next {
        command: "nstat -az; sleep 60; nstat -az",
        why: "Two counts: what moves, happens now. One count is since boot.",
    },
    Next { command: "ss -s; ss -tln; ss -tan", why: "Queues, and how many sockets are in TIME-WAIT." },
    Next {
        command: "dmesg -T | grep -iE 'time wait bucket|SYN flooding|conntrack'",
        why: "What the kernel's log has to say.",
    },
    Next {
        command: "tcpdump -i any -s 128 -c 200000 -w syn.pcap 'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0'",
        why: "On the server, while somebody cannot connect: the SYNs with their timestamps, and which got no answer.",
    },
];

fn moving(facts: &Facts<'_>) -> Option<Reason> {
    DROPS.iter().find_map(|name| clue::moved(facts, name))
}

fn counted(facts: &Facts<'_>) -> Option<Reason> {
    moving(facts)
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
    let reason = unexplained(facts, "No two counts say whether TCP dropped them.")?;
    drops_are_silent(facts).is_none().then_some(reason)
}

fn drops_since_boot(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::since_boot(facts, "ListenDrops")?;
    Some(clue::and(reason, "Whether these SYNs are among them is not known."))
}

fn outgoing(facts: &Facts<'_>) -> Option<Reason> {
    let lost: u64 = facts.evidence.captures.iter().map(|seen| seen.outgoing_unanswered).sum();
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

fn unanswered(facts: &Facts<'_>) -> Option<Reason> {
    (facts.capture.unanswered > 0).then(|| Reason::new("A capture shows unanswered SYNs.", vec![]))
}

fn passive_is_known(facts: &Facts<'_>) -> bool {
    !facts.can_recycle() || facts.count("PAWSPassive").last().is_some() || facts.recycle_runs() == Some(false)
}

/// Only counters can be blind to recycle: in a capture a refusal is seen.
fn blind(facts: &Facts<'_>) -> Option<Reason> {
    (facts.kernel.has_recycle == Some(true) && !passive_is_known(facts) && facts.capture.syns < ENOUGH_SYNS)
        .then(|| Reason::new("This kernel has recycle, and neither PAWSPassive nor the switch was handed in.", vec![]))
}

fn all_still(facts: &Facts<'_>) -> Option<Vec<Quote>> {
    let drops = clue::stood(facts, "ListenDrops")?;
    moving(facts).is_none().then_some(drops.lines)
}

fn still(facts: &Facts<'_>) -> Option<Reason> {
    let mut lines = all_still(facts)?;
    let calls = clue::moved(facts, "PassiveOpens")?;
    lines.extend(calls.lines);
    Some(Reason::new(format!("{} ListenDrops stood still meanwhile.", calls.says), lines))
}

fn never(facts: &Facts<'_>) -> Option<Reason> {
    let drops = clue::zero(facts, "ListenDrops").filter(|_| !facts.has_difference())?;
    let calls = clue::since_boot(facts, "PassiveOpens")?;
    DROPS
        .iter()
        .all(|name| facts.count(name).last().unwrap_or_default() == 0)
        .then(|| Reason::new(format!("{} {}", drops.says, calls.says), [drops.lines, calls.lines].concat()))
}

fn still_blindly(facts: &Facts<'_>) -> Option<Reason> {
    let lines = all_still(facts)?;
    facts.count("PassiveOpens").moved().is_none().then(|| {
        Reason::new("ListenDrops stood still between two counts. Whether anybody called meanwhile is not known.", lines)
    })
}

fn all_answered(facts: &Facts<'_>) -> Option<Reason> {
    let sum = facts.capture;
    let says = format!("A capture shows {} SYNs, and each was answered.", clue::grouped(sum.syns));
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
        .then(|| Reason::new("Whether recycle is on was not handed in.", vec![]))
}

fn missing(facts: &Facts<'_>) -> Option<Reason> {
    let evidence = facts.evidence;
    let mut lacks = Vec::new();
    if evidence.release.is_none() {
        lacks.push("the kernel's release");
    }
    if !facts.has_difference() {
        lacks.push("two counts of the counters, 60 s apart");
    }
    if evidence.captures.is_empty() {
        lacks.push("a capture");
    }
    if facts.can_recycle() && facts.recycle_runs().is_none() {
        lacks.push("the running tcp_tw_recycle");
    }
    let says = if lacks.is_empty() {
        "What was handed in shows no fault that this desk knows.".to_owned()
    } else {
        format!("Missing: {}.", lacks.join("; "))
    };
    Some(Reason::new(says, vec![]))
}

fn unnamed(facts: &Facts<'_>) -> Option<Reason> {
    let rest = clue::unnamed_drops(facts)?;
    let says = format!(
        "ListenDrops rose by {} for a reason that no other counter names: no memory, a security module, an ICMP error, or a \
         full SYN queue.",
        clue::grouped(rest)
    );
    Some(Reason::new(says, facts.count("ListenDrops").lines()))
}

fn nobody_called(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::stood(facts, "PassiveOpens")?;
    Some(clue::and(reason, "Nobody called in that time, so counters that stand still say nothing."))
}
