//! What is odd about a record, in a sentence with its numbers, and what would have changed it.

use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel::state::State;
use sim_core::trace::{Errno, Event, LossReason, Takeover};

use super::scene::Context;
use crate::anomaly::Anomaly;
use crate::format::{counted, moment};
use crate::run::SegmentKind;

/// The rule with its numbers put in.
#[must_use]
pub fn sentence(scene: &Context<'_>, anomaly: Anomaly) -> String {
    begun(&said(scene, anomaly))
}

/// With a capital letter where a sentence begins with an article; hosts keep their names.
fn begun(text: &str) -> String {
    let mut begun = String::with_capacity(text.len());
    for sentence in text.split_inclusive('.') {
        let (blank, words) = sentence.split_at(usize::from(sentence.starts_with(' ')));
        begun.push_str(blank);
        match words.strip_prefix("the ") {
            Some(rest) => begun.extend(["The ", rest]),
            None => begun.push_str(words),
        }
    }
    begun
}

fn said(scene: &Context<'_>, anomaly: Anomaly) -> String {
    let (here, whose) = (scene.here(), scene.whose());
    match anomaly {
        Anomaly::Dropped(reason) => dropped(scene, reason),
        Anomaly::Lost(reason) => lost(scene, reason),
        Anomaly::CannotConnect(Errno::Eaddrnotavail) => {
            format!("Every source port that {here} could take is in use towards this address. connect() fails at once.")
        }
        Anomaly::CannotConnect(errno) => format!("{here}'s connect() fails at once: {errno}."),
        Anomaly::BucketsFull => {
            let most = scene.snapshot.server.sysctls.tcp_max_tw_buckets;
            format!(
                "{here} holds {} already, and tcp_max_tw_buckets is {most}. This connection ends without TIME_WAIT.",
                counted(timewaits(scene), "timewait socket", "timewait sockets")
            )
        }
        Anomaly::Cookie => format!(
            "The SYN queue is full, with {}. {here} answers {whose} with a cookie, keeps nothing, and does not ask \
             for the remembered clock.",
            counted(scene.sockets_in(&[State::SynRecv]), "request", "requests")
        ),
        Anomaly::TakenOver(Takeover::Syn) => format!(
            "{here} holds this four-tuple in TIME_WAIT. {whose} has a newer timestamp or a higher sequence number, \
             so it takes the socket over."
        ),
        Anomaly::TakenOver(Takeover::Connect) => {
            let port = scene.tuple().map_or(0, |tuple| tuple.local.port);
            format!("{here} takes port {port} again, though it is in TIME_WAIT: the old socket has rested long enough.")
        }
        Anomaly::NotSet => match &scene.record.event {
            Event::SysctlSet { key, error: Some(error), .. } => {
                format!("{here} cannot set {key}: {error}. The other lines of the file still apply.")
            }
            _ => format!("{here} cannot set it."),
        },
        Anomaly::Reset => format!("{here} sends a RST: it ends the connection at once, or there was none."),
        Anomaly::Failed(errno) => failed(scene, errno),
    }
}

fn dropped(scene: &Context<'_>, reason: DropReason) -> String {
    let (here, whose) = (scene.here(), scene.whose());
    let remote = scene.tuple().map_or_else(String::new, |tuple| format!(" with {}", tuple.remote));
    let state = state_here(scene);
    match reason {
        DropReason::RecycleTimestamp | DropReason::RecycleNoTimestamp => {
            format!("{here} remembers a clock for the address, and {whose} is refused by it.")
        }
        DropReason::AcceptQueueFull => {
            let (waiting, backlog) = queue(scene);
            format!(
                "{} for accept() and the backlog is {backlog}: the accept queue is full. {here} drops {whose}.",
                counted(waiting as usize, "connection waits", "connections wait")
            )
        }
        DropReason::SynQueueFull => format!(
            "{} for the third segment: the SYN queue is full, and cookies are off. {here} drops {whose}.",
            counted(scene.sockets_in(&[State::SynRecv]), "request waits", "requests wait")
        ),
        DropReason::SynBacklogReserved => format!(
            "The last quarter of tcp_max_syn_backlog, {}, is kept for peers with a known round trip. {here} drops \
             {whose}.",
            scene.snapshot.server.sysctls.tcp_max_syn_backlog
        ),
        DropReason::NoSocket if scene.answer() == Some(SegmentKind::Rst) => {
            format!("{here} has no connection{remote} and answers {whose} with a RST.")
        }
        DropReason::NoSocket => format!("{here} has no connection{remote}. A RST is not answered."),
        DropReason::TimeWaitAcked => format!(
            "{here} holds the old connection{remote} in {state}, and {whose} looks like a part of it. The answer is \
             the last ACK of the old connection."
        ),
        DropReason::TimeWaitRateLimited => format!(
            "{here} holds the old connection{remote} in {state}. {whose} would get an ACK, but one went out less than \
             {} ms ago (tcp_invalid_ratelimit).",
            scene.snapshot.server.sysctls.tcp_invalid_ratelimit
        ),
        DropReason::TimeWaitSilent => {
            format!("{here} holds the old connection{remote} in {state} and has nothing to say to {whose}.")
        }
        DropReason::TimeWaitReset => format!(
            "{here} has closed its connection{remote} and waits in {state} for a FIN. {whose} is new, nobody reads it \
             any more, and the answer is a RST."
        ),
        DropReason::Paws => {
            format!("The timestamp of {whose} is older than the last one of this connection: an old duplicate (PAWS).")
        }
        DropReason::OutOfWindow => {
            format!("{here} has the bytes of {whose} already, or they lie past its window. It takes none of them.")
        }
        DropReason::BadAck => format!("{whose} acknowledges what {here} never sent on this connection."),
        DropReason::SynOnConnection => {
            format!("{here} has a connection{remote} in {state}. {whose} cannot open it again.")
        }
        DropReason::RstNotExact => {
            format!("The sequence number of {whose} is not the one that comes next. {here} asks whether it is meant.")
        }
        DropReason::NoUsefulFlag => format!("{whose} carries no ACK, and {here} has no use for it."),
        DropReason::DataAfterClose => {
            format!("The program of {here} has called close() and reads no more. {whose} ends the connection.")
        }
        DropReason::BadTsecr => format!("{whose} echoes a timestamp that {here} has not sent."),
    }
}

fn lost(scene: &Context<'_>, reason: LossReason) -> String {
    let (here, whose) = (scene.here(), scene.whose());
    let to = scene.header.map_or_else(String::new, |header| header.dst.to_string());
    match reason {
        LossReason::Link => format!("The link loses {whose}. No kernel and no counter sees it."),
        LossReason::NoMapping => format!("{here} has no mapping for {to}: {whose} belongs to nobody behind it."),
        LossReason::NoPort => format!("{here} has no outside port left for {whose}."),
        LossReason::NoRoute => format!("Nobody has the address of {to} any more. {whose} comes to nothing."),
        LossReason::Firewall => format!("{here} drops {whose}: its rules do not let this address through."),
    }
}

fn failed(scene: &Context<'_>, errno: Errno) -> String {
    let attempt = scene.record.connection.and_then(|connection| scene.run.index.attempt(connection));
    let host = attempt.map_or_else(|| scene.here(), |attempt| scene.run.name(attempt.host).to_owned());
    let since = attempt.map_or_else(String::new, |attempt| format!(", {} after connect()", since(scene, attempt.at)));
    match errno {
        Errno::Etimedout => format!("{host} gives up{since}: {}, no answer.", syns(scene)),
        Errno::Econnrefused => format!("{host}'s SYN was answered by a RST{since}."),
        Errno::Econnreset if was_reset(scene) => format!("A RST ends {host}'s connection{since}."),
        Errno::Econnreset => format!("The other end closes {host}'s connection{since}, and nothing was answered."),
        errno => format!("{host}'s connection fails{since}: {errno}."),
    }
}

/// Whether a RST of this connection has come to its host.
fn was_reset(scene: &Context<'_>) -> bool {
    let flights = scene.run.index.flights.iter().take_while(|flight| flight.sent <= scene.record.at);
    let mut own = flights.filter(|flight| flight.connection == scene.record.connection);
    own.any(|flight| flight.header.rst() && flight.to == scene.record.node)
}

fn since(scene: &Context<'_>, began: sim_core::time::SimTime) -> String {
    crate::format::span(scene.record.at.since(began))
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
#[must_use]
pub fn afterwards(scene: &Context<'_>, anomaly: Anomaly, now: sim_core::time::SimTime) -> String {
    let is_lost = matches!(anomaly, Anomaly::Lost(_));
    if !(is_lost && scene.is_sent_again() || matches!(anomaly, Anomaly::Dropped(_))) {
        return String::new();
    }
    // What is sent at the moment of a loss is no answer to what was lost.
    let answer = match scene.answer().filter(|_| !is_lost) {
        Some(kind) => format!("{} answers with {}.", scene.here(), SegmentKind::with_article(kind)),
        None => format!("No answer: {} hears nothing.", scene.sender()),
    };
    let next = scene.next_copy().map(|flight| {
        let verb = if flight.sent <= now { "went" } else { "goes" };
        format!(" The next copy {verb} out at {}.", moment(flight.sent))
    });
    begun(&answer) + &next.unwrap_or_default()
}

/// What would have changed it.
#[must_use]
pub fn remedy(scene: &Context<'_>, anomaly: Anomaly) -> &'static str {
    use DropReason as D;
    let opens = scene.header.is_some_and(|header| header.opens());
    match anomaly {
        Anomaly::Dropped(D::RecycleTimestamp | D::RecycleNoTimestamp) => {
            "With recycle 0, or on a kernel from 4.12 on, this SYN is answered."
        }
        Anomaly::Dropped(D::AcceptQueueFull) => {
            "What would help: a program that calls accept() sooner, or a longer backlog (listen() and net.core.somaxconn)."
        }
        Anomaly::Dropped(D::SynQueueFull | D::SynBacklogReserved) => {
            "What would help: tcp_syncookies 1, or a longer tcp_max_syn_backlog."
        }
        Anomaly::Dropped(D::TimeWaitAcked | D::TimeWaitRateLimited | D::TimeWaitSilent | D::TimeWaitReset) if opens => {
            "A SYN with a newer timestamp or a higher sequence number takes the socket over; another source port \
             meets no old socket."
        }
        Anomaly::Dropped(D::TimeWaitAcked | D::TimeWaitRateLimited | D::TimeWaitSilent) => {
            "Nothing needs to: the connection is over, and this is a late part of it."
        }
        Anomaly::Dropped(D::Paws) => "Nothing on this host: old duplicates are meant to be dropped.",
        Anomaly::Dropped(D::NoSocket) if scene.had_no_timewait() => remedy(scene, Anomaly::BucketsFull),
        Anomaly::Dropped(_) => "Nothing on this host: it does what the standard says.",
        Anomaly::Lost(LossReason::Link) if scene.is_sent_again() => {
            "What would help: a link that loses less. Whoever sent it sends it again."
        }
        Anomaly::Lost(LossReason::Link) => "What would help: a link that loses less.",
        Anomaly::Lost(LossReason::NoMapping) => {
            "What would help: a longer idle time of the NAT, or traffic that keeps the mapping."
        }
        Anomaly::Lost(LossReason::NoPort) => "What would help: more outside addresses or ports for the NAT.",
        Anomaly::Lost(LossReason::NoRoute) => "The host that has gone would have to be there.",
        Anomaly::Lost(LossReason::Firewall) => "What would help: another rule of the firewall.",
        Anomaly::CannotConnect(_) => {
            "What would help: tcp_tw_reuse 1 with timestamps, more ports in ip_local_port_range, or connections that are kept."
        }
        Anomaly::BucketsFull if scene.snapshot.server.sysctls.tcp_tw_recycle > 0 => {
            "What would help: a larger tcp_max_tw_buckets. The remembered clock is written all the same."
        }
        Anomaly::BucketsFull => "What would help: a larger tcp_max_tw_buckets.",
        Anomaly::Cookie => {
            "What would help: a longer backlog. Cookies are not asked for the remembered clock, so a refused host gets in."
        }
        Anomaly::TakenOver(Takeover::Syn) => "Nothing needs to: the new connection gets through.",
        Anomaly::TakenOver(Takeover::Connect) => "With tcp_tw_reuse 0 the port rests for its 60 s.",
        Anomaly::NotSet => "Take the line out: 4.12 removed tcp_tw_recycle (commit 4396e46187ca).",
        Anomaly::Reset => "See what came just before it.",
        Anomaly::Failed(Errno::Etimedout) => "See why the SYNs got no answer.",
        Anomaly::Failed(_) => "See what came just before it at the other end.",
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

/// The state of the socket that judged the segment, as far as the snapshot has it.
fn state_here(scene: &Context<'_>) -> String {
    let tuple = scene.tuple();
    let at_server = scene.snapshot.server.sockets.iter().find(|socket| Some(socket.tuple) == tuple);
    let client = scene.snapshot.client(scene.record.node);
    let at_client = client.and_then(|client| client.open.iter().find(|open| Some(open.tuple) == tuple));
    let state = match (scene.is_at_server(), at_server, at_client) {
        (true, Some(socket), _) => socket.state,
        (false, _, Some(open)) => open.state,
        _ => return "TIME_WAIT".to_owned(),
    };
    match state {
        State::TimeWait => "TIME_WAIT".to_owned(),
        State::FinWait2 => "FIN_WAIT2".to_owned(),
        state => state.to_string(),
    }
}
