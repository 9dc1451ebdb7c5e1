//! Timewait sockets: how a connection becomes one (R3, R5), how it answers segments (R6), and how it ends.

use super::counter::Counter;
use super::drop_reason::DropReason;
use super::request::in_window;
use super::socket::{OddAcks, SocketRef, Timewait};
use super::state::State;
use super::timer::{Armed, TimerOf, timewait_firing};
use super::transmit::{BareAck, may_answer, reset};
use super::{Environment, Kernel};
use crate::kernel_version::{TIMEWAIT_LEN, TimewaitTimer};
use crate::segment::Segment;
use crate::seq::Seq;
use crate::time::Span;
use crate::timestamp::Timestamps;
use crate::trace::{Event, Takeover, Timer};

/// How far past the old connection's numbers its successor starts (`tcp_timewait_state_process`): a window and two.
const PAST_OLD_NUMBERS: u32 = 65_535 + 2;
/// Up to this long a timewait socket counts as `TWKilled` when it ends, else as `TW` (`tw_kill`: four seconds).
const KILLED_UP_TO: Span = Span::from_secs(4);

impl Timewait {
    /// The sequence number for a connection that takes this four-tuple over; never 0, which would mean "none".
    pub(super) fn isn_for_successor(&self) -> Seq {
        match self.snd_nxt + PAST_OLD_NUMBERS {
            Seq(0) => Seq(1),
            isn => isn,
        }
    }
}

impl Kernel {
    /// Our FIN is acknowledged. `false` when that was the end of the full socket.
    pub(super) fn enter_fin_wait_2<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) -> bool {
        self.set_state(slot, State::FinWait2, env);
        let rcv_nxt = self.connections[slot].rcv_nxt;
        let data_end = segment.end_seq() - u32::from(segment.fin());
        if segment.end_seq() != segment.seq && data_end.after(rcv_nxt) {
            self.count(Counter::TcpAbortOnData, env);
            reset(segment, DropReason::DataAfterClose, env);
            self.finish(slot, env);
            return false;
        }
        let patience = self.fin_timeout(slot);
        if patience > TIMEWAIT_LEN {
            self.wait_in_fin_wait_2(slot, patience.without(TIMEWAIT_LEN), env);
            true
        } else if segment.fin() {
            // The rest of this segment is about to end FIN_WAIT2.
            true
        } else {
            self.enter_timewait_socket(slot, State::FinWait2, patience, env);
            false
        }
    }

    /// `tcp_fin_time`: `tcp_fin_timeout`, but at least 3.5 x RTO.
    fn fin_timeout(&self, slot: usize) -> Span {
        let wanted = Span::from_secs(u64::from(self.sysctls.tcp_fin_timeout));
        wanted.max(self.connections[slot].rtt.three_and_a_half_rto())
    }

    fn wait_in_fin_wait_2<S: Environment>(&mut self, slot: usize, wait: Span, env: &mut S) {
        let expires = self.now + wait;
        let connection = &mut self.connections[slot];
        connection.timer = self.timers.set(TimerOf::Connection(slot as u32), self.now, expires);
        env.record(Event::TimerSet { tuple: connection.tuple, timer: Timer::FinWait2, expires });
    }

    /// `tcp_keepalive_timer`: the last minute of a long FIN_WAIT2 is spent as a timewait socket.
    pub(super) fn long_fin_wait_2_ends<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let patience = self.fin_timeout(slot);
        if patience > TIMEWAIT_LEN {
            self.enter_timewait_socket(slot, State::FinWait2, patience.without(TIMEWAIT_LEN), env);
        } else {
            self.send_active_reset(slot, env);
            self.finish(slot, env);
        }
    }

    /// Both sides have closed and we did first, or both at once.
    pub(super) fn enter_time_wait<S: Environment>(&mut self, slot: usize, substate: State, env: &mut S) {
        self.enter_timewait_socket(slot, substate, Span::ZERO, env);
    }

    /// `tcp_time_wait`: the timestamp is remembered first, whether or not there is room for the socket (R3).
    fn enter_timewait_socket<S: Environment>(&mut self, slot: usize, substate: State, wait: Span, env: &mut S) {
        let connection = &self.connections[slot];
        let (tuple, recent) = (connection.tuple, connection.recent);
        let remembered = self.sysctls.tcp_tw_recycle != 0 && recent.at.0 != 0 && {
            self.remember(tuple.remote.addr, recent, env);
            true
        };
        if self.timewaits.len() >= self.sysctls.tcp_max_tw_buckets as usize {
            self.count(Counter::TcpTimeWaitOverflow, env);
            let connection = &self.connections[slot];
            self.peers.keep_round_trip(tuple.remote.addr, &connection.rtt);
            return self.finish(slot, env);
        }
        let connection = &self.connections[slot];
        let short = connection.rtt.three_and_a_half_rto();
        let timeout = if remembered { short } else { TIMEWAIT_LEN };
        let first_wait = match substate {
            State::TimeWait if !remembered => TIMEWAIT_LEN,
            _ => wait.max(short),
        };
        let old = connection.state;
        let timewait = Timewait {
            tuple,
            attempt: connection.attempt,
            substate,
            bound: connection.bound,
            rcv_nxt: connection.rcv_nxt,
            snd_nxt: connection.snd_nxt,
            rcv_wnd: connection.receive_window(),
            recent,
            ts_offset: connection.ts_offset,
            timeout,
            entered: self.now,
            expires: self.now,
            odd_acks: OddAcks::default(),
            timer: Armed::default(),
        };
        self.peers.keep_round_trip(tuple.remote.addr, &connection.rtt);
        if old != substate {
            env.record(Event::StateSet { tuple, old, new: substate });
        }
        // The port stays bound: the timewait socket takes that over.
        self.connections[slot].bound = false;
        self.leave_table(slot);
        if self.timewaits.is_empty() {
            self.calendar.start(self.now);
        }
        let timewait_slot = self.timewaits.insert(timewait);
        self.table.insert(tuple, SocketRef::Timewait(timewait_slot as u32));
        self.set_timewait_timer(timewait_slot, first_wait, env);
    }

    fn remember<S: Environment>(&mut self, peer: std::net::Ipv4Addr, recent: super::paws::Recent, env: &mut S) {
        if self.peers.remember(peer, recent, self.seconds()) {
            env.record(Event::StampRemembered { peer, tsval: recent.tsval, at: recent.at });
        }
    }

    fn set_timewait_timer<S: Environment>(&mut self, slot: usize, wait: Span, env: &mut S) {
        if self.profile.timewait_timer == TimewaitTimer::Calendar && self.timewaits.len() == 1 {
            self.calendar.start(self.now);
        }
        let firing = timewait_firing(self.profile, &self.clock, self.calendar, self.now, wait);
        let timewait = &mut self.timewaits[slot];
        timewait.expires = firing.nominal;
        timewait.timer = self.timers.set(TimerOf::Timewait(slot as u32), self.now, firing.actual);
        env.record(Event::TimerSet { tuple: timewait.tuple, timer: Timer::TimeWait, expires: firing.nominal });
    }

    /// R6, `tcp_timewait_state_process`.
    pub(super) fn timewait_receives<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let timewait = &self.timewaits[slot];
        let stamps = self.stamps_if_on(segment).filter(|_| timewait.recent.at.0 != 0);
        let old = stamps.is_some_and(|stamps| timewait.recent.rejects(stamps.tsval, segment.rst(), self.seconds()));
        if timewait.substate == State::FinWait2 {
            self.fin_wait_2_receives(slot, segment, stamps, old, env);
        } else {
            self.time_wait_receives(slot, segment, stamps, old, env);
        }
    }

    /// The peer has not closed yet: the checks of `tcp_rcv_state_process` once more.
    fn fin_wait_2_receives<S: Environment>(
        &mut self,
        slot: usize,
        segment: &Segment,
        stamps: Option<Timestamps>,
        old: bool,
        env: &mut S,
    ) {
        let timewait = &self.timewaits[slot];
        let rcv_nxt = timewait.rcv_nxt;
        if old || !in_window(segment, rcv_nxt, rcv_nxt + timewait.rcv_wnd) {
            return self.timewait_answers(slot, segment, Counter::TcpAckSkippedFinWait2, env);
        }
        if segment.rst() {
            return self.drop_timewait(slot, env);
        }
        if segment.syn() && !segment.seq.before(rcv_nxt) {
            return self.timewait_resets(slot, segment, env);
        }
        let empty = segment.seq == segment.end_seq();
        if !segment.has_ack() || !segment.end_seq().after(rcv_nxt) || empty {
            return Self::dropped(segment, DropReason::TimeWaitSilent, env);
        }
        if !segment.fin() || segment.end_seq() != rcv_nxt + 1 {
            return self.timewait_resets(slot, segment, env);
        }
        self.fin_ends_fin_wait_2(slot, segment, stamps, env);
    }

    /// The awaited FIN: true TIME_WAIT, and the timestamp is remembered again (R3).
    fn fin_ends_fin_wait_2<S: Environment>(
        &mut self,
        slot: usize,
        fin: &Segment,
        stamps: Option<Timestamps>,
        env: &mut S,
    ) {
        let (now, seconds) = (self.now, self.seconds());
        let timewait = &mut self.timewaits[slot];
        timewait.substate = State::TimeWait;
        timewait.rcv_nxt = fin.end_seq();
        if let Some(stamps) = stamps {
            timewait.entered = now;
            timewait.recent = super::paws::Recent { tsval: stamps.tsval, at: seconds };
        }
        let (tuple, recent, timeout) = (timewait.tuple, timewait.recent, timewait.timeout);
        env.record(Event::StateSet { tuple, old: State::FinWait2, new: State::TimeWait });
        let recycles = self.sysctls.tcp_tw_recycle != 0 && recent.at.0 != 0;
        let known = self.peers.known(tuple.remote.addr).is_some();
        if recycles && known {
            self.remember(tuple.remote.addr, recent, env);
        }
        let wait = if recycles && known { timeout } else { TIMEWAIT_LEN };
        self.set_timewait_timer(slot, wait, env);
        self.send_timewait_ack(slot, env);
    }

    /// True TIME_WAIT.
    fn time_wait_receives<S: Environment>(
        &mut self,
        slot: usize,
        segment: &Segment,
        stamps: Option<Timestamps>,
        old: bool,
        env: &mut S,
    ) {
        let timewait = &self.timewaits[slot];
        let empty = segment.seq == segment.end_seq();
        if !old && segment.seq == timewait.rcv_nxt && (empty || segment.rst()) {
            return self.expected_segment(slot, segment, stamps, env);
        }
        let newer = stamps.is_some_and(|stamps| timewait.recent.tsval.minus(stamps.tsval) < 0);
        if segment.opens() && !segment.rst() && !old && (segment.seq.after(timewait.rcv_nxt) || newer) {
            return self.syn_takes_over(slot, segment, env);
        }
        if old {
            let counter = if self.profile.has_paws_timewait { Counter::PawsTimewait } else { Counter::PawsEstab };
            self.count(counter, env);
        }
        if segment.rst() {
            return Self::dropped(segment, DropReason::TimeWaitSilent, env);
        }
        // A SYN that is no old duplicate may be a new connection whose number happens to be low: its arrival proves
        // nothing, so it does not make the wait longer.
        if old || segment.has_ack() {
            self.set_timewait_timer(slot, TIMEWAIT_LEN, env);
        }
        self.timewait_answers(slot, segment, Counter::TcpAckSkippedTimeWait, env);
    }

    /// At exactly `rcv_nxt` comes a RST, which ends TIME_WAIT (RFC 1337 warns of that), or a bare ACK.
    fn expected_segment<S: Environment>(
        &mut self,
        slot: usize,
        segment: &Segment,
        stamps: Option<Timestamps>,
        env: &mut S,
    ) {
        if segment.rst() && self.sysctls.tcp_rfc1337 == 0 {
            return self.drop_timewait(slot, env);
        }
        Self::dropped(segment, DropReason::TimeWaitSilent, env);
        if !segment.rst() || self.profile.rst_restarts_time_wait {
            self.set_timewait_timer(slot, TIMEWAIT_LEN, env);
        }
        if let Some(stamps) = stamps {
            let at = self.seconds();
            self.timewaits[slot].recent = super::paws::Recent { tsval: stamps.tsval, at };
        }
    }

    /// A new connection may have the four-tuple, if somebody listens.
    fn syn_takes_over<S: Environment>(&mut self, slot: usize, syn: &Segment, env: &mut S) {
        if self.listener_at(syn.dst.port).is_none() {
            return self.timewait_acks(slot, syn, env);
        }
        let timewait = &self.timewaits[slot];
        let (tuple, isn) = (timewait.tuple, timewait.isn_for_successor());
        env.record(Event::TimeWaitTaken { tuple, by: Takeover::Syn });
        self.drop_timewait(slot, env);
        self.listener_receives(syn, Some(isn), env);
    }

    fn timewait_resets<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        reset(segment, DropReason::TimeWaitReset, env);
        self.drop_timewait(slot, env);
    }

    /// `tcp_timewait_check_oow_rate_limit`.
    fn timewait_answers<S: Environment>(&mut self, slot: usize, segment: &Segment, skipped: Counter, env: &mut S) {
        let odd_acks = &mut self.timewaits[slot].odd_acks;
        if may_answer(odd_acks, segment, self.profile, &self.sysctls, self.now) {
            self.timewait_acks(slot, segment, env);
        } else {
            Self::dropped(segment, DropReason::TimeWaitRateLimited, env);
            self.count(skipped, env);
        }
    }

    fn timewait_acks<S: Environment>(&self, slot: usize, segment: &Segment, env: &mut S) {
        Self::dropped(segment, DropReason::TimeWaitAcked, env);
        self.send_timewait_ack(slot, env);
    }

    fn send_timewait_ack<S: Environment>(&self, slot: usize, env: &mut S) {
        let timewait = &self.timewaits[slot];
        let ack = BareAck {
            tuple: timewait.tuple,
            seq: timewait.snd_nxt,
            ack: timewait.rcv_nxt,
            window: timewait.rcv_wnd,
            ts_recent: timewait.recent.tsval,
            ts_offset: timewait.ts_offset,
        };
        self.send_bare_ack(&ack, env);
    }

    pub(super) fn timewait_timer_fires<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let timewait = &self.timewaits[slot];
        env.about(timewait.attempt);
        let short = timewait.timeout <= KILLED_UP_TO;
        env.record(Event::TimerFired { tuple: timewait.tuple, timer: Timer::TimeWait });
        self.count(if short { Counter::TwKilled } else { Counter::Tw }, env);
        self.drop_timewait(slot, env);
    }

    /// Ends a timewait socket.
    pub(super) fn drop_timewait<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let timewait = self.timewaits.remove(slot);
        self.table.remove(timewait.tuple);
        if timewait.bound {
            self.unbind(timewait.tuple.local.port);
        }
        env.record(Event::StateSet { tuple: timewait.tuple, old: timewait.substate, new: State::Close });
    }
}
