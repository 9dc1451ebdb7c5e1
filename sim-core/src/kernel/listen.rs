//! Listening ports: a SYN arrives (`tcp_conn_request`), the program calls `listen()` and `accept()`.

use super::cookies::cookie_tsval;
use super::counter::Counter;
use super::drop_reason::DropReason;
use super::peer_metrics::Proof;
use super::rtt::TIMEOUT_INIT;
use super::socket::{Listener, Request, SocketId, SocketRef};
use super::state::State;
use super::timer::TimerOf;
use super::transmit::reset;
use super::{Environment, Kernel};
use crate::kernel_version::{AcceptQueueRule, ReservedQuarter, UnstampedSyn};
use crate::segment::Segment;
use crate::seq::Seq;
use crate::time::SimTime;
use crate::timestamp::Timestamps;
use crate::trace::{Call, CallResult, Errno, Event, Refusal, Timer};

/// The verdict of the queues and R1 on a SYN.
enum Admission {
    /// It gets a request socket.
    Request,
    /// It gets a cookie.
    Cookie,
    /// It gets nothing; the counters that move beside `ListenDrops`, and the numbers of R1.
    Dropped(DropReason, Option<Counter>, Option<Refusal>),
}

impl Kernel {
    /// Opens a port for connections.
    ///
    /// # Errors
    /// `EADDRINUSE` when it is open already.
    pub fn listen<S: Environment>(&mut self, now: SimTime, port: u16, backlog: u32, env: &mut S) -> Result<(), Errno> {
        self.now = now;
        let result = match self.listener_at(port) {
            Some(_) => Err(Errno::Eaddrinuse),
            None => {
                self.listeners.push(Listener::new(port, backlog, &self.sysctls));
                Ok(())
            }
        };
        let returned = result.map_or_else(CallResult::Failed, |()| CallResult::Done(None));
        env.record(Event::CallReturned { call: Call::Listen { port, backlog }, result: returned });
        result
    }

    /// Closes a listening port: its requests vanish, its waiting connections are reset (`inet_csk_listen_stop`).
    pub fn close_listener<S: Environment>(&mut self, now: SimTime, port: u16, env: &mut S) {
        self.now = now;
        let Some(index) = self.listener_at(port) else { return };
        let of_port: Vec<usize> =
            self.requests.iter().filter(|(_, request)| request.port == port).map(|(slot, _)| slot).collect();
        for slot in of_port {
            env.about(self.requests[slot].attempt);
            self.drop_request(slot, env);
        }
        let listener = self.listeners.remove(index);
        for slot in listener.accept_queue {
            env.about(self.connections[slot].attempt);
            self.connections[slot].held = false;
            if self.connections[slot].state == State::Close {
                self.connections.remove(slot);
            } else {
                self.send_active_reset(slot, env);
                self.finish(slot, env);
            }
        }
    }

    /// Takes the connection that waits longest; it may be over already.
    pub fn accept<S: Environment>(&mut self, now: SimTime, port: u16, env: &mut S) -> Option<SocketId> {
        self.now = now;
        let index = self.listener_at(port)?;
        let taken = self.listeners[index].accept_queue.pop_front();
        env.about(taken.and_then(|slot| self.connections[slot].attempt));
        let result = match taken {
            Some(slot) => CallResult::Done(Some(self.connections[slot].tuple)),
            None => CallResult::Failed(Errno::Eagain),
        };
        env.record(Event::CallReturned { call: Call::Accept, result });
        taken.map(|slot| SocketId::new(slot, self.connections[slot].serial))
    }

    /// A segment for which there is no connection. `derived` is the sequence number that a timewait socket gave up (R6).
    pub(super) fn listener_receives<S: Environment>(&mut self, segment: &Segment, derived: Option<Seq>, env: &mut S) {
        let Some(index) = self.listener_at(segment.dst.port) else {
            return reset(segment, DropReason::NoSocket, env);
        };
        if !segment.syn() && self.is_cookie_answer(segment) {
            return self.cookie_returns(index, segment, env);
        }
        if segment.has_ack() {
            return reset(segment, DropReason::NoSocket, env);
        }
        if segment.rst() || !segment.syn() || segment.fin() {
            return Self::dropped(segment, DropReason::NoUsefulFlag, env);
        }
        self.syn_arrives(index, segment, derived, env);
    }

    /// `tcp_conn_request`.
    fn syn_arrives<S: Environment>(&mut self, index: usize, syn: &Segment, derived: Option<Seq>, env: &mut S) {
        let derived = derived.filter(|_| self.profile.takeover_keeps_isn);
        let stamps = self.stamps_if_on(syn);
        let admission = self.admit(index, syn, stamps, derived.is_some(), env);
        if let Admission::Dropped(reason, counter, refusal) = admission {
            env.record(Event::SegmentDropped { tuple: syn.tuple_at_receiver(), reason, refusal });
            if let Some(counter) = counter {
                self.count(counter, env);
            }
            return self.count(Counter::ListenDrops, env);
        }
        let tuple = syn.tuple_at_receiver();
        let isn = derived.unwrap_or_else(|| env.initial_sequence(tuple));
        let ts_offset = self.timestamp_offset(tuple);
        let tsval = self.tsval_now(ts_offset);
        let mut request = Request {
            attempt: env.attempt(),
            ts_offset,
            synack_tsvals: (tsval, tsval),
            synack_sent: Some(self.now),
            ..Request::new(tuple, syn.seq, isn, stamps, self.profile)
        };
        if matches!(admission, Admission::Cookie) {
            if self.profile.cookie_is_listen_drop {
                self.count(Counter::ListenDrops, env);
            }
            self.cookies.sent(self.now, tuple, syn.seq, isn);
            let tsval = cookie_tsval(self.clock.tsval(self.profile, self.now)).plus(ts_offset);
            return Self::send_synack(&request, tsval, 0, env);
        }
        let expires = self.now + TIMEOUT_INIT;
        let entry = self.requests.vacant_entry();
        let slot = entry.key();
        request.timer = self.timers.set(TimerOf::Request(slot as u32), self.now, expires);
        let request = entry.insert(request);
        self.table.insert(tuple, SocketRef::Request(slot as u32));
        self.listeners[index].requests += 1;
        self.listeners[index].young += 1;
        env.record(Event::StateSet { tuple, old: State::Close, new: State::SynRecv });
        env.record(Event::TimerSet { tuple, timer: Timer::Retransmit, expires });
        Self::send_synack(request, tsval, 0, env);
    }

    /// The order of `tcp_conn_request`: SYN queue, accept queue, then R1 or the reserved quarter.
    fn admit<S: Environment>(
        &mut self,
        index: usize,
        syn: &Segment,
        stamps: Option<Timestamps>,
        derived: bool,
        env: &mut S,
    ) -> Admission {
        let full = self.listeners[index].syn_queue_is_full(self.profile.syn_queue);
        let mut cookie = false;
        let always = self.sysctls.tcp_syncookies == 2 && self.profile.syncookies_2_is_always;
        if (full || always) && !derived {
            if self.sysctls.tcp_syncookies == 0 {
                return Admission::Dropped(DropReason::SynQueueFull, Some(Counter::TcpReqQFullDrop), None);
            }
            self.count(Counter::TcpReqQFullDoCookies, env);
            cookie = true;
        }
        let listener = &self.listeners[index];
        let young = matches!(self.profile.accept_queue, AcceptQueueRule::YoungRequests);
        if listener.accept_queue_is_full() && (!young || listener.young > 1) {
            return Admission::Dropped(DropReason::AcceptQueueFull, Some(Counter::ListenOverflows), None);
        }
        if cookie {
            return Admission::Cookie;
        }
        if derived {
            return Admission::Request;
        }
        if let Some((reason, refusal)) = self.refused_by_recycle(syn, stamps) {
            return Admission::Dropped(reason, Some(Counter::PawsPassive), Some(refusal));
        }
        if self.is_in_reserved_quarter(index, stamps) && !self.has_known_round_trip(syn) {
            return Admission::Dropped(DropReason::SynBacklogReserved, None, None);
        }
        Admission::Request
    }

    /// Whether `tcp_tw_recycle` would refuse this SYN if no socket of its four-tuple took it first, and the numbers of it.
    /// It changes nothing.
    pub fn refusal(&mut self, now: SimTime, syn: &Segment) -> Option<Refusal> {
        self.now = now;
        self.refused_by_recycle(syn, self.stamps_if_on(syn)).map(|(_, refusal)| refusal)
    }

    /// R1: whether `tcp_tw_recycle` refuses this SYN, and the numbers of it.
    fn refused_by_recycle(&self, syn: &Segment, stamps: Option<Timestamps>) -> Option<(DropReason, Refusal)> {
        if self.sysctls.tcp_tw_recycle == 0 {
            return None;
        }
        let tsval = stamps.map(|stamps| stamps.tsval);
        let now = self.seconds();
        let (reason, recent) = match self.peers.proof(syn.src.addr, tsval, now) {
            Proof::Older(recent) => (DropReason::RecycleTimestamp, recent),
            Proof::Unstamped(recent) if self.profile.unstamped_syn == UnstampedSyn::Refused => {
                (DropReason::RecycleNoTimestamp, recent)
            }
            Proof::Unstamped(_) | Proof::Proven => return None,
        };
        Some((reason, Refusal { remembered: recent.tsval, remembered_at: recent.at, now, tsval }))
    }

    /// R15: with cookies off the last quarter of the SYN backlog is for peers that are known to be alive. Where
    /// recycle is on, its own check has taken the place of this one, but for a SYN that it did not look at.
    fn is_in_reserved_quarter(&self, index: usize, stamps: Option<Timestamps>) -> bool {
        let most = i64::from(self.sysctls.tcp_max_syn_backlog);
        let left = most - self.listeners[index].requests as i64;
        let looked_at = stamps.is_some() || self.profile.unstamped_syn == UnstampedSyn::Refused;
        let recycle_decided = self.profile.has_recycle && self.sysctls.tcp_tw_recycle != 0 && looked_at;
        self.sysctls.tcp_syncookies == 0 && left < most >> 2 && !recycle_decided
    }

    fn has_known_round_trip(&self, syn: &Segment) -> bool {
        self.profile.reserved_quarter == ReservedQuarter::Rtt
            && self.peers.known(syn.src.addr).is_some_and(|metrics| metrics.srtt_us != 0)
    }
}
