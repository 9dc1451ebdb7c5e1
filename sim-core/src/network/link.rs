//! A link: how long a segment is on its way. Loss, jitter and reordering are not modelled yet.

use crate::scenario::LinkSetup;
use crate::time::Span;

/// The link of a node towards the server; the server itself has none to speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// One way.
    pub(crate) delay: Span,
    /// Whether it leads to the NAT instead of into the open.
    pub(crate) behind_nat: bool,
}

impl Link {
    /// A node in the middle of the network, reached by everybody else's link.
    pub(crate) const CENTRAL: Self = Self { delay: Span::ZERO, behind_nat: false };

    pub(crate) const fn new(setup: LinkSetup, behind_nat: bool) -> Self {
        Self { delay: Span::from_millis(setup.delay_ms as u64), behind_nat }
    }
}
