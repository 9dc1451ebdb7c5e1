//! Recycle: it refuses SYNs (R1, R2), or it is on and no refusal is seen yet.

use super::Confidence::{Certain, Likely, Possible};
use super::Effect::{Excludes, For, Notes, Supports, Weakens};
use super::{Indicator, NextCommand, Reason, Signature, VerdictId, indicators};
use crate::evidence::{Origin, UnansweredCause};
use crate::facts::{Facts, number};
use crate::kernel::RECYCLE;
use sim_core::words::grouped;

const COUNT_TWICE: NextCommand = NextCommand {
    command: "nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtListenOverflows; sleep 60; \
              nstat -az TcpExtPAWSPassive TcpExtListenDrops TcpExtListenOverflows",
    why: "PAWSPassive counts SYNs that recycle refused, and nothing else. If it rises, recycle refuses SYNs now.",
};
const READ_SWITCH: NextCommand = NextCommand {
    command: "uname -r; sysctl net.ipv4.tcp_tw_recycle net.ipv4.tcp_timestamps",
    why: "The running value decides, not the files. Up to 4.10 the key exists on the host only, not in a container.",
};
const CAPTURE: NextCommand = NextCommand {
    command: "tcpdump -i any -n -s 128 -w close.pcap 'tcp port 443'",
    why: "Run it on the server for three minutes or longer, with the port of the service. It shows the clocks behind \
          each \
          address and the unanswered SYNs.",
};

/// Recycle refuses SYNs.
pub const REFUSES: Signature = Signature {
    id: VerdictId::RecycleRefuses,
    title: "tcp_tw_recycle drops SYNs",
    meaning: "The kernel remembers one timestamp for each remote address. For 60 s it drops every SYN from that \
              address whose \
              timestamp is more than 1 below it. It sends no SYN-ACK and no RST, and writes no log line. Hosts behind \
              one \
              NAT have different clocks, so some of them cannot connect, seemingly at random.",
    rule: "R1, R2",
    function: "tcp_conn_request, tcp_peer_is_proven (3.16 and before: tcp_v4_conn_request)",
    rfc: "RFC 7323, 5.4: timestamps of different connections share no clock; RFC 6191",
    indicators: &[
        Indicator { effect: Excludes, label: "a kernel since 4.12, which has no tcp_tw_recycle (R10)", find: gone },
        Indicator {
            effect: Excludes,
            label: "a capture in which most SYNs that recycle would refuse are answered, and PAWSPassive is not above \
                    0",
            find: let_in,
        },
        Indicator { effect: For(Certain), label: "PAWSPassive moves between two counts", find: passive_moves },
        Indicator {
            effect: For(Certain),
            label: "a capture with SYNs that recycle explains, and recycle is on",
            find: seen_on,
        },
        Indicator {
            effect: For(Likely),
            label: "PAWSPassive is above 0 since boot, and recycle is not off now",
            find: passive,
        },
        Indicator {
            effect: For(Likely),
            label: "a capture in which recycle explains at least three SYNs and nine tenths of the unanswered ones",
            find: seen,
        },
        Indicator { effect: For(Possible), label: "a capture with some SYNs that recycle explains", find: seen_some },
        Indicator {
            effect: For(Possible),
            label: "PAWSPassive is above 0 since boot, but does not rise, or recycle is off now",
            find: earlier,
        },
        Indicator { effect: Supports, label: "ListenDrops moves, ListenOverflows does not", find: drops_alone },
        Indicator { effect: Supports, label: "the running tcp_tw_recycle is not 0", find: runs },
        Indicator {
            effect: Supports,
            label: "tcp_timestamps is 0 and recycle is on, on a kernel that refuses SYNs without a timestamp",
            find: bare,
        },
        Indicator { effect: Weakens, label: "the running tcp_tw_recycle is 0", find: off },
        Indicator {
            effect: Weakens,
            label: "a capture in which SYNs are answered that recycle would refuse",
            find: answered,
        },
        Indicator { effect: Weakens, label: "a capture explains SYNs, PAWSPassive stands still", find: seen_but_still },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: &[COUNT_TWICE, READ_SWITCH, CAPTURE],
};

/// Recycle is on.
pub const ON: Signature = Signature {
    id: VerdictId::RecycleOn,
    title: "tcp_tw_recycle is on",
    meaning: "The evidence shows no refused SYN. But when two hosts with different clocks connect from one address \
              within \
              60 s, and the server closes first, the kernel drops the SYNs of the host whose clock is behind.",
    rule: "R1, R3",
    function: "tcp_time_wait, tcp_remember_stamp",
    rfc: "RFC 7323, 5.4",
    indicators: &[
        Indicator { effect: Excludes, label: "a kernel from 4.12 on, which has no tcp_tw_recycle (R10)", find: gone },
        Indicator { effect: Excludes, label: "the running tcp_tw_recycle is 0", find: off },
        Indicator { effect: For(Certain), label: "the running tcp_tw_recycle is not 0", find: runs },
        Indicator {
            effect: For(Likely),
            label: "a file sets tcp_tw_recycle, and the running value is not known",
            find: filed,
        },
        Indicator {
            effect: For(Possible),
            label: "TWKilled moves or is above TW: short TIME_WAITs (R5)",
            find: short_lives,
        },
        Indicator {
            effect: Weakens,
            label: "a capture in which SYNs are answered that recycle would refuse",
            find: answered,
        },
        Indicator { effect: Notes, label: "PAWSPassive is 0, or stands still", find: passive_still },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: &[READ_SWITCH, COUNT_TWICE, CAPTURE],
};

fn gone(facts: &Facts<'_>) -> Option<Reason> {
    let lines = facts.kernel.quote.clone().into_iter().collect();
    (!facts.can_recycle()).then(|| Reason::new("This kernel has no tcp_tw_recycle: 4.12 removed it.", lines))
}

fn passive_moves(facts: &Facts<'_>) -> Option<Reason> {
    let reason = indicators::moved(facts, "PAWSPassive")?;
    Some(indicators::and(reason, "Only recycle raises it."))
}

fn passive(facts: &Facts<'_>) -> Option<Reason> {
    let reason = indicators::since_boot(facts, "PAWSPassive").filter(|_| facts.recycle_runs() != Some(false))?;
    Some(indicators::and(reason, "Recycle refused this number of SYNs; the time is not known."))
}

fn earlier(facts: &Facts<'_>) -> Option<Reason> {
    let count = facts.count("PAWSPassive");
    let value = count.last().filter(|value| *value > 0)?;
    let off = facts.recycle_runs() == Some(false);
    if count.moved().is_some_and(|by| by > 0) || (off == count.moved().is_some()) {
        return None;
    }
    let when = if off { "recycle is off now" } else { "none of it between the two counts" };
    let says = format!("PAWSPassive is {} since boot; {when}.", grouped(value));
    Some(Reason::new(says, count.lines()))
}

/// The SYNs that recycle explains in the captures.
fn seen_in_words(facts: &Facts<'_>) -> Option<Reason> {
    let sum = facts.capture;
    (sum.by_recycle > 0).then(|| {
        let (explained, unanswered) = (grouped(sum.by_recycle), grouped(sum.unanswered));
        let says =
            format!("In the replay of the capture, recycle refuses {explained} of {unanswered} unanswered SYNs.");
        Reason::new(says, facts.syns(|because| matches!(because, UnansweredCause::Recycle { .. })))
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
    let reason = indicators::stood(facts, "PAWSPassive").filter(|_| facts.capture.by_recycle > 0)?;
    Some(indicators::and(reason, "So the refusals in the capture did not happen between these counts."))
}

/// R1 lets such a SYN pass only by a cookie (R15). One answered SYN weakens the verdict, many rule it out.
fn answered(facts: &Facts<'_>) -> Option<Reason> {
    let answered = facts.capture.all_the_same;
    let says = format!(
        "{} SYNs of the capture were answered although recycle would refuse them. It was off at that time, or the SYN \
         queue \
         was full and the kernel answered with cookies.",
        grouped(answered)
    );
    (answered > 0).then(|| Reason::new(says, vec![]))
}

fn let_in(facts: &Facts<'_>) -> Option<Reason> {
    let most = facts.capture.all_the_same > facts.capture.by_recycle;
    answered(facts).filter(|_| most && facts.count("PAWSPassive").last().is_none_or(|value| value == 0))
}

fn drops_alone(facts: &Facts<'_>) -> Option<Reason> {
    let drops =
        indicators::moved(facts, "ListenDrops").filter(|_| indicators::moved(facts, "PAWSPassive").is_some())?;
    let overflows = indicators::stood(facts, "ListenOverflows")?;
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
        says.push_str(" On this kernel each network namespace has its own value; it may be 1 in a container.");
    }
    Some(Reason::new(says, vec![setting.quote.clone()]))
}

fn bare(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = indicators::setting(facts, "net.ipv4.tcp_timestamps", |value| value == 0)?;
    let on = facts.recycle_runs() == Some(true) || filed(facts).is_some();
    let profile = facts.kernel.profile();
    let refuses = profile.unstamped_syn == sim_core::kernel_version::UnstampedSyn::Refused;
    let says = "tcp_timestamps is 0 while recycle is on. For up to 60 s after that change, every SYN from a \
                remembered address \
                is refused, whatever its clock (R12).";
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
    let says = format!("{place} sets {RECYCLE} to {}. The running value is not known.", setting.value);
    Some(Reason::new(says, vec![setting.quote.clone()]))
}

/// The names in `netstat -s` are swapped: it calls TWKilled the slow timer and TW the fast timer.
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
        let (short, long) = (grouped(share.0), grouped(share.1));
        let says = format!(
            "{short} timewait sockets ended by the short timer (TWKilled) and {long} by the long timer (TW). Recycle \
             makes \
             TIME_WAIT that short. So does an orphaned FIN_WAIT2 with a tcp_fin_timeout of 4 s or less."
        );
        Reason::new(says, [killed.lines(), full.lines()].concat())
    })
}

fn passive_still(facts: &Facts<'_>) -> Option<Reason> {
    indicators::stood(facts, "PAWSPassive").or_else(|| indicators::zero(facts, "PAWSPassive"))
}
