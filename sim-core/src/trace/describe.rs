//! One sentence for each record, for the event log, the exports and screen readers.
//!
//! The hosts have their real names, even where the server sees one address that many share: a reader of a trace knows
//! more than the server does. The sentences themselves are rows in `event_words.rs`, `drop_reason.rs` and
//! `loss_reason.rs`; this file fills their slots.

use core::net::Ipv4Addr;

use super::query::Index;
use super::{Call, CallResult, Event, NodeId, Outcome, Record, Refusal, Role, Timer, Trace};
use crate::addr::{Endpoint, FourTuple};
use crate::segment::{Segment, SegmentKind};
use crate::time::SimTime;
use crate::words::{fill, grouped};

/// A box that replaces the address of the sender with its own.
const FORWARDED_AS: &str = "{here} forwards {sender}'s {labelled} from {from}.{lost}";
/// A box that keeps the address of the sender.
const FORWARDED: &str = "{here} forwards {sender}'s {labelled} to {to}.{lost}";
/// The server, which sees only addresses; the host behind one is named after it.
const SENT_TO: &str = "{here} sends {described} to {peer}.{lost}";

impl Index {
    /// The record at `position` of `trace` as one or two sentences with their full stops; empty past the end.
    pub fn sentence(&self, trace: &Trace, position: usize) -> String {
        let Some(record) = trace.records.get(position) else { return String::new() };
        let slots = Slots { index: self, trace, record, position };
        let template = match (&record.event, slots.role()) {
            (Event::SegmentSent { header, .. }, Some(Role::Nat | Role::LoadBalancer))
                if header.src.addr == slots.addr() =>
            {
                FORWARDED_AS
            }
            (Event::SegmentSent { .. }, Some(Role::Nat | Role::LoadBalancer | Role::Firewall)) => FORWARDED,
            (Event::SegmentSent { .. }, Some(Role::Server)) => SENT_TO,
            (event, _) => event.words().sentence,
        };
        fill(template, |slot| slots.value(slot))
    }

    /// The record at `position` of `trace` in a few words for a picture, without its host; empty past the end.
    pub fn short(&self, trace: &Trace, position: usize) -> String {
        let Some(record) = trace.records.get(position) else { return String::new() };
        let slots = Slots { index: self, trace, record, position };
        fill(record.event.words().short, |slot| slots.value(slot))
    }
}

/// The values of the slots for one record.
struct Slots<'a> {
    index: &'a Index,
    trace: &'a Trace,
    record: &'a Record,
    position: usize,
}

impl Slots<'_> {
    /// The text of a slot. A slot of the event comes before one that every record has.
    fn value(&self, slot: &str) -> String {
        let of_event = match &self.record.event {
            Event::SegmentSent { header, retransmission, arrives, .. } => {
                self.of_sent(slot, header, *retransmission, arrives.is_some())
            }
            Event::SegmentDropped { tuple, refusal: Some(refusal), .. } => self.of_refusal(slot, *tuple, *refusal),
            Event::TimerSet { timer, .. } | Event::TimerFired { timer, .. } if slot == "timer" => {
                Some(timer_name(*timer).to_owned())
            }
            Event::CallReturned { call, result } => self.of_call(slot, *call, *result),
            event => self.of_event(slot, event),
        };
        of_event.unwrap_or_else(|| self.of_record(slot))
    }

    /// Slots that every record has: its node, its segment, its connection.
    fn of_record(&self, slot: &str) -> String {
        let header =
            || self.record.segment.and_then(|segment| self.index.flight_of(segment)).map(|flight| flight.header);
        match slot {
            "here" => self.name(self.record.node),
            "owner" => self.client(),
            "segment" => header().map_or_else(
                || "a segment".to_owned(),
                |header| format!("{}'s {}", self.sender(&header), SegmentKind::of(&header).name()),
            ),
            "kind" => header().map_or("segment", |header| SegmentKind::of(&header).name()).to_owned(),
            "to" => header().map(|header| header.dst.to_string()).unwrap_or_default(),
            "remote" => self.tuple().map(|tuple| self.peer(tuple.remote)).unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn of_sent(&self, slot: &str, header: &Segment, retransmission: u8, arrives: bool) -> Option<String> {
        Some(match slot {
            "kind" => SegmentKind::of(header).name().to_owned(),
            "labelled" => labelled(header, retransmission, false),
            "described" => labelled(header, retransmission, true),
            "sender" => self.sender(header),
            "from" => header.src.to_string(),
            "to" => header.dst.to_string(),
            "peer" => self.peer(header.dst),
            "lost" => if arrives { "" } else { " It does not arrive." }.to_owned(),
            _ => return None,
        })
    }

    fn of_refusal(&self, slot: &str, tuple: FourTuple, refusal: Refusal) -> Option<String> {
        Some(match slot {
            "addr" => tuple.remote.addr.to_string(),
            "remembered" => grouped(refusal.remembered.0),
            "clock_owner" => {
                let owner = self.index.refusal_at(self.position).and_then(|refused| refused.because_of);
                owner.map_or_else(|| " ".to_owned(), |node| format!(", the clock of {}, ", self.name(node)))
            }
            "tsval" => grouped(refusal.tsval?.0),
            "behind" => grouped(refusal.behind_by()?),
            _ => return None,
        })
    }

    fn of_call(&self, slot: &str, call: Call, result: CallResult) -> Option<String> {
        let tuple = self.tuple();
        Some(match (slot, call, result) {
            ("call", ..) => call.name().to_owned(),
            ("errno", _, CallResult::Failed(errno)) => errno.to_string(),
            ("port", Call::Listen { port, .. }, _) => port.to_string(),
            ("port", ..) => tuple?.local.port.to_string(),
            ("backlog", Call::Listen { backlog, .. }, _) => backlog.to_string(),
            ("remote", Call::Connect { remote }, _) => remote.to_string(),
            ("bytes", Call::Send { len }, _) => grouped(len),
            _ => return None,
        })
    }

    fn of_event(&self, slot: &str, event: &Event) -> Option<String> {
        Some(match (slot, event) {
            ("kernel", Event::Booted { kernel, .. }) => kernel.title().to_owned(),
            ("tsval", Event::Booted { tsval: Some(tsval), .. } | Event::StampRemembered { tsval, .. }) => {
                grouped(tsval.0)
            }
            ("inside", Event::SegmentTranslated { inside, .. } | Event::MappingOpened { inside, .. }) => {
                inside.to_string()
            }
            ("outside", Event::SegmentTranslated { outside, .. } | Event::MappingOpened { outside, .. }) => {
                outside.to_string()
            }
            ("old", Event::StateSet { old, .. }) => old.to_string(),
            ("new", Event::StateSet { new, .. }) => new.to_string(),
            ("span", Event::TimerSet { expires, .. }) => seconds(self.record.at, *expires),
            ("addr", Event::StampRemembered { peer: addr, .. } | Event::AddressTaken { addr }) => addr.to_string(),
            ("port", Event::TimeWaitTaken { tuple, .. }) => tuple.local.port.to_string(),
            ("counter", Event::CounterAdded { counter, .. }) => counter.name().to_owned(),
            ("total", Event::CounterAdded { total, .. }) => grouped(*total),
            ("errno", Event::ConnectionEnded { outcome: Outcome::Failed(errno) }) => errno.to_string(),
            ("key", Event::SysctlSet { key, .. }) => key.clone(),
            ("value", Event::SysctlSet { value, .. }) => value.clone(),
            ("error", Event::SysctlSet { error: Some(error), .. }) => error.clone(),
            ("text", Event::Note { text }) => text.clone(),
            _ => return None,
        })
    }

    /// The connection that the record speaks of, as its node names it.
    fn tuple(&self) -> Option<FourTuple> {
        match &self.record.event {
            Event::SegmentDropped { tuple, .. }
            | Event::StateSet { tuple, .. }
            | Event::TimerSet { tuple, .. }
            | Event::TimerFired { tuple, .. }
            | Event::TimeWaitTaken { tuple, .. } => Some(*tuple),
            Event::CallReturned { result: CallResult::Done(tuple), .. } => *tuple,
            _ => None,
        }
    }

    /// Who sent a segment in the first place: the server, or the client of its connection.
    fn sender(&self, header: &Segment) -> String {
        let server = self.trace.nodes.iter().find(|node| node.role == Role::Server);
        server
            .filter(|server| header.src.addr == server.addr)
            .map_or_else(|| self.client(), |server| server.name.clone())
    }

    /// An endpoint, with the real host behind it where the server sees only an address.
    fn peer(&self, endpoint: Endpoint) -> String {
        match self.role() {
            Some(Role::Server) if self.record.connection.is_some() => format!("{endpoint} ({})", self.client()),
            _ => endpoint.to_string(),
        }
    }

    /// The client of the connection that the record belongs to.
    fn client(&self) -> String {
        let attempt = self.record.connection.and_then(|connection| self.index.attempt(connection));
        attempt.map_or_else(|| "an unknown host".to_owned(), |attempt| self.name(attempt.host))
    }

    fn name(&self, node: NodeId) -> String {
        self.trace.nodes.get(usize::from(node.0)).map(|node| node.name.clone()).unwrap_or_default()
    }

    fn role(&self) -> Option<Role> {
        self.trace.nodes.get(usize::from(self.record.node.0)).map(|node| node.role)
    }

    fn addr(&self) -> Ipv4Addr {
        let node = self.trace.nodes.get(usize::from(self.record.node.0));
        node.map_or(Ipv4Addr::UNSPECIFIED, |node| node.addr)
    }
}

/// A segment with its size, its clock where that matters, and its number among the copies: `SYN with timestamp 5,012,400`.
fn labelled(header: &Segment, retransmission: u8, with_article: bool) -> String {
    let name = match SegmentKind::of(header) {
        SegmentKind::Data => format!("{} bytes", grouped(header.len)),
        kind if with_article => kind.with_article().to_owned(),
        kind => kind.name().to_owned(),
    };
    let clock = match header.timestamps.filter(|_| header.opens()) {
        Some(stamps) => format!(" with timestamp {}", grouped(stamps.tsval.0)),
        None if header.opens() => " without a timestamp".to_owned(),
        None => String::new(),
    };
    let copy = if retransmission > 0 { format!(" (retry {retransmission})") } else { String::new() };
    name + &clock + &copy
}

const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmit => "retransmission",
        Timer::TimeWait => "TIME_WAIT",
        Timer::FinWait2 => "FIN_WAIT2",
    }
}

/// How long it is from `now` to `then`, such as `0.798 s` or `60 s`.
fn seconds(now: SimTime, then: SimTime) -> String {
    let ms = then.since(now).as_millis();
    if ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{}.{:03} s", ms / 1_000, ms % 1_000) }
}
