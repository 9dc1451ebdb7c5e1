//! What is left when no fault shows: nothing is wrong, or there is not enough to tell.

use super::Confidence::{Certain, Likely, Possible};
use super::Speaks::{Excludes, For, Notes, Supports, Weakens};
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::Quote;
use crate::facts::Facts;

/// So many answered SYNs of a capture say something.
const ENOUGH_SYNS: u64 = 100;

/// Counters that move when something is dropped or denied; all but the last are of SYNs or third segments.
pub const DROPS: [&str; 5] =
    ["ListenDrops", "ListenOverflows", "PAWSPassive", "TCPReqQFullDrop", "TCPTimeWaitOverflow"];

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
        Sign { speaks: Excludes, what: "a counter of drops moves", look: moving },
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
        command: "sysctl -a 2>/dev/null | grep -e '^net.ipv4.tcp_' -e '^net.core.somaxconn' -e '^net.ipv4.ip_local_port_range'",
        why: "The values that hold now. Run it on the host and in the container that serves.",
    },
    Next {
        command: "nstat -az; sleep 60; nstat -az",
        why: "Two counts: what moves, happens now. One count is since boot.",
    },
    Next {
        command: "ss -s; ss -tln; ss -tan | awk '{print $1}' | sort | uniq -c",
        why: "Queues, and sockets in each state.",
    },
    Next {
        command: "dmesg | grep -i -e 'time wait bucket' -e 'SYN flooding' -e conntrack",
        why: "What the kernel's log has to say.",
    },
    Next {
        command: "grep -rsn -e tcp_tw_recycle -e tcp_tw_reuse -e tcp_timestamps /etc/sysctl.conf /etc/sysctl.d /run/sysctl.d \
                  /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d",
        why: "Which file sets it at the next boot.",
    },
    Next {
        command: "tcpdump -i any -n -s 128 -w close.pcap 'tcp port 443'",
        why: "On the server, with the port of the service, for three minutes while somebody cannot connect.",
    },
];

fn moving(facts: &Facts<'_>) -> Option<Reason> {
    DROPS.iter().find_map(|name| clue::moved(facts, name))
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
