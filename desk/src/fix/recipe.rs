//! What is done about each fault.

use super::{Fix, Line, Step};
use crate::evidence::Setting;
use crate::facts::{Facts, number};
use crate::kernel::RECYCLE;
use crate::verdict::Id;

const SOMAXCONN: &str = "net.core.somaxconn";
const SYN_BACKLOG: &str = "net.ipv4.tcp_max_syn_backlog";
const COOKIES: &str = "net.ipv4.tcp_syncookies";
const TIMESTAMPS: &str = "net.ipv4.tcp_timestamps";
const BUCKETS: &str = "net.ipv4.tcp_max_tw_buckets";
const RANGE: &str = "net.ipv4.ip_local_port_range";
const REUSE: &str = "net.ipv4.tcp_tw_reuse";

/// The default where memory allows, and what queues are raised to.
const MANY_BUCKETS: u64 = 262_144;
const LONG_QUEUE: u64 = 4_096;
/// Source ports above those of most servers.
const WIDE: (u16, u16) = (16_384, 65_535);

fn empty(of: Id) -> Fix {
    Fix { of, now: vec![], keep: vec![], found: vec![], elsewhere: vec![], undo: vec![], check: vec![] }
}

/// Where a value may be set again at the next boot.
fn elsewhere(key: &str) -> Vec<Step> {
    let short = key.rsplit('.').next().unwrap_or(key);
    let command = format!(
        "grep -rns {short} /etc/sysctl.conf /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d /usr/local/lib/sysctl.d \
         /lib/sysctl.d /etc/rc.local /etc/rc.d /etc/tuned /usr/lib/tuned /etc/default /etc/network /etc/systemd/system \
         /etc/cron.d /etc/ansible /etc/puppet"
    );
    let says = "Every line that it finds is a place that may set the old value again. sysctl --system reads /etc/sysctl.conf \
                last, so a line there wins over sysctl.d; tuned and rc.local act after both.";
    vec![Step::run(command, says)]
}

/// Back to the value that the evidence shows, or to the one that was written down.
fn back(facts: &Facts<'_>, key: &str) -> Step {
    match facts.running(key).filter(|setting| is_plain(setting)) {
        Some(setting) => {
            let value = setting.value.split_whitespace().collect::<Vec<_>>().join(" ");
            Step::run(format!("sysctl -w {key}=\"{value}\""), "The value that the evidence shows.")
        }
        None => {
            Step::by_hand(format!("Note the value of `sysctl -n {key}` before the change; write it back by sysctl -w."))
        }
    }
}

/// Only numbers go into a command.
fn is_plain(setting: &Setting) -> bool {
    setting.value.split_whitespace().all(|word| word.chars().all(|c| c.is_ascii_digit()))
}

fn remove_file() -> Step {
    Step::run(format!("rm {}", sim_core::export::sysctl_conf::FILE_NAME), "The file goes, the running values stay.")
}

fn twice(counters: &str, says: &str) -> Step {
    Step::run(format!("nstat -az {counters}; sleep 60; nstat -az {counters}"), says)
}

pub fn recycle(id: Id, facts: &Facts<'_>) -> Fix {
    let mut fix = empty(id);
    let profile = facts.kernel.profile();
    let known = facts.kernel.version.is_some();
    fix.now.push(Step::run(
        format!("sysctl -w {RECYCLE}=0"),
        "Takes effect at once: no SYN is refused from then on, whatever is remembered (R12).",
    ));
    if profile.per_namespace || !known {
        let scope = if known { "On this kernel" } else { "On 4.11" };
        fix.now.push(Step::run(
            format!("ip -all netns exec sysctl -w {RECYCLE}=0"),
            format!("{scope} each network namespace has its own switch (R11). This reaches those with a name."),
        ));
        fix.now.push(Step::run(
            format!("lsns -t net -n -o PID | xargs -r -I PID nsenter -t PID -n sysctl -w {RECYCLE}=0"),
            "This reaches those of containers, which have no name. A container that starts later begins with 0.",
        ));
    } else {
        fix.now.push(Step::by_hand(
            "Run it on the host. On this kernel the switch belongs to the whole machine, and a container does not show it (R11).",
        ));
    }
    fix.keep.push(Line {
        key: RECYCLE,
        value: "0".to_owned(),
        why: "Off: it drops SYNs of hosts that share one address, by the timestamp that was remembered for that address.",
    });
    if facts.number(TIMESTAMPS) == Some(0) {
        fix.now.push(Step::run(format!("sysctl -w {TIMESTAMPS}=1"), "After recycle is off. Off was no cure."));
        fix.keep.push(Line {
            key: TIMESTAMPS,
            value: "1".to_owned(),
            why: "On, the default: PAWS (RFC 7323, 5) needs it.",
        });
    }
    fix.elsewhere = elsewhere(RECYCLE);
    fix.undo.push(Step::run(format!("sysctl -w {RECYCLE}=1"), "Brings the refusals back. Nothing else needs it."));
    fix.undo.push(remove_file());
    fix.check.push(Step::run(format!("sysctl -n {RECYCLE}"), "Prints 0."));
    fix.check.push(twice(
        "TcpExtPAWSPassive TcpExtListenDrops",
        "PAWSPassive stands still. ListenDrops too, unless a queue is full as well.",
    ));
    fix.check.push(Step::by_hand(
        "TIME_WAIT lasts 60 s again, so `ss -s` shows more timewait sockets than before. That is as it should be.",
    ));
    fix
}

pub fn time_wait_paws() -> Fix {
    let mut fix = empty(Id::TimeWaitPaws);
    fix.now = vec![
        Step::by_hand(
            "No sysctl of the server cures it. TIME_WAIT of 60 s protects the next connection from the segments of the last.",
        ),
        Step::by_hand(
            "Let the client close first, so that TIME_WAIT is there; or keep connections open, so that fewer ports are used.",
        ),
        Step::by_hand(
            "Where a NAT is before the clients: let it use a port again only after 60 s, or give it more addresses.",
        ),
    ];
    fix.undo.push(Step::by_hand("Nothing was set."));
    fix.check.push(Step::run(
        "nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'; sleep 60; \
         nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'",
        "TCPACKSkippedTimeWait stands still, and PAWSTimewait where there is one.",
    ));
    fix
}

pub fn accept_queue(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(Id::AcceptQueueOverflow);
    fix.now.push(Step::by_hand(
        "Find out why the program accepts too slowly: all workers busy, a slow database, too few threads. A longer queue \
         helps against bursts only.",
    ));
    let somaxconn = raised(facts, SOMAXCONN, LONG_QUEUE);
    fix.now.push(Step::run(format!("sysctl -w {SOMAXCONN}={somaxconn}"), "The most that listen() gives."));
    fix.now.push(Step::by_hand(
        "Raise the backlog in the program as well (nginx: listen ... backlog=4096; Apache: ListenBacklog 4096; Java: \
         acceptCount), and start it anew: both hold from the next listen() on.",
    ));
    fix.keep.push(Line {
        key: SOMAXCONN,
        value: somaxconn.to_string(),
        why: "The longest accept queue that listen() gives; the program has to ask for it.",
    });
    fix.elsewhere = elsewhere(SOMAXCONN);
    fix.undo = vec![back(facts, SOMAXCONN), remove_file()];
    fix.check
        .push(Step::run("ss -tln", "Send-Q of the listening socket is the new backlog, Recv-Q stays far below it."));
    fix.check.push(twice("TcpExtListenOverflows TcpExtListenDrops", "Both stand still."));
    fix
}

pub fn syn_queue(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(Id::SynQueueFull);
    if facts.number(COOKIES) == Some(0) || facts.number(COOKIES).is_none() {
        fix.now.push(Step::run(
            format!("sysctl -w {COOKIES}=1"),
            "Takes effect at once: a full queue answers by cookies and refuses nobody (R15).",
        ));
        fix.keep.push(Line {
            key: COOKIES,
            value: "1".to_owned(),
            why: "On, the default: cookies are sent only when the SYN queue is full.",
        });
        fix.undo.push(back(facts, COOKIES));
    }
    let (syn, accept) = (raised(facts, SYN_BACKLOG, LONG_QUEUE), raised(facts, SOMAXCONN, LONG_QUEUE));
    fix.now.push(Step::run(
        format!("sysctl -w {SYN_BACKLOG}={syn} {SOMAXCONN}={accept}"),
        "The SYN queue is as long as the backlog of listen(); raise that in the program too, and start it anew.",
    ));
    fix.now.push(Step::run(
        "ss -tan state syn-recv | awk 'NR > 1 {sub(/:[0-9]+$/, \"\", $4); c[$4]++} END {for (a in c) print c[a], a}' | \
         sort -rn | head",
        "Many addresses with one SYN each are a flood; few with many are clients whose third segment is lost.",
    ));
    fix.keep.push(Line {
        key: SYN_BACKLOG,
        value: syn.to_string(),
        why: "Handshakes that may wait for their third segment.",
    });
    fix.keep.push(Line {
        key: SOMAXCONN,
        value: accept.to_string(),
        why: "The longest queue that listen() gives; the program has to ask for it.",
    });
    fix.elsewhere = elsewhere(COOKIES);
    fix.undo.extend([back(facts, SYN_BACKLOG), back(facts, SOMAXCONN), remove_file()]);
    fix.check.push(twice(
        "TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtListenDrops",
        "TCPReqQFullDrop and ListenDrops stand still. TCPReqQFullDoCookies may move in a flood.",
    ));
    fix
}

pub fn ports(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(Id::PortsExhausted);
    let profile = facts.kernel.profile();
    fix.now.push(Step::by_hand(
        "The cure is to open fewer connections: keep them open (a pool, HTTP keep-alive), or let the other side close first.",
    ));
    let (low, high) = crate::verdict::port_range(facts);
    // A range that is wide already is left as it is.
    if high - low < WIDE.1 - WIDE.0 {
        fix.now.push(Step::run(
            format!("sysctl -w {RANGE}=\"{} {}\"", WIDE.0, WIDE.1),
            "49,152 ports for each destination. Where programs listen in that range, name their ports in \
             net.ipv4.ip_local_reserved_ports first.",
        ));
        fix.keep.push(Line {
            key: RANGE,
            value: format!("{} {}", WIDE.0, WIDE.1),
            why: "49,152 source ports for each destination.",
        });
        fix.undo.push(back(facts, RANGE));
    }
    if facts.number(REUSE) != Some(1) {
        let rested = if profile.reuse_2_is_loopback { "1 s" } else { "1 to 2 s" };
        fix.now.push(Step::run(
            format!("sysctl -w {REUSE}=1"),
            format!(
                "connect() may take a port that rested {rested} in TIME_WAIT, where both sides use timestamps (R7)."
            ),
        ));
        fix.keep.push(Line {
            key: REUSE,
            value: "1".to_owned(),
            why: "On, for connections that this host opens itself. It refuses nobody.",
        });
        fix.undo.push(back(facts, REUSE));
    }
    if facts.number(TIMESTAMPS) == Some(0) {
        fix.now.push(Step::run(format!("sysctl -w {TIMESTAMPS}=1"), "Without timestamps tcp_tw_reuse has no effect."));
        fix.keep.push(Line { key: TIMESTAMPS, value: "1".to_owned(), why: "On, the default: tcp_tw_reuse needs it." });
    }
    fix.elsewhere = elsewhere(RANGE);
    fix.undo.push(remove_file());
    fix.check.push(Step::run("ss -s", "The number of timewait sockets stays well below the number of ports."));
    fix.check
        .push(Step::by_hand("The program's log shows no EADDRNOTAVAIL (Cannot assign requested address) any more."));
    fix
}

pub fn buckets(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(Id::TimeWaitOverflow);
    let now = facts.number(BUCKETS).unwrap_or_default();
    let buckets = MANY_BUCKETS.max(now.saturating_mul(2).min(1 << 22)).max(now);
    fix.now.push(Step::run(
        format!("sysctl -w {BUCKETS}={buckets}"),
        "Takes effect at once. A timewait socket takes about 256 bytes, so 262,144 take 67 MB.",
    ));
    fix.keep.push(Line { key: BUCKETS, value: buckets.to_string(), why: "Timewait sockets that may exist at once." });
    fix.elsewhere = elsewhere(BUCKETS);
    fix.undo = vec![back(facts, BUCKETS), remove_file()];
    fix.check.push(twice("TcpExtTCPTimeWaitOverflow", "It stands still."));
    fix
}

/// `least`, or what it is now where that is more.
fn raised(facts: &Facts<'_>, key: &str, least: u64) -> u64 {
    facts.setting(key).and_then(number).unwrap_or_default().max(least)
}
