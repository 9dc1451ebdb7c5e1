//! Requests: connections in SYN_RECV that wait for the third segment of the handshake (`tcp_check_req`).

use super::counter::Counter;
use super::drop_reason::DropReason;
use super::paws::Recent;
use super::rtt::{RTO_MAX, TIMEOUT_INIT};
use super::socket::{Connection, Request, SocketRef};
use super::state::State;
use super::timer::TimerOf;
use super::transmit::{BareAck, may_answer, reset, send_reset};
use super::{Environment, Kernel, Wake};
use crate::segment::{Flags, Segment};
use crate::seq::Seq;
use crate::timestamp::{StampSecs, Timestamps, Tsval};
use crate::trace::{Event, Timer};

impl Kernel {
    /// `tcp_check_req`, in its order.
    pub(super) fn request_receives<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let stamps = self.stamps_if_on(segment);
        let request = &self.requests[slot];
        // When the timestamp came is not kept; estimated from the retries (`tcp_check_req`).
        let waited_s = 1_u32 << request.timeouts.min(6);
        let came_at = StampSecs(self.seconds().0.saturating_sub(waited_s));
        let recent = Recent { tsval: request.ts_recent, at: came_at };
        let old = stamps.is_some_and(|stamps| recent.rejects(stamps.tsval, segment.rst(), self.seconds()));
        let rcv_nxt = request.rcv_isn + 1;

        if segment.seq == request.rcv_isn && segment.flags == Flags::SYN && !old {
            return self.syn_repeated(slot, segment, env);
        }
        if segment.has_ack() && segment.ack != request.snt_isn + 1 {
            return self.listener_receives(segment, None, env);
        }
        let strange_echo = self.echoes_none_of_ours(slot, stamps);
        if old || strange_echo || !in_window(segment, rcv_nxt, rcv_nxt + request.window) {
            let reason = match (old, strange_echo) {
                (true, _) => DropReason::Paws,
                (_, true) => DropReason::BadTsecr,
                _ => DropReason::OutOfWindow,
            };
            return self.request_answers_odd(slot, segment, reason, env);
        }
        let newer = stamps.map(|stamps| stamps.tsval).filter(|_| !segment.seq.after(rcv_nxt));
        if let Some(tsval) = newer.filter(|_| !self.profile.defers_request_stamp) {
            self.requests[slot].ts_recent = tsval;
        }
        let syn = segment.syn() && segment.seq != self.requests[slot].rcv_isn;
        if segment.rst() || syn {
            reset(segment, DropReason::RstNotExact, env);
            return self.drop_request(slot, env);
        }
        if !segment.has_ack() {
            return Self::dropped(segment, DropReason::NoUsefulFlag, env);
        }
        self.third_segment_arrives(slot, segment, newer, env);
    }

    /// The same SYN again: so the SYN-ACK again, and the timer anew.
    fn syn_repeated<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let request = &mut self.requests[slot];
        if !may_answer(&mut request.odd_acks, segment, self.profile, &self.sysctls, self.now) {
            return self.count(Counter::TcpAckSkippedSynRecv, env);
        }
        self.resend_synack(slot, env);
        self.set_request_timer(slot, env);
    }

    fn request_answers_odd<S: Environment>(&mut self, slot: usize, segment: &Segment, reason: DropReason, env: &mut S) {
        Self::dropped(segment, reason, env);
        let request = &mut self.requests[slot];
        if !segment.rst() {
            let unlimited = !self.profile.limits_request_acks;
            if unlimited || may_answer(&mut request.odd_acks, segment, self.profile, &self.sysctls, self.now) {
                let ack = BareAck {
                    tuple: request.tuple,
                    seq: request.snt_isn + 1,
                    ack: request.rcv_isn + 1,
                    window: request.window,
                    ts_recent: request.ts_recent,
                    ts_offset: request.ts_offset,
                };
                self.send_bare_ack(&ack, env);
            } else {
                self.count(Counter::TcpAckSkippedSynRecv, env);
            }
        }
        match reason {
            DropReason::Paws => self.count(Counter::PawsEstab, env),
            DropReason::BadTsecr => self.count(Counter::TsEcrRejected, env),
            _ => {}
        }
    }

    /// 6.14 and later: the third segment must echo a TSval between the first and the last SYN-ACK's.
    fn echoes_none_of_ours(&self, slot: usize, stamps: Option<Timestamps>) -> bool {
        let request = &self.requests[slot];
        let (first, last) = request.synack_tsvals;
        let Some(stamps) = stamps.filter(|stamps| stamps.tsecr != Tsval(0)) else { return false };
        let between = stamps.tsecr.minus(first) >= 0 && last.minus(stamps.tsecr) >= 0;
        self.profile.checks_third_ack_tsecr && request.stamped && !between
    }

    /// The handshake is complete, if the accept queue has room.
    fn third_segment_arrives<S: Environment>(
        &mut self,
        slot: usize,
        segment: &Segment,
        newer: Option<Tsval>,
        env: &mut S,
    ) {
        let port = self.requests[slot].port;
        let Some(index) = self.listener_at(port) else { return };
        if self.listeners[index].accept_queue_is_full() {
            self.overflows(segment, env);
            if self.sysctls.tcp_abort_on_overflow != 0 {
                send_reset(segment, env);
                self.drop_request(slot, env);
            } else {
                self.requests[slot].acked = true;
            }
            return;
        }
        let mut request = self.forget_request(slot);
        request.ts_recent = newer.unwrap_or(request.ts_recent);
        self.open_child(index, &request, segment, env);
    }

    /// The third segment finds no room in the accept queue (R14, `tcp_v4_syn_recv_sock`).
    fn overflows<S: Environment>(&mut self, segment: &Segment, env: &mut S) {
        Self::dropped(segment, DropReason::AcceptQueueFull, env);
        self.count(Counter::ListenOverflows, env);
        self.count(Counter::ListenDrops, env);
    }

    /// Whether `segment` answers a cookie that is still good.
    pub(super) fn is_cookie_answer(&self, segment: &Segment) -> bool {
        let wanted = self.sysctls.tcp_syncookies != 0 && segment.has_ack() && !segment.rst();
        wanted
            && self.cookies.recent(self.now)
            && self.cookies.answered(self.now, segment.tuple_at_receiver(), segment.seq, segment.ack)
    }

    /// `cookie_v4_check`: a connection from nothing but what the segment says.
    pub(super) fn cookie_returns<S: Environment>(&mut self, index: usize, segment: &Segment, env: &mut S) {
        self.count(Counter::SyncookiesRecv, env);
        let stamps = self.stamps_if_on(segment);
        let tuple = segment.tuple_at_receiver();
        let request = Request {
            ts_offset: self.timestamp_offset(tuple),
            attempt: env.attempt(),
            ..Request::new(tuple, segment.seq - 1, segment.ack - 1, stamps, self.profile)
        };
        if self.listeners[index].accept_queue_is_full() {
            return self.overflows(segment, env);
        }
        env.record(Event::StateSet { tuple, old: State::Close, new: State::SynRecv });
        self.open_child(index, &request, segment, env);
    }

    /// `tcp_v4_syn_recv_sock` and `tcp_child_process`: the full socket, which then reads the segment itself.
    fn open_child<S: Environment>(&mut self, index: usize, request: &Request, segment: &Segment, env: &mut S) {
        let serial = self.next_serial();
        let mut child = Connection::new(serial, request.tuple, request.snt_isn + 1, request.window, self.now);
        child.state = State::SynRecv;
        child.attempt = request.attempt;
        child.rcv_nxt = request.rcv_isn + 1;
        child.rcv_wup = child.rcv_nxt;
        child.snd_wl1 = request.rcv_isn;
        child.snd_wnd = segment.window;
        child.max_window = segment.window;
        child.stamped = request.stamped;
        child.ts_offset = request.ts_offset;
        if request.stamped {
            child.store_recent(request.ts_recent, self.seconds());
        }
        if let Some(sent) = request.synack_sent.filter(|_| request.retransmissions == 0) {
            child.rtt.measured(self.now.since(sent), child.snd_una, child.snd_nxt);
        }
        let slot = self.connections.insert(child);
        self.table.insert(request.tuple, SocketRef::Connection(slot as u32));
        let listener = &mut self.listeners[index];
        listener.accept_queue.push_back(slot);
        let port = listener.port;
        self.connection_receives(slot, segment, env);
        env.wake(Wake::Acceptable { port });
    }

    pub(super) fn send_synack<S: Environment>(request: &Request, tsval: Tsval, retransmission: u8, env: &mut S) {
        let timestamps = request.stamped.then_some(Timestamps { tsval, tsecr: request.ts_recent });
        let synack = Segment {
            src: request.tuple.local,
            dst: request.tuple.remote,
            flags: Flags::SYN.with(Flags::ACK),
            seq: request.snt_isn,
            ack: request.rcv_isn + 1,
            len: 0,
            window: request.window,
            timestamps,
        };
        env.transmit(synack, retransmission);
    }

    fn resend_synack<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let tsval = self.tsval_now(self.requests[slot].ts_offset);
        let request = &mut self.requests[slot];
        request.retransmissions = request.retransmissions.saturating_add(1);
        request.synack_tsvals.1 = tsval;
        Self::send_synack(request, tsval, request.retransmissions, env);
    }

    fn set_request_timer<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let request = &mut self.requests[slot];
        let expires = self.now + TIMEOUT_INIT.times(1 << request.timeouts.min(16)).min(RTO_MAX);
        request.timer = self.timers.set(TimerOf::Request(slot as u32), self.now, expires);
        env.record(Event::TimerSet { tuple: request.tuple, timer: Timer::Retransmit, expires });
    }

    /// `reqsk_timer_handler`: the SYN-ACK again, or the end.
    pub(super) fn request_timer_fires<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let request = &mut self.requests[slot];
        request.timer.stop();
        env.about(request.attempt);
        let (tuple, port, timeouts) = (request.tuple, request.port, request.timeouts);
        env.record(Event::TimerFired { tuple, timer: Timer::Retransmit });
        let Some(index) = self.listener_at(port) else { return };
        let retries = self.listeners[index].synack_retries(self.profile.syn_queue, self.sysctls.tcp_synack_retries);
        if timeouts >= retries {
            return self.drop_request(slot, env);
        }
        self.resend_synack(slot, env);
        if timeouts == 0 {
            self.listeners[index].young -= 1;
        }
        self.requests[slot].timeouts += 1;
        self.set_request_timer(slot, env);
    }

    /// Ends a request.
    pub(super) fn drop_request<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let request = self.forget_request(slot);
        self.table.remove(request.tuple);
        env.record(Event::StateSet { tuple: request.tuple, old: State::SynRecv, new: State::Close });
    }

    fn forget_request(&mut self, slot: usize) -> Request {
        let request = self.requests.remove(slot);
        if let Some(index) = self.listener_at(request.port) {
            let listener = &mut self.listeners[index];
            listener.requests -= 1;
            listener.young -= usize::from(request.timeouts == 0);
        }
        request
    }
}

/// `tcp_in_window`: whether a segment touches `first..end`.
pub(super) fn in_window(segment: &Segment, first: Seq, end: Seq) -> bool {
    let (seq, end_seq) = (segment.seq, segment.end_seq());
    seq == first || (end_seq.after(first) && seq.before(end)) || (seq == end && seq == end_seq)
}
