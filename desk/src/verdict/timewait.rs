//! Timewait sockets: SYNs that one judges by its timestamp (R6), and sockets that are denied.

use super::Confidence::{Certain, Likely, Possible};
use super::Speaks::{For, Notes, Supports};
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::{Because, LogLine};
use crate::facts::Facts;

const BUCKETS: &str = "net.ipv4.tcp_max_tw_buckets";

/// A SYN meets a timewait socket of the same four-tuple.
pub const PAWS: Signature = Signature {
    id: Id::TimeWaitPaws,
    title: "SYNs meet a timewait socket with the same four-tuple",
    meaning: "A client, or the NAT before it, uses a source port again within 60 s, and the timestamp of the SYN is older \
              than that of the connection before. The timewait socket answers by an ACK instead of a SYN-ACK, at most once \
              in 500 ms, and lasts another 60 s. No switch on the server changes that; recycle has no part in it.",
    rule: "R6",
    function: "tcp_timewait_state_process",
    rfc: "RFC 6191; RFC 7323, 5.3",
    signs: &[
        Sign { speaks: For(Likely), what: "a capture with unanswered SYNs to a timewait socket", look: seen },
        Sign { speaks: For(Likely), what: "PAWSTimewait moves (6.14 and later)", look: timewait_moves },
        Sign { speaks: For(Likely), what: "PAWSEstab and TCPACKSkippedTimeWait move (to 6.13)", look: both_move },
        Sign { speaks: For(Possible), what: "PAWSEstab moves alone (to 6.13)", look: estab_alone },
        Sign {
            speaks: For(Possible),
            what: "PAWSTimewait or TCPACKSkippedTimeWait is above 0 since boot",
            look: since_boot,
        },
        Sign { speaks: Supports, what: "TCPACKSkippedTimeWait moves with what a capture shows", look: skipped_too },
        Sign { speaks: Notes, what: "PAWSEstab counts segments of open connections too", look: estab_is_wide },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: &[
        Next {
            command: "nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'; sleep 60; \
                      nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'",
            why: "TCPACKSkippedTimeWait moves only when a timewait socket is asked more than once in 500 ms.",
        },
        Next {
            command: "tcpdump -i any -n -s 128 -w close.pcap 'tcp port 443'",
            why: "With the port of the service. It shows which source ports come again within 60 s, and with which timestamps.",
        },
    ],
};

/// Timewait sockets are denied.
pub const OVERFLOW: Signature = Signature {
    id: Id::TimeWaitOverflow,
    title: "tcp_max_tw_buckets denies timewait sockets",
    meaning: "Where as many timewait sockets exist as tcp_max_tw_buckets allows, a connection ends without TIME_WAIT. Nobody \
              is refused by that, but late segments of the old connection meet no socket that knows them: they get a RST, \
              or a new connection with the same four-tuple.",
    rule: "R3",
    function: "tcp_time_wait, inet_twsk_alloc",
    rfc: "RFC 9293, 3.6.1; RFC 1337",
    signs: &[
        Sign { speaks: For(Certain), what: "TCPTimeWaitOverflow moves between two counts", look: overflow_moves },
        Sign { speaks: For(Likely), what: "the log says: time wait bucket table overflow", look: logged },
        Sign { speaks: For(Likely), what: "TCPTimeWaitOverflow is above 0 since boot", look: overflow_since_boot },
        Sign { speaks: For(Likely), what: "as many sockets in TIME-WAIT as tcp_max_tw_buckets allows", look: at_limit },
        Sign { speaks: Notes, what: "TCPTimeWaitOverflow stands still", look: still },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: &[
        Next {
            command: "nstat -az TcpExtTCPTimeWaitOverflow; sleep 60; nstat -az TcpExtTCPTimeWaitOverflow",
            why: "Whether it happens now.",
        },
        Next {
            command: "ss -s; sysctl net.ipv4.tcp_max_tw_buckets",
            why: "How many there are, and how many are allowed.",
        },
    ],
};

fn seen(facts: &Facts<'_>) -> Option<Reason> {
    let count = facts.capture.by_four_tuple;
    let says = format!(
        "{} of {} unanswered SYNs met a timewait socket with the same four-tuple.",
        clue::grouped(count),
        clue::grouped(facts.capture.unanswered)
    );
    (count > 0).then(|| Reason::new(says, facts.syns(|because| *because == Because::SameFourTuple)))
}

fn timewait_moves(facts: &Facts<'_>) -> Option<Reason> {
    clue::moved(facts, "PAWSTimewait")
}

fn both_move(facts: &Facts<'_>) -> Option<Reason> {
    let estab = clue::moved(facts, "PAWSEstab")?;
    let skipped = clue::moved(facts, "TCPACKSkippedTimeWait")?;
    Some(Reason::new(format!("{} {}", estab.says, skipped.says), [estab.lines, skipped.lines].concat()))
}

fn estab_alone(facts: &Facts<'_>) -> Option<Reason> {
    // Where PAWSTimewait exists, PAWSEstab is of open connections only.
    let separate = facts.kernel.version.is_some_and(|version| version.profile().has_paws_timewait);
    let newer = separate || facts.evidence.samples.iter().any(|sample| sample.counters.contains_key("PAWSTimewait"));
    if newer || clue::moved(facts, "TCPACKSkippedTimeWait").is_some() {
        return None;
    }
    clue::moved(facts, "PAWSEstab")
}

fn since_boot(facts: &Facts<'_>) -> Option<Reason> {
    clue::since_boot(facts, "PAWSTimewait").or_else(|| clue::since_boot(facts, "TCPACKSkippedTimeWait"))
}

fn skipped_too(facts: &Facts<'_>) -> Option<Reason> {
    clue::moved(facts, "TCPACKSkippedTimeWait").filter(|_| both_move(facts).is_none())
}

fn estab_is_wide(facts: &Facts<'_>) -> Option<Reason> {
    let lines = estab_alone(facts)?.lines;
    Some(Reason::new("PAWSEstab counts old timestamps on open connections too, which harm nobody.", lines))
}

fn overflow_moves(facts: &Facts<'_>) -> Option<Reason> {
    clue::moved(facts, "TCPTimeWaitOverflow")
}

fn overflow_since_boot(facts: &Facts<'_>) -> Option<Reason> {
    clue::since_boot(facts, "TCPTimeWaitOverflow")
}

fn logged(facts: &Facts<'_>) -> Option<Reason> {
    let lines = facts.evidence.log.iter().filter(|said| said.what == LogLine::TimeWaitOverflow);
    let lines: Vec<_> = lines.map(|said| said.quote.clone()).collect();
    let says = format!("The kernel's log says so, on {} lines at least; it leaves repeated lines out.", lines.len());
    (!lines.is_empty()).then(|| Reason::new(says, lines.into_iter().take(3).collect()))
}

fn at_limit(facts: &Facts<'_>) -> Option<Reason> {
    let counts = facts.evidence.socket_counts.as_ref()?;
    let there = *counts.what.by_state.get("TIME-WAIT")?;
    let (allowed, mut lines) = clue::setting(facts, BUCKETS, |value| value > 0 && there >= value - value / 100)?;
    lines.push(counts.quote.clone());
    let (there, allowed) = (clue::grouped(there), clue::grouped(allowed));
    Some(Reason::new(format!("{there} sockets are in TIME-WAIT, and {BUCKETS} allows {allowed}."), lines))
}

fn still(facts: &Facts<'_>) -> Option<Reason> {
    clue::stood(facts, "TCPTimeWaitOverflow")
}
