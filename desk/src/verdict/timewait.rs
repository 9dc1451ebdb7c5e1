//! Timewait sockets: a SYN with an old timestamp meets one (R6), or the kernel creates no more of them (R3).

use super::Confidence::{Certain, Likely, Possible};
use super::Effect::{For, Notes, Supports};
use super::{Indicator, NextCommand, Reason, Signature, VerdictId, indicators};
use crate::evidence::{LogLine, UnansweredCause};
use crate::facts::Facts;
use sim_core::words::grouped;

const BUCKETS: &str = "net.ipv4.tcp_max_tw_buckets";

/// A SYN meets a timewait socket of the same four-tuple.
pub const PAWS: Signature = Signature {
    id: VerdictId::TimeWaitPaws,
    title: "SYNs meet a timewait socket with the same four-tuple",
    meaning: "A client, or the NAT in front of it, uses a source port again within 60 s, and the timestamp of the SYN \
              is \
              older than the last one of the previous connection. The timewait socket sends an ACK instead of a \
              SYN-ACK, at \
              most once in 500 ms, and lasts another 60 s. No sysctl of the server changes that, and recycle plays no \
              part.",
    rule: "R6",
    function: "tcp_timewait_state_process",
    rfc: "RFC 6191; RFC 7323, 5.3",
    indicators: &[
        Indicator { effect: For(Likely), label: "a capture with unanswered SYNs to a timewait socket", find: seen },
        Indicator { effect: For(Likely), label: "PAWSTimewait moves (6.14 and later)", find: timewait_moves },
        Indicator { effect: For(Likely), label: "PAWSEstab and TCPACKSkippedTimeWait move (to 6.13)", find: both_move },
        Indicator { effect: For(Possible), label: "PAWSEstab moves alone (to 6.13)", find: estab_alone },
        Indicator {
            effect: For(Possible),
            label: "PAWSTimewait or TCPACKSkippedTimeWait is above 0 since boot",
            find: since_boot,
        },
        Indicator {
            effect: Supports,
            label: "TCPACKSkippedTimeWait moves with what a capture shows",
            find: skipped_too,
        },
        Indicator { effect: Notes, label: "PAWSEstab counts segments of open connections too", find: estab_is_wide },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: &[
        NextCommand {
            command: "nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'; sleep 60; \
                      nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'",
            why: "TCPACKSkippedTimeWait rises only if a timewait socket would send more than one ACK in 500 ms.",
        },
        NextCommand {
            command: "tcpdump -i any -n -s 128 -w close.pcap 'tcp port 443'",
            why: "Use the port of the service. The capture shows the source ports that come again within 60 s, and \
                  their timestamps.",
        },
    ],
};

/// The kernel creates no more timewait sockets.
pub const OVERFLOW: Signature = Signature {
    id: VerdictId::TimeWaitOverflow,
    title: "tcp_max_tw_buckets denies timewait sockets",
    meaning: "When there are tcp_max_tw_buckets timewait sockets, further connections end without TIME_WAIT. That \
              refuses no \
              client. But late segments of such a connection are answered by a RST, or reach a new connection with \
              the same \
              four-tuple.",
    rule: "R3",
    function: "tcp_time_wait, inet_twsk_alloc",
    rfc: "RFC 9293, 3.6.1; RFC 1337",
    indicators: &[
        Indicator { effect: For(Certain), label: "TCPTimeWaitOverflow moves between two counts", find: overflow_moves },
        Indicator { effect: For(Likely), label: "the log says: time wait bucket table overflow", find: logged },
        Indicator {
            effect: For(Likely),
            label: "TCPTimeWaitOverflow is above 0 since boot",
            find: overflow_since_boot,
        },
        Indicator {
            effect: For(Likely),
            label: "as many sockets in TIME-WAIT as tcp_max_tw_buckets allows",
            find: at_limit,
        },
        Indicator { effect: Notes, label: "TCPTimeWaitOverflow stands still", find: still },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: &[
        NextCommand {
            command: "nstat -az TcpExtTCPTimeWaitOverflow; sleep 60; nstat -az TcpExtTCPTimeWaitOverflow",
            why: "Shows whether it happens now.",
        },
        NextCommand {
            command: "ss -s; sysctl net.ipv4.tcp_max_tw_buckets",
            why: "Shows how many there are, and how many are allowed.",
        },
    ],
};

fn seen(facts: &Facts<'_>) -> Option<Reason> {
    let count = facts.capture.by_four_tuple;
    let says = format!(
        "{} of {} unanswered SYNs met a timewait socket with the same four-tuple.",
        grouped(count),
        grouped(facts.capture.unanswered)
    );
    (count > 0).then(|| Reason::new(says, facts.syns(|because| *because == UnansweredCause::SameFourTuple)))
}

fn timewait_moves(facts: &Facts<'_>) -> Option<Reason> {
    indicators::moved(facts, "PAWSTimewait")
}

fn both_move(facts: &Facts<'_>) -> Option<Reason> {
    let estab = indicators::moved(facts, "PAWSEstab")?;
    let skipped = indicators::moved(facts, "TCPACKSkippedTimeWait")?;
    Some(Reason::new(format!("{} {}", estab.says, skipped.says), [estab.lines, skipped.lines].concat()))
}

fn estab_alone(facts: &Facts<'_>) -> Option<Reason> {
    // On kernels with PAWSTimewait, PAWSEstab counts segments of open connections only.
    let separate = facts.kernel.version.is_some_and(|version| version.profile().has_paws_timewait);
    let newer = separate || facts.evidence.samples.iter().any(|sample| sample.counters.contains_key("PAWSTimewait"));
    if newer || indicators::moved(facts, "TCPACKSkippedTimeWait").is_some() {
        return None;
    }
    indicators::moved(facts, "PAWSEstab")
}

fn since_boot(facts: &Facts<'_>) -> Option<Reason> {
    indicators::since_boot(facts, "PAWSTimewait").or_else(|| indicators::since_boot(facts, "TCPACKSkippedTimeWait"))
}

fn skipped_too(facts: &Facts<'_>) -> Option<Reason> {
    indicators::moved(facts, "TCPACKSkippedTimeWait").filter(|_| both_move(facts).is_none())
}

fn estab_is_wide(facts: &Facts<'_>) -> Option<Reason> {
    let lines = estab_alone(facts)?.lines;
    Some(Reason::new("PAWSEstab counts old timestamps on open connections too, which do no harm.", lines))
}

fn overflow_moves(facts: &Facts<'_>) -> Option<Reason> {
    indicators::moved(facts, "TCPTimeWaitOverflow")
}

fn overflow_since_boot(facts: &Facts<'_>) -> Option<Reason> {
    indicators::since_boot(facts, "TCPTimeWaitOverflow")
}

fn logged(facts: &Facts<'_>) -> Option<Reason> {
    let lines = facts.evidence.log.iter().filter(|said| said.value == LogLine::TimeWaitOverflow);
    let lines: Vec<_> = lines.map(|said| said.quote.clone()).collect();
    let says = format!("The kernel's log says so on at least {} lines; it leaves out repeated lines.", lines.len());
    (!lines.is_empty()).then(|| Reason::new(says, lines.into_iter().take(3).collect()))
}

fn at_limit(facts: &Facts<'_>) -> Option<Reason> {
    let counts = facts.evidence.socket_counts.as_ref()?;
    let there = *counts.value.by_state.get("TIME-WAIT")?;
    let (allowed, mut lines) = indicators::setting(facts, BUCKETS, |value| value > 0 && there >= value - value / 100)?;
    lines.push(counts.quote.clone());
    let (there, allowed) = (grouped(there), grouped(allowed));
    Some(Reason::new(format!("{there} sockets are in TIME-WAIT, and {BUCKETS} allows {allowed}."), lines))
}

fn still(facts: &Facts<'_>) -> Option<Reason> {
    indicators::stood(facts, "TCPTimeWaitOverflow")
}
