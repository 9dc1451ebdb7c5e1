//! The steps of the fix for each fault.

use super::content::{Fix, FixStep};
use super::drop_in::ConfLine;
use crate::evidence::Setting;
use crate::facts::{Facts, number};
use crate::kernel::RECYCLE;
use crate::verdict::VerdictId;

const SOMAXCONN: &str = "net.core.somaxconn";
const SYN_BACKLOG: &str = "net.ipv4.tcp_max_syn_backlog";
const COOKIES: &str = "net.ipv4.tcp_syncookies";
const TIMESTAMPS: &str = "net.ipv4.tcp_timestamps";
const BUCKETS: &str = "net.ipv4.tcp_max_tw_buckets";
const RANGE: &str = "net.ipv4.ip_local_port_range";
const REUSE: &str = "net.ipv4.tcp_tw_reuse";

/// The kernel's default on machines with much memory.
const MANY_BUCKETS: u64 = 262_144;
/// The length that queues are raised to: the default of somaxconn since 5.4.
const LONG_QUEUE: u64 = 4_096;
/// Source ports above the ports of most servers.
const WIDE: (u16, u16) = (16_384, 65_535);

fn empty(of: VerdictId) -> Fix {
    Fix { of, now: vec![], keep: vec![], found: vec![], elsewhere: vec![], undo: vec![], check: vec![] }
}

/// How to find the places that may set a sysctl at the next boot.
fn elsewhere(key: &str) -> Vec<FixStep> {
    let short = key.rsplit('.').next().unwrap_or(key);
    let command = format!(
        "grep -rns {short} /etc/sysctl.conf /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d /usr/local/lib/sysctl.d \
         /lib/sysctl.d /etc/rc.local /etc/rc.d /etc/tuned /usr/lib/tuned /etc/default /etc/network /etc/systemd/system \
         /etc/cron.d /etc/ansible /etc/puppet"
    );
    let says = "Each line of the output is a place that may set the old value again. sysctl --system reads \
                /etc/sysctl.conf last, \
                so a line there overrides sysctl.d. tuned and rc.local run after both.";
    vec![FixStep::run(command, says)]
}

/// Sets the value that the evidence shows, or the one that the reader noted.
fn back(facts: &Facts<'_>, key: &str) -> FixStep {
    match facts.running(key).filter(|setting| is_plain(setting)) {
        Some(setting) => {
            let value = setting.value.split_whitespace().collect::<Vec<_>>().join(" ");
            FixStep::run(format!("sysctl -w {key}=\"{value}\""), "Sets the value that the evidence shows.")
        }
        None => FixStep::by_hand(format!(
            "Note the output of `sysctl -n {key}` before the change, and set it again with sysctl -w."
        )),
    }
}

/// Only numbers go into a command.
fn is_plain(setting: &Setting) -> bool {
    setting.value.split_whitespace().all(|word| word.chars().all(|c| c.is_ascii_digit()))
}

fn remove_file() -> FixStep {
    FixStep::run(
        format!("rm {}", sim_core::export::sysctl_conf::FILE_NAME),
        "Removes the file. The current values stay.",
    )
}

fn twice(counters: &str, says: &str) -> FixStep {
    FixStep::run(format!("nstat -az {counters}; sleep 60; nstat -az {counters}"), says)
}

pub fn recycle(id: VerdictId, facts: &Facts<'_>) -> Fix {
    let mut fix = empty(id);
    let profile = facts.kernel.profile();
    let known = facts.kernel.version.is_some();
    fix.now.push(FixStep::run(
        format!("sysctl -w {RECYCLE}=0"),
        "Takes effect at once: recycle refuses no more SYNs, whatever timestamps are remembered (R12).",
    ));
    if profile.per_namespace || !known {
        let scope = if known { "On this kernel" } else { "On 4.11" };
        fix.now.push(FixStep::run(
            format!("ip -all netns exec sysctl -w {RECYCLE}=0"),
            format!(
                "{scope} each network namespace has its own value (R11). This command reaches the namespaces with \
                     a name."
            ),
        ));
        fix.now.push(FixStep::run(
            format!("lsns -t net -n -o PID | xargs -r -I PID nsenter -t PID -n sysctl -w {RECYCLE}=0"),
            "This command reaches the namespaces of containers, which have no name. Containers that start later begin \
             with 0.",
        ));
    } else {
        fix.now.push(FixStep::by_hand(
            "Run it on the host. On this kernel the value applies to the whole machine, and containers do not show it \
             (R11).",
        ));
    }
    fix.keep.push(ConfLine {
        key: RECYCLE,
        value: "0".to_owned(),
        why: "Off: it drops SYNs of hosts that share one address, because of the timestamp remembered for that \
              address.",
    });
    if facts.number(TIMESTAMPS) == Some(0) {
        fix.now.push(FixStep::run(
            format!("sysctl -w {TIMESTAMPS}=1"),
            "Run it after recycle is off. Turning timestamps off did not help.",
        ));
        fix.keep.push(ConfLine {
            key: TIMESTAMPS,
            value: "1".to_owned(),
            why: "On, the default: PAWS (RFC 7323, 5) needs it.",
        });
    }
    fix.elsewhere = elsewhere(RECYCLE);
    fix.undo.push(FixStep::run(
        format!("sysctl -w {RECYCLE}=1"),
        "Turns recycle on again, which brings the refusals back. Nothing else needs it.",
    ));
    fix.undo.push(remove_file());
    fix.check.push(FixStep::run(format!("sysctl -n {RECYCLE}"), "Prints 0."));
    fix.check.push(twice(
        "TcpExtPAWSPassive TcpExtListenDrops",
        "PAWSPassive stands still. So does ListenDrops, unless a queue is full too.",
    ));
    fix.check.push(FixStep::by_hand(
        "TIME_WAIT lasts 60 s again, so `ss -s` shows more timewait sockets than before. This is normal.",
    ));
    fix
}

pub fn time_wait_paws() -> Fix {
    let mut fix = empty(VerdictId::TimeWaitPaws);
    fix.now = vec![
        FixStep::by_hand(
            "No sysctl of the server helps. The 60 s of TIME_WAIT protect the next connection from segments of the \
             previous one.",
        ),
        FixStep::by_hand(
            "Let the client close first, so that TIME_WAIT is on its side; or keep connections open, so that fewer \
             ports are used.",
        ),
        FixStep::by_hand(
            "If the clients are behind a NAT, let it use a port again only after 60 s, or give it more addresses.",
        ),
    ];
    fix.undo.push(FixStep::by_hand("There is nothing to undo."));
    fix.check.push(FixStep::run(
        "nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'; sleep 60; \
         nstat -az | grep -E 'PAWSEstab|PAWSTimewait|TCPACKSkippedTimeWait'",
        "TCPACKSkippedTimeWait stands still, and so does PAWSTimewait if the kernel has it.",
    ));
    fix
}

pub fn accept_queue(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(VerdictId::AcceptQueueOverflow);
    fix.now.push(FixStep::by_hand(
        "Find out why the program accepts connections too slowly: busy workers, a slow database, too few threads. A \
         longer \
         queue helps only against bursts.",
    ));
    let somaxconn = raised(facts, SOMAXCONN, LONG_QUEUE);
    fix.now.push(FixStep::run(
        format!("sysctl -w {SOMAXCONN}={somaxconn}"),
        "Sets the longest accept queue that listen() allows.",
    ));
    fix.now.push(FixStep::by_hand(
        "Raise the backlog in the program as well (nginx: listen ... backlog=4096; Apache: ListenBacklog 4096; Java: \
         acceptCount), and restart it: both values apply from the next listen() on.",
    ));
    fix.keep.push(ConfLine {
        key: SOMAXCONN,
        value: somaxconn.to_string(),
        why: "The longest accept queue that listen() allows; the program has to ask for it.",
    });
    fix.elsewhere = elsewhere(SOMAXCONN);
    fix.undo = vec![back(facts, SOMAXCONN), remove_file()];
    fix.check.push(FixStep::run(
        "ss -tln",
        "Send-Q of the listening socket is the new backlog, and Recv-Q stays far below it.",
    ));
    fix.check.push(twice("TcpExtListenOverflows TcpExtListenDrops", "Both counters stand still."));
    fix
}

pub fn syn_queue(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(VerdictId::SynQueueFull);
    if facts.number(COOKIES) == Some(0) || facts.number(COOKIES).is_none() {
        fix.now.push(FixStep::run(
            format!("sysctl -w {COOKIES}=1"),
            "Takes effect at once: when the queue is full, the kernel answers with cookies and refuses no client \
             (R15).",
        ));
        fix.keep.push(ConfLine {
            key: COOKIES,
            value: "1".to_owned(),
            why: "On, the default: cookies are sent only when the SYN queue is full.",
        });
        fix.undo.push(back(facts, COOKIES));
    }
    let (syn, accept) = (raised(facts, SYN_BACKLOG, LONG_QUEUE), raised(facts, SOMAXCONN, LONG_QUEUE));
    fix.now.push(FixStep::run(
        format!("sysctl -w {SYN_BACKLOG}={syn} {SOMAXCONN}={accept}"),
        "The SYN queue is as long as the backlog of listen(). Raise that in the program too, and restart it.",
    ));
    fix.now.push(FixStep::run(
        "ss -tan state syn-recv | awk 'NR > 1 {sub(/:[0-9]+$/, \"\", $4); c[$4]++} END {for (a in c) print c[a], a}' | \
         sort -rn | head",
        "Many addresses with one SYN each are a flood. Few addresses with many SYNs are clients whose third segment \
         is lost.",
    ));
    fix.keep.push(ConfLine {
        key: SYN_BACKLOG,
        value: syn.to_string(),
        why: "Handshakes that may wait for their third segment.",
    });
    fix.keep.push(ConfLine {
        key: SOMAXCONN,
        value: accept.to_string(),
        why: "The longest queue that listen() allows; the program has to ask for it.",
    });
    fix.elsewhere = elsewhere(COOKIES);
    fix.undo.extend([back(facts, SYN_BACKLOG), back(facts, SOMAXCONN), remove_file()]);
    fix.check.push(twice(
        "TcpExtTCPReqQFullDrop TcpExtTCPReqQFullDoCookies TcpExtListenDrops",
        "TCPReqQFullDrop and ListenDrops stand still. TCPReqQFullDoCookies may rise in a flood.",
    ));
    fix
}

pub fn ports(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(VerdictId::PortsExhausted);
    let profile = facts.kernel.profile();
    fix.now.push(FixStep::by_hand(
        "Open fewer connections: keep them open (a pool, HTTP keep-alive), or let the other side close first.",
    ));
    let (low, high) = crate::verdict::port_range(facts);
    // A wide range stays as it is.
    if high - low < WIDE.1 - WIDE.0 {
        fix.now.push(FixStep::run(
            format!("sysctl -w {RANGE}=\"{} {}\"", WIDE.0, WIDE.1),
            "Gives 49,152 ports for each destination. If programs listen on ports in that range, add these ports to \
             net.ipv4.ip_local_reserved_ports first.",
        ));
        fix.keep.push(ConfLine {
            key: RANGE,
            value: format!("{} {}", WIDE.0, WIDE.1),
            why: "49,152 source ports for each destination.",
        });
        fix.undo.push(back(facts, RANGE));
    }
    if facts.number(REUSE) != Some(1) {
        let rested = if profile.reuse_2_is_loopback { "1 s" } else { "1 to 2 s" };
        fix.now.push(FixStep::run(
            format!("sysctl -w {REUSE}=1"),
            format!("connect() may take a port after {rested} in TIME_WAIT if both sides use timestamps (R7)."),
        ));
        fix.keep.push(ConfLine {
            key: REUSE,
            value: "1".to_owned(),
            why: "On, for connections that this host opens itself. It refuses no client.",
        });
        fix.undo.push(back(facts, REUSE));
    }
    if facts.number(TIMESTAMPS) == Some(0) {
        fix.now
            .push(FixStep::run(format!("sysctl -w {TIMESTAMPS}=1"), "Without timestamps tcp_tw_reuse has no effect."));
        fix.keep.push(ConfLine {
            key: TIMESTAMPS,
            value: "1".to_owned(),
            why: "On, the default: tcp_tw_reuse needs it.",
        });
    }
    fix.elsewhere = elsewhere(RANGE);
    fix.undo.push(remove_file());
    fix.check.push(FixStep::run("ss -s", "The number of timewait sockets stays well below the number of ports."));
    fix.check.push(FixStep::by_hand(
        "The log of the program no longer shows EADDRNOTAVAIL (Cannot assign requested address).",
    ));
    fix
}

pub fn buckets(facts: &Facts<'_>) -> Fix {
    let mut fix = empty(VerdictId::TimeWaitOverflow);
    let now = facts.number(BUCKETS).unwrap_or_default();
    let buckets = MANY_BUCKETS.max(now.saturating_mul(2).min(1 << 22)).max(now);
    fix.now.push(FixStep::run(
        format!("sysctl -w {BUCKETS}={buckets}"),
        "Takes effect at once. A timewait socket takes about 256 bytes, so 262,144 of them take 67 MB.",
    ));
    fix.keep.push(ConfLine {
        key: BUCKETS,
        value: buckets.to_string(),
        why: "Timewait sockets that may exist at once.",
    });
    fix.elsewhere = elsewhere(BUCKETS);
    fix.undo = vec![back(facts, BUCKETS), remove_file()];
    fix.check.push(twice("TcpExtTCPTimeWaitOverflow", "The counter stands still."));
    fix
}

/// The current value, or `least` if that is more.
fn raised(facts: &Facts<'_>, key: &str, least: u64) -> u64 {
    facts.setting(key).and_then(number).unwrap_or_default().max(least)
}
