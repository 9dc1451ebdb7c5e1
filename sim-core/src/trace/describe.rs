//! One sentence for each record: for the event log, and for people who have the page read out.
//!
//! The names of the hosts are the real ones, also where the server sees an address that many share: a reader of a
//! trace knows more than the server does.

use super::query::Index;
use super::{Call, CallResult, Event, NodeId, Outcome, Record, Refusal, Role, StampChange, Takeover, Trace};
use crate::addr::{Endpoint, FourTuple};
use crate::kernel::state::State;
use crate::segment::Segment;

mod words;

use self::words::{article, call_name, dropped, labelled, lost, seconds, timer_name};
pub use self::words::{grouped, kind};

impl Index {
    /// What the record at `position` of `trace` says, without a full stop; empty past the end.
    #[must_use]
    pub fn sentence(&self, trace: &Trace, position: usize) -> String {
        let Some(record) = trace.records.get(position) else { return String::new() };
        let teller = Teller { index: self, trace, record, position };
        match &record.event {
            Event::SegmentSent { header, retransmission, arrives, .. } => {
                teller.sent(header, *retransmission, arrives.is_some())
            }
            Event::SegmentDuplicated { .. }
            | Event::SegmentArrived
            | Event::SegmentLost { .. }
            | Event::SegmentPassed { .. }
            | Event::SegmentTranslated { .. }
            | Event::MappingOpened { .. }
            | Event::SegmentDropped { .. } => teller.on_the_way(),
            Event::StateSet { .. }
            | Event::TimerSet { .. }
            | Event::TimerFired { .. }
            | Event::TimeWaitTaken { .. }
            | Event::StampRemembered { .. }
            | Event::CounterAdded { .. } => teller.in_the_kernel(),
            Event::Booted { .. }
            | Event::CallReturned { .. }
            | Event::ConnectionEnded { .. }
            | Event::SysctlSet { .. }
            | Event::BoxRestarted
            | Event::AddressTaken { .. }
            | Event::Left
            | Event::Note { .. } => teller.above_the_kernel(),
        }
    }
}

struct Teller<'a> {
    index: &'a Index,
    trace: &'a Trace,
    record: &'a Record,
    position: usize,
}

impl Teller<'_> {
    fn sent(&self, header: &Segment, retransmission: u8, arrives: bool) -> String {
        let (here, segment) = (self.here(), labelled(header, retransmission));
        let mut text = match self.role() {
            Some(Role::Nat | Role::LoadBalancer) if header.src.addr == self.addr() => {
                format!("{here} passed on {}'s {segment} as {}", self.sender(header), header.src)
            }
            Some(Role::Nat | Role::LoadBalancer | Role::Firewall) => {
                format!("{here} passed on {}'s {segment} to {}", self.sender(header), header.dst)
            }
            Some(Role::Server) => format!("{here} sent {}{segment} to {}", article(header), self.peer(header.dst)),
            _ => format!("{here} sent {}{segment} from {}", article(header), header.src),
        };
        if !arrives {
            text.push_str(", which arrives nowhere");
        }
        text
    }

    fn on_the_way(&self) -> String {
        let here = self.here();
        match &self.record.event {
            Event::SegmentLost { reason } => format!("{} was lost at {here}: {}", self.whose_segment(), lost(*reason)),
            Event::SegmentDuplicated { .. } => {
                format!("a link of {here} made a second copy of {}", self.whose_segment())
            }
            Event::SegmentPassed { change: None } => format!("{here} let {} through", self.whose_segment()),
            Event::SegmentPassed { change: Some(StampChange::Shifted) } => {
                format!("{here} changed the timestamp of {}", self.whose_segment())
            }
            Event::SegmentPassed { change: Some(StampChange::Stripped) } => {
                format!("{here} took the timestamp out of {}", self.whose_segment())
            }
            Event::SegmentTranslated { inside, outside } => {
                format!("{here} translates between {inside} ({}) and {outside}", self.client())
            }
            Event::MappingOpened { inside, outside, .. } => {
                format!("{here} gave {}'s {inside} the outside endpoint {outside}", self.client())
            }
            Event::SegmentDropped { tuple, refusal: Some(refusal), .. } => self.refused(*tuple, *refusal),
            Event::SegmentDropped { reason, .. } => {
                format!("{here} did not take {}: {}", self.whose_segment(), dropped(*reason))
            }
            _ => format!("{} arrived at {here}", self.whose_segment()),
        }
    }

    fn refused(&self, tuple: FourTuple, refusal: Refusal) -> String {
        let (here, client, addr) = (self.here(), self.client(), tuple.remote.addr);
        let owner = self.index.refusal_at(self.position).and_then(|refused| refused.because_of);
        let owner = owner.map(|node| format!(", the clock of {}, ", self.name(node))).unwrap_or_else(|| " ".to_owned());
        let remembered = format!("{here} remembers {}{owner}for {addr}", grouped(refusal.remembered.0));
        match (refusal.tsval, refusal.behind_by()) {
            (Some(tsval), Some(behind)) => {
                let (tsval, behind) = (grouped(tsval.0), grouped(behind));
                format!("{remembered}; {client}'s {tsval} is {behind} behind, so its SYN is refused, silently")
            }
            _ => format!("{remembered}; {client}'s SYN has no timestamp and is refused, silently"),
        }
    }

    fn in_the_kernel(&self) -> String {
        let here = self.here();
        match &self.record.event {
            Event::StateSet { tuple, old: State::Close, new } => {
                format!("{here} has a connection with {} in {new}", self.peer(tuple.remote))
            }
            Event::StateSet { tuple, old, new: State::Close } => {
                format!("{here} is done with its connection with {}, which was in {old}", self.peer(tuple.remote))
            }
            Event::StateSet { tuple, old, new } => {
                format!("{here}'s connection with {} went from {old} to {new}", self.peer(tuple.remote))
            }
            Event::TimerSet { tuple, timer, expires } => {
                let left = seconds(self.record.at, *expires);
                format!("{here} set the {} timer for {} to {left}", timer_name(*timer), self.peer(tuple.remote))
            }
            Event::TimerFired { tuple, timer } => {
                format!("{here}'s {} timer for {} fired", timer_name(*timer), self.peer(tuple.remote))
            }
            Event::TimeWaitTaken { tuple, by: Takeover::Syn } => {
                format!("a SYN from {} took over a connection in TIME_WAIT at {here}", self.peer(tuple.remote))
            }
            Event::TimeWaitTaken { tuple, by: Takeover::Connect } => {
                format!("{here} used port {} again while it was in TIME_WAIT", tuple.local.port)
            }
            Event::StampRemembered { peer, tsval, .. } => {
                format!("{here} remembers {}'s clock, {}, for {peer}", self.client(), grouped(tsval.0))
            }
            Event::CounterAdded { counter, total } => {
                let total = i64::try_from(*total).unwrap_or(i64::MAX);
                format!("{here}'s counter {} rose to {}", counter.name(), grouped(total))
            }
            _ => String::new(),
        }
    }

    fn above_the_kernel(&self) -> String {
        let here = self.here();
        match &self.record.event {
            Event::Booted { kernel, tsval, .. } => {
                let clock = tsval.map(|tsval| format!("; its clock shows {}", grouped(tsval.0))).unwrap_or_default();
                format!("{here} is up with kernel {kernel}{clock}")
            }
            Event::CallReturned { call, result } => match result {
                CallResult::Done(tuple) => format!("{here}'s program {}", self.called(*call, *tuple)),
                CallResult::Failed(errno) => {
                    format!("{here}'s program got an error from {}: {errno}", call_name(*call))
                }
            },
            Event::ConnectionEnded { outcome: Outcome::Answered } => format!("{here} has its answer"),
            Event::ConnectionEnded { outcome: Outcome::Failed(errno) } => format!("{here} has no answer: {errno}"),
            Event::SysctlSet { key, value, error: None } => format!("{here} set {key} to {value}"),
            Event::SysctlSet { key, error: Some(error), .. } => {
                format!("{here} could not set {key}: {error}")
            }
            Event::BoxRestarted => format!("{here} started again, and knows of no connection"),
            Event::AddressTaken { addr } => format!("{here} took the address {addr}"),
            Event::Left => format!("{here} left, without a word"),
            Event::Note { text } => text.clone(),
            _ => String::new(),
        }
    }

    fn called(&self, call: Call, tuple: Option<FourTuple>) -> String {
        let with = tuple.map(|tuple| self.peer(tuple.remote)).unwrap_or_default();
        match call {
            Call::Listen { port, backlog } => format!("listens on port {port} with a backlog of {backlog}"),
            Call::Accept => format!("accepted the connection with {with}"),
            Call::Connect { remote } => {
                let port = tuple.map(|tuple| tuple.local.port).unwrap_or_default();
                format!("connects from port {port} to {remote}")
            }
            Call::Send { len } => format!("sends {} bytes to {with}", grouped(len)),
            Call::Close => format!("closes the connection with {with}"),
        }
    }

    /// The segment of this record as one says it, such as `web-2's SYN`.
    fn whose_segment(&self) -> String {
        let flight = self.record.segment.and_then(|segment| self.index.flight_of(segment));
        flight.map_or_else(
            || "a segment".to_owned(),
            |flight| format!("{}'s {}", self.sender(&flight.header), kind(&flight.header)),
        )
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
        attempt.map_or_else(|| "somebody".to_owned(), |attempt| self.name(attempt.host))
    }

    fn here(&self) -> String {
        self.name(self.record.node)
    }

    fn name(&self, node: NodeId) -> String {
        self.trace.nodes.get(usize::from(node.0)).map(|node| node.name.clone()).unwrap_or_default()
    }

    fn role(&self) -> Option<Role> {
        self.trace.nodes.get(usize::from(self.record.node.0)).map(|node| node.role)
    }

    fn addr(&self) -> std::net::Ipv4Addr {
        let node = self.trace.nodes.get(usize::from(self.record.node.0));
        node.map_or(std::net::Ipv4Addr::UNSPECIFIED, |node| node.addr)
    }
}
