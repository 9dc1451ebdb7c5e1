//! The events of a trace, with the fields of each.

use core::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::{LossReason, NodeId, SegmentId};
use crate::addr::{Endpoint, FourTuple};
use crate::kernel::Clock;
use crate::kernel::counter::Counter;
use crate::kernel::drop_reason::DropReason;
use crate::kernel::state::State;
use crate::kernel_version::KernelVersion;
use crate::segment::Segment;
use crate::time::{SimTime, Span};
use crate::timestamp::{StampSecs, Tsval};

/// An event at one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Event {
    /// A host came up: at the start, when it joins, and when it starts again. Sockets, remembered timestamps and
    /// counters begin empty.
    Booted {
        /// The kernel that runs from here on.
        kernel: KernelVersion,
        /// Its clocks, counted from the start of the simulation.
        clock: Clock,
        /// The TSval of a segment to the server at this time; `None` where the host uses no timestamps, or shows another
        /// clock on every connection (R9).
        tsval: Option<Tsval>,
    },
    /// A node put a segment on the link to `to`. A NAT that passes a segment on sends it again under the same id.
    SegmentSent {
        /// The next node.
        to: NodeId,
        /// The segment as it stands on this link.
        header: Segment,
        /// 0 for the first time, then the number of the retransmission.
        retransmission: u8,
        /// When it arrives there, or `None` when it never will.
        arrives: Option<SimTime>,
    },
    /// A link made a second copy of a segment. This record bears the number of the copy; the copy's own `SegmentSent`
    /// comes next.
    SegmentDuplicated {
        /// The segment that it is a copy of.
        of: SegmentId,
    },
    /// A segment reached the host that it was for.
    SegmentArrived,
    /// A link or box lost a segment.
    SegmentLost {
        /// The reason.
        reason: LossReason,
    },
    /// A NAT rewrote an endpoint of a segment.
    SegmentTranslated {
        /// The inside endpoint, such as `10.0.0.2:40001`.
        inside: Endpoint,
        /// The outside endpoint that stands for it.
        outside: Endpoint,
    },
    /// A firewall let a segment through.
    SegmentPassed {
        /// The change to its timestamps, if there is one.
        change: Option<StampChange>,
    },
    /// A NAT began to translate a connection. The mapping lives until `idle` has passed without a segment.
    MappingOpened {
        /// The inside endpoint.
        inside: Endpoint,
        /// The outside endpoint that stands for it.
        outside: Endpoint,
        /// The endpoint that the connection goes to.
        remote: Endpoint,
        /// How long the mapping outlives its last segment.
        idle: Span,
    },
    /// The kernel of this node did not take a segment.
    SegmentDropped {
        /// The connection as this node names it.
        tuple: FourTuple,
        /// The reason.
        reason: DropReason,
        /// The numbers of a refusal by R1.
        refusal: Option<Refusal>,
    },
    /// A connection changed its state.
    StateSet {
        /// The connection as this node names it.
        tuple: FourTuple,
        /// The state it left.
        old: State,
        /// The state it is in now. `Close` ends it.
        new: State,
    },
    /// A timer was started, or started again.
    TimerSet {
        /// The connection.
        tuple: FourTuple,
        /// Which of its timers.
        timer: Timer,
        /// When it is due; a timewait timer fires later by its granularity (R5).
        expires: SimTime,
    },
    /// A timer fired.
    TimerFired {
        /// The connection.
        tuple: FourTuple,
        /// Which of its timers.
        timer: Timer,
    },
    /// The server wrote a timestamp to its memory of an address (R3, R4).
    StampRemembered {
        /// The address.
        peer: Ipv4Addr,
        /// The clock that was written.
        tsval: Tsval,
        /// The second in which that clock was received.
        at: StampSecs,
    },
    /// A timewait socket gave its four-tuple to a new connection.
    TimeWaitTaken {
        /// The connection.
        tuple: FourTuple,
        /// Who took it.
        by: Takeover,
    },
    /// A counter rose by one.
    CounterAdded {
        /// The counter that rose.
        counter: Counter,
        /// Its value now.
        total: u64,
    },
    /// The program called the kernel.
    CallReturned {
        /// The call.
        call: Call,
        /// Its result.
        result: CallResult,
    },
    /// A connection became usable, or ended in a way that its program notices.
    ConnectionEnded {
        /// How it ended.
        outcome: Outcome,
    },
    /// Somebody wrote a sysctl.
    SysctlSet {
        /// The full name, such as `net.ipv4.tcp_tw_recycle`.
        key: String,
        /// The text that was written.
        value: String,
        /// The system's error message, if it refused.
        error: Option<String>,
    },
    /// A box started again: a NAT has no mappings any more, a firewall knows of no connection.
    BoxRestarted,
    /// A host changed its address.
    AddressTaken {
        /// The new address.
        addr: Ipv4Addr,
    },
    /// A host left and told nobody. No further event happens there.
    Left,
    /// A message about the run itself.
    Note {
        /// A sentence.
        text: String,
    },
}

/// How a firewall changed the timestamps of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StampChange {
    /// It added the connection's own number to the client's clock, or subtracted it from the echo.
    Shifted,
    /// It took the option out.
    Stripped,
}

/// The numbers behind a refusal by R1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The clock that the server remembers for the address.
    pub remembered: Tsval,
    /// The second in which it was received.
    pub remembered_at: StampSecs,
    /// The second of the refusal.
    pub now: StampSecs,
    /// The clock in the SYN, when it carries one.
    pub tsval: Option<Tsval>,
}

/// Which timer of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timer {
    /// Sends the oldest unacknowledged segment again (SYN, SYN-ACK, data or FIN).
    Retransmit,
    /// Ends a timewait socket.
    TimeWait,
    /// Ends an orphaned FIN_WAIT2 whose `tcp_fin_timeout` is over 60 s.
    FinWait2,
}

/// Who took the four-tuple of a timewait socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Takeover {
    /// A SYN that arrived (R6).
    Syn,
    /// A `connect()` of this host (R7).
    Connect,
}

/// A system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "kebab-case")]
pub enum Call {
    /// `listen(port, backlog)`.
    Listen {
        /// The port.
        port: u16,
        /// The backlog asked for.
        backlog: u32,
    },
    /// `accept()`.
    Accept,
    /// `connect(remote)`.
    Connect {
        /// The endpoint to connect to.
        remote: Endpoint,
    },
    /// `send()`.
    Send {
        /// Bytes.
        len: u32,
    },
    /// `close()`.
    Close,
}

/// The result of a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallResult {
    /// It worked; the connection that it is about, if it is about one.
    Done(Option<FourTuple>),
    /// It did not.
    Failed(Errno),
}

/// The error numbers that a program sees here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Errno {
    /// Nothing to accept right now.
    Eagain,
    /// The port is taken.
    Eaddrinuse,
    /// No source port is left (R8), or the bound one is in TIME_WAIT.
    Eaddrnotavail,
    /// A RST answered the SYN.
    Econnrefused,
    /// A RST ended the connection.
    Econnreset,
    /// No answer (R13).
    Etimedout,
    /// There is no such connection any more.
    Enotconn,
}

/// How an attempt to connect ended, as its program sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was closed in good order, with the answer received.
    Answered,
    /// It failed.
    Failed(Errno),
}

impl Refusal {
    /// `remembered - tsval` in ticks, the number that R1 compares with 1; `None` without a timestamp.
    pub fn behind_by(&self) -> Option<i32> {
        self.tsval.map(|tsval| self.remembered.minus(tsval))
    }
}

impl fmt::Display for Errno {
    /// As `strerror` puts it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eagain => "Resource temporarily unavailable",
            Self::Eaddrinuse => "Address already in use",
            Self::Eaddrnotavail => "Cannot assign requested address",
            Self::Econnrefused => "Connection refused",
            Self::Econnreset => "Connection reset by peer",
            Self::Etimedout => "Connection timed out",
            Self::Enotconn => "Transport endpoint is not connected",
        })
    }
}
