//! The three kinds of sockets that a four-tuple can lead to, and the listener.

use std::collections::VecDeque;

use super::paws::Recent;
use super::rtt::RttEstimator;
use super::state::State;
use super::timer::Armed;
use crate::addr::FourTuple;
use crate::kernel_version::{Profile, SynQueueRule};
use crate::seq::Seq;
use crate::sysctl::Sysctls;
use crate::time::{SimTime, Span};
use crate::timestamp::{StampSecs, Timestamps, Tsval};
use crate::trace::ConnectionId;

/// A socket of the program: what `connect()` and `accept()` hand out. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(u64);

impl SocketId {
    pub(crate) const fn new(slot: usize, serial: u32) -> Self {
        Self(((serial as u64) << 32) | slot as u64)
    }

    pub(crate) const fn slot(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
    }

    pub(super) const fn serial(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// Where a four-tuple leads (`ehash`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SocketRef {
    Request(u32),
    Connection(u32),
    Timewait(u32),
}

impl SocketRef {
    /// The slot, and the kind in the lowest bits.
    pub(super) const fn packed(self) -> u32 {
        match self {
            Self::Request(slot) => slot << 2,
            Self::Connection(slot) => slot << 2 | 1,
            Self::Timewait(slot) => slot << 2 | 2,
        }
    }

    pub(super) const fn unpacked(packed: u32) -> Self {
        let slot = packed >> 2;
        match packed & 3 {
            0 => Self::Request(slot),
            1 => Self::Connection(slot),
            _ => Self::Timewait(slot),
        }
    }
}

/// A listening port.
#[derive(Clone, Debug)]
pub(super) struct Listener {
    pub(super) port: u16,
    pub(super) backlog: usize,
    /// At how many requests the SYN queue of older kernels is full; fixed at `listen()`.
    power_of_two: usize,
    /// Connections that wait for `accept()`, by slot.
    pub(super) accept_queue: VecDeque<usize>,
    /// Requests in the SYN queue, and those whose SYN-ACK was not sent again yet.
    pub(super) requests: usize,
    pub(super) young: usize,
}

impl Listener {
    pub(super) fn new(port: u16, backlog: u32, sysctls: &Sysctls) -> Self {
        let backlog = backlog.min(sysctls.somaxconn) as usize;
        // `reqsk_queue_alloc`, 3.10.
        let entries = backlog.min(sysctls.tcp_max_syn_backlog as usize).max(8);
        let power_of_two = (entries + 1).next_power_of_two();
        Self { port, backlog, power_of_two, accept_queue: VecDeque::new(), requests: 0, young: 0 }
    }

    /// `sk_acceptq_is_full`: more waiting than the backlog (R14).
    pub(super) fn accept_queue_is_full(&self) -> bool {
        self.accept_queue.len() > self.backlog
    }

    /// `inet_csk_reqsk_queue_is_full` (R15).
    pub(super) fn syn_queue_is_full(&self, rule: SynQueueRule) -> bool {
        match rule {
            SynQueueRule::PowerOfTwo => self.requests >= self.power_of_two,
            SynQueueRule::AtBacklog => self.requests >= self.backlog,
            SynQueueRule::PastBacklog => self.requests > self.backlog,
        }
    }

    /// How often a SYN-ACK is sent again before the request is dropped: fewer times while old requests fill more
    /// than half of the queue (`reqsk_timer_handler`).
    pub(super) fn synack_retries(&self, rule: SynQueueRule, most: u32) -> u32 {
        let crowded = match rule {
            SynQueueRule::PowerOfTwo => self.requests >= self.power_of_two / 2,
            SynQueueRule::AtBacklog | SynQueueRule::PastBacklog => self.requests * 2 > self.backlog.max(8),
        };
        let mut retries = most;
        let mut young = self.young * 2;
        while crowded && retries > 2 && self.requests >= young {
            retries -= 1;
            young *= 2;
        }
        retries
    }
}

/// A SYN that was answered: `struct tcp_request_sock`.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) tuple: FourTuple,
    /// Which attempt it answers; for the trace only.
    pub(super) attempt: Option<ConnectionId>,
    pub(super) port: u16,
    pub(super) rcv_isn: Seq,
    pub(super) snt_isn: Seq,
    pub(super) stamped: bool,
    pub(super) ts_recent: Tsval,
    pub(super) ts_offset: u32,
    /// The TSvals of the first and the last SYN-ACK.
    pub(super) synack_tsvals: (Tsval, Tsval),
    /// When the SYN-ACK was sent first; `None` for a cookie, which is not remembered.
    pub(super) synack_sent: Option<SimTime>,
    pub(super) timeouts: u32,
    pub(super) retransmissions: u8,
    /// The third ACK came while the accept queue was full.
    pub(super) acked: bool,
    pub(super) window: u32,
    pub(super) odd_acks: OddAcks,
    pub(super) timer: Armed,
}

/// A full socket: `struct tcp_sock`.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) serial: u32,
    pub(super) tuple: FourTuple,
    /// Which attempt it belongs to until it is over; for the trace only.
    pub(super) attempt: Option<ConnectionId>,
    pub(super) state: State,
    /// The program holds it, or will once it calls `accept()`.
    pub(super) held: bool,
    /// The program called `close()`.
    pub(super) orphan: bool,
    /// Its port was bound by hand.
    pub(super) bound: bool,
    pub(super) snd_una: Seq,
    pub(super) snd_nxt: Seq,
    /// The sequence number of our FIN, once it is sent.
    pub(super) fin_seq: Option<Seq>,
    pub(super) rcv_nxt: Seq,
    /// `rcv_nxt` of the last segment that we sent.
    pub(super) rcv_wup: Seq,
    pub(super) rcv_wnd: u32,
    pub(super) snd_wnd: u32,
    pub(super) snd_wl1: Seq,
    pub(super) max_window: u32,
    pub(super) bytes_acked: u64,
    pub(super) stamped: bool,
    pub(super) recent: Recent,
    pub(super) ts_offset: u32,
    pub(super) rtt: RttEstimator,
    /// When the oldest and the newest unacknowledged segment were sent first.
    pub(super) oldest_sent: SimTime,
    pub(super) newest_sent: SimTime,
    pub(super) retransmissions: u8,
    pub(super) odd_acks: OddAcks,
    pub(super) timer: Armed,
    /// In-window ranges that came before what precedes them: first and end, and whether a FIN is at the end.
    pub(super) out_of_order: Vec<(Seq, Seq, bool)>,
}

/// The remains of a connection that this host closed first: `struct tcp_timewait_sock`.
#[derive(Clone, Debug)]
pub(super) struct Timewait {
    pub(super) tuple: FourTuple,
    /// Which attempt it belongs to; for the trace only.
    pub(super) attempt: Option<ConnectionId>,
    /// `FinWait2` or `TimeWait` (`tw_substate`).
    pub(super) substate: State,
    pub(super) bound: bool,
    pub(super) rcv_nxt: Seq,
    pub(super) snd_nxt: Seq,
    pub(super) rcv_wnd: u32,
    pub(super) recent: Recent,
    pub(super) ts_offset: u32,
    /// 3.5 x RTO where the timestamp was remembered, else 60 s (`tw_timeout`).
    pub(super) timeout: Span,
    /// When it entered its substate with a timestamp (`tw_entry_stamp`, 6.14).
    pub(super) entered: SimTime,
    /// When it is due, as `ss` shows it.
    pub(super) expires: SimTime,
    pub(super) odd_acks: OddAcks,
    pub(super) timer: Armed,
}

/// When a socket last answered an odd segment (`last_oow_ack_time`).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OddAcks(Option<SimTime>);

impl OddAcks {
    /// Whether one more answer may go out now; if so it is noted (`__tcp_oow_rate_limited`).
    pub(super) fn allow(&mut self, profile: &Profile, sysctls: &Sysctls, now: SimTime) -> bool {
        let limit = Span::from_millis(u64::from(sysctls.tcp_invalid_ratelimit));
        if profile.limits_odd_acks && self.0.is_some_and(|last| now.since(last) < limit) {
            return false;
        }
        self.0 = Some(now);
        true
    }
}

impl Request {
    /// A new request from its SYN, before its SYN-ACK is sent.
    pub(super) fn new(
        tuple: FourTuple,
        rcv_isn: Seq,
        snt_isn: Seq,
        stamps: Option<Timestamps>,
        profile: &Profile,
    ) -> Self {
        Self {
            tuple,
            attempt: None,
            port: tuple.local.port,
            rcv_isn,
            snt_isn,
            stamped: stamps.is_some(),
            ts_recent: stamps.map_or(Tsval(0), |stamps| stamps.tsval),
            ts_offset: 0,
            synack_tsvals: (Tsval(0), Tsval(0)),
            synack_sent: None,
            timeouts: 0,
            retransmissions: 0,
            acked: false,
            window: profile.receive_window,
            odd_acks: OddAcks::default(),
            timer: Armed::default(),
        }
    }
}

impl Connection {
    /// A connection before its first segment; what differs is set by its maker.
    pub(super) fn new(serial: u32, tuple: FourTuple, isn: Seq, rcv_wnd: u32, now: SimTime) -> Self {
        Self {
            serial,
            tuple,
            attempt: None,
            state: State::Close,
            held: true,
            orphan: false,
            bound: false,
            snd_una: isn,
            snd_nxt: isn,
            fin_seq: None,
            rcv_nxt: Seq(0),
            rcv_wup: Seq(0),
            rcv_wnd,
            snd_wnd: 0,
            snd_wl1: Seq(0),
            max_window: 0,
            bytes_acked: 0,
            stamped: false,
            recent: Recent::default(),
            ts_offset: 0,
            rtt: RttEstimator::new(),
            oldest_sent: now,
            newest_sent: now,
            retransmissions: 0,
            odd_acks: OddAcks::default(),
            timer: Armed::default(),
            out_of_order: Vec::new(),
        }
    }

    /// The timestamp of a segment, where this connection uses timestamps.
    pub(super) fn saw(&self, timestamps: Option<Timestamps>) -> Option<Timestamps> {
        timestamps.filter(|_| self.stamped)
    }

    /// `tcp_receive_window`: how much may come after `rcv_nxt`.
    pub(super) fn receive_window(&self) -> u32 {
        (self.rcv_wup + self.rcv_wnd).past(self.rcv_nxt)
    }

    /// `tcp_store_ts_recent`.
    pub(super) const fn store_recent(&mut self, tsval: Tsval, now: StampSecs) {
        self.recent = Recent { tsval, at: now };
    }

    /// Whether all that we sent is acknowledged.
    pub(super) fn all_acknowledged(&self) -> bool {
        self.snd_una == self.snd_nxt
    }
}
