//! The numbers of an odd record, one a line, as the rule compares them.

use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel::state::State;
use sim_core::trace::{Call, Errno, Event};

use super::SumLine;
use super::anomaly::{queue, timewaits};
use super::scene::Context;
use crate::anomaly::Anomaly;
use crate::format::{grouped_signed, moment, span};
use sim_core::words::grouped;

/// The numbers; none where there is nothing to compare.
pub fn lines(scene: &Context<'_>, anomaly: Anomaly) -> Vec<SumLine> {
    use DropReason as D;
    match anomaly {
        Anomaly::Dropped(D::AcceptQueueFull) => {
            let (waiting, backlog) = queue(scene);
            vec![condition("waiting for accept()", format!("{waiting} > {backlog}"))]
        }
        Anomaly::Dropped(D::SynQueueFull | D::SynBacklogReserved) | Anomaly::Cookie => {
            let (_, backlog) = queue(scene);
            vec![
                number("requests", scene.sockets_in(&[State::SynRecv]).to_string()),
                number("backlog", backlog.to_string()),
                number("tcp_max_syn_backlog", scene.snapshot.server.sysctls.tcp_max_syn_backlog.to_string()),
                number("tcp_syncookies", scene.snapshot.server.sysctls.tcp_syncookies.to_string()),
            ]
        }
        Anomaly::Dropped(D::NoSocket) => scene.tuple().map_or_else(Vec::new, |tuple| {
            vec![number("from", tuple.remote.to_string()), number("to", tuple.local.to_string())]
        }),
        Anomaly::Dropped(D::BadTsecr) => {
            let echo = scene.header.and_then(|header| header.timestamps);
            echo.map_or_else(Vec::new, |stamps| vec![number("tsecr", grouped(stamps.tsecr.0))])
        }
        Anomaly::Dropped(D::BadAck) => {
            scene.header.map_or_else(Vec::new, |header| vec![number("acknowledgment number", grouped(header.ack.0))])
        }
        Anomaly::Dropped(_) | Anomaly::TakenOver(_) => judged(scene),
        Anomaly::Lost(_) => on_the_way(scene),
        Anomaly::CannotConnect(Errno::Eaddrnotavail) => ports(scene),
        Anomaly::BucketsFull => {
            let most = u64::from(scene.snapshot.server.sysctls.tcp_max_tw_buckets);
            vec![condition("timewait sockets", format!("{} >= {}", grouped(timewaits(scene) as u64), grouped(most)))]
        }
        Anomaly::Failed(_) => waited(scene),
        Anomaly::CannotConnect(_) | Anomaly::NotSet | Anomaly::Reset => Vec::new(),
    }
}

/// The segment beside the last one of its four-tuple: two clocks, two sequence numbers.
fn judged(scene: &Context<'_>) -> Vec<SumLine> {
    let (Some(header), last) = (scene.header, scene.last_heard()) else { return Vec::new() };
    let mut lines = Vec::new();
    let before = last.and_then(|flight| flight.header.timestamps);
    if let (Some(last), Some(before)) = (last, before) {
        lines.push(number(&format!("tsval at {}", moment(last.sent)), grouped(before.tsval.0)));
    }
    if let Some(stamps) = header.timestamps {
        lines.push(number("tsval of this segment", grouped(stamps.tsval.0)));
    }
    if let (Some(before), Some(stamps)) = (before, header.timestamps) {
        let behind = before.tsval.minus(stamps.tsval);
        let label = match behind {
            0 => "difference",
            1.. => "behind by",
            _ => "ahead by",
        };
        lines.push(condition(label, grouped_signed(i64::from(behind).abs())));
    }
    if let Some(last) = last {
        lines.push(number("expected sequence number", grouped(last.header.end_seq().0)));
    }
    lines.push(number("sequence number of this segment", grouped(header.seq.0)));
    lines
}

fn on_the_way(scene: &Context<'_>) -> Vec<SumLine> {
    let Some(flight) = scene.record.segment.and_then(|segment| scene.run.index.flight_of(segment)) else {
        return Vec::new();
    };
    let mut lines = vec![number("sent", moment(flight.sent)), number("to", flight.header.dst.to_string())];
    if flight.retransmission > 0 {
        lines.push(number("copy", flight.retransmission.to_string()));
    }
    lines
}

/// The ports of the server towards the address that it calls.
fn ports(scene: &Context<'_>) -> Vec<SumLine> {
    let Event::CallReturned { call: Call::Connect { remote }, .. } = scene.record.event else { return Vec::new() };
    if !scene.is_at_server() {
        return vec![number("to", remote.to_string())];
    }
    let server = &scene.snapshot.server;
    let (low, high) = server.sysctls.ip_local_port_range;
    let towards = || server.sockets.iter().filter(|socket| socket.tuple.remote == remote);
    let resting = towards().filter(|socket| socket.state == State::TimeWait).count();
    vec![
        number("to", remote.to_string()),
        number("ip_local_port_range", format!("{low} to {high}")),
        number("ports in TIME_WAIT", resting.to_string()),
        number("tcp_tw_reuse", server.sysctls.tcp_tw_reuse.to_string()),
        condition("ports in use", format!("{} of {}", towards().count(), u32::from(high) + 1 - u32::from(low))),
    ]
}

/// How long an attempt took to fail.
fn waited(scene: &Context<'_>) -> Vec<SumLine> {
    let attempt = scene.record.connection.and_then(|connection| scene.run.index.attempt(connection));
    attempt.map_or_else(Vec::new, |attempt| {
        vec![
            number("connect()", moment(attempt.at)),
            number("failed", moment(scene.record.at)),
            condition("after", span(scene.record.at.since(attempt.at))),
        ]
    })
}

fn number(label: &str, number: String) -> SumLine {
    SumLine { label: label.to_owned(), number, clock_of: None, condition: false }
}

fn condition(label: &str, number: String) -> SumLine {
    SumLine { condition: true, ..self::number(label, number) }
}
