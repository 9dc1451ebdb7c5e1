//! Outgoing connections: `connect()` with automatic and bound ports (R7, R8), SYN_SENT, and the program's other calls.

use super::counter::Counter;
use super::drop_reason::DropReason;
use super::paws::Recent;
use super::rtt::RTO_MIN;
use super::socket::{Connection, SocketId, SocketRef};
use super::state::State;
use super::table::PortSteps;
use super::timer::TimerOf;
use super::transmit::reset;
use super::{Environment, Kernel, Wake, scramble};
use crate::addr::{Endpoint, FourTuple};
use crate::kernel_version::ReuseAge;
use crate::segment::Segment;
use crate::seq::Seq;
use crate::time::{SimTime, Span};
use crate::timestamp::Tsval;
use crate::trace::{Call, CallResult, Errno, Event, Takeover};

/// `tcp_orphan_retries` 0 means 8, and so 511 times the least timeout (`tcp_write_timeout`).
const ORPHAN_PATIENCE: Span = Span::from_micros(RTO_MIN.as_micros() * 511);
/// `tcp_retries2` 15: 924.6 s (ip-sysctl).
const PATIENCE: Span = Span::from_millis(924_600);

/// The state of a source port before it was chosen.
enum Port {
    Free,
    InTimeWait(usize),
}

impl Kernel {
    /// Opens a connection from an automatic port, or from one bound by hand with `SO_REUSEADDR`.
    ///
    /// # Errors
    /// `EADDRNOTAVAIL` when no port is to be had (R8).
    pub fn connect<S: Environment>(
        &mut self,
        now: SimTime,
        remote: Endpoint,
        bound_port: Option<u16>,
        env: &mut S,
    ) -> Result<SocketId, Errno> {
        self.now = now;
        let chosen = match bound_port {
            Some(port) => self.examine_port(port, remote, false).map(|was| (port, was)),
            None => self.choose_port(remote, env.first_port(remote)),
        };
        let Some((port, was)) = chosen else {
            let result = CallResult::Failed(Errno::Eaddrnotavail);
            env.record(Event::CallReturned { call: Call::Connect { remote }, result });
            return Err(Errno::Eaddrnotavail);
        };
        let tuple = FourTuple { local: Endpoint::new(self.addr, port), remote };
        let result = CallResult::Done(Some(tuple));
        env.record(Event::CallReturned { call: Call::Connect { remote }, result });
        let (isn, recent) = match was {
            Port::Free => (env.initial_sequence(tuple), Recent::default()),
            Port::InTimeWait(slot) => self.take_port_over(slot, env),
        };
        let serial = self.next_serial();
        let mut connection = Connection::new(serial, tuple, isn, self.profile.receive_window, now);
        connection.bound = bound_port.is_some();
        connection.recent = recent;
        connection.rtt.rto = self.profile.initial_rto;
        connection.attempt = env.attempt();
        // Until the SYN-ACK says otherwise: whether our SYN carries the option.
        connection.stamped = self.sysctls.tcp_timestamps != 0;
        connection.ts_offset = self.timestamp_offset(tuple);
        let slot = self.connections.insert(connection);
        self.table.insert(tuple, SocketRef::Connection(slot as u32));
        if bound_port.is_some() {
            self.bound_ports.push(port);
        }
        self.set_state(slot, State::SynSent, env);
        self.send_syn(slot, env);
        Ok(SocketId::new(slot, serial))
    }

    /// `__inet_hash_connect`: from a secret start through the range; newer kernels try every second port first.
    fn choose_port(&mut self, remote: Endpoint, start: Option<u32>) -> Option<(u16, Port)> {
        let (low, high) = self.sysctls.ip_local_port_range;
        let (low, past_high) = (u32::from(low), u32::from(high) + 1);
        let step = if self.profile.counts_last_port || past_high - low == 1 { 1 } else { 2 };
        let span = if step == 2 { (past_high - low) & !1 } else { past_high - low };
        let secret = scramble(self.secret ^ u64::from(u32::from(remote.addr)) << 16 ^ u64::from(remote.port)) as u32;
        let start = start.unwrap_or_else(|| secret.wrapping_add(self.port_hint)) % span / step * step;
        let skips_taken = self.skips_taken_ports(remote);
        for first in 0..step {
            let mut tried = 0;
            while tried < span {
                let port = low + start + first + tried;
                let port = if port >= past_high { port - span } else { port };
                let count = (span - tried).min(past_high - port).div_ceil(step);
                let skipped = if skips_taken {
                    self.table.first_free(self.addr, remote, PortSteps { port, count, step })
                } else {
                    Some(0)
                };
                let (port, skipped) = (port + skipped.unwrap_or(0) * step, skipped.unwrap_or(count));
                tried += skipped * step;
                if skipped < count
                    && let Some(was) = self.automatic_port(port as u16, remote)
                {
                    self.port_hint = self.port_hint.wrapping_add(tried + step);
                    return Some((port as u16, was));
                }
                tried += if skipped < count { step } else { 0 };
            }
        }
        None
    }

    /// Whether ports that are taken can be passed over unseen: where no timewait socket gives way.
    fn skips_taken_ports(&mut self, remote: Endpoint) -> bool {
        let requests = self.requests.iter().map(|(_, request)| request.tuple);
        let connections = self.connections.iter().map(|(_, connection)| connection.tuple);
        let timewaits = self.timewaits.iter().map(|(_, timewait)| timewait.tuple);
        let known = requests.chain(connections).chain(timewaits);
        self.sysctls.tcp_tw_reuse == 0 && self.table.keeps_ports(self.addr, remote, known)
    }

    /// A port that somebody listens at, or bound by hand, is not given out.
    fn automatic_port(&self, port: u16, remote: Endpoint) -> Option<Port> {
        let taken = self.listener_at(port).is_some() || self.bound_ports.contains(&port);
        if taken { None } else { self.examine_port(port, remote, true) }
    }

    /// `__inet_check_established`: whether the four-tuple is free, or in a TIME_WAIT that gives way.
    fn examine_port(&self, port: u16, remote: Endpoint, automatic: bool) -> Option<Port> {
        let tuple = FourTuple { local: Endpoint::new(self.addr, port), remote };
        match self.table.get(tuple) {
            None => Some(Port::Free),
            Some(SocketRef::Timewait(slot)) if self.timewait_gives_way(slot as usize, automatic) => {
                Some(Port::InTimeWait(slot as usize))
            }
            Some(_) => None,
        }
    }

    /// R7, `tcp_twsk_unique`. A port bound by hand needs a timestamp in the timewait socket, but no sysctl and no age.
    fn timewait_gives_way(&self, slot: usize, automatic: bool) -> bool {
        let timewait = &self.timewaits[slot];
        let loopback = timewait.tuple.local.addr.is_loopback() || timewait.tuple.remote.addr.is_loopback();
        let wanted = match self.sysctls.tcp_tw_reuse {
            0 => false,
            2 if self.profile.reuse_2_is_loopback => loopback,
            _ => true,
        };
        let spared = self.profile.reuse_spares_fin_wait_2 && timewait.substate == State::FinWait2;
        let rested_s = self.seconds().since(timewait.recent.at);
        let old_enough = match self.profile.reuse_age {
            ReuseAge::WallSeconds => rested_s > 1,
            ReuseAge::MonotonicSeconds => rested_s > 0,
            ReuseAge::SinceEntering => {
                self.now.since(timewait.entered).as_millis() > u64::from(self.sysctls.tcp_tw_reuse_delay)
            }
        };
        timewait.recent.at.0 != 0 && (!automatic || (wanted && !spared && old_enough))
    }

    /// The sequence number goes on where the old connection cannot have been, and its timestamp is inherited.
    fn take_port_over<S: Environment>(&mut self, slot: usize, env: &mut S) -> (Seq, Recent) {
        let timewait = &self.timewaits[slot];
        let (tuple, isn, recent) = (timewait.tuple, timewait.isn_for_successor(), timewait.recent);
        env.record(Event::TimeWaitTaken { tuple, by: Takeover::Connect });
        self.count(Counter::TwRecycled, env);
        self.drop_timewait(slot, env);
        (isn, recent)
    }

    /// SYN_SENT, in the order of RFC 9293, 3.10.7.3 (`tcp_rcv_synsent_state_process`).
    pub(super) fn syn_sent_receives<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let stamps = self.stamps_if_on(segment);
        let connection = &self.connections[slot];
        let id = SocketId::new(slot, connection.serial);
        if !segment.has_ack() {
            // A simultaneous open needs two hosts that call each other; nobody here does.
            return Self::dropped(segment, DropReason::NoUsefulFlag, env);
        }
        if segment.ack != connection.snd_nxt {
            if self.profile.hurries_syn_after_bad_ack && connection.retransmissions == 0 {
                // `TCP_TIMEOUT_MIN`: the RST that goes out now clears the way for the SYN.
                let expires = self.now + Span::from_micros(2_000_000 / u64::from(self.clock.hz));
                self.connections[slot].timer = self.timers.set(TimerOf::Connection(slot as u32), self.now, expires);
            }
            return reset(segment, DropReason::BadAck, env);
        }
        if let Some(stamps) = stamps.filter(|stamps| stamps.tsecr != Tsval(0)) {
            let first = self.clock.tsval(self.profile, connection.oldest_sent).plus(connection.ts_offset);
            let last = self.tsval_now(connection.ts_offset);
            if stamps.tsecr.minus(first) < 0 || last.minus(stamps.tsecr) < 0 {
                self.count(Counter::PawsActive, env);
                return reset(segment, DropReason::BadTsecr, env);
            }
        }
        if segment.rst() {
            self.finish(slot, env);
            return env.wake(Wake::Failed(id, Errno::Econnrefused));
        }
        if !segment.syn() {
            return Self::dropped(segment, DropReason::NoUsefulFlag, env);
        }
        let now = self.seconds();
        let connection = &mut self.connections[slot];
        connection.rcv_nxt = segment.seq + 1;
        connection.rcv_wup = connection.rcv_nxt;
        connection.snd_wl1 = segment.seq;
        connection.stamped = stamps.is_some();
        self.take_ack(slot, segment, env);
        let connection = &mut self.connections[slot];
        connection.snd_wnd = segment.window;
        connection.max_window = segment.window;
        if let Some(stamps) = stamps {
            connection.store_recent(stamps.tsval, now);
        }
        let cached = self.peers.known(connection.tuple.remote.addr).map_or(0, |metrics| metrics.srtt_us);
        connection.rtt.seed(cached);
        self.set_state(slot, State::Established, env);
        self.send_ack(slot, env);
        env.wake(Wake::Connected(id));
    }

    /// Whether a connection has been sent in vain for long enough (R13, `tcp_write_timeout`).
    pub(super) fn gives_up(&self, slot: usize) -> bool {
        let connection = &self.connections[slot];
        if connection.state == State::SynSent {
            let retries = self.sysctls.tcp_syn_retries + self.sysctls.tcp_syn_linear_timeouts;
            let out_of_patience =
                self.profile.syn_patience.is_some_and(|patience| self.now.since(connection.oldest_sent) >= patience);
            return out_of_patience || u32::from(connection.retransmissions) >= retries;
        }
        let patience = if connection.orphan { ORPHAN_PATIENCE } else { PATIENCE };
        connection.retransmissions > 0 && self.now.since(connection.oldest_sent) >= patience
    }

    /// Doubles the timeout, but for the first SYNs of 6.5 and later (`tcp_syn_linear_timeouts`).
    pub(super) fn back_off(&mut self, slot: usize) {
        let connection = &mut self.connections[slot];
        let linear = u32::from(connection.retransmissions) <= self.sysctls.tcp_syn_linear_timeouts;
        if connection.state != State::SynSent || !linear {
            connection.rtt.back_off();
        }
    }

    /// Sends `len` bytes on a connection.
    ///
    /// # Errors
    /// `ENOTCONN` when it is not open for sending.
    pub fn send<S: Environment>(&mut self, now: SimTime, socket: SocketId, len: u32, env: &mut S) -> Result<(), Errno> {
        self.now = now;
        let Some(slot) = self.slot_of(socket) else { return Err(Errno::Enotconn) };
        let connection = &self.connections[slot];
        let open = matches!(connection.state, State::Established | State::CloseWait) && !connection.orphan;
        let tuple = connection.tuple;
        env.about(connection.attempt.filter(|_| open));
        let result = if open { CallResult::Done(Some(tuple)) } else { CallResult::Failed(Errno::Enotconn) };
        env.record(Event::CallReturned { call: Call::Send { len }, result });
        if !open {
            return Err(Errno::Enotconn);
        }
        self.send_data(slot, len, env);
        Ok(())
    }

    /// The program closes a connection; its handle is gone afterwards (`tcp_close`).
    pub fn close<S: Environment>(&mut self, now: SimTime, socket: SocketId, env: &mut S) {
        self.now = now;
        let Some(slot) = self.slot_of(socket) else { return };
        let connection = &mut self.connections[slot];
        connection.held = false;
        connection.orphan = true;
        let tuple = connection.tuple;
        env.about(connection.attempt);
        env.record(Event::CallReturned { call: Call::Close, result: CallResult::Done(Some(tuple)) });
        match self.connections[slot].state {
            State::Close => {
                self.connections.remove(slot);
            }
            State::SynSent => self.finish(slot, env),
            State::CloseWait => {
                self.set_state(slot, State::LastAck, env);
                self.send_fin(slot, env);
            }
            _ => {
                self.set_state(slot, State::FinWait1, env);
                self.send_fin(slot, env);
            }
        }
    }

    /// Where a handle leads; `None` once it was closed.
    pub(super) fn slot_of(&self, socket: SocketId) -> Option<usize> {
        let connection = self.connections.get(socket.slot())?;
        (connection.serial == socket.serial() && connection.held).then_some(socket.slot())
    }
}
