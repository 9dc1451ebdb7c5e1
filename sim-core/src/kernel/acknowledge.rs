//! Processing of acknowledgments (`tcp_ack`): acknowledged data, round-trip time, the timestamp to keep.

use super::drop_reason::DropReason;
use super::socket::SocketId;
use super::state::State;
use super::{Environment, Kernel, Wake};
use crate::kernel_version::ClosingAck;
use crate::segment::Segment;
use crate::seq::Seq;
use crate::timestamp::{Timestamps, Tsval};

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
    /// `tcp_ack`, and what an unacceptable one means in this state. `false` when the segment is dealt with.
    pub(super) fn acknowledge<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) -> bool {
        if !segment.has_ack() {
            Self::dropped(segment, DropReason::NoUsefulFlag, env);
            return false;
        }
        let verdict = self.judge_ack(slot, segment.ack);
        if verdict == Acknowledgment::Acceptable {
            self.take_ack(slot, segment, env);
            return true;
        }
        let unacceptable = matches!(verdict, Acknowledgment::TooOld | Acknowledgment::Unsent);
        let open = self.connections[slot].state == State::Established;
        let challenges_unsent = verdict == Acknowledgment::Unsent && self.profile.challenges_unsent;
        let (challenge, discard) = match self.profile.closing_ack {
            _ if open => (verdict == Acknowledgment::TooOld || challenges_unsent, unacceptable),
            ClosingAck::Ignored => (verdict == Acknowledgment::TooOld, false),
            ClosingAck::Challenged => (true, true),
            ClosingAck::ChallengedUnlessOld => (unacceptable, unacceptable),
        };
        if discard {
            Self::dropped(segment, DropReason::BadAck, env);
        }
        if challenge {
            self.send_challenge_ack(slot, env);
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
    pub(super) fn take_ack<S: Environment>(&mut self, slot: usize, segment: &Segment, env: &mut S) {
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
                env.wake(Wake::Finished(SocketId::new(slot, connection.serial)));
            }
        } else {
            self.set_retransmit_timer(slot, env);
        }
    }

    /// A round trip measured by the timestamp that came back (RFC 7323, 4.1).
    pub(super) fn measure_by_echo(&mut self, slot: usize, segment: &Segment) {
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
}
