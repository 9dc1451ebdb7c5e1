//! The remote hosts of a recording, and the numbers of their next segments.

use std::net::Ipv4Addr;

use sim_core::addr::{Endpoint, FourTuple};
use sim_core::kernel::SocketId;
use sim_core::segment::{Flags, Segment};
use sim_core::seq::Seq;
use sim_core::timestamp::{Timestamps, Tsval};

use crate::recording::Reply;

/// The server of all recordings.
pub const SERVER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 10);
/// The window of every segment that a remote host sends.
const WINDOW: u32 = 65_535;

/// One `id` of a recording.
#[derive(Clone, Debug)]
pub struct Remote {
    /// The four-tuple from the server's point of view.
    pub tuple: FourTuple,
    /// The step of its last SYN.
    pub last_syn: usize,
    /// The connection that the server's program holds for it.
    pub held: Option<SocketId>,
    next_seq: Seq,
    ack: Seq,
    /// The TSval of the last reply with SYN or FIN, in the model's clock.
    tsecr: Tsval,
}

impl Remote {
    /// A remote host that will send or answer a SYN.
    #[must_use]
    pub fn new(tuple: FourTuple) -> Self {
        Self { tuple, last_syn: 0, held: None, next_seq: Seq(0), ack: Seq(0), tsecr: Tsval(0) }
    }

    fn segment(&self, flags: Flags, seq: Seq, len: u32, tsval: Option<u32>) -> Segment {
        let ack = if flags.has(Flags::ACK) { self.ack } else { Seq(0) };
        let tsecr = if flags.has(Flags::ACK) { self.tsecr } else { Tsval(0) };
        let timestamps = tsval.map(|tsval| Timestamps { tsval: Tsval(tsval), tsecr });
        Segment { src: self.tuple.remote, dst: self.tuple.local, flags, seq, ack, len, window: WINDOW, timestamps }
    }

    /// A SYN. The sequence numbers start anew.
    pub fn syn(&mut self, isn: u32, tsval: Option<u32>) -> Segment {
        self.next_seq = Seq(isn) + 1;
        self.segment(Flags::SYN, Seq(isn), 0, tsval)
    }

    /// A SYN-ACK.
    pub fn synack(&mut self, isn: u32, tsval: Option<u32>) -> Segment {
        self.next_seq = Seq(isn) + 1;
        self.segment(Flags::SYN.with(Flags::ACK), Seq(isn), 0, tsval)
    }

    /// An ACK without data.
    #[must_use]
    pub fn acknowledgment(&self, tsval: Option<u32>) -> Segment {
        self.segment(Flags::ACK, self.next_seq, 0, tsval)
    }

    /// A segment with `len` bytes of data.
    pub fn data(&mut self, len: u32, tsval: Option<u32>) -> Segment {
        let segment = self.segment(Flags::PSH.with(Flags::ACK), self.next_seq, len, tsval);
        self.next_seq += len;
        segment
    }

    /// A FIN. Each one advances the sequence number, even a repeated one.
    pub fn fin(&mut self, tsval: Option<u32>) -> Segment {
        let segment = self.segment(Flags::FIN.with(Flags::ACK), self.next_seq, 0, tsval);
        self.next_seq += 1;
        segment
    }

    /// A RST without options.
    #[must_use]
    pub fn rst(&self) -> Segment {
        self.segment(Flags::RST.with(Flags::ACK), self.next_seq, 0, None)
    }

    /// Processes the answer of the real kernel. `model_tsval` is the model's clock for that reply.
    pub fn heard(&mut self, reply: &Reply, model_tsval: Option<Tsval>) {
        if reply.flags.contains(['S', 'F']) {
            self.ack = Seq(reply.seq) + 1;
            self.tsecr = model_tsval.unwrap_or(Tsval(0));
        }
    }
}

/// The four-tuple of a connection to the server.
#[must_use]
pub fn tuple(server_port: u16, remote: Ipv4Addr, remote_port: u16) -> FourTuple {
    FourTuple { local: Endpoint::new(SERVER, server_port), remote: Endpoint::new(remote, remote_port) }
}
