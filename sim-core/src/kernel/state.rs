//! The states of a socket, named as `ss` and `include/net/tcp_states.h` name them.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The state of a connection on one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum State {
    /// No socket, or one that is over.
    Close,
    /// Our SYN is out.
    SynSent,
    /// A SYN was answered; in Linux a request socket, not yet a full one.
    SynRecv,
    /// Open both ways.
    Established,
    /// We closed; our FIN is not acknowledged yet.
    FinWait1,
    /// We closed; the peer has not. Once orphaned it is held as a small timewait socket.
    FinWait2,
    /// The peer closed; our program has not.
    CloseWait,
    /// Both closed at once; our FIN is not acknowledged yet.
    Closing,
    /// The peer closed first, then we did; our FIN is not acknowledged yet.
    LastAck,
    /// We closed first, or both at once; waiting for old duplicates to die.
    TimeWait,
}

impl State {
    /// The number that `/proc/net/tcp` prints (`include/net/tcp_states.h`).
    pub const fn number(self) -> u8 {
        match self {
            Self::Established => 1,
            Self::SynSent => 2,
            Self::SynRecv => 3,
            Self::FinWait1 => 4,
            Self::FinWait2 => 5,
            Self::TimeWait => 6,
            Self::Close => 7,
            Self::CloseWait => 8,
            Self::LastAck => 9,
            Self::Closing => 11,
        }
    }

    /// The name that `ss` prints.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Close => "UNCONN",
            Self::SynSent => "SYN-SENT",
            Self::SynRecv => "SYN-RECV",
            Self::Established => "ESTAB",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
