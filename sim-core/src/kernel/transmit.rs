//! Sending: the segments of connections, and answers that need no connection.

use super::counter::Counter;
use super::drop_reason::DropReason;
use super::socket::OddAcks;
use super::{Environment, Kernel};
use crate::addr::FourTuple;
use crate::kernel_version::Profile;
use crate::segment::{Flags, Segment};
use crate::seq::Seq;
use crate::sysctl::Sysctls;
use crate::time::SimTime;
use crate::timestamp::{Timestamps, Tsval};

/// Bytes of payload in one segment over Ethernet: 1500 less the headers and the timestamp option.
pub(super) const MSS: u32 = 1_448;

/// An acknowledgment that a timewait socket or a request sends (`tcp_v4_send_ack`).
pub(super) struct BareAck {
    pub(super) tuple: FourTuple,
    pub(super) seq: Seq,
    pub(super) ack: Seq,
    pub(super) window: u32,
    pub(super) ts_recent: Tsval,
    pub(super) ts_offset: u32,
}

impl Kernel {
    fn segment_of(&self, slot: usize, flags: Flags, seq: Seq, len: u32) -> Segment {
        let connection = &self.connections[slot];
        let timestamps = connection
            .stamped
            .then(|| Timestamps { tsval: self.tsval_now(connection.ts_offset), tsecr: connection.recent.tsval });
        Segment {
            src: connection.tuple.local,
            dst: connection.tuple.remote,
            flags,
            seq,
            ack: if flags.has(Flags::ACK) { connection.rcv_nxt } else { Seq(0) },
            len,
            window: connection.rcv_wnd,
            timestamps,
        }
    }

    /// Sends a segment of a connection; every one of them acknowledges all that has come.
    fn emit<S: Environment>(&mut self, slot: usize, segment: Segment, retransmission: u8, env: &mut S) {
        let connection = &mut self.connections[slot];
        connection.rcv_wup = connection.rcv_nxt;
        env.transmit(segment, retransmission);
    }

    /// Sends a segment that takes up sequence space, and watches over its delivery.
    fn send_new<S: Environment>(&mut self, slot: usize, flags: Flags, len: u32, env: &mut S) {
        let segment = self.segment_of(slot, flags, self.connections[slot].snd_nxt, len);
        let now = self.now;
        let connection = &mut self.connections[slot];
        if connection.all_acknowledged() {
            connection.oldest_sent = now;
        }
        connection.newest_sent = now;
        connection.snd_nxt = segment.end_seq();
        if !self.connections[slot].timer.is_running() {
            self.set_retransmit_timer(slot, env);
        }
        self.emit(slot, segment, 0, env);
    }

    pub(super) fn send_ack<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let segment = self.segment_of(slot, Flags::ACK, self.connections[slot].snd_nxt, 0);
        self.emit(slot, segment, 0, env);
    }

    pub(super) fn send_syn<S: Environment>(&mut self, slot: usize, env: &mut S) {
        self.send_new(slot, Flags::SYN, 0, env);
    }

    pub(super) fn send_fin<S: Environment>(&mut self, slot: usize, env: &mut S) {
        self.connections[slot].fin_seq = Some(self.connections[slot].snd_nxt);
        self.send_new(slot, Flags::FIN.with(Flags::ACK), 0, env);
    }

    /// Sends `len` bytes in segments of at most one MSS, the last with PSH.
    pub(super) fn send_data<S: Environment>(&mut self, slot: usize, len: u32, env: &mut S) {
        let mut rest = len;
        while rest > 0 {
            let part = rest.min(MSS);
            rest -= part;
            let flags = if rest == 0 { Flags::PSH.with(Flags::ACK) } else { Flags::ACK };
            self.send_new(slot, flags, part, env);
        }
    }

    /// Ends a connection by RST on our own account (`tcp_send_active_reset`).
    pub(super) fn send_active_reset<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let segment = self.segment_of(slot, Flags::RST.with(Flags::ACK), self.connections[slot].snd_nxt, 0);
        self.emit(slot, segment, 0, env);
    }

    /// Sends the oldest unacknowledged segment again.
    pub(super) fn retransmit<S: Environment>(&mut self, slot: usize, env: &mut S) {
        let connection = &mut self.connections[slot];
        connection.retransmissions = connection.retransmissions.saturating_add(1);
        let (una, nxt, fin_seq) = (connection.snd_una, connection.snd_nxt, connection.fin_seq);
        let retransmission = connection.retransmissions;
        let is_syn = connection.state == super::state::State::SynSent;
        let unacknowledged = nxt.past(una) - u32::from(fin_seq.is_some()) - u32::from(is_syn);
        let len = unacknowledged.min(MSS);
        let flags = match fin_seq {
            _ if is_syn => Flags::SYN,
            Some(fin) if fin == una + len => Flags::FIN.with(Flags::ACK),
            _ => Flags::PSH.with(Flags::ACK),
        };
        let segment = self.segment_of(slot, flags, una, len);
        self.emit(slot, segment, retransmission, env);
    }

    /// RFC 5961: an ACK that makes a real peer show itself, at most one in 500 ms (`tcp_send_challenge_ack`).
    pub(super) fn send_challenge_ack<S: Environment>(&mut self, slot: usize, env: &mut S) {
        if !self.connections[slot].odd_acks.allow(self.profile, &self.sysctls, self.now) {
            self.count(Counter::TcpAckSkippedChallenge, env);
            return;
        }
        self.count(Counter::TcpChallengeAck, env);
        self.send_ack(slot, env);
    }

    /// Answers a segment that cannot be taken with an ACK, unless one went out just now (`tcp_oow_rate_limited`).
    pub(super) fn answer_odd<S: Environment>(&mut self, slot: usize, odd: &Segment, skipped: Counter, env: &mut S) {
        let odd_acks = &mut self.connections[slot].odd_acks;
        if may_answer(odd_acks, odd, self.profile, &self.sysctls, self.now) {
            self.send_ack(slot, env);
        } else {
            self.count(skipped, env);
        }
    }

    /// `tcp_v4_send_ack`: no connection behind it; the timestamp option only where a timestamp is to be echoed.
    pub(super) fn send_bare_ack<S: Environment>(&self, ack: &BareAck, env: &mut S) {
        let echoes = ack.ts_recent != Tsval(0);
        let timestamps = echoes.then(|| Timestamps { tsval: self.tsval_now(ack.ts_offset), tsecr: ack.ts_recent });
        env.transmit(
            Segment {
                src: ack.tuple.local,
                dst: ack.tuple.remote,
                flags: Flags::ACK,
                seq: ack.seq,
                ack: ack.ack,
                len: 0,
                window: ack.window,
                timestamps,
            },
            0,
        );
    }
}

/// Whether an odd segment is to be answered now. Data and FIN are no part of an ACK loop and always are.
pub(super) fn may_answer(
    acks: &mut OddAcks,
    odd: &Segment,
    profile: &Profile,
    sysctls: &Sysctls,
    now: SimTime,
) -> bool {
    (odd.seq != odd.end_seq() && !odd.syn()) || acks.allow(profile, sysctls, now)
}

/// Drops a segment and answers it with a RST.
pub(super) fn reset<S: Environment>(segment: &Segment, reason: DropReason, env: &mut S) {
    Kernel::dropped(segment, reason, env);
    send_reset(segment, env);
}

/// Answers a segment that was dropped with a RST, and never a RST with a RST (`tcp_v4_send_reset`).
pub(super) fn send_reset<S: Environment>(segment: &Segment, env: &mut S) {
    if segment.rst() {
        return;
    }
    let (flags, seq, ack) = if segment.has_ack() {
        (Flags::RST, segment.ack, Seq(0))
    } else {
        (Flags::RST.with(Flags::ACK), Seq(0), segment.end_seq())
    };
    let reply = Segment { src: segment.dst, dst: segment.src, flags, seq, ack, len: 0, window: 0, timestamps: None };
    env.transmit(reply, 0);
}
