//! What is odd about a record, in a sentence with its numbers, and what would have changed it.

use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel::state::State;
use sim_core::trace::{Errno, LossReason, Takeover};
use sim_core::words::fill;

use super::scene::Context;
use crate::anomaly::Anomaly;
use crate::format::{counted, moment, span};
use crate::text::log;

/// What happened, with the numbers of the moment.
pub fn sentence(scene: &Context<'_>, anomaly: Anomaly) -> String {
    let said = log::sentence(scene.run, scene.position);
    let more = more(scene, anomaly);
    if more.is_empty() { said } else { format!("{said} {more}") }
}

/// What the page adds to the sentence of the log.
fn more(scene: &Context<'_>, anomaly: Anomaly) -> String {
    let here = scene.run.name(scene.record.node);
    match anomaly {
        Anomaly::Dropped(reason) => fill(reason.numbers(), |slot| number(scene, slot)),
        Anomaly::CannotConnect(Errno::Eaddrnotavail) => {
            "Every source port that it may use is in use for this address.".to_owned()
        }
        Anomaly::BucketsFull => {
            let most = scene.snapshot.server.sysctls.tcp_max_tw_buckets;
            let held = counted(timewaits(scene), "timewait socket", "timewait sockets");
            format!(
                "{here} already has {held}, and tcp_max_tw_buckets is {most}. This connection ends without TIME_WAIT."
            )
        }
        Anomaly::Cookie => format!(
            "The SYN queue is full, with {}. {here} answers {} with a cookie, stores nothing, and does not check the \
             remembered timestamp.",
            counted(scene.sockets_in(&[State::SynRecv]), "request", "requests"),
            scene.whose()
        ),
        Anomaly::TakenOver(Takeover::Syn) => {
            "Its timestamp is newer or its sequence number is higher than that of the old connection.".to_owned()
        }
        Anomaly::TakenOver(Takeover::Connect) => "The old socket has rested long enough.".to_owned(),
        Anomaly::NotSet => "The other lines of the file still apply.".to_owned(),
        Anomaly::Reset => "The RST ends the connection at once, if there was one.".to_owned(),
        Anomaly::Failed(errno) => failed(scene, errno),
        Anomaly::Lost(_) | Anomaly::CannotConnect(_) => String::new(),
    }
}

/// The value of a slot of [`DropReason::numbers`].
fn number(scene: &Context<'_>, slot: &str) -> String {
    let sysctls = &scene.snapshot.server.sysctls;
    let (waiting, backlog) = queue(scene);
    match slot {
        "waiting" => counted(waiting as usize, "connection waits", "connections wait"),
        "backlog" => backlog.to_string(),
        "requests" => counted(scene.sockets_in(&[State::SynRecv]), "request waits", "requests wait"),
        "max_syn_backlog" => sysctls.tcp_max_syn_backlog.to_string(),
        "invalid_ratelimit" => sysctls.tcp_invalid_ratelimit.to_string(),
        _ => String::new(),
    }
}

fn failed(scene: &Context<'_>, errno: Errno) -> String {
    let Some(attempt) = scene.record.connection.and_then(|connection| scene.run.index.attempt(connection)) else {
        return String::new();
    };
    let after = format!("{} after connect()", span(scene.record.at.since(attempt.at)));
    match errno {
        Errno::Etimedout => format!("It gives up {after}: {}, no reply.", syns(scene)),
        Errno::Econnrefused => format!("A RST answers its SYN {after}."),
        Errno::Econnreset if was_reset(scene) => format!("A RST ends it {after}."),
        Errno::Econnreset => format!("The other end closes it {after} without a response."),
        _ => format!("It fails {after}."),
    }
}

/// Whether a RST of this connection has come to its host.
fn was_reset(scene: &Context<'_>) -> bool {
    let flights = scene.run.index.flights.iter().take_while(|flight| flight.sent <= scene.record.at);
    let mut own = flights.filter(|flight| flight.connection == scene.record.connection);
    own.any(|flight| flight.header.rst() && flight.to == scene.record.node)
}

/// How many SYNs an attempt has sent by now.
fn syns(scene: &Context<'_>) -> String {
    let connection = scene.record.connection;
    let sent = scene.run.index.flights.iter().take_while(|flight| flight.sent <= scene.record.at).filter(|flight| {
        let host = connection.and_then(|connection| scene.run.index.attempt(connection)).map(|attempt| attempt.host);
        flight.connection == connection && Some(flight.from) == host && flight.header.opens()
    });
    counted(sent.count(), "SYN", "SYNs")
}

/// What the sender hears of it, and what it does next.
pub fn afterwards(scene: &Context<'_>, anomaly: Anomaly, now: sim_core::time::SimTime) -> String {
    let is_lost = matches!(anomaly, Anomaly::Lost(_));
    if !(is_lost && scene.is_sent_again() || matches!(anomaly, Anomaly::Dropped(_))) {
        return String::new();
    }
    // What is sent at the moment of a loss is no answer to what was lost.
    let answer = match scene.answer().filter(|_| !is_lost) {
        Some(kind) => fill("{here} answers with {kind}.", |slot| match slot {
            "here" => scene.here(),
            _ => kind.with_article().to_owned(),
        }),
        None => format!("There is no reply to {}.", scene.sender()),
    };
    let next = scene.next_copy().map(|flight| {
        let verb = if flight.sent <= now { "was" } else { "is" };
        format!(" The next copy {verb} sent at {}.", moment(flight.sent))
    });
    answer + &next.unwrap_or_default()
}

/// What would have changed it.
pub fn remedy(scene: &Context<'_>, anomaly: Anomaly) -> &'static str {
    use DropReason as D;
    let opens = scene.header.is_some_and(|header| header.opens());
    match anomaly {
        Anomaly::Dropped(D::RecycleTimestamp | D::RecycleNoTimestamp) => {
            "With recycle 0, or on 4.12 and later, the server answers this SYN."
        }
        Anomaly::Dropped(D::AcceptQueueFull) => {
            "Possible fixes: a program that calls accept() sooner, or a longer backlog (listen() and net.core.somaxconn)."
        }
        Anomaly::Dropped(D::SynQueueFull | D::SynBacklogReserved) => {
            "Possible fixes: tcp_syncookies 1, or a longer tcp_max_syn_backlog."
        }
        Anomaly::Dropped(D::TimeWaitAcked | D::TimeWaitRateLimited | D::TimeWaitSilent | D::TimeWaitReset) if opens => {
            "A SYN with a newer timestamp or a higher sequence number takes over the socket. A SYN from another source \
             port meets no old socket."
        }
        Anomaly::Dropped(D::TimeWaitAcked | D::TimeWaitRateLimited | D::TimeWaitSilent) => {
            "No fix is needed: the connection is over, and this is a late segment of it."
        }
        Anomaly::Dropped(D::Paws) => "No fix is needed on this host: it is meant to drop old duplicates.",
        Anomaly::Dropped(D::NoSocket) if scene.had_no_timewait() => remedy(scene, Anomaly::BucketsFull),
        Anomaly::Dropped(_) => "No fix is needed on this host: it follows the standard.",
        Anomaly::Lost(LossReason::Link) if scene.is_sent_again() => {
            "Possible fix: a link that loses less. The sender sends the segment again."
        }
        Anomaly::Lost(LossReason::Link) => "Possible fix: a link that loses less.",
        Anomaly::Lost(LossReason::NoMapping) => {
            "Possible fixes: a longer idle timeout of the NAT, or traffic that keeps the mapping."
        }
        Anomaly::Lost(LossReason::NoPort) => "Possible fix: more outside addresses or ports for the NAT.",
        Anomaly::Lost(LossReason::NoRoute) => {
            "The host has left. The connection works only if a host has this address."
        }
        Anomaly::Lost(LossReason::Firewall) => "Possible fix: a different firewall rule.",
        Anomaly::CannotConnect(_) => {
            "Possible fixes: tcp_tw_reuse 1 with timestamps, more ports in ip_local_port_range, or connections that stay open."
        }
        Anomaly::BucketsFull if scene.snapshot.server.sysctls.tcp_tw_recycle > 0 => {
            "Possible fix: a larger tcp_max_tw_buckets. The kernel still remembers the timestamp."
        }
        Anomaly::BucketsFull => "Possible fix: a larger tcp_max_tw_buckets.",
        Anomaly::Cookie => {
            "Possible fix: a longer backlog. The server does not check the remembered timestamp for cookies, so a refused \
             host gets in."
        }
        Anomaly::TakenOver(Takeover::Syn) => "No fix is needed: the new connection succeeds.",
        Anomaly::TakenOver(Takeover::Connect) => "With tcp_tw_reuse 0 the port rests for its 60 s.",
        Anomaly::NotSet => "Remove the line: 4.12 removed tcp_tw_recycle (commit 4396e46187ca).",
        Anomaly::Reset => "The reason is in the preceding events.",
        Anomaly::Failed(Errno::Etimedout) => "Look for the reason why the SYNs got no reply.",
        Anomaly::Failed(_) => "The reason is in the preceding events at the other end.",
    }
}

/// How many wait for `accept()`, and the backlog.
pub(super) fn queue(scene: &Context<'_>) -> (u32, u32) {
    scene.snapshot.server.listening.map_or((0, 0), |listening| (listening.waiting, listening.backlog))
}

/// How many timewait sockets the server holds.
pub(super) fn timewaits(scene: &Context<'_>) -> usize {
    scene.sockets_in(&[State::TimeWait])
}
