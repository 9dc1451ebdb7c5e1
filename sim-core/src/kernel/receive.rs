//! A segment arrives on a connection: RFC 9293, 3.10.7.4 in the order of `tcp_rcv_state_process`, with RFC 5961 and PAWS.

use super::drop_reason::DropReason;
use super::mib::Counter;
use super::socket::SocketId;
use super::state::State;
use super::transmit::reset;
use super::{Kernel, Surroundings, Wake};
use crate::kernel_version::{ClosingAck, PAWS_WINDOW};
use crate::segment::Segment;
use crate::seq::Seq;
use crate::timestamp::{Timestamps, Tsval};
use crate::trace::{Errno, Event, Timer};

/// What `tcp_ack` says of an acknowledgment number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Acknowledgment {
    /// It moves `snd_una` or stays there.
    Acceptable,
    /// It lies a little before `snd_una`.
    Old,
    /// It lies more than a window before `snd_una` (RFC 5961, 5.2).
    TooOld,
    /// It acknowledges what was never sent.
    Unsent,
}

impl Kernel {
    /// Judges a segment for a connection and takes what can be taken.
    pub(super) fn connection_receives<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        if self.connections[slot].state == State::SynSent {
            return self.syn_sent_receives(slot, segment, around);
        }
        let bare_syn = segment.syn() && self.profile.examines_bare_syn;
        if !segment.has_ack() && !segment.rst() && !bare_syn {
            return Self::dropped(segment, DropReason::NoUsefulFlag, around);
        }
        if !self.validate(slot, segment, around) || !self.acknowledge(slot, segment, around) {
            return;
        }
        self.acknowledged_state(slot, segment, around);
    }

    /// Step 5 for each state: what follows from the acknowledgment, then the text of the segment.
    fn acknowledged_state<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        let connection = &self.connections[slot];
        let all = connection.all_acknowledged();
        match connection.state {
            // The handshake is complete; the window is known now, and with it the first timeout.
            State::SynRecv => self.established(slot, segment, around),
            // Our FIN is acknowledged: what is left fits in a timewait socket, unless the peer's FIN is in here too.
            State::FinWait1 if all => {
                if !self.enter_fin_wait_2(slot, segment, around) {
                    return;
                }
            }
            State::Closing if all => return self.enter_time_wait(slot, State::TimeWait, around),
            State::LastAck if all => {
                let connection = &self.connections[slot];
                self.peers.keep_round_trip(connection.tuple.remote.addr, &connection.rtt);
                return self.finish(slot, around);
            }
            _ => {}
        }
        self.take_text(slot, segment, around);
    }

    fn established<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        self.set_state(slot, State::Established, around);
        if self.connections[slot].rtt.srtt_us == 0 {
            self.measure_by_echo(slot, segment);
        }
        let connection = &mut self.connections[slot];
        connection.snd_wl1 = segment.seq;
        let cached = self.peers.known(connection.tuple.remote.addr).map_or(0, |metrics| metrics.srtt_us);
        connection.rtt.seed(cached);
    }

    /// `tcp_validate_incoming`: PAWS, sequence number, RST, SYN. `false` when the segment is dealt with.
    fn validate<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) -> bool {
        if let Some(old) = self.old_timestamp(slot, segment)
            && !segment.rst()
        {
            if self.profile.sorts_old_timestamps && segment.syn() {
                return self.challenge_syn(slot, segment, around);
            }
            Self::dropped(segment, DropReason::Paws, around);
            self.count(old, around);
            if old == Counter::PawsEstab {
                self.answer_odd(slot, segment, Counter::TcpAckSkippedPaws, around);
            }
            return false;
        }
        let connection = &self.connections[slot];
        let end = connection.rcv_nxt + connection.receive_window();
        if segment.end_seq().before(connection.rcv_wup) || segment.seq.after(end) {
            return self.out_of_window(slot, segment, around);
        }
        if segment.rst() {
            self.reset_arrives(slot, segment, around);
            return false;
        }
        if segment.syn() {
            return self.challenge_syn(slot, segment, around);
        }
        true
    }

    fn challenge_syn<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) -> bool {
        Self::dropped(segment, DropReason::SynOnConnection, around);
        self.count(Counter::TcpSynChallenge, around);
        self.send_challenge_ack(slot, around);
        false
    }

    fn out_of_window<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) -> bool {
        if segment.rst() {
            if self.ends_just_before(slot, segment) {
                self.reset_by_peer(slot, around);
            } else {
                Self::dropped(segment, DropReason::OutOfWindow, around);
            }
        } else if segment.syn() {
            return self.challenge_syn(slot, segment, around);
        } else {
            Self::dropped(segment, DropReason::OutOfWindow, around);
            self.answer_odd(slot, segment, Counter::TcpAckSkippedSeq, around);
        }
        false
    }

    /// RFC 5961, 3.2: only a RST at exactly `rcv_nxt` ends the connection; another one in the window is challenged.
    fn reset_arrives<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        if segment.seq == self.connections[slot].rcv_nxt || self.ends_just_before(slot, segment) {
            self.reset_by_peer(slot, around);
        } else {
            Self::dropped(segment, DropReason::RstNotExact, around);
            self.send_challenge_ack(slot, around);
        }
    }

    /// `tcp_reset_check`: some peers send the RST with the number of their FIN.
    fn ends_just_before(&self, slot: usize, segment: &Segment) -> bool {
        let connection = &self.connections[slot];
        let fin_came = matches!(connection.state, State::CloseWait | State::LastAck | State::Closing);
        self.profile.rst_before_fin_counts && fin_came && segment.seq == connection.rcv_nxt - 1
    }

    fn reset_by_peer<S: Surroundings>(&mut self, slot: usize, around: &mut S) {
        let connection = &self.connections[slot];
        let (id, tell) = (SocketId::new(slot, connection.serial), connection.held);
        self.finish(slot, around);
        if tell {
            around.wake(Wake::Failed(id, Errno::Econnreset));
        }
    }

    /// Which counter an old timestamp moves; `None` when it is not old, or old but harmless
    /// (`tcp_paws_discard`, `tcp_disordered_ack`).
    fn old_timestamp(&self, slot: usize, segment: &Segment) -> Option<Counter> {
        let connection = &self.connections[slot];
        let tsval = connection.saw(segment.timestamps)?.tsval;
        if connection.recent.passes(tsval, PAWS_WINDOW, self.seconds()) {
            return None;
        }
        let pure_ack = segment.has_ack() && segment.seq == segment.end_seq();
        if pure_ack && segment.seq.before(connection.rcv_nxt) && self.profile.sorts_old_timestamps {
            return Some(Counter::PawsOldAck);
        }
        let replay_window_ticks =
            connection.rtt.rto.as_micros() * 1_024 / 1_000 / self.clock.tsval_tick(self.profile).as_micros();
        let harmless = pure_ack
            && segment.seq == connection.rcv_nxt
            && segment.ack == connection.snd_una
            && !self.updates_window(slot, segment)
            && i64::from(connection.recent.tsval.minus(tsval)) <= replay_window_ticks as i64;
        (!harmless).then_some(Counter::PawsEstab)
    }

    /// `tcp_may_update_window`.
    fn updates_window(&self, slot: usize, segment: &Segment) -> bool {
        let connection = &self.connections[slot];
        segment.ack.after(connection.snd_una)
            || segment.seq.after(connection.snd_wl1)
            || (segment.seq == connection.snd_wl1 && segment.window > connection.snd_wnd)
    }

    /// `tcp_ack`, and what an unacceptable one means in this state. `false` when the segment is dealt with.
    fn acknowledge<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) -> bool {
        if !segment.has_ack() {
            Self::dropped(segment, DropReason::NoUsefulFlag, around);
            return false;
        }
        let verdict = self.judge_ack(slot, segment.ack);
        if verdict == Acknowledgment::Acceptable {
            self.take_ack(slot, segment, around);
            return true;
        }
        let unacceptable = matches!(verdict, Acknowledgment::TooOld | Acknowledgment::Unsent);
        let open = self.connections[slot].state == State::Established;
        let (challenge, discard) = match self.profile.closing_ack {
            _ if open => (verdict == Acknowledgment::TooOld, unacceptable),
            ClosingAck::Ignored => (verdict == Acknowledgment::TooOld, false),
            ClosingAck::Challenged => (true, true),
            ClosingAck::ChallengedUnlessOld => (unacceptable, unacceptable),
        };
        if discard {
            Self::dropped(segment, DropReason::BadAck, around);
        }
        if challenge {
            self.send_challenge_ack(slot, around);
        }
        !discard
    }

    fn judge_ack(&self, slot: usize, ack: Seq) -> Acknowledgment {
        let connection = &self.connections[slot];
        let mut window = u64::from(connection.max_window);
        if self.profile.old_ack_within_sent {
            window = window.min(connection.bytes_acked);
        }
        if ack.before(connection.snd_una) {
            let too_old = ack.before(connection.snd_una - window as u32);
            return if too_old { Acknowledgment::TooOld } else { Acknowledgment::Old };
        }
        if ack.after(connection.snd_nxt) { Acknowledgment::Unsent } else { Acknowledgment::Acceptable }
    }

    /// An acceptable acknowledgment: timestamp, window, what it acknowledges.
    pub(super) fn take_ack<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        self.replace_recent(slot, segment);
        if self.updates_window(slot, segment) {
            let connection = &mut self.connections[slot];
            connection.snd_wl1 = segment.seq;
            connection.snd_wnd = segment.window;
            connection.max_window = connection.max_window.max(segment.window);
        }
        let connection = &mut self.connections[slot];
        let acked = segment.ack.past(connection.snd_una);
        if acked == 0 {
            return;
        }
        connection.snd_una = segment.ack;
        connection.bytes_acked += u64::from(acked);
        // Karn: what was sent twice is measured by its echo alone (RFC 6298, 3).
        if connection.retransmissions == 0 {
            let rtt = self.now.since(connection.oldest_sent);
            connection.rtt.measured(rtt, connection.snd_una, connection.snd_nxt);
        } else {
            self.measure_by_echo(slot, segment);
        }
        let connection = &mut self.connections[slot];
        connection.retransmissions = 0;
        connection.oldest_sent = connection.newest_sent;
        connection.timer.stop();
        if connection.all_acknowledged() {
            if connection.held && connection.fin_seq.is_some() {
                around.wake(Wake::Finished(SocketId::new(slot, connection.serial)));
            }
        } else {
            self.set_retransmit_timer(slot, around);
        }
    }

    /// A round trip measured by the timestamp that came back (RFC 7323, 4.1).
    fn measure_by_echo(&mut self, slot: usize, segment: &Segment) {
        let raw_now = self.clock.tsval(self.profile, self.now);
        let tick = self.clock.tsval_tick(self.profile);
        let connection = &mut self.connections[slot];
        let Some(Timestamps { tsecr, .. }) = connection.saw(segment.timestamps) else { return };
        let ticks = raw_now.plus(connection.ts_offset).minus(tsecr);
        if tsecr != Tsval(0)
            && let Ok(ticks) = u64::try_from(ticks)
        {
            connection.rtt.measured(tick.times(ticks), connection.snd_una, connection.snd_nxt);
        }
    }

    /// `tcp_replace_ts_recent`: only segments that start at or before the last acknowledgment count (RFC 7323, 4.3).
    fn replace_recent(&mut self, slot: usize, segment: &Segment) {
        let now = self.seconds();
        let connection = &mut self.connections[slot];
        if let Some(stamps) = connection.saw(segment.timestamps)
            && !segment.seq.after(connection.rcv_wup)
            && connection.recent.passes(stamps.tsval, 0, now)
        {
            connection.store_recent(stamps.tsval, now);
        }
    }

    /// Steps 6 to 8: the payload and the FIN.
    fn take_text<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        let connection = &self.connections[slot];
        let past_fin = matches!(connection.state, State::CloseWait | State::Closing | State::LastAck);
        if past_fin && !segment.seq.before(connection.rcv_nxt) {
            return;
        }
        // RFC 1122, 4.2.2.13: data after close() is answered by a RST, so that the peer knows that it is lost.
        let fin_taken = past_fin || connection.orphan;
        let carries_new_data = (segment.end_seq() - u32::from(segment.fin())).after(connection.rcv_nxt);
        if fin_taken && segment.end_seq() != segment.seq && carries_new_data {
            self.count(Counter::TcpAbortOnData, around);
            reset(segment, DropReason::DataAfterClose, around);
            return self.finish(slot, around);
        }
        self.queue_text(slot, segment, around);
    }

    /// `tcp_data_queue`.
    fn queue_text<S: Surroundings>(&mut self, slot: usize, segment: &Segment, around: &mut S) {
        let (seq, end) = (segment.seq, segment.end_seq());
        if seq == end {
            return;
        }
        let connection = &mut self.connections[slot];
        if !end.after(connection.rcv_nxt) {
            return self.send_ack(slot, around);
        }
        if seq.after(connection.rcv_nxt) {
            connection.out_of_order.push((seq, end, segment.fin()));
            return self.send_ack(slot, around);
        }
        let before = connection.rcv_nxt;
        let mut fin = segment.fin();
        connection.rcv_nxt = end;
        if !fin {
            fin = connection.take_queued();
        }
        let bytes = connection.rcv_nxt.past(before) - u32::from(fin);
        let id = SocketId::new(slot, connection.serial);
        if bytes > 0 && connection.held && !connection.orphan {
            around.wake(Wake::Readable(id, bytes));
        }
        if fin { self.fin_arrives(slot, around) } else { self.send_ack(slot, around) }
    }

    /// `tcp_fin`.
    fn fin_arrives<S: Surroundings>(&mut self, slot: usize, around: &mut S) {
        self.connections[slot].out_of_order.clear();
        match self.connections[slot].state {
            // The program will read end of file and is expected to close.
            State::Established => {
                self.set_state(slot, State::CloseWait, around);
                self.send_ack(slot, around);
                let connection = &self.connections[slot];
                if connection.held {
                    around.wake(Wake::PeerClosed(SocketId::new(slot, connection.serial)));
                }
            }
            // Both closed at once.
            State::FinWait1 => {
                self.send_ack(slot, around);
                self.set_state(slot, State::Closing, around);
            }
            // The peer's half is closed too; its FIN may have to be acknowledged once more, hence TIME_WAIT.
            State::FinWait2 => {
                self.send_ack(slot, around);
                self.enter_time_wait(slot, State::TimeWait, around);
            }
            _ => self.send_ack(slot, around),
        }
    }

    /// The retransmission timer of a connection, or the end of a long FIN_WAIT2.
    pub(super) fn connection_timer_fires<S: Surroundings>(&mut self, slot: usize, around: &mut S) {
        self.connections[slot].timer.stop();
        let connection = &self.connections[slot];
        let (tuple, state) = (connection.tuple, connection.state);
        let timer = if state == State::FinWait2 { Timer::FinWait2 } else { Timer::Retransmit };
        around.record(Event::TimerFired { tuple, timer });
        if state == State::FinWait2 {
            return self.long_fin_wait_2_ends(slot, around);
        }
        if self.gives_up(slot) {
            let (id, tell) = (SocketId::new(slot, self.connections[slot].serial), self.connections[slot].held);
            self.count(Counter::TcpAbortOnTimeout, around);
            self.finish(slot, around);
            if tell {
                around.wake(Wake::Failed(id, Errno::Etimedout));
            }
            return;
        }
        self.retransmit(slot, around);
        self.back_off(slot);
        self.set_retransmit_timer(slot, around);
    }
}

impl super::socket::Connection {
    /// Moves `rcv_nxt` over what had come out of order; `true` when that ends in a FIN.
    fn take_queued(&mut self) -> bool {
        while let Some(index) = self.out_of_order.iter().position(|(seq, ..)| !seq.after(self.rcv_nxt)) {
            let (_, end, fin) = self.out_of_order.swap_remove(index);
            if end.after(self.rcv_nxt) {
                self.rcv_nxt = end;
                if fin {
                    return true;
                }
            }
        }
        false
    }
}
