//! The two queues of a listening socket: who waits to be accepted (R14), and requests that wait for their third segment (R15).

use super::Confidence::{Certain, Likely, Possible};
use super::Speaks::{For, Notes, Supports, Weakens};
use super::{Id, Next, Reason, Sign, Signature, clue};
use crate::evidence::{LogLine, Quote};
use crate::facts::Facts;

const COOKIES: &str = "net.ipv4.tcp_syncookies";

/// The accept queue is full.
pub const ACCEPT: Signature = Signature {
    id: Id::AcceptQueueOverflow,
    title: "The accept queue is full",
    meaning: "More connections wait for accept() than the backlog allows. The kernel drops SYNs, or the third segment of a \
              handshake, until the program accepts. Clients try again after 1, 3, 7 s and so on, or fail.",
    rule: "R14",
    function: "tcp_conn_request, tcp_v4_syn_recv_sock",
    rfc: "RFC 9293, 3.10.7.2 says nothing of a full queue; dropping is the choice of Linux",
    signs: &[
        Sign { speaks: For(Certain), what: "ListenOverflows moves between two counts", look: overflows_move },
        Sign { speaks: For(Certain), what: "ss -tln shows a Recv-Q above its Send-Q", look: queue_over },
        Sign { speaks: For(Possible), what: "ss -tln shows a Recv-Q that equals its Send-Q", look: queue_at },
        Sign { speaks: For(Possible), what: "ListenOverflows is above 0 since boot", look: overflows },
        Sign { speaks: Supports, what: "somaxconn is 128 or less", look: small_somaxconn },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: &[
        Next {
            command: "nstat -az TcpExtListenOverflows TcpExtListenDrops; sleep 60; \
                      nstat -az TcpExtListenOverflows TcpExtListenDrops",
            why: "ListenOverflows moves only when an accept queue is full.",
        },
        Next {
            command: "ss -tln",
            why: "For a listening socket Recv-Q is who waits and Send-Q the backlog. Run it while it happens, several times.",
        },
    ],
};

/// The SYN queue is full.
pub const SYN: Signature = Signature {
    id: Id::SynQueueFull,
    title: "The SYN queue is full",
    meaning: "More handshakes wait for their third segment than the backlog allows. With tcp_syncookies at 1 the kernel \
              answers by cookies and refuses nobody; with 0 it drops the SYNs. A flood of SYNs does that, and so does a \
              small backlog on a busy port.",
    rule: "R15",
    function: "tcp_conn_request, tcp_syn_flood_action",
    rfc: "RFC 4987, 3",
    signs: &[
        Sign { speaks: For(Certain), what: "TCPReqQFullDrop moves: SYNs are dropped", look: drops_move },
        Sign {
            speaks: For(Certain),
            what: "TCPReqQFullDoCookies or SyncookiesSent moves, tcp_syncookies is not 2",
            look: cookies_move,
        },
        Sign { speaks: For(Likely), what: "the log says: possible SYN flooding", look: flooding },
        Sign {
            speaks: For(Likely),
            what: "ListenDrops moves with no counter for why, and tcp_syncookies is 0",
            look: unnamed_off,
        },
        Sign {
            speaks: For(Possible),
            what: "ListenDrops moves with no counter for why, tcp_syncookies is not known",
            look: unnamed,
        },
        Sign {
            speaks: For(Possible),
            what: "TCPReqQFullDrop or TCPReqQFullDoCookies is above 0 since boot",
            look: since_boot,
        },
        Sign { speaks: Supports, what: "tcp_syncookies is 0", look: cookies_off },
        Sign { speaks: Weakens, what: "the log tells of flooding, the counters stand still", look: still },
        Sign { speaks: Notes, what: "the machine was booted between two counts", look: clue::rebooted },
    ],
    next: &[
        Next {
            command: "nstat -az TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtSyncookiesSent TcpExtListenDrops; \
                      sleep 60; \
                      nstat -az TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtSyncookiesSent TcpExtListenDrops",
            why: "The first two move only when a SYN queue is full (with tcp_syncookies at 2 the second moves always).",
        },
        Next {
            command: "sysctl net.ipv4.tcp_syncookies net.ipv4.tcp_max_syn_backlog net.core.somaxconn",
            why: "Whether a full queue drops.",
        },
        Next {
            command: "ss -tan state syn-recv",
            why: "Who is in the queue: many addresses with one SYN each are a flood.",
        },
    ],
};

fn overflows_move(facts: &Facts<'_>) -> Option<Reason> {
    clue::moved(facts, "ListenOverflows")
}

fn overflows(facts: &Facts<'_>) -> Option<Reason> {
    clue::since_boot(facts, "ListenOverflows")
}

/// Listening sockets for which `is` holds of who waits and the backlog.
fn listening(facts: &Facts<'_>, is: impl Fn(u64, u64) -> bool) -> Option<Reason> {
    let rows = facts.evidence.sockets.iter().filter(|row| row.what.state == "LISTEN" && row.what.send_q > 0);
    let full: Vec<_> = rows.filter(|row| is(row.what.recv_q, row.what.send_q)).take(3).collect();
    let row = &full.first()?.what;
    let says = format!(
        "{} wait to be accepted where the backlog is {}.",
        clue::grouped(row.recv_q),
        clue::grouped(row.send_q)
    );
    Some(Reason::new(says, full.iter().map(|row| row.quote.clone()).collect()))
}

fn queue_over(facts: &Facts<'_>) -> Option<Reason> {
    listening(facts, |waiting, backlog| waiting > backlog)
}

fn queue_at(facts: &Facts<'_>) -> Option<Reason> {
    let reason = listening(facts, |waiting, backlog| waiting == backlog)?;
    Some(clue::and(reason, "It is full when more wait than that."))
}

fn small_somaxconn(facts: &Facts<'_>) -> Option<Reason> {
    let (value, lines) = clue::setting(facts, "net.core.somaxconn", |value| value <= 128)?;
    Some(Reason::new(
        format!("net.core.somaxconn is {value}: no program gets a longer accept queue, whatever it asks for."),
        lines,
    ))
}

fn cookies(facts: &Facts<'_>) -> Option<u64> {
    facts.number(COOKIES)
}

fn drops_move(facts: &Facts<'_>) -> Option<Reason> {
    clue::moved(facts, "TCPReqQFullDrop")
}

fn cookies_move(facts: &Facts<'_>) -> Option<Reason> {
    // 2 sends cookies always, and counts each as if the queue were full (R15).
    if cookies(facts) == Some(2) && facts.kernel.profile().syncookies_2_is_always {
        return None;
    }
    let reason = clue::moved(facts, "TCPReqQFullDoCookies").or_else(|| clue::moved(facts, "SyncookiesSent"))?;
    Some(clue::and(reason, "These SYNs were answered by cookies, not dropped."))
}

fn flooding(facts: &Facts<'_>) -> Option<Reason> {
    let lines: Vec<(u16, Quote)> = facts
        .evidence
        .log
        .iter()
        .filter_map(|said| match said.what {
            LogLine::SynFlooding(port) => Some((port, said.quote.clone())),
            LogLine::TimeWaitOverflow => None,
        })
        .collect();
    let port = lines.last()?.0;
    let says = format!(
        "The kernel's log says: possible SYN flooding on port {port}. It says so once for each listening socket."
    );
    Some(Reason::new(says, lines.into_iter().rev().take(3).map(|(_, line)| line).collect()))
}

fn unnamed_in_words(facts: &Facts<'_>) -> Option<Reason> {
    let rest = clue::unnamed_drops(facts)?;
    let says =
        format!("ListenDrops rose by {} more than ListenOverflows and PAWSPassive account for.", clue::grouped(rest));
    Some(Reason::new(says, facts.count("ListenDrops").lines()))
}

fn unnamed_off(facts: &Facts<'_>) -> Option<Reason> {
    unnamed_in_words(facts).filter(|_| cookies(facts) == Some(0))
}

fn unnamed(facts: &Facts<'_>) -> Option<Reason> {
    unnamed_in_words(facts).filter(|_| cookies(facts).is_none())
}

fn since_boot(facts: &Facts<'_>) -> Option<Reason> {
    let cookies = || clue::since_boot(facts, "TCPReqQFullDoCookies").filter(|_| cookies(facts) != Some(2));
    clue::since_boot(facts, "TCPReqQFullDrop").or_else(cookies)
}

fn cookies_off(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = clue::setting(facts, COOKIES, |value| value == 0)?;
    Some(Reason::new(
        "net.ipv4.tcp_syncookies is 0: a full SYN queue drops SYNs instead of answering by cookies.",
        lines,
    ))
}

fn still(facts: &Facts<'_>) -> Option<Reason> {
    flooding(facts)?;
    let first = clue::stood(facts, "TCPReqQFullDoCookies")?;
    let second = clue::stood(facts, "TCPReqQFullDrop")?;
    Some(Reason::new(format!("{} {}", first.says, second.says), [first.lines, second.lines].concat()))
}
