//! Drives the kernel model of one server with captured segments, so that it remembers the timestamps that the real
//! kernel remembered.
//!
//! Segments that reached the server go in through `segment_arrives`. Segments that it sent show the calls of its
//! program: connect, send, close. The initial sequence numbers, the source ports and the clock of the model are set to
//! the captured ones. The capture also shows whether a SYN was answered; the model only says why one was not.

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;
use sim_core::addr::{Endpoint, FourTuple};
use sim_core::kernel::state::State;
use sim_core::kernel::{Clock, Environment, Kernel, KernelConfig, SocketId, Wake};
use sim_core::kernel_version::{TsvalOffset, TsvalUnit};
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::sysctl::Sysctls;
use sim_core::time::SimTime;
use sim_core::timestamp::{Timestamps, Tsval};
use sim_core::trace::{Event, Refusal};

use super::settings::ServerSettings;
use crate::evidence::UnansweredCause;
use crate::kernel::RECYCLE;

/// A backlog that no capture fills. The answers of the server show whether a queue was full.
const BACKLOG: u32 = 1 << 24;
/// The most connections that are tracked at once; the oldest are dropped first.
const MOST_CONNECTIONS: usize = 200_000;
/// The time since boot if the timestamps do not give it: one hour.
const SOME_UPTIME_US: i64 = 3_600_000_000;

/// The answer of the server to a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SynAnswer {
    /// A SYN-ACK, with its sequence number and timestamp.
    SynAck(Seq, Option<Tsval>),
    /// A RST.
    Reset,
    /// An ACK, from a socket with the same four-tuple.
    Ack,
    /// Nothing.
    Silence,
}

/// A connection of the server.
#[derive(Clone, Copy, Debug)]
struct TrackedConnection {
    /// The socket of the model, once it is accepted or connected.
    socket: Option<SocketId>,
    /// The sequence number after the last byte that the server has sent.
    sent_until: Seq,
    closed: bool,
    /// The model's timestamps minus the captured ones, in ticks.
    lead: u32,
}

/// The kernel model of one server.
#[derive(Debug)]
pub struct ReplayedServer {
    kernel: Kernel,
    captured: CapturedValues,
    /// The value of `tcp_tw_recycle`.
    recycle: String,
    connections: FxHashMap<FourTuple, TrackedConnection>,
    /// The keys of `connections`, the oldest first.
    order: VecDeque<FourTuple>,
}

/// The values that the real kernel chose at random, taken from the capture.
#[derive(Debug, Default)]
struct CapturedValues {
    isn: Seq,
    port_offset: u32,
}

impl Environment for CapturedValues {
    fn transmit(&mut self, _segment: Segment, _retransmission: u8) {}
    fn record(&mut self, _event: Event) {}
    fn wake(&mut self, _wake: Wake) {}
    fn initial_sequence(&mut self, _tuple: FourTuple) -> Seq {
        self.isn
    }
    fn first_port(&mut self, _remote: Endpoint) -> Option<u32> {
        Some(self.port_offset)
    }
}

impl ReplayedServer {
    /// Starts the kernel of the server at `addr`. The replay begins `wall_us` microseconds after 1970. `own_stamp` is a
    /// timestamp that the server sent, with its time; it gives the time of boot if all connections share one clock.
    pub fn new(addr: Ipv4Addr, settings: &ServerSettings, wall_us: u64, own_stamp: Option<(SimTime, Tsval)>) -> Self {
        let profile = settings.version.profile();
        let mut sysctls = Sysctls::defaults(profile);
        for (key, value) in &settings.sysctls {
            // A key that this kernel does not have changes nothing on the real one either.
            let _ = sysctls.write(profile, key, value);
        }
        sysctls.tcp_syncookies = 1;
        let recycle = sysctls.tcp_tw_recycle.to_string();
        let one_clock = profile.tsval_unit == TsvalUnit::Jiffies && profile.tsval_offset == TsvalOffset::None;
        let uptime_us = own_stamp.filter(|_| one_clock).map_or(SOME_UPTIME_US, |(at, tsval)| {
            // Jiffies start five minutes before zero (`INITIAL_JIFFIES`).
            let ticks = i64::from(tsval.0.wrapping_add(300 * settings.hz));
            ticks * 1_000_000 / i64::from(settings.hz.max(1)) - at.as_micros() as i64
        });
        let clock = Clock { hz: settings.hz, uptime_us, wall_us };
        let kernel = Kernel::new(KernelConfig { version: settings.version, addr, sysctls, clock, secret: 1 });
        let (connections, order) = (FxHashMap::default(), VecDeque::new());
        Self { kernel, captured: CapturedValues::default(), recycle, connections, order }
    }

    /// Whether recycle would refuse this SYN. A socket with the same four-tuple takes it first.
    pub fn would_refuse(&mut self, now: SimTime, syn: &Segment) -> bool {
        self.timers(now);
        self.kernel.state(syn.tuple_at_receiver()) == State::Close && self.kernel.refusal(now, syn).is_some()
    }

    /// Plays a SYN and the answer of the server. Gives the cause if there was none.
    pub fn syn(&mut self, now: SimTime, syn: &Segment, answer: SynAnswer) -> Option<UnansweredCause> {
        self.timers(now);
        let tuple = syn.tuple_at_receiver();
        let state = self.kernel.state(tuple);
        match answer {
            SynAnswer::SynAck(isn, tsval) => {
                self.captured.isn = isn;
                let _ = self.kernel.listen(now, tuple.local.port, BACKLOG, &mut self.captured);
                // The server took it, even if R1 refuses it: by a cookie, or by a socket with the same four-tuple.
                self.without_recycle(now, |server| server.kernel.segment_arrives(now, syn, &mut server.captured));
                let lead = tsval.map_or(0, |tsval| self.kernel.tsval(now, tuple).0.wrapping_sub(tsval.0));
                self.track(tuple, TrackedConnection { socket: None, sent_until: isn + 1, closed: false, lead });
                None
            }
            SynAnswer::Ack => {
                self.kernel.segment_arrives(now, syn, &mut self.captured);
                None
            }
            SynAnswer::Reset => None,
            SynAnswer::Silence if state == State::Close => {
                Some(self.kernel.refusal(now, syn).map_or(UnansweredCause::Unexplained, |refusal| recycle(&refusal)))
            }
            SynAnswer::Silence => {
                self.kernel.segment_arrives(now, syn, &mut self.captured);
                Some(UnansweredCause::SameFourTuple)
            }
        }
    }

    /// Plays a segment that reached the server and is not a SYN.
    pub fn arrives(&mut self, now: SimTime, segment: &Segment) {
        self.timers(now);
        let tuple = segment.tuple_at_receiver();
        if self.kernel.state(tuple) == State::Close && !self.connections.contains_key(&tuple) {
            self.join(now, segment);
        }
        let lead = self.connections.get(&tuple).map_or(0, |connection| connection.lead);
        let echo = |stamps: Timestamps| Timestamps { tsecr: stamps.tsecr.plus(lead), ..stamps };
        let segment = Segment { timestamps: segment.timestamps.map(echo), ..*segment };
        self.kernel.segment_arrives(now, &segment, &mut self.captured);
        self.accept(now, tuple.local.port);
    }

    /// Plays a segment that the server sent and that does not answer a SYN.
    pub fn sends(&mut self, now: SimTime, segment: &Segment) {
        self.timers(now);
        let tuple = segment.tuple_at_receiver().reversed();
        if segment.opens() {
            return self.connect(now, tuple, segment);
        }
        self.accept(now, tuple.local.port);
        let Some(connection) = self.connections.get_mut(&tuple) else { return };
        let Some(socket) = connection.socket else { return };
        let end = segment.seq + segment.len;
        let new = end.0.wrapping_sub(connection.sent_until.0);
        if segment.len > 0 && (new as i32) > 0 && new <= segment.len {
            connection.sent_until = end;
            let _ = self.kernel.send(now, socket, new, &mut self.captured);
        }
        if (segment.fin() || segment.rst()) && !connection.closed {
            connection.closed = true;
            self.kernel.close(now, socket, &mut self.captured);
        }
    }

    /// The server opens a connection itself.
    fn connect(&mut self, now: SimTime, tuple: FourTuple, syn: &Segment) {
        // A retransmitted SYN opens no further connection.
        if self.kernel.state(tuple) == State::SynSent {
            return;
        }
        let (low, _) = self.kernel.sysctls().ip_local_port_range;
        self.captured.isn = syn.seq;
        self.captured.port_offset = u32::from(tuple.local.port.saturating_sub(low));
        let Ok(socket) = self.kernel.connect(now, tuple.remote, None, &mut self.captured) else { return };
        if self.kernel.tuple(socket) == Some(tuple) {
            let stamp = syn.timestamps.map(|stamps| stamps.tsval.0);
            let lead = stamp.map_or(0, |stamp| self.kernel.tsval(now, tuple).0.wrapping_sub(stamp));
            let sent_until = syn.seq + 1;
            self.track(tuple, TrackedConnection { socket: Some(socket), sent_until, closed: false, lead });
        } else {
            self.kernel.close(now, socket, &mut self.captured);
        }
    }

    /// Takes up a connection that was open before the capture began, as if its handshake happened now.
    fn join(&mut self, now: SimTime, segment: &Segment) {
        if segment.rst() || !segment.has_ack() {
            return;
        }
        let tuple = segment.tuple_at_receiver();
        self.captured.isn = Seq(segment.ack.0.wrapping_sub(1));
        let _ = self.kernel.listen(now, tuple.local.port, BACKLOG, &mut self.captured);
        let before = Seq(segment.seq.0.wrapping_sub(1));
        let syn = Segment { flags: Flags::SYN, seq: before, ack: Seq(0), len: 0, ..*segment };
        self.without_recycle(now, |server| server.kernel.segment_arrives(now, &syn, &mut server.captured));
        let echoed = segment.timestamps.map_or(0, |stamps| stamps.tsecr.0);
        let lead = self.kernel.tsval(now, tuple).0.wrapping_sub(echoed);
        self.track(tuple, TrackedConnection { socket: None, sent_until: segment.ack, closed: false, lead });
        let own = self.kernel.tsval(now, tuple);
        let echo = segment.timestamps.map(|stamps| Timestamps { tsecr: own, ..stamps });
        let ack = Segment { flags: Flags::ACK, len: 0, timestamps: echo, ..*segment };
        self.kernel.segment_arrives(now, &ack, &mut self.captured);
        self.accept(now, tuple.local.port);
    }

    /// Runs `act` while `tcp_tw_recycle` is 0.
    fn without_recycle(&mut self, now: SimTime, act: impl FnOnce(&mut Self)) {
        let on = self.recycle != "0";
        if on {
            let _ = self.kernel.write_sysctl(now, RECYCLE, "0", &mut self.captured);
        }
        act(self);
        if on {
            let recycle = self.recycle.clone();
            let _ = self.kernel.write_sysctl(now, RECYCLE, &recycle, &mut self.captured);
        }
    }

    fn track(&mut self, tuple: FourTuple, connection: TrackedConnection) {
        if self.connections.insert(tuple, connection).is_none() {
            self.order.push_back(tuple);
        }
        if self.order.len() > MOST_CONNECTIONS
            && let Some(oldest) = self.order.pop_front()
        {
            self.connections.remove(&oldest);
        }
    }

    /// The program accepts every connection that waits.
    fn accept(&mut self, now: SimTime, port: u16) {
        while let Some(socket) = self.kernel.accept(now, port, &mut self.captured) {
            let Some(tuple) = self.kernel.tuple(socket) else { continue };
            if let Some(connection) = self.connections.get_mut(&tuple) {
                connection.socket = Some(socket);
            }
        }
    }

    /// Fires all timers that are due.
    fn timers(&mut self, until: SimTime) {
        while let Some(deadline) = self.kernel.next_deadline().filter(|deadline| *deadline <= until) {
            self.kernel.timers_fire(deadline, &mut self.captured);
        }
    }
}

fn recycle(refusal: &Refusal) -> UnansweredCause {
    UnansweredCause::Recycle {
        remembered: refusal.remembered.0,
        tsval: refusal.tsval.map(|tsval| tsval.0),
        age_s: refusal.now.since(refusal.remembered_at),
    }
}
