//! Each record of a trace as a sentence.

use sim_core::segment::Segment;
use sim_core::trace::{
    Call, CallResult, Event, LossReason, NodeId, Outcome, Record, Role, SegmentId, StampChange, Takeover, Timer,
};

use super::{kernel, sum};
use crate::format::{grouped, moment_in_text as moment};
use crate::run::{Run, SegmentKind};

/// Whether a record belongs to the story that people follow; the rest is how it came about.
#[must_use]
pub fn in_story(run: &Run, record: &Record) -> bool {
    match &record.event {
        Event::SegmentDropped { .. }
        | Event::SegmentLost { .. }
        | Event::StampRemembered { .. }
        | Event::TimeWaitTaken { .. }
        | Event::ConnectionEnded { .. }
        | Event::SysctlSet { .. }
        | Event::Booted { .. }
        | Event::BoxRestarted
        | Event::AddressTaken { .. }
        | Event::Left
        | Event::Note { .. } => true,
        Event::SegmentSent { header, .. } => header.opens() && role(run, record.node) == Some(Role::Client),
        _ => false,
    }
}

/// Whether a record is a refusal by R1.
#[must_use]
pub const fn is_refusal(record: &Record) -> bool {
    matches!(record.event, Event::SegmentDropped { refusal: Some(_), .. })
}

/// The record in a sentence.
#[must_use]
pub fn sentence(run: &Run, record: &Record) -> String {
    let here = run.name(record.node);
    let owner = run.owner(record.connection).map_or("somebody", |host| run.name(host));
    match &record.event {
        Event::Booted { kernel: version, tsval, .. } => match tsval {
            Some(tsval) => {
                format!("{here} is up: {}, its clock is at {}.", kernel(*version), grouped(u64::from(tsval.0)))
            }
            None => format!("{here} is up: {}, without timestamps.", kernel(*version)),
        },
        Event::SegmentSent { to, header, retransmission, .. } => {
            sent(run, record.node, *to, owner, header, *retransmission)
        }
        Event::SegmentArrived if here == owner => format!("The {} arrives at {here}.", kind(run, record.segment)),
        Event::SegmentArrived => format!("{owner}'s {} arrives at {here}.", kind(run, record.segment)),
        Event::SegmentLost { reason } => format!("{owner}'s {} is lost: {}.", kind(run, record.segment), lost(*reason)),
        Event::SegmentDuplicated { .. } => {
            format!("A second copy of {owner}'s {} is on its way.", kind(run, record.segment))
        }
        Event::SegmentPassed { change: None } => {
            format!("{here} lets {owner}'s {} through.", kind(run, record.segment))
        }
        Event::SegmentPassed { change: Some(StampChange::Shifted) } => {
            format!("{here} changes the timestamp of {owner}'s {}.", kind(run, record.segment))
        }
        Event::SegmentPassed { change: Some(StampChange::Stripped) } => {
            format!("{here} takes the timestamp out of {owner}'s {}.", kind(run, record.segment))
        }
        Event::SegmentTranslated { inside, outside } => format!("{here} writes {outside} for {inside}."),
        Event::MappingOpened { inside, outside, .. } => format!("{here} maps {inside} to {outside} for {owner}."),
        Event::SegmentDropped { refusal: Some(refusal), .. } => {
            format!("{here} refuses {owner}'s SYN: {}. No answer.", sum(refusal))
        }
        Event::SegmentDropped { reason, .. } => {
            format!("{here} drops {owner}'s {}: {}.", kind(run, record.segment), reason.citation().function)
        }
        Event::StateSet { tuple, old, new } => format!("{here}: {} goes from {old} to {new}.", tuple.remote),
        Event::TimerSet { timer, expires, .. } => {
            format!("{here} sets {} for {}.", timer_name(*timer), moment(*expires))
        }
        Event::TimerFired { timer, .. } => format!("{here}: {} fires.", timer_name(*timer)),
        Event::StampRemembered { peer, tsval, .. } => {
            let tsval = grouped(u64::from(tsval.0));
            format!("{here} remembers {tsval} for {peer}: the clock of {owner}.")
        }
        Event::TimeWaitTaken { tuple, by } => {
            let by = if *by == Takeover::Syn { "a new SYN" } else { "connect()" };
            format!("{here}: {by} takes the socket of {} over from TIME_WAIT.", tuple.remote)
        }
        Event::CounterAdded { counter, total } => format!("{here}: TcpExt{} is {total}.", counter.name()),
        Event::CallReturned { call, result } => called(here, *call, *result),
        Event::ConnectionEnded { outcome: Outcome::Answered } => format!("{owner} has its answer."),
        Event::ConnectionEnded { outcome: Outcome::Failed(errno) } => format!("{owner} gives up: connect: {errno}."),
        Event::SysctlSet { key, value, error: None } => format!("{here}: sysctl -w {key}={value}."),
        Event::SysctlSet { key, error: Some(error), .. } => format!("{here}: sysctl: {key}: {error}."),
        Event::BoxRestarted => format!("{here} starts again, and knows of no connection."),
        Event::AddressTaken { addr } => format!("{here} takes the address {addr}."),
        Event::Left => format!("{here} leaves, without a word."),
        Event::Note { text } => text.clone(),
    }
}

fn sent(run: &Run, from: NodeId, to: NodeId, owner: &str, header: &Segment, retransmission: u8) -> String {
    let kind = SegmentKind::of(header);
    let here = run.name(from);
    match (role(run, from), role(run, to)) {
        (Some(Role::Nat), Some(Role::Server)) => {
            format!("{here} passes {owner}'s {} on as {}.", kind.name(), header.src)
        }
        (Some(Role::Nat), _) => format!("{here} hands the {} to {}.", kind.name(), run.name(to)),
        (Some(Role::Server), _) => format!("{here} sends {owner} {}.", SegmentKind::with_article(kind)),
        _ => {
            let what = if retransmission > 0 {
                format!("its {} again", kind.name())
            } else {
                SegmentKind::with_article(kind).to_owned()
            };
            let clock = match header.timestamps {
                Some(stamps) if kind == SegmentKind::Syn => {
                    format!(" with timestamp {}", grouped(u64::from(stamps.tsval.0)))
                }
                None if kind == SegmentKind::Syn => " without a timestamp".to_owned(),
                _ => String::new(),
            };
            format!("{here} sends {what}{clock}.")
        }
    }
}

fn called(here: &str, call: Call, result: CallResult) -> String {
    let call = match call {
        Call::Listen { port, backlog } => format!("listen on port {port}, backlog {backlog}"),
        Call::Accept => "accept()".to_owned(),
        Call::Connect { remote } => format!("connect({remote})"),
        Call::Send { len } => format!("send({len} bytes)"),
        Call::Close => "close()".to_owned(),
    };
    match result {
        CallResult::Done(_) => format!("{here}: {call}."),
        CallResult::Failed(errno) => format!("{here}: {call}: {errno}."),
    }
}

/// The kind of the segment that a record speaks of.
fn kind(run: &Run, segment: Option<SegmentId>) -> &'static str {
    let flight = segment.and_then(|segment| run.flight_of(segment));
    flight.map_or("segment", |flight| SegmentKind::of(&flight.header).name())
}

const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmit => "the retransmission timer",
        Timer::TimeWait => "the TIME_WAIT timer",
        Timer::FinWait2 => "the FIN_WAIT2 timer",
    }
}

const fn lost(reason: LossReason) -> &'static str {
    match reason {
        LossReason::Link => "the link lost it",
        LossReason::NoMapping => "the NAT has no mapping for it",
        LossReason::NoPort => "the NAT has no port left",
        LossReason::NoRoute => "nobody has that address",
        LossReason::Firewall => "the firewall drops what comes from there",
    }
}

fn role(run: &Run, node: NodeId) -> Option<Role> {
    run.node(node).map(|node| node.role)
}
