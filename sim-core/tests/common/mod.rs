//! A kernel on the bench: what it sends is kept, and the test plays its peers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::Ipv4Addr;

use sim_core::addr::{Endpoint, FourTuple};
use sim_core::kernel::counter::Counter;
use sim_core::kernel::drop_reason::DropReason;
use sim_core::kernel::state::State;
use sim_core::kernel::{Clock, Environment, Kernel, KernelConfig, SocketId, Wake};
use sim_core::kernel_version::KernelVersion;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::sysctl::Sysctls;
use sim_core::time::{SimTime, Span};
use sim_core::timestamp::{Timestamps, Tsval};
use sim_core::trace::{Errno, Event};

/// The kernel's own address.
pub const HOST: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 10);
/// The address that several peers share.
pub const NAT: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
/// The sequence number that every peer starts at.
pub const PEER_ISN: u32 = 1_000_000;

/// What a kernel sent and said.
#[derive(Default)]
pub struct Wire {
    /// The segments with the moments at which they went out.
    pub sent: Vec<(SimTime, Segment)>,
    /// What the program was woken for.
    pub woken: Vec<Wake>,
    /// Why segments were dropped.
    pub drops: Vec<DropReason>,
    now: SimTime,
}

impl Environment for Wire {
    fn transmit(&mut self, segment: Segment, _retransmission: u8) {
        self.sent.push((self.now, segment));
    }
    fn record(&mut self, event: Event) {
        if let Event::SegmentDropped { reason, .. } = event {
            self.drops.push(reason);
        }
    }
    fn wake(&mut self, wake: Wake) {
        self.woken.push(wake);
    }
    fn initial_sequence(&mut self, _tuple: FourTuple) -> Seq {
        Seq(5_000)
    }
}

/// A kernel, the wire, and the moment.
pub struct Bench {
    /// The kernel under test.
    pub kernel: Kernel,
    /// What it sent.
    pub wire: Wire,
    /// The moment.
    pub now: SimTime,
}

impl Bench {
    /// A kernel that has been up for an hour, half a second into a second of the wall clock, listening on port 80.
    pub fn new(version: KernelVersion) -> Self {
        let clock = Clock { hz: 1_000, uptime_us: 3_600_000_000, wall_us: 1_700_000_000_500_000 };
        let sysctls = Sysctls::defaults(version.profile());
        let kernel = Kernel::new(KernelConfig { version, addr: HOST, sysctls, clock, secret: 7 });
        let mut bench = Self { kernel, wire: Wire::default(), now: SimTime::ZERO };
        bench.kernel.listen(bench.now, 80, 128, &mut bench.wire).unwrap();
        bench
    }

    /// The same with a sysctl set.
    pub fn with(mut self, key: &str, value: u32) -> Self {
        self.set(key, value);
        self
    }

    /// Writes a sysctl.
    pub fn set(&mut self, key: &str, value: u32) {
        self.kernel.write_sysctl(self.now, key, &value.to_string(), &mut self.wire).unwrap();
    }

    /// Lets time go by; timers fire on the way.
    pub fn wait(&mut self, span: Span) {
        let until = self.now + span;
        while let Some(deadline) = self.kernel.next_deadline().filter(|deadline| *deadline <= until) {
            self.now = deadline;
            self.wire.now = deadline;
            self.kernel.timers_fire(deadline, &mut self.wire);
        }
        self.now = until;
        self.wire.now = until;
    }

    /// Delivers a segment and returns the first answer to it.
    pub fn deliver(&mut self, segment: Segment) -> Option<Segment> {
        let before = self.wire.sent.len();
        self.wire.now = self.now;
        self.kernel.segment_arrives(self.now, &segment, &mut self.wire);
        self.wire.sent.get(before).map(|(_, segment)| *segment)
    }

    /// A SYN of a peer with clock `tsval`; the flags of the answer.
    pub fn syn(&mut self, peer: Endpoint, tsval: Option<u32>) -> Option<String> {
        self.deliver(segment(peer, Flags::SYN, PEER_ISN, 0, tsval)).map(|answer| answer.flags.to_string())
    }

    /// A whole connection that the server closes first; the peer's clock stands at `tsval` all the time.
    pub fn serve(&mut self, peer: Endpoint, tsval: u32) {
        let synack = self.deliver(segment(peer, Flags::SYN, PEER_ISN, 0, Some(tsval))).unwrap();
        self.deliver(segment(peer, Flags::ACK, PEER_ISN + 1, synack.seq.0 + 1, Some(tsval)));
        let socket = self.kernel.accept(self.now, 80, &mut self.wire).unwrap();
        self.kernel.close(self.now, socket, &mut self.wire);
        let fin = Flags::FIN.with(Flags::ACK);
        self.deliver(segment(peer, fin, PEER_ISN + 1, synack.seq.0 + 2, Some(tsval)));
    }

    /// Opens a connection to a peer, which answers.
    pub fn dial(&mut self, to: Endpoint) -> Result<SocketId, Errno> {
        self.wire.now = self.now;
        let socket = self.kernel.connect(self.now, to, None, &mut self.wire)?;
        let syn = self.wire.sent.last().unwrap().1;
        self.deliver(answer(&syn, Flags::SYN.with(Flags::ACK), PEER_ISN));
        Ok(socket)
    }

    /// Opens a connection to a peer and closes it first, down to TIME_WAIT.
    pub fn dial_and_close(&mut self, to: Endpoint) -> Result<(), Errno> {
        let socket = self.dial(to)?;
        self.kernel.close(self.now, socket, &mut self.wire);
        let fin = self.wire.sent.last().unwrap().1;
        self.deliver(answer(&fin, Flags::FIN.with(Flags::ACK), PEER_ISN + 1));
        Ok(())
    }

    /// The state of the connection with `peer` on port 80.
    pub fn state(&self, peer: Endpoint) -> State {
        self.kernel.state(FourTuple { local: Endpoint::new(HOST, 80), remote: peer })
    }

    /// The value of a counter.
    pub fn counter(&self, counter: Counter) -> u64 {
        self.kernel.counters().value(counter)
    }
}

/// A peer behind the shared address.
pub fn behind_nat(port: u16) -> Endpoint {
    Endpoint::new(NAT, port)
}

/// A segment of `peer` to port 80.
pub fn segment(peer: Endpoint, flags: Flags, seq: u32, ack: u32, tsval: Option<u32>) -> Segment {
    let timestamps = tsval.map(|tsval| Timestamps { tsval: Tsval(tsval), tsecr: Tsval(0) });
    let dst = Endpoint::new(HOST, 80);
    Segment { src: peer, dst, flags, seq: Seq(seq), ack: Seq(ack), len: 0, window: 65_535, timestamps }
}

/// What the peer of an outgoing connection answers to `got`, with a clock that stands still.
fn answer(got: &Segment, flags: Flags, seq: u32) -> Segment {
    let timestamps = got.timestamps.map(|stamps| Timestamps { tsval: Tsval(900_000), tsecr: stamps.tsval });
    let (src, dst) = (got.dst, got.src);
    Segment { src, dst, flags, seq: Seq(seq), ack: got.end_seq(), len: 0, window: 65_535, timestamps }
}
