//! Recycle: the signature of its refusals (R1, R2), and of the switch that stands at 1 without any being seen.

use super::Confidence::{Certain, Likely, Possible};
use super::Speaks::{Excludes, For, Notes, Supports, Weakens};
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::{Because, Origin};
use crate::facts::{Facts, number};
use crate::kernel::RECYCLE;

const COUNT_TWICE: Next = Next {
    command: "nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtListenOverflows; sleep 60; \
              nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtListenOverflows",
    why: "PAWSPassive has one cause: a SYN that recycle refused. If it moves, it happens now.",
};
const READ_SWITCH: Next = Next {
    command: "uname -r; sysctl net.ipv4.tcp_tw_recycle net.ipv4.tcp_timestamps",
    why: "The running value decides, not the files. To 4.10 the key shows on the host only, not inside a container.",
};
const CAPTURE: Next = Next {
    command: "tcpdump -i any -n -s 128 -w close.pcap 'tcp port 443'",
    why: "On the server, for three minutes or longer, with the port of the service. It shows the clocks behind each address, and the SYNs without an answer.",
};

/// SYNs are refused.
pub const REFUSES: Signature = Signature {
    id: Id::RecycleRefuses,
    title: "tcp_tw_recycle drops SYNs",
    meaning: "The kernel remembers one timestamp for each remote address. For 60 s it drops, without a SYN-ACK, a RST or a \
              log line, every SYN from that address whose timestamp is more than 1 below. Hosts behind one NAT have clocks \
              of their own, so some of them cannot connect, seemingly at random.",
    rule: "R1, R2",
    function: "tcp_conn_request, tcp_peer_is_proven (3.16 and before: tcp_v4_conn_request)",
    rfc: "RFC 7323, 5.4: timestamps of different connections share no clock; RFC 6191",
    signs: &[
        Sign { speaks: Excludes, what: "a kernel from 4.12 on, which has no tcp_tw_recycle (R10)", look: gone },
        Sign { speaks: For(Certain), what: "PAWSPassive moves between two counts", look: passive_moves },
        Sign {
            speaks: For(Certain),
            what: "a capture with SYNs that recycle explains, and recycle is on",
            look: seen_on,
        },
        Sign {
            speaks: For(Likely),
            what: "PAWSPassive is above 0 since boot, and recycle is not off now",
            look: passive,
        },
        Sign {
            speaks: For(Likely),
            what: "a capture with SYNs that recycle explains, three and nine in ten",
            look: seen,
        },
        Sign { speaks: For(Possible), what: "a capture with some SYNs that recycle explains", look: seen_some },
        Sign {
            speaks: For(Possible),
            what: "PAWSPassive is above 0 since boot, but stands still or is past",
            look: earlier,
        },
        Sign { speaks: Supports, what: "ListenDrops moves, ListenOverflows does not", look: drops_alone },
        Sign { speaks: Supports, what: "the running tcp_tw_recycle is not 0", look: runs },
        Sign {
            speaks: Supports,
            what: "tcp_timestamps is 0 while recycle is on, on a kernel that refuses bare SYNs",
            look: bare,
        },
        Sign { speaks: Weakens, what: "the running tcp_tw_recycle is 0", look: off },
        Sign { speaks: Weakens, what: "a capture explains SYNs, PAWSPassive stands still", look: seen_but_still },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: &[COUNT_TWICE, READ_SWITCH, CAPTURE],
};

/// The switch is on.
pub const ON: Signature = Signature {
    id: Id::RecycleOn,
    title: "tcp_tw_recycle is on",
    meaning: "Nothing in the evidence shows a refused SYN. As soon as two hosts with different clocks call from one address \
              within 60 s, and the server closes first, the kernel drops the SYNs of the one that is behind.",
    rule: "R1, R3",
    function: "tcp_time_wait, tcp_remember_stamp",
    rfc: "RFC 7323, 5.4",
    signs: &[
        Sign { speaks: Excludes, what: "a kernel from 4.12 on, which has no tcp_tw_recycle (R10)", look: gone },
        Sign { speaks: Excludes, what: "the running tcp_tw_recycle is 0", look: off },
        Sign { speaks: For(Certain), what: "the running tcp_tw_recycle is not 0", look: runs },
        Sign {
            speaks: For(Likely),
            what: "a file sets tcp_tw_recycle, and the running value is not known",
            look: filed,
        },
        Sign { speaks: For(Possible), what: "TWKilled moves or is above TW: short TIME_WAITs (R5)", look: short_lives },
        Sign { speaks: Notes, what: "PAWSPassive is 0, or stands still", look: passive_still },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: &[READ_SWITCH, COUNT_TWICE, CAPTURE],
};

fn gone(facts: &Facts<'_>) -> Option<Reason> {
    let lines = facts.kernel.quote.clone().into_iter().collect();
    (!facts.can_recycle()).then(|| Reason::new("This kernel has no tcp_tw_recycle: 4.12 removed it.", lines))
}

fn passive_moves(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::moved(facts, "PAWSPassive")?;
    Some(clue::and(reason, "Nothing but recycle moves it."))
}

fn passive(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::since_boot(facts, "PAWSPassive").filter(|_| facts.recycle_runs() != Some(false))?;
    Some(clue::and(reason, "So many SYNs were refused by recycle; when is not known."))
}

fn earlier(facts: &Facts<'_>) -> Option<Reason> {
    let count = facts.count("PAWSPassive");
    let value = count.last().filter(|value| *value > 0)?;
    let off = facts.recycle_runs() == Some(false);
    if count.moved().is_some_and(|by| by > 0) || (off == count.moved().is_some()) {
        return None;
    }
    let when = if off { "recycle is off now" } else { "none of it between the two counts" };
    let says = format!("PAWSPassive is {} since boot; {when}.", clue::grouped(value));
    Some(Reason::new(says, count.lines()))
}

/// How the capture reads.
fn seen_in_words(facts: &Facts<'_>) -> Option<Reason> {
    let sum = facts.capture;
    (sum.by_recycle > 0).then(|| {
        let (explained, unanswered) = (clue::grouped(sum.by_recycle), clue::grouped(sum.unanswered));
        let says =
            format!("{explained} of {unanswered} unanswered SYNs are refused by recycle when the capture is played.");
        Reason::new(says, facts.syns(|because| matches!(because, Because::Recycle { .. })))
    })
}

fn is_seen_well(facts: &Facts<'_>) -> bool {
    let sum = facts.capture;
    sum.by_recycle >= 3 && sum.by_recycle >= sum.unanswered - sum.unanswered / 10
}

fn seen_on(facts: &Facts<'_>) -> Option<Reason> {
    seen_in_words(facts).filter(|_| facts.recycle_runs() == Some(true))
}

fn seen(facts: &Facts<'_>) -> Option<Reason> {
    seen_in_words(facts).filter(|_| facts.recycle_runs() != Some(true) && is_seen_well(facts))
}

fn seen_some(facts: &Facts<'_>) -> Option<Reason> {
    seen_in_words(facts).filter(|_| facts.recycle_runs() != Some(true) && !is_seen_well(facts))
}

fn seen_but_still(facts: &Facts<'_>) -> Option<Reason> {
    let reason = clue::stood(facts, "PAWSPassive").filter(|_| facts.capture.by_recycle > 0)?;
    Some(clue::and(reason, "So the refusals of the capture are not from between these counts."))
}

fn drops_alone(facts: &Facts<'_>) -> Option<Reason> {
    let drops = clue::moved(facts, "ListenDrops").filter(|_| clue::moved(facts, "PAWSPassive").is_some())?;
    let overflows = clue::stood(facts, "ListenOverflows")?;
    let lines = drops.lines.into_iter().chain(overflows.lines).collect();
    Some(Reason::new(format!("{} ListenOverflows stood still: the accept queue was not full.", drops.says), lines))
}

fn runs(facts: &Facts<'_>) -> Option<Reason> {
    let setting = facts.running(RECYCLE).filter(|setting| number(setting).is_some_and(|value| value != 0))?;
    Some(Reason::new(format!("The running {RECYCLE} is {}.", setting.value), vec![setting.quote.clone()]))
}

fn off(facts: &Facts<'_>) -> Option<Reason> {
    let setting = facts.running(RECYCLE).filter(|setting| number(setting) == Some(0))?;
    let mut says = format!("The running {RECYCLE} is 0.");
    if facts.kernel.profile().per_namespace && facts.kernel.version.is_some() {
        says.push_str(" On this kernel each network namespace has its own; a container's may be 1.");
    }
    Some(Reason::new(says, vec![setting.quote.clone()]))
}

fn bare(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = clue::setting(facts, "net.ipv4.tcp_timestamps", |value| value == 0)?;
    let on = facts.recycle_runs() == Some(true) || filed(facts).is_some();
    let profile = facts.kernel.profile();
    let refuses = profile.unstamped_syn == sim_core::kernel_version::UnstampedSyn::Refused;
    let says = "tcp_timestamps is 0 while recycle is on: for up to 60 s after that change every SYN from a remembered \
                address is refused, whatever its clock (R12).";
    (on && refuses).then(|| Reason::new(says, lines))
}

fn filed(facts: &Facts<'_>) -> Option<Reason> {
    if facts.running(RECYCLE).is_some() {
        return None;
    }
    let setting = facts.setting(RECYCLE).filter(|setting| number(setting).is_some_and(|value| value != 0))?;
    let place = match &setting.origin {
        Origin::File(path) => path.as_str(),
        Origin::Running => "the running kernel",
    };
    let says = format!("{place} sets {RECYCLE} to {}. The running value was not handed in.", setting.value);
    Some(Reason::new(says, vec![setting.quote.clone()]))
}

/// `netstat -s` has them the wrong way round: it calls TWKilled the slow timer and TW the fast one.
fn short_lives(facts: &Facts<'_>) -> Option<Reason> {
    if facts.kernel.has_recycle != Some(true) {
        return None;
    }
    let (killed, full) = (facts.count("TWKilled"), facts.count("TW"));
    let share = match (killed.moved(), full.moved()) {
        (Some(killed), Some(full)) => (killed, full),
        _ => (killed.since_boot()?, full.since_boot().unwrap_or_default()),
    };
    (share.0 > 0 && share.0 >= share.1).then(|| {
        let (short, long) = (clue::grouped(share.0), clue::grouped(share.1));
        let says = format!(
            "{short} timewait sockets ended by the short timer (TWKilled) and {long} by the long one (TW). Recycle makes \
             TIME_WAIT that short; an orphaned FIN_WAIT2 with a tcp_fin_timeout of 4 s or less does so too."
        );
        Reason::new(says, [killed.lines(), full.lines()].concat())
    })
}

fn passive_still(facts: &Facts<'_>) -> Option<Reason> {
    clue::stood(facts, "PAWSPassive").or_else(|| clue::zero(facts, "PAWSPassive"))
}
