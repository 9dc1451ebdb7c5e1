//! Whether a segment is acceptable: PAWS, sequence number, RST and SYN (`tcp_validate_incoming`, RFC 5961, RFC 7323).

use super::counter::Counter;
use super::drop_reason::DropReason;
use super::socket::SocketId;
use super::state::State;
use super::{Environment, Kernel, Wake};
use crate::kernel_version::PAWS_WINDOW;
use crate::segment::Segment;
use crate::trace::Errno;

impl Kernel {
    /// `tcp_validate_incoming`: PAWS, sequence number, RST, SYN. `false` when the segment is dealt with.
    pub(super) fn validate<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) -> bool {
        if let Some(old) = self.old_timestamp(slot, segment)
            && !segment.rst()
        {
            if self.profile.challenges_old_syn && segment.syn() {
                return self.challenge_syn(slot, segment, env);
            }
            Self::dropped(segment, DropReason::Paws, env);
            self.count(old, env);
            if old == Counter::PawsEstab {
                self.answer_odd(slot, segment, Counter::TcpAckSkippedPaws, env);
            }
            return false;
        }
        let connection = &self.connections[slot];
        let end = connection.rcv_nxt + connection.receive_window();
        if segment.end_seq().before(connection.rcv_wup) || segment.seq.after(end) {
            return self.out_of_window(slot, segment, env);
        }
        if segment.rst() {
            self.reset_arrives(slot, segment, env);
            return false;
        }
        if segment.syn() {
            return self.challenge_syn(slot, segment, env);
        }
        true
    }

    fn challenge_syn<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) -> bool {
        Self::dropped(segment, DropReason::SynOnConnection, env);
        self.count(Counter::TcpSynChallenge, env);
        self.send_challenge_ack(slot, env);
        false
    }

    fn out_of_window<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) -> bool {
        if segment.rst() {
            if self.ends_just_before(slot, segment) {
                self.reset_by_peer(slot, env);
            } else {
                Self::dropped(segment, DropReason::OutOfWindow, env);
            }
        } else if segment.syn() {
            return self.challenge_syn(slot, segment, env);
        } else {
            Self::dropped(segment, DropReason::OutOfWindow, env);
            self.answer_odd(slot, segment, Counter::TcpAckSkippedSeq, env);
        }
        false
    }

    /// RFC 5961, 3.2: only a RST at exactly `rcv_nxt` ends the connection; another one in the window is challenged.
    fn reset_arrives<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
        if segment.seq == self.connections[slot].rcv_nxt || self.ends_just_before(slot, segment) {
            self.reset_by_peer(slot, env);
        } else {
            Self::dropped(segment, DropReason::RstNotExact, env);
            self.send_challenge_ack(slot, env);
        }
    }

    /// `tcp_reset_check`: some peers send the RST with the number of their FIN.
    fn ends_just_before(&self, slot: usize, segment: &Segment) -> bool {
        let connection = &self.connections[slot];
        let fin_came = matches!(connection.state, State::CloseWait | State::LastAck | State::Closing);
        self.profile.rst_before_fin_counts && fin_came && segment.seq == connection.rcv_nxt - 1
    }

    fn reset_by_peer<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let connection = &self.connections[slot];
        let (id, tell) = (SocketId::new(slot, connection.serial), connection.held);
        self.finish(slot, env);
        if tell {
            env.wake(Wake::Failed(id, Errno::Econnreset));
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
        if pure_ack && segment.seq.before(connection.rcv_nxt) && self.profile.ignores_old_ack {
            return Some(Counter::PawsOldAck);
        }
        let replay_window_ticks = connection.rtt.rto.as_micros() * self.profile.replay_ticks_per_s / 1_000_000;
        let harmless = pure_ack
            && segment.seq == connection.rcv_nxt
            && segment.ack == connection.snd_una
            && !self.updates_window(slot, segment)
            && i64::from(connection.recent.tsval.minus(tsval)) <= replay_window_ticks as i64;
        (!harmless).then_some(Counter::PawsEstab)
    }

    /// `tcp_may_update_window`.
    pub(super) fn updates_window(&self, slot: usize, segment: &Segment) -> bool {
        let connection = &self.connections[slot];
        segment.ack.after(connection.snd_una)
            || segment.seq.after(connection.snd_wl1)
            || (segment.seq == connection.snd_wl1 && segment.window > connection.snd_wnd)
    }
}
