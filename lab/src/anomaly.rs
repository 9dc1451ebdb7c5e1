//! Records worth explaining: drops, losses, resets, failed calls.

use sim_core::kernel::counter::Counter;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::trace::{Call, CallResult, Errno, Event, LossReason, Outcome, Record, Role, Takeover, Trace};

/// The reason why a record is worth explaining.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// A kernel dropped a segment.
    Dropped(DropReason),
    /// A link or a box lost a segment.
    Lost(LossReason),
    /// `connect()` failed at once.
    CannotConnect(Errno),
    /// A timewait socket was not created because `tcp_max_tw_buckets` was reached.
    BucketsFull,
    /// A SYN was answered with a SYN cookie because the SYN queue was full.
    Cookie,
    /// A timewait socket was replaced by a new connection with the same four-tuple.
    TakenOver(Takeover),
    /// A sysctl could not be set: the kernel does not have it, or rejects the value.
    NotSet,
    /// A host sent a RST.
    Reset,
    /// A program was told that its connection failed.
    Failed(Errno),
}

impl Anomaly {
    /// The anomaly of `record`, if it is one.
    pub fn of(trace: &Trace, record: &Record) -> Option<Self> {
        match &record.event {
            Event::SegmentDropped { reason, .. } => Some(Self::Dropped(*reason)),
            Event::SegmentLost { reason } => Some(Self::Lost(*reason)),
            Event::CallReturned { call: Call::Connect { .. }, result: CallResult::Failed(errno) } => {
                Some(Self::CannotConnect(*errno))
            }
            Event::CounterAdded { counter: Counter::TcpTimeWaitOverflow, .. } => Some(Self::BucketsFull),
            Event::CounterAdded { counter: Counter::TcpReqQFullDoCookies, .. } => Some(Self::Cookie),
            Event::TimeWaitTaken { by, .. } => Some(Self::TakenOver(*by)),
            Event::SysctlSet { error: Some(_), .. } => Some(Self::NotSet),
            Event::SegmentSent { header, .. } if header.rst() && !role(trace, record)?.is_box() => Some(Self::Reset),
            // The failed call is an anomaly already.
            Event::ConnectionEnded { outcome: Outcome::Failed(Errno::Eaddrnotavail | Errno::Eaddrinuse) } => None,
            Event::ConnectionEnded { outcome: Outcome::Failed(errno) } => Some(Self::Failed(*errno)),
            _ => None,
        }
    }

    /// Whether this is a refusal by rule R1.
    pub const fn is_refusal(self) -> bool {
        matches!(self, Self::Dropped(reason) if reason.is_recycle())
    }

    /// Whether this is a cause rather than a consequence.
    const fn is_cause(self) -> bool {
        !matches!(self, Self::Reset | Self::Failed(_) | Self::TakenOver(_))
    }
}

/// The anomalies of a run, by position of their record, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anomalies {
    all: Vec<(usize, Anomaly)>,
    /// The causes among them: events at the server, on a link or in a box.
    causes: Vec<(usize, Anomaly)>,
}

impl Anomalies {
    /// Collects the anomalies in one pass over `trace`.
    pub fn of(trace: &Trace) -> Self {
        let records = trace.records.iter().enumerate();
        let all: Vec<_> =
            records.filter_map(|(position, record)| Some((position, Anomaly::of(trace, record)?))).collect();
        let says_why = |(position, anomaly): &&(usize, Anomaly)| {
            let at_a_client = trace.records.get(*position).and_then(|record| role(trace, record)) == Some(Role::Client);
            anomaly.is_cause() && !(at_a_client && matches!(anomaly, Anomaly::Dropped(_)))
        };
        let causes = all.iter().filter(says_why).copied().collect();
        Self { all, causes }
    }

    /// All anomalies with the positions of their records.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Anomaly)> + '_ {
        self.all.iter().copied()
    }

    /// The anomaly of the record at `position`.
    pub fn at(&self, position: usize) -> Option<(usize, Anomaly)> {
        let index = self.all.binary_search_by_key(&position, |(position, _)| *position).ok()?;
        self.all.get(index).copied()
    }

    /// The last cause among the first `records` records, or else the last anomaly among them.
    pub fn last(&self, records: usize) -> Option<(usize, Anomaly)> {
        let last = |list: &[(usize, Anomaly)]| {
            let index = list.partition_point(|(position, _)| *position < records).checked_sub(1)?;
            list.get(index).copied()
        };
        last(&self.causes).or_else(|| last(&self.all))
    }

    /// The next anomaly of the same kind after `position`.
    pub fn next_like(&self, position: usize, anomaly: Anomaly) -> Option<usize> {
        let after = self.all.get(self.all.partition_point(|(other, _)| *other <= position)..)?;
        after.iter().find(|(_, other)| *other == anomaly).map(|(position, _)| *position)
    }

    /// The previous anomaly of the same kind before `position`.
    pub fn previous_like(&self, position: usize, anomaly: Anomaly) -> Option<usize> {
        let before = self.all.get(..self.all.partition_point(|(other, _)| *other < position))?;
        before.iter().rfind(|(_, other)| *other == anomaly).map(|(position, _)| *position)
    }

    /// The first anomaly after the first `records` records.
    pub fn first_after(&self, records: usize) -> Option<(usize, Anomaly)> {
        self.all.get(self.all.partition_point(|(position, _)| *position < records)).copied()
    }
}

fn role(trace: &Trace, record: &Record) -> Option<Role> {
    trace.nodes.get(usize::from(record.node.0)).map(|node| node.role)
}
