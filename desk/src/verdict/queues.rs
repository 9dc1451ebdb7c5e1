//! The two queues of a listening socket: the accept queue (R14), and the SYN queue of incomplete handshakes (R15).

use super::Confidence::{Certain, Likely, Possible};
use super::Effect::{For, Notes, Supports, Weakens};
use super::{Indicator, NextCommand, Reason, Signature, VerdictId, indicators};
use crate::evidence::{LogLine, Quote};
use crate::facts::Facts;
use sim_core::words::grouped;

const COOKIES: &str = "net.ipv4.tcp_syncookies";

/// The accept queue is full.
pub const ACCEPT: Signature = Signature {
    id: VerdictId::AcceptQueueOverflow,
    title: "The accept queue is full",
    meaning: "More connections wait for accept() than the backlog allows. The kernel drops SYNs, or the third segment \
              of \
              handshakes, until the program accepts connections. Clients try again after 1 s, 3 s, 7 s and so on, or \
              fail.",
    rule: "R14",
    function: "tcp_conn_request, tcp_v4_syn_recv_sock",
    rfc: "RFC 9293, 3.10.7.2 does not mention a full queue; Linux chose to drop",
    indicators: &[
        Indicator { effect: For(Certain), label: "ListenOverflows moves between two counts", find: overflows_move },
        Indicator { effect: For(Certain), label: "ss -tln shows a Recv-Q above its Send-Q", find: queue_over },
        Indicator { effect: For(Possible), label: "ss -tln shows a Recv-Q that equals its Send-Q", find: queue_at },
        Indicator { effect: For(Possible), label: "ListenOverflows is above 0 since boot", find: overflows },
        Indicator { effect: Supports, label: "somaxconn is 128 or less", find: small_somaxconn },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: &[
        NextCommand {
            command: "nstat -az TcpExtListenOverflows TcpExtListenDrops; sleep 60; \
                      nstat -az TcpExtListenOverflows TcpExtListenDrops",
            why: "ListenOverflows rises only when an accept queue is full.",
        },
        NextCommand {
            command: "ss -tln",
            why: "For a listening socket, Recv-Q is the number of waiting connections and Send-Q is the backlog. Run \
                  it several times \
                  while the problem lasts.",
        },
    ],
};

/// The SYN queue is full.
pub const SYN: Signature = Signature {
    id: VerdictId::SynQueueFull,
    title: "The SYN queue is full",
    meaning: "More handshakes wait for their third segment than the backlog allows. With tcp_syncookies = 1 the kernel \
              answers with cookies and refuses no client; with 0 it drops the SYNs. The cause is a flood of SYNs, or a \
              small backlog on a busy port.",
    rule: "R15",
    function: "tcp_conn_request, tcp_syn_flood_action",
    rfc: "RFC 4987, 3",
    indicators: &[
        Indicator { effect: For(Certain), label: "TCPReqQFullDrop moves: SYNs are dropped", find: drops_move },
        Indicator {
            effect: For(Certain),
            label: "TCPReqQFullDoCookies or SyncookiesSent moves, tcp_syncookies is not 2",
            find: cookies_move,
        },
        Indicator { effect: For(Likely), label: "the log says: possible SYN flooding", find: flooding },
        Indicator {
            effect: For(Likely),
            label: "ListenDrops moves with no counter for why, and tcp_syncookies is 0",
            find: unnamed_off,
        },
        Indicator {
            effect: For(Possible),
            label: "ListenDrops moves with no counter for why, tcp_syncookies is not known",
            find: unnamed,
        },
        Indicator {
            effect: For(Possible),
            label: "TCPReqQFullDrop or TCPReqQFullDoCookies is above 0 since boot",
            find: since_boot,
        },
        Indicator { effect: Supports, label: "tcp_syncookies is 0", find: cookies_off },
        Indicator { effect: Weakens, label: "the log reports flooding, but the counters stand still", find: still },
        Indicator { effect: Notes, label: "the machine was booted between two counts", find: indicators::rebooted },
    ],
    next: &[
        NextCommand {
            command: "nstat -az TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtSyncookiesSent \
                      TcpExtListenDrops; \
                      sleep 60; \
                      nstat -az TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtSyncookiesSent \
                      TcpExtListenDrops",
            why: "The first two rise only when a SYN queue is full (with tcp_syncookies = 2 the second rises always).",
        },
        NextCommand {
            command: "sysctl net.ipv4.tcp_syncookies net.ipv4.tcp_max_syn_backlog net.core.somaxconn",
            why: "Shows whether a full queue drops SYNs.",
        },
        NextCommand {
            command: "ss -tan state syn-recv",
            why: "Shows who is in the queue. Many addresses with one SYN each are a flood.",
        },
    ],
};

fn overflows_move(facts: &Facts<'_>) -> Option<Reason> {
    indicators::moved(facts, "ListenOverflows")
}

fn overflows(facts: &Facts<'_>) -> Option<Reason> {
    indicators::since_boot(facts, "ListenOverflows")
}

/// Listening sockets for which `is(waiting, backlog)` holds.
fn listening(facts: &Facts<'_>, is: impl Fn(u64, u64) -> bool) -> Option<Reason> {
    let rows = facts.evidence.sockets.iter().filter(|row| row.value.state == "LISTEN" && row.value.send_q > 0);
    let full: Vec<_> = rows.filter(|row| is(row.value.recv_q, row.value.send_q)).take(3).collect();
    let row = &full.first()?.value;
    let says =
        format!("{} connections wait for accept(), and the backlog is {}.", grouped(row.recv_q), grouped(row.send_q));
    Some(Reason::new(says, full.iter().map(|row| row.quote.clone()).collect()))
}

fn queue_over(facts: &Facts<'_>) -> Option<Reason> {
    listening(facts, |waiting, backlog| waiting > backlog)
}

fn queue_at(facts: &Facts<'_>) -> Option<Reason> {
    let reason = listening(facts, |waiting, backlog| waiting == backlog)?;
    Some(indicators::and(reason, "The queue is full when one more waits."))
}

fn small_somaxconn(facts: &Facts<'_>) -> Option<Reason> {
    let (value, lines) = indicators::setting(facts, "net.core.somaxconn", |value| value <= 128)?;
    Some(Reason::new(
        format!("net.core.somaxconn is {value}. No program gets a longer accept queue, whatever backlog it asks for."),
        lines,
    ))
}

fn cookies(facts: &Facts<'_>) -> Option<u64> {
    facts.number(COOKIES)
}

fn drops_move(facts: &Facts<'_>) -> Option<Reason> {
    indicators::moved(facts, "TCPReqQFullDrop")
}

fn cookies_move(facts: &Facts<'_>) -> Option<Reason> {
    // With 2 the kernel always sends cookies, and counts each as if the queue were full (R15).
    if cookies(facts) == Some(2) && facts.kernel.profile().syncookies_2_is_always {
        return None;
    }
    let reason =
        indicators::moved(facts, "TCPReqQFullDoCookies").or_else(|| indicators::moved(facts, "SyncookiesSent"))?;
    Some(indicators::and(reason, "These SYNs were answered by cookies, not dropped."))
}

fn flooding(facts: &Facts<'_>) -> Option<Reason> {
    let lines: Vec<(u16, Quote)> = facts
        .evidence
        .log
        .iter()
        .filter_map(|said| match said.value {
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
    let rest = indicators::unnamed_drops(facts)?;
    let says = format!("ListenDrops rose by {} more than ListenOverflows and PAWSPassive account for.", grouped(rest));
    Some(Reason::new(says, facts.count("ListenDrops").lines()))
}

fn unnamed_off(facts: &Facts<'_>) -> Option<Reason> {
    unnamed_in_words(facts).filter(|_| cookies(facts) == Some(0))
}

fn unnamed(facts: &Facts<'_>) -> Option<Reason> {
    unnamed_in_words(facts).filter(|_| cookies(facts).is_none())
}

fn since_boot(facts: &Facts<'_>) -> Option<Reason> {
    let cookies = || indicators::since_boot(facts, "TCPReqQFullDoCookies").filter(|_| cookies(facts) != Some(2));
    indicators::since_boot(facts, "TCPReqQFullDrop").or_else(cookies)
}

fn cookies_off(facts: &Facts<'_>) -> Option<Reason> {
    let (_, lines) = indicators::setting(facts, COOKIES, |value| value == 0)?;
    Some(Reason::new(
        "net.ipv4.tcp_syncookies is 0. A full SYN queue drops SYNs; it does not answer them with cookies.",
        lines,
    ))
}

fn still(facts: &Facts<'_>) -> Option<Reason> {
    flooding(facts)?;
    let first = indicators::stood(facts, "TCPReqQFullDoCookies")?;
    let second = indicators::stood(facts, "TCPReqQFullDrop")?;
    Some(Reason::new(format!("{} {}", first.says, second.says), [first.lines, second.lines].concat()))
}
