//! A TCP segment: the parts of its header and options that the model uses.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::addr::{Endpoint, FourTuple};
use crate::seq::Seq;
use crate::timestamp::Timestamps;

/// The control bits of a segment (RFC 9293, 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flags(u8);

/// A TCP segment on the wire. Window scaling and SACK are not modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it comes from.
    pub src: Endpoint,
    /// Where it goes.
    pub dst: Endpoint,
    /// The control bits.
    pub flags: Flags,
    /// The sequence number of the first byte, or of the SYN.
    pub seq: Seq,
    /// The acknowledgment number; meaningless without ACK.
    pub ack: Seq,
    /// Bytes of payload.
    pub len: u32,
    /// The receive window, in bytes.
    pub window: u32,
    /// The timestamp option, where there is one.
    pub timestamps: Option<Timestamps>,
}

impl Flags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronize sequence numbers.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// Push.
    pub const PSH: Self = Self(0x08);
    /// The acknowledgment number counts.
    pub const ACK: Self = Self(0x10);

    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The eight bits as they stand in the header.
    pub const fn bits(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Flags {
    /// In tcpdump's letters and order: `S.`, `F.`, `P.`, `R`, `.`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [(Self::FIN, "F"), (Self::SYN, "S"), (Self::RST, "R"), (Self::PSH, "P"), (Self::ACK, ".")];
        letters.iter().filter(|(flag, _)| self.has(*flag)).try_for_each(|(_, letter)| f.write_str(letter))
    }
}

impl Segment {
    /// Whether SYN is set.
    pub const fn syn(&self) -> bool {
        self.flags.has(Flags::SYN)
    }

    /// Whether ACK is set.
    pub const fn has_ack(&self) -> bool {
        self.flags.has(Flags::ACK)
    }

    /// Whether FIN is set.
    pub const fn fin(&self) -> bool {
        self.flags.has(Flags::FIN)
    }

    /// Whether RST is set.
    pub const fn rst(&self) -> bool {
        self.flags.has(Flags::RST)
    }

    /// Whether this is a SYN that opens a connection: SYN without ACK.
    pub const fn opens(&self) -> bool {
        self.syn() && !self.has_ack()
    }

    /// The sequence number after this segment: payload, SYN and FIN count (RFC 9293, 3.4).
    pub fn end_seq(&self) -> Seq {
        self.seq + self.len + u32::from(self.syn()) + u32::from(self.fin())
    }

    /// The connection as the receiver of this segment names it.
    pub const fn tuple_at_receiver(&self) -> FourTuple {
        FourTuple { local: self.dst, remote: self.src }
    }
}

/// The kind of a segment, by its flags and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// Opens a connection.
    Syn,
    /// Answers a SYN.
    SynAck,
    /// Acknowledges, and nothing else.
    Ack,
    /// Carries bytes.
    Data,
    /// Ends one direction.
    Fin,
    /// Ends a connection at once.
    Rst,
}

impl SegmentKind {
    /// The kind of `segment`; where several fit, the one that matters most.
    pub const fn of(segment: &Segment) -> Self {
        match segment {
            segment if segment.rst() => Self::Rst,
            segment if segment.opens() => Self::Syn,
            segment if segment.syn() => Self::SynAck,
            segment if segment.fin() => Self::Fin,
            segment if segment.len > 0 => Self::Data,
            _ => Self::Ack,
        }
    }

    /// Its name, such as `SYN-ACK` or `data`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syn => "SYN",
            Self::SynAck => "SYN-ACK",
            Self::Ack => "ACK",
            Self::Data => "data",
            Self::Fin => "FIN",
            Self::Rst => "RST",
        }
    }

    /// Its name with an article, such as `an ACK`; `data` has none.
    pub const fn with_article(self) -> &'static str {
        match self {
            Self::Syn => "a SYN",
            Self::SynAck => "a SYN-ACK",
            Self::Ack => "an ACK",
            Self::Data => "data",
            Self::Fin => "a FIN",
            Self::Rst => "a RST",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;

    #[test]
    fn flags_print_as_tcpdump_prints_them() {
        let all = [
            Flags::SYN,
            Flags::SYN.with(Flags::ACK),
            Flags::FIN.with(Flags::ACK),
            Flags::PSH.with(Flags::ACK),
            Flags::ACK,
        ];
        assert_eq!(all.map(|flags| flags.to_string()), ["S", "S.", "F.", "P.", "."]);
    }
}
