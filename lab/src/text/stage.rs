//! The words of the stage: what hosts are at, what boxes do, how things ended, and the whole drawing for the ear.

use sim_core::scenario::StampRule;
use sim_core::time::{SimTime, Span};
use sim_core::trace::snapshot::{Listening, Remembered, Snapshot};
use sim_core::trace::{Errno, LossReason, NodeId, Role};

use crate::format::{capitalized, counted, in_words, moment, span};
use crate::run::Run;
use crate::stage::facts::{Cause, Failure};
use crate::stage::ports::{Ports, ports as ports_of};
use crate::stage::scene::Scene;
use crate::stage::topology::Branch;
use crate::stage::wait::{Wait, wait as waits};
use sim_core::segment::SegmentKind;
use sim_core::words::grouped;

/// What a NAT does to timestamps.
pub const CLOCKS_UNCHANGED: &str = "clocks unchanged";
/// Before the address whose segments a firewall drops.
pub const DROPS_FROM: &str = "drops packets from";
/// A SYN without the option.
pub const NO_TIMESTAMPS: &str = "no timestamp";
/// The clock of a host that has another on each connection, in three lengths.
pub const RANDOM_CLOCK: [&str; 3] = ["new each time", "random clock", "random"];
/// The clock of a host that sends none, in three lengths.
pub const NO_CLOCK_OF_ITS_OWN: [&str; 3] = ["no timestamps", "no clock", "none"];
/// Above the address that is remembered.
pub const REMEMBERS_FOR: &str = "remembers for";
/// On a kernel that remembers no clocks.
pub const REMEMBERS_NOTHING: &str = "remembers no clocks";
/// On a kernel that remembers clocks, before the first.
pub const REMEMBERS_NOTHING_YET: &str = "no remembered clock";
/// Where none is remembered for an address.
pub const NO_CLOCK: &str = "no clock";
/// A host whose SYN is on its way, in two lengths.
pub const CONNECTING: [&str; 2] = ["connecting", "connects"];

/// What a firewall does to timestamps.
pub const fn stamp_rule(rule: StampRule) -> &'static str {
    match rule {
        StampRule::Pass => CLOCKS_UNCHANGED,
        StampRule::Random => "new clock each time",
        StampRule::Strip => "removes timestamps",
    }
}

/// A host that is not there yet, in two lengths.
pub fn joins(at: SimTime) -> [String; 2] {
    [format!("joins at {}", moment(at)), "not joined yet".to_owned()]
}

/// A host that is gone, in two lengths.
pub fn left(at: SimTime) -> [String; 2] {
    [format!("left at {}", moment(at)), "has left".to_owned()]
}

/// A host that came up again, in three lengths.
pub fn rebooted(ago: Span) -> [String; 3] {
    let ago = span(ago);
    [format!("rebooted {ago} ago, clock reset"), format!("rebooted {ago} ago"), "rebooted".to_owned()]
}

/// An error in a word or two.
pub const fn short_errno(errno: Errno) -> &'static str {
    match errno {
        Errno::Eagain => "nothing yet",
        Errno::Eaddrinuse => "port taken",
        Errno::Eaddrnotavail => "no port left",
        Errno::Econnrefused => "refused",
        Errno::Econnreset => "was reset",
        Errno::Etimedout => "timed out",
        Errno::Enotconn => "not connected",
    }
}

/// A refused SYN, in three lengths.
pub fn refused(host: &str) -> [String; 3] {
    [format!("SYN from {host}, refused"), format!("{host} refused"), "refused".to_owned()]
}

/// How many hosts.
pub fn hosts(count: usize) -> String {
    counted(count, "host", "hosts")
}

/// How many of a crowd wait.
pub fn wait(count: usize) -> String {
    if count == 1 { "1 waits".to_owned() } else { format!("{count} wait") }
}

/// When a host tries again or gives up, in two lengths.
pub fn next(wait: &Wait, now: SimTime) -> [String; 2] {
    let left = span(wait.until.since(now));
    let [long, short] = if wait.is_last { ["gives up in", "ends in"] } else { ["again in", "in"] };
    [format!("{long} {left}"), format!("{short} {left}")]
}

/// How old a remembered clock is.
pub fn age(remembered: &Remembered) -> String {
    format!("{} s", remembered.age_s)
}

/// Addresses that are remembered and have no line, in two lengths.
pub fn more_addresses(count: usize) -> [String; 2] {
    [format!("and {}", counted(count, "more address", "more addresses")), format!("and {count} more")]
}

/// The accept queue.
pub fn queue(listening: &Listening) -> String {
    format!("{}, backlog {}", wait(listening.waiting as usize), listening.backlog)
}

/// The ports of the server's own connections, in two lengths.
pub fn ports(ports: &Ports) -> [String; 2] {
    let [all, in_use] = [ports.all, ports.in_use].map(|number| grouped(number as u64));
    [format!("{in_use} of {all} ports taken"), format!("{in_use} of {all} ports")]
}

/// How something ended: what it was, and why.
pub fn end(run: &Run, snapshot: &Snapshot, failure: &Failure) -> (String, String) {
    let flight = failure.flight.and_then(|flight| run.index.flights.get(flight));
    let owner = failure.owner.map_or("unknown", |host| run.name(host));
    let what = flight.map_or_else(String::new, |flight| {
        let way = if failure.from_owner { "from" } else { "to" };
        format!("{} {way} {owner}", SegmentKind::of(&flight.header).name())
    });
    match failure.cause {
        Cause::Lost(reason) => {
            let how = if reason == LossReason::Link { "lost" } else { "dropped" };
            let (from, to) =
                flight.map_or((None, None), |flight| (Some(flight.header.src.addr), Some(flight.header.dst.addr)));
            let label = reason.words().label;
            let addr = match reason {
                LossReason::NoRoute => to,
                LossReason::Firewall => from,
                LossReason::Link | LossReason::NoMapping | LossReason::NoPort => None,
            };
            let why = addr.map_or_else(|| label.to_owned(), |addr| format!("{label}: {addr}"));
            (format!("{what}, {how}"), why)
        }
        Cause::Dropped(reason) => {
            let answer = failure.answer.and_then(|answer| run.index.flights.get(answer));
            let answer = match answer.map(|answer| SegmentKind::of(&answer.header)) {
                Some(SegmentKind::Rst) => ", answered by a RST",
                Some(SegmentKind::Ack) => ", answered by an ACK",
                _ => ", dropped",
            };
            (format!("{what}{answer}"), reason.words().label.to_owned())
        }
        Cause::Failed(errno) => {
            let all = ports_of(run, snapshot).filter(|_| errno == Errno::Eaddrnotavail);
            let why = all.map_or_else(String::new, |ports| {
                let [all, waiting] = [ports.all, ports.waiting].map(|number| grouped(number as u64));
                if ports.all == ports.waiting {
                    format!("all {all} ports are in TIME-WAIT")
                } else {
                    format!("of {all} ports {waiting} are in TIME-WAIT")
                }
            });
            (format!("connect: {errno}"), why)
        }
    }
}

/// The drawing in words for screen readers: who is there, the loss that the drawing `explained` in words, who waits.
pub fn description(scene: &Scene, explained: Option<&Failure>) -> String {
    let Scene { run, snapshot, refused, .. } = *scene;
    let mut sentences = who(scene);
    if let Some(refused) = refused {
        sentences.push(super::refused_in_words(run, refused));
    }
    if let Some(failure) = explained {
        let (what, why) = end(run, snapshot, failure);
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        sentences.push(format!("{what}{why}."));
    }
    let waiting: Vec<(&str, Wait)> = snapshot
        .clients
        .iter()
        .filter_map(|client| Some((run.name(client.node), waits(run, client, snapshot.at)?)))
        .collect();
    match waiting.as_slice() {
        [] => {}
        [(name, wait)] => {
            let does = if wait.is_last { "gives up" } else { "tries again" };
            sentences.push(format!("{name} {does} in {}.", span(wait.until.since(snapshot.at))));
        }
        many => sentences.push(format!("{} wait for a reply.", hosts(many.len()))),
    }
    sentences.join(" ")
}

/// `one host`, `six hosts`.
fn number_of_hosts(count: usize) -> String {
    format!("{} {}", in_words(count), if count == 1 { "host" } else { "hosts" })
}

/// Who is there, a sentence for each place.
fn who(scene: &Scene) -> Vec<String> {
    let Scene { run, topology, .. } = *scene;
    let count = |nodes: Vec<NodeId>| {
        nodes.into_iter().filter(|node| scene.client(*node).is_some() && scene.left(*node).is_none()).count()
    };
    let mut parts = Vec::new();
    let mut direct = 0;
    for branch in &topology.branches {
        match branch {
            Branch::Boxed(guard, _) => {
                let place = match guard.role {
                    Role::Nat => "behind one address".to_owned(),
                    _ => format!("behind {}", run.name(guard.node)),
                };
                parts.push(format!("{} {place}", number_of_hosts(count(branch.hosts()))));
            }
            Branch::Host(_) | Branch::Crowd(_) => direct += count(branch.hosts()),
        }
    }
    if direct > 0 || parts.is_empty() {
        let whose = if direct == 1 { "its" } else { "their" };
        parts.push(format!("{} with {whose} own address", number_of_hosts(direct)));
    }
    let calls = if parts.len() == 1 && parts[0].starts_with("one ") { "connects to" } else { "connect to" };
    let mut sentences = vec![capitalized(&format!("{} {calls} the server.", parts.join(" and ")))];
    for guard in &topology.guards {
        let name = run.name(guard.node);
        sentences.push(match guard.role {
            Role::LoadBalancer => format!("{name} replaces their addresses with its own."),
            _ => format!("{name} is in front of the server."),
        });
    }
    if let Some(ports) = ports_of(run, scene.snapshot) {
        let database = topology.database.map_or("its database", |node| run.name(node));
        let [taken, _] = self::ports(&ports);
        sentences.push(format!("The server connects to {database}: {taken}."));
    }
    sentences
}
