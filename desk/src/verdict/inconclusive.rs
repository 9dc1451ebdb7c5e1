//! The verdict if neither a fault nor health can be shown: which evidence is missing, and the commands that collect it.

use super::Confidence::Certain;
use super::Effect::{For, Notes, Supports};
use super::{Indicator, NextCommand, Reason, Signature, VerdictId, indicators};
use crate::facts::Facts;
use sim_core::words::grouped;

/// There is not enough evidence.
pub const INCONCLUSIVE: Signature = Signature {
    id: VerdictId::Inconclusive,
    title: "There is not enough evidence",
    meaning: "The evidence shows no fault, but it is not enough to rule a fault out. The commands below collect what \
              is \
              missing. Run them while clients fail to connect.",
    rule: "none",
    function: "none",
    rfc: "none",
    indicators: &[
        Indicator { effect: For(Certain), label: "nothing else holds", find: missing },
        Indicator { effect: Supports, label: "ListenDrops moves with no counter for why", find: unnamed },
        Indicator { effect: Supports, label: "nobody called between two counts", find: nobody_called },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: COLLECT_MORE,
};

/// The commands of `docs/evidence.md`.
pub const COLLECT_MORE: &[NextCommand] = &[
    NextCommand { command: "uname -r; cat /etc/os-release", why: "Shows which kernel rules apply." },
    NextCommand {
        command: "sysctl -a 2>/dev/null | grep -e '^net.ipv4.tcp_' -e '^net.core.somaxconn' -e \
                  '^net.ipv4.ip_local_port_range'",
        why: "The current values. Run it on the host and in the container of the service.",
    },
    NextCommand {
        command: "nstat -az; sleep 60; nstat -az",
        why: "Two counts: the difference shows what happens now. One count alone is the sum since boot.",
    },
    NextCommand {
        command: "ss -s; ss -tln; ss -tan | awk '{print $1}' | sort | uniq -c",
        why: "The queues, and the number of sockets in each state.",
    },
    NextCommand {
        command: "dmesg | grep -i -e 'time wait bucket' -e 'SYN flooding' -e conntrack",
        why: "Warnings in the kernel's log.",
    },
    NextCommand {
        command: "grep -rsn -e tcp_tw_recycle -e tcp_tw_reuse -e tcp_timestamps /etc/sysctl.conf /etc/sysctl.d \
                  /run/sysctl.d \
                  /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d",
        why: "Shows which file sets it at the next boot.",
    },
    NextCommand {
        command: "tcpdump -i any -n -s 128 -w close.pcap 'tcp port 443'",
        why: "Run it on the server for three minutes while clients fail to connect, with the port of the service.",
    },
];

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
        "The evidence shows no fault that this desk knows.".to_owned()
    } else {
        format!("Missing: {}.", lacks.join("; "))
    };
    Some(Reason::new(says, vec![]))
}

fn unnamed(facts: &Facts<'_>) -> Option<Reason> {
    let rest = indicators::unnamed_drops(facts)?;
    let says = format!(
        "ListenDrops rose by {} for a reason that no other counter names: no memory, a security module, an ICMP \
         error, or a \
         full SYN queue.",
        grouped(rest)
    );
    Some(Reason::new(says, facts.count("ListenDrops").lines()))
}

fn nobody_called(facts: &Facts<'_>) -> Option<Reason> {
    let reason = indicators::stood(facts, "PassiveOpens")?;
    Some(indicators::and(reason, "Nobody called in that time, so counters that stand still say nothing."))
}
