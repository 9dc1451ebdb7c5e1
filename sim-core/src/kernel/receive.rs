//! A segment arrives on a connection: RFC 9293, 3.10.7.4, in the order of `tcp_rcv_state_process`.

use super::counter::Counter;
use super::drop_reason::DropReason;
use super::socket::SocketId;
use super::state::State;
use super::transmit::reset;
use super::{Environment, Kernel, Wake};
use crate::segment::Segment;
use crate::trace::{Errno, Event, Timer};

impl Kernel {
    /// Judges a segment for a connection and takes what can be taken.
    pub(super) fn connection_receives<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        if self.connections[slot].state == State::SynSent {
            return self.syn_sent_receives(slot, segment, env);
        }
        let bare_syn = segment.syn() && self.profile.examines_bare_syn;
        if !segment.has_ack() && !segment.rst() && !bare_syn {
            return Self::dropped(segment, DropReason::NoUsefulFlag, env);
        }
        if !self.validate(slot, segment, env) || !self.acknowledge(slot, segment, env) {
            return;
        }
        self.acknowledged_state(slot, segment, env);
    }

    /// Step 5 for each state: what follows from the acknowledgment, then the text of the segment.
    fn acknowledged_state<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let connection = &self.connections[slot];
        let all = connection.all_acknowledged();
        let goes_on = match connection.state {
            // The handshake is complete; the window is known now, and with it the first timeout.
            State::SynRecv => {
                self.established(slot, segment, env);
                true
            }
            // Our FIN is acknowledged: what is left fits in a timewait socket, unless the peer's FIN is in here too.
            State::FinWait1 if all => self.enter_fin_wait_2(slot, segment, env),
            State::Closing if all => {
                self.enter_time_wait(slot, State::TimeWait, env);
                false
            }
            State::LastAck if all => {
                self.peers.keep_round_trip(connection.tuple.remote.addr, &connection.rtt);
                self.finish(slot, env);
                false
            }
            _ => true,
        };
        if goes_on {
            self.take_text(slot, segment, env);
        }
    }

    fn established<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        self.set_state(slot, State::Established, env);
        if self.connections[slot].rtt.srtt_us == 0 {
            self.measure_by_echo(slot, segment);
        }
        let connection = &mut self.connections[slot];
        connection.snd_wl1 = segment.seq;
        let cached = self.peers.known(connection.tuple.remote.addr).map_or(0, |metrics| metrics.srtt_us);
        connection.rtt.seed(cached);
    }

    /// Steps 6 to 8: the payload and the FIN.
    fn take_text<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let connection = &self.connections[slot];
        let past_fin = matches!(connection.state, State::CloseWait | State::Closing | State::LastAck);
        if past_fin && !segment.seq.before(connection.rcv_nxt) {
            return;
        }
        // RFC 1122, 4.2.2.13: data after close() is answered by a RST, so that the peer knows that it is lost.
        let fin_taken = past_fin || connection.orphan;
        let carries_new_data = (segment.end_seq() - u32::from(segment.fin())).after(connection.rcv_nxt);
        if fin_taken && segment.end_seq() != segment.seq && carries_new_data {
            self.count(Counter::TcpAbortOnData, env);
            reset(segment, DropReason::DataAfterClose, env);
            return self.finish(slot, env);
        }
        self.queue_text(slot, segment, env);
    }

    /// `tcp_data_queue`.
    fn queue_text<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        let (seq, end) = (segment.seq, segment.end_seq());
        if seq == end {
            return;
        }
        let connection = &mut self.connections[slot];
        if !end.after(connection.rcv_nxt) {
            return self.send_ack(slot, env);
        }
        if seq.after(connection.rcv_nxt) {
            connection.out_of_order.push((seq, end, segment.fin()));
            return self.send_ack(slot, env);
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
            env.wake(Wake::Readable(id, bytes));
        }
        if fin { self.fin_arrives(slot, env) } else { self.send_ack(slot, env) }
    }

    /// `tcp_fin`.
    fn fin_arrives<S: Environment>(&mut self, slot: usize, env: &mut S) {
        self.connections[slot].out_of_order.clear();
        match self.connections[slot].state {
            // The program will read end of file and is expected to close.
            State::Established => {
                self.set_state(slot, State::CloseWait, env);
                self.send_ack(slot, env);
                let connection = &self.connections[slot];
                if connection.held {
                    env.wake(Wake::PeerClosed(SocketId::new(slot, connection.serial)));
                }
            }
            // Both closed at once.
            State::FinWait1 => {
                self.send_ack(slot, env);
                self.set_state(slot, State::Closing, env);
            }
            // The peer's half is closed too; its FIN may have to be acknowledged once more, hence TIME_WAIT.
            State::FinWait2 => {
                self.send_ack(slot, env);
                self.enter_time_wait(slot, State::TimeWait, env);
            }
            _ => self.send_ack(slot, env),
        }
    }

    /// The retransmission timer of a connection, or the end of a long FIN_WAIT2.
    pub(super) fn connection_timer_fires<S: Environment>(&mut self, slot: usize, env: &mut S) {
        self.connections[slot].timer.stop();
        let connection = &self.connections[slot];
        let (tuple, state) = (connection.tuple, connection.state);
        env.about(connection.attempt);
        let timer = if state == State::FinWait2 { Timer::FinWait2 } else { Timer::Retransmit };
        env.record(Event::TimerFired { tuple, timer });
        if state == State::FinWait2 {
            return self.long_fin_wait_2_ends(slot, env);
        }
        if self.gives_up(slot) {
            let (id, tell) = (SocketId::new(slot, self.connections[slot].serial), self.connections[slot].held);
            self.count(Counter::TcpAbortOnTimeout, env);
            self.finish(slot, env);
            if tell {
                env.wake(Wake::Failed(id, Errno::Etimedout));
            }
            return;
        }
        self.retransmit(slot, env);
        self.back_off(slot);
        self.set_retransmit_timer(slot, env);
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
