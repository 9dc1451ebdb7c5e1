//! A server of a capture, played to the model's kernel: the segments that reached it come in by the first door, and what
//! it sent tells what its program did. So the model remembers what the real kernel remembered.
//!
//! The kernel's secrets are bound to what was captured: its initial sequence numbers, its source ports, its clock. Whether
//! a SYN was answered is known from the capture too; the model is only asked why one was not.

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;
use sim_core::addr::{Endpoint, FourTuple};
use sim_core::kernel::state::State;
use sim_core::kernel::{Clock, Environment, Kernel, KernelConfig, SocketId, Wake};
use sim_core::kernel_version::{KernelVersion, TsvalOffset, TsvalUnit};
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::sysctl::Sysctls;
use sim_core::time::SimTime;
use sim_core::timestamp::{Timestamps, Tsval};
use sim_core::trace::{Event, Refusal};

/// More waiting connections than any capture brings: whether a queue was full shows in what the server answered.
const BACKLOG: u32 = 1 << 24;
/// So many connections are followed at once; the oldest are let go first.
const MOST_CONNECTIONS: usize = 200_000;
/// Since boot, for kernels that do not tell.
const SOME_UPTIME_US: i64 = 3_600_000_000;
const RECYCLE: &str = "net.ipv4.tcp_tw_recycle";

/// What the server ran, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Its kernel.
    pub version: KernelVersion,
    /// Its ticks a second; 0 where that is to be told by what it sends.
    pub hz: u32,
    /// Its sysctls by their full names. What this kernel lacks is left out.
    pub sysctls: Vec<(String, String)>,
}

/// What the server answered to a SYN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A SYN-ACK, with its sequence number and timestamp.
    SynAck(Seq, Option<Tsval>),
    /// A RST.
    Reset,
    /// An ACK: a socket of the same four-tuple was there.
    Ack,
    /// Nothing.
    Silence,
}

/// Why nothing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// R1.
    Recycle(Refusal),
    /// A socket of the same four-tuple judged the SYN (R6).
    SameFourTuple,
    /// The model would have answered.
    Unknown,
}

/// A connection that is followed.
#[derive(Clone, Copy, Debug)]
struct Followed {
    socket: Option<SocketId>,
    /// What the server has sent so far ends here.
    sent_until: Seq,
    closed: bool,
    /// How far the model's timestamps are ahead of the captured ones.
    lead: u32,
}

/// The kernel of one server.
#[derive(Debug)]
pub struct Shadow {
    kernel: Kernel,
    wire: Wire,
    recycle: String,
    followed: FxHashMap<FourTuple, Followed>,
    /// In the order in which they came.
    order: VecDeque<FourTuple>,
}

#[derive(Debug, Default)]
struct Wire {
    isn: Seq,
    port_offset: u32,
}

impl Environment for Wire {
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

impl Shadow {
    /// The kernel at `addr` as `ran` describes it, from the moment that is `wall_us` microseconds after 1970 on. `told` is
    /// a timestamp of its own that is captured at a moment, from which follows when it booted where one clock is for all.
    #[must_use]
    pub fn new(addr: Ipv4Addr, ran: &Ran, wall_us: u64, told: Option<(SimTime, Tsval)>) -> Self {
        let profile = ran.version.profile();
        let mut sysctls = Sysctls::defaults(profile);
        for (key, value) in &ran.sysctls {
            // A key that this kernel lacks changes nothing there either.
            let _ = sysctls.write(profile, key, value);
        }
        sysctls.tcp_syncookies = 1;
        let recycle = sysctls.tcp_tw_recycle.to_string();
        let one_clock = profile.tsval_unit == TsvalUnit::Jiffies && profile.tsval_offset == TsvalOffset::None;
        let uptime_us = told.filter(|_| one_clock).map_or(SOME_UPTIME_US, |(at, tsval)| {
            // Jiffies start five minutes before zero (`INITIAL_JIFFIES`).
            let ticks = i64::from(tsval.0.wrapping_add(300 * ran.hz));
            ticks * 1_000_000 / i64::from(ran.hz.max(1)) - at.as_micros() as i64
        });
        let clock = Clock { hz: ran.hz, uptime_us, wall_us };
        let kernel = Kernel::new(KernelConfig { version: ran.version, addr, sysctls, clock, secret: 1 });
        let (followed, order) = (FxHashMap::default(), VecDeque::new());
        Self { kernel, wire: Wire::default(), recycle, followed, order }
    }

    /// Whether recycle would refuse this SYN, which no socket of its four-tuple takes first.
    pub fn would_refuse(&mut self, now: SimTime, syn: &Segment) -> bool {
        self.timers(now);
        self.kernel.state(syn.tuple_at_receiver()) == State::Close && self.kernel.refusal(now, syn).is_some()
    }

    /// A SYN reached the server, which answered so. Where it did not answer: why.
    pub fn syn(&mut self, now: SimTime, syn: &Segment, answer: Answer) -> Option<Why> {
        self.timers(now);
        let tuple = syn.tuple_at_receiver();
        let state = self.kernel.state(tuple);
        match answer {
            Answer::SynAck(isn, tsval) => {
                self.wire.isn = isn;
                let _ = self.kernel.listen(now, tuple.local.port, BACKLOG, &mut self.wire);
                // It was let in, whatever R1 says: there are cookies, and sockets of the same four-tuple.
                self.without_recycle(now, |shadow| shadow.kernel.segment_arrives(now, syn, &mut shadow.wire));
                let lead = tsval.map_or(0, |tsval| self.kernel.tsval(now, tuple).0.wrapping_sub(tsval.0));
                self.follow(tuple, Followed { socket: None, sent_until: isn + 1, closed: false, lead });
                None
            }
            Answer::Ack => {
                self.kernel.segment_arrives(now, syn, &mut self.wire);
                None
            }
            Answer::Reset => None,
            Answer::Silence if state == State::Close => {
                Some(self.kernel.refusal(now, syn).map_or(Why::Unknown, Why::Recycle))
            }
            Answer::Silence => {
                self.kernel.segment_arrives(now, syn, &mut self.wire);
                Some(Why::SameFourTuple)
            }
        }
    }

    /// Another segment reached the server.
    pub fn arrives(&mut self, now: SimTime, segment: &Segment) {
        self.timers(now);
        let tuple = segment.tuple_at_receiver();
        if self.kernel.state(tuple) == State::Close && !self.followed.contains_key(&tuple) {
            self.join(now, segment);
        }
        let lead = self.followed.get(&tuple).map_or(0, |followed| followed.lead);
        let echo = |stamps: Timestamps| Timestamps { tsecr: stamps.tsecr.plus(lead), ..stamps };
        let segment = Segment { timestamps: segment.timestamps.map(echo), ..*segment };
        self.kernel.segment_arrives(now, &segment, &mut self.wire);
        self.accept(now, tuple.local.port);
    }

    /// The server sent a segment that is no answer to a SYN.
    pub fn sends(&mut self, now: SimTime, segment: &Segment) {
        self.timers(now);
        let tuple = segment.tuple_at_receiver().reversed();
        if segment.opens() {
            return self.dials(now, tuple, segment);
        }
        self.accept(now, tuple.local.port);
        let Some(followed) = self.followed.get_mut(&tuple) else { return };
        let Some(socket) = followed.socket else { return };
        let end = segment.seq + segment.len;
        let new = end.0.wrapping_sub(followed.sent_until.0);
        if segment.len > 0 && (new as i32) > 0 && new <= segment.len {
            followed.sent_until = end;
            let _ = self.kernel.send(now, socket, new, &mut self.wire);
        }
        if (segment.fin() || segment.rst()) && !followed.closed {
            followed.closed = true;
            self.kernel.close(now, socket, &mut self.wire);
        }
    }

    fn dials(&mut self, now: SimTime, tuple: FourTuple, syn: &Segment) {
        // A SYN that is sent again opens nothing.
        if self.kernel.state(tuple) == State::SynSent {
            return;
        }
        let (low, _) = self.kernel.sysctls().ip_local_port_range;
        self.wire.isn = syn.seq;
        self.wire.port_offset = u32::from(tuple.local.port.saturating_sub(low));
        let Ok(socket) = self.kernel.connect(now, tuple.remote, None, &mut self.wire) else { return };
        if self.kernel.tuple(socket) == Some(tuple) {
            let stamp = syn.timestamps.map(|stamps| stamps.tsval.0);
            let lead = stamp.map_or(0, |stamp| self.kernel.tsval(now, tuple).0.wrapping_sub(stamp));
            let sent_until = syn.seq + 1;
            self.follow(tuple, Followed { socket: Some(socket), sent_until, closed: false, lead });
        } else {
            self.kernel.close(now, socket, &mut self.wire);
        }
    }

    /// A connection that was open before the capture began: it is joined as if its handshake had been just now.
    fn join(&mut self, now: SimTime, segment: &Segment) {
        if segment.rst() || !segment.has_ack() {
            return;
        }
        let tuple = segment.tuple_at_receiver();
        self.wire.isn = Seq(segment.ack.0.wrapping_sub(1));
        let _ = self.kernel.listen(now, tuple.local.port, BACKLOG, &mut self.wire);
        let before = Seq(segment.seq.0.wrapping_sub(1));
        let syn = Segment { flags: Flags::SYN, seq: before, ack: Seq(0), len: 0, ..*segment };
        self.without_recycle(now, |shadow| shadow.kernel.segment_arrives(now, &syn, &mut shadow.wire));
        let echoed = segment.timestamps.map_or(0, |stamps| stamps.tsecr.0);
        let lead = self.kernel.tsval(now, tuple).0.wrapping_sub(echoed);
        self.follow(tuple, Followed { socket: None, sent_until: segment.ack, closed: false, lead });
        let own = self.kernel.tsval(now, tuple);
        let echo = segment.timestamps.map(|stamps| Timestamps { tsecr: own, ..stamps });
        let ack = Segment { flags: Flags::ACK, len: 0, timestamps: echo, ..*segment };
        self.kernel.segment_arrives(now, &ack, &mut self.wire);
        self.accept(now, tuple.local.port);
    }

    fn without_recycle(&mut self, now: SimTime, act: impl FnOnce(&mut Self)) {
        let on = self.recycle != "0";
        if on {
            let _ = self.kernel.write_sysctl(now, RECYCLE, "0", &mut self.wire);
        }
        act(self);
        if on {
            let recycle = self.recycle.clone();
            let _ = self.kernel.write_sysctl(now, RECYCLE, &recycle, &mut self.wire);
        }
    }

    fn follow(&mut self, tuple: FourTuple, followed: Followed) {
        if self.followed.insert(tuple, followed).is_none() {
            self.order.push_back(tuple);
        }
        if self.order.len() > MOST_CONNECTIONS
            && let Some(oldest) = self.order.pop_front()
        {
            self.followed.remove(&oldest);
        }
    }

    /// Takes all connections that wait.
    fn accept(&mut self, now: SimTime, port: u16) {
        while let Some(socket) = self.kernel.accept(now, port, &mut self.wire) {
            let Some(tuple) = self.kernel.tuple(socket) else { continue };
            if let Some(followed) = self.followed.get_mut(&tuple) {
                followed.socket = Some(socket);
            }
        }
    }

    fn timers(&mut self, until: SimTime) {
        while let Some(deadline) = self.kernel.next_deadline().filter(|deadline| *deadline <= until) {
            self.kernel.timers_fire(deadline, &mut self.wire);
        }
    }
}
