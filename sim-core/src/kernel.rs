//! The TCP of one Linux host, with three entry points: a segment arrives, the program calls, a timer fires.
//!
//! A kernel reads no clock and draws no random number. The time is a parameter. It asks its [`Environment`] for
//! everything else. The same calls at the same times therefore leave the same state.
//!
//! Not modelled: SACK, window scaling, congestion control, delayed acknowledgments, tail loss probes, urgent data, Fast
//! Open, keep-alive probes, zero windows, simultaneous open, IPv6; `tcp_fetch_timewait_stamp`, which has no effect on IPv4 in 4.9.

mod acknowledge;
pub mod clock;
mod connect;
mod cookies;
pub mod counter;
pub mod drop_reason;
mod inspect;
mod listen;
mod paws;
mod peer_metrics;
mod receive;
mod request;
mod rtt;
mod socket;
pub mod state;
mod table;
mod timer;
mod timewait;
mod transmit;
mod validate;

use std::net::Ipv4Addr;

use slab::Slab;

pub use self::clock::Clock;
use self::cookies::Cookies;
use self::counter::{Counter, Mib};
use self::drop_reason::DropReason;
pub use self::inspect::{PeerStamp, SocketView};
use self::peer_metrics::PeerTable;
pub use self::socket::SocketId;
use self::socket::{Connection, Listener, Request, SocketRef, Timewait};
use self::state::State;
use self::table::SocketTable;
use self::timer::{Armed, Calendar, TimerOf, TimerQueue};
use crate::addr::{Endpoint, FourTuple};
use crate::kernel_version::{KernelVersion, Profile, TsvalOffset};
use crate::segment::Segment;
use crate::seq::Seq;
use crate::sysctl::{SysctlError, Sysctls};
use crate::time::SimTime;
use crate::timestamp::{StampSecs, Timestamps, Tsval};
use crate::trace::{ConnectionId, Errno, Event, Timer};

/// The services that a kernel needs from outside during a call.
pub trait Environment {
    /// A segment goes out. `retransmission` is 0 the first time, then counts up.
    fn transmit(&mut self, segment: Segment, retransmission: u8);
    /// An event for the trace.
    fn record(&mut self, event: Event);
    /// The following calls concern a socket of `attempt`; called when a timer or the program continues with one.
    fn about(&mut self, _attempt: Option<ConnectionId>) {}
    /// The attempt of a socket that is created now; the kernel stores it for [`Environment::about`].
    fn attempt(&self) -> Option<ConnectionId> {
        None
    }
    /// The program has to look at one of its sockets.
    fn wake(&mut self, wake: Wake);
    /// The kernel needs an initial sequence number (RFC 6528) for `tuple`.
    fn initial_sequence(&mut self, tuple: FourTuple) -> Seq;
    /// Where in its range the kernel starts to look for a source port, counted from the lowest; `None` leaves it to
    /// the kernel's own secret.
    fn first_port(&mut self, _remote: Endpoint) -> Option<u32> {
        None
    }
}

/// Why a program is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// A connection waits in the accept queue of this port.
    Acceptable {
        /// The listening port.
        port: u16,
    },
    /// `connect()` succeeded.
    Connected(SocketId),
    /// Data arrived: this many bytes in order.
    Readable(SocketId, u32),
    /// The peer closed: end of file.
    PeerClosed(SocketId),
    /// All that was sent has been acknowledged, and we had closed: the program's part is over.
    Finished(SocketId),
    /// The connection failed.
    Failed(SocketId, Errno),
}

/// The initial configuration of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelConfig {
    /// Which kernel.
    pub version: KernelVersion,
    /// Its address.
    pub addr: Ipv4Addr,
    /// Its sysctls.
    pub sysctls: Sysctls,
    /// Its clocks at the start of the simulation.
    pub clock: Clock,
    /// The secret behind its timestamp offsets and its choice of source ports.
    pub secret: u64,
}

/// The TCP of one host.
#[derive(Clone, Debug)]
pub struct Kernel {
    profile: &'static Profile,
    addr: Ipv4Addr,
    sysctls: Sysctls,
    clock: Clock,
    secret: u64,
    /// The moment of the call that is being served.
    now: SimTime,
    mib: Mib,
    peers: PeerTable,
    table: SocketTable,
    listeners: Vec<Listener>,
    requests: Slab<Request>,
    connections: Slab<Connection>,
    timewaits: Slab<Timewait>,
    /// The ports that were bound by hand, once for each socket that holds one. They are few.
    bound_ports: Vec<u16>,
    cookies: Cookies,
    timers: TimerQueue,
    calendar: Calendar,
    serials: u32,
    port_hint: u32,
}

impl Kernel {
    /// A kernel that has just been configured: no sockets, no memory of peers, counters at zero.
    pub fn new(config: KernelConfig) -> Self {
        Self {
            profile: config.version.profile(),
            addr: config.addr,
            sysctls: config.sysctls,
            clock: config.clock,
            secret: config.secret,
            now: SimTime::ZERO,
            mib: Mib::new(),
            peers: PeerTable::default(),
            table: SocketTable::default(),
            listeners: Vec::new(),
            requests: Slab::new(),
            connections: Slab::new(),
            timewaits: Slab::new(),
            bound_ports: Vec::new(),
            cookies: Cookies::default(),
            timers: TimerQueue::default(),
            calendar: Calendar::default(),
            serials: 0,
            port_hint: 0,
        }
    }

    /// The first door: a segment arrives (`tcp_v4_rcv`).
    pub fn segment_arrives<S: Environment>(&mut self, now: SimTime, segment: &Segment, env: &mut S) {
        self.now = now;
        match self.table.get(segment.tuple_at_receiver()) {
            Some(SocketRef::Timewait(slot)) => self.timewait_receives(slot as usize, segment, env),
            Some(SocketRef::Request(slot)) => self.request_receives(slot as usize, segment, env),
            Some(SocketRef::Connection(slot)) => self.connection_receives(slot as usize, segment, env),
            None => self.listener_receives(segment, None, env),
        }
    }

    /// The third door: all timers that are due at `now` fire, in the order of their deadlines.
    pub fn timers_fire<S: Environment>(&mut self, now: SimTime, env: &mut S) {
        self.now = now;
        while let Some(of) = {
            let (requests, connections, timewaits) = (&self.requests, &self.connections, &self.timewaits);
            self.timers.take_due(now, |of| armed(requests, connections, timewaits, of))
        } {
            match of {
                TimerOf::Request(slot) => self.request_timer_fires(slot as usize, env),
                TimerOf::Connection(slot) => self.connection_timer_fires(slot as usize, env),
                TimerOf::Timewait(slot) => self.timewait_timer_fires(slot as usize, env),
            }
        }
    }

    /// When the next timer is due.
    pub fn next_deadline(&mut self) -> Option<SimTime> {
        self.deadline_before(SimTime::NEVER)
    }

    /// When the next timer is due, where that is before `bound`.
    #[inline]
    pub(crate) fn deadline_before(&mut self, bound: SimTime) -> Option<SimTime> {
        let (requests, connections, timewaits) = (&self.requests, &self.connections, &self.timewaits);
        self.timers.earliest_before(bound, |of| armed(requests, connections, timewaits, of))
    }

    /// Writes a sysctl, as `sysctl -w` does; it acts at once.
    ///
    /// # Errors
    /// When this kernel has no such key or does not allow the value.
    pub fn write_sysctl<S: Environment>(
        &mut self,
        now: SimTime,
        key: &str,
        value: &str,
        env: &mut S,
    ) -> Result<(), SysctlError> {
        self.now = now;
        let result = self.sysctls.write(self.profile, key, value);
        let error = result.err().map(|error| error.to_string());
        env.record(Event::SysctlSet { key: key.to_owned(), value: value.to_owned(), error });
        result
    }

    /// The host has another address from here on. Sockets of the old one stay until their timers end them.
    pub const fn readdress(&mut self, addr: Ipv4Addr) {
        self.addr = addr;
    }

    /// The whole seconds in which timestamps are remembered.
    fn seconds(&self) -> StampSecs {
        self.clock.seconds(self.profile, self.now)
    }

    /// The timestamp option of a segment that opens a connection or meets a timewait socket: read only while
    /// `tcp_timestamps` is on (`tcp_parse_options` with `estab` 0).
    fn stamps_if_on(&self, segment: &Segment) -> Option<Timestamps> {
        segment.timestamps.filter(|_| self.sysctls.tcp_timestamps != 0)
    }

    /// The offset added to this host's clock in segments of `tuple` (R9).
    fn timestamp_offset(&self, tuple: FourTuple) -> u32 {
        let pair = u64::from(u32::from(tuple.local.addr)) << 32 | u64::from(u32::from(tuple.remote.addr));
        let ports = u64::from(tuple.local.port) << 16 | u64::from(tuple.remote.port);
        match self.profile.tsval_offset {
            TsvalOffset::None => 0,
            _ if self.sysctls.tcp_timestamps == 2 => 0,
            TsvalOffset::PerAddressPair => scramble(self.secret ^ pair) as u32,
            TsvalOffset::PerConnection => scramble(scramble(self.secret ^ pair) ^ ports) as u32,
            TsvalOffset::PerIncarnation => {
                scramble(scramble(scramble(self.secret ^ pair) ^ ports) ^ u64::from(self.serials)) as u32
            }
        }
    }

    fn tsval_now(&self, offset: u32) -> Tsval {
        self.clock.tsval(self.profile, self.now).plus(offset)
    }

    fn count<S: Environment>(&mut self, counter: Counter, env: &mut S) {
        let total = self.mib.increment(counter);
        env.record(Event::CounterAdded { counter, total });
    }

    /// Records that `segment` goes no further.
    fn dropped<S: Environment>(segment: &Segment, reason: DropReason, env: &mut S) {
        env.record(Event::SegmentDropped { tuple: segment.tuple_at_receiver(), reason, refusal: None });
    }

    fn listener_at(&self, port: u16) -> Option<usize> {
        self.listeners.iter().position(|listener| listener.port == port)
    }

    fn next_serial(&mut self) -> u32 {
        self.serials += 1;
        self.serials
    }

    /// Changes the state of a connection and says so.
    fn set_state<S: Environment>(&mut self, slot: usize, new: State, env: &mut S) {
        let connection = &mut self.connections[slot];
        let old = core::mem::replace(&mut connection.state, new);
        env.record(Event::StateSet { tuple: connection.tuple, old, new });
    }

    /// `tcp_done`: the connection is over; its memory stays as long as the program holds it.
    fn finish<S: Environment>(&mut self, slot: usize, env: &mut S) {
        self.set_state(slot, State::Close, env);
        self.connections[slot].attempt = None;
        self.leave_table(slot);
    }

    /// Takes a connection out of the table and stops its timer.
    fn leave_table(&mut self, slot: usize) {
        let connection = &mut self.connections[slot];
        connection.timer.stop();
        let (tuple, bound, held) = (connection.tuple, connection.bound, connection.held);
        if self.table.get(tuple) == Some(SocketRef::Connection(slot as u32)) {
            self.table.remove(tuple);
        }
        if bound {
            self.connections[slot].bound = false;
            self.unbind(tuple.local.port);
        }
        if !held {
            self.connections.remove(slot);
        }
    }

    fn unbind(&mut self, port: u16) {
        if let Some(place) = self.bound_ports.iter().position(|bound| *bound == port) {
            self.bound_ports.swap_remove(place);
        }
    }

    fn set_retransmit_timer<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let connection = &mut self.connections[slot];
        let mut expires = self.now + connection.rtt.rto;
        if let Some(patience) = self.profile.syn_patience.filter(|_| connection.state == State::SynSent) {
            expires = expires.min(connection.oldest_sent + patience);
        }
        connection.timer = self.timers.set(TimerOf::Connection(slot as u32), self.now, expires);
        env.record(Event::TimerSet { tuple: connection.tuple, timer: Timer::Retransmit, expires });
    }
}

fn armed(
    requests: &Slab<Request>,
    connections: &Slab<Connection>,
    timewaits: &Slab<Timewait>,
    of: TimerOf,
) -> Option<Armed> {
    match of {
        TimerOf::Request(slot) => requests.get(slot as usize).map(|request| request.timer),
        TimerOf::Connection(slot) => connections.get(slot as usize).map(|connection| connection.timer),
        TimerOf::Timewait(slot) => timewaits.get(slot as usize).map(|timewait| timewait.timer),
    }
}

/// Spreads the bits of a number (the finalizer of `SplitMix64`): stands in for the kernel's keyed hash, whose
/// values are secret anyway.
const fn scramble(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
