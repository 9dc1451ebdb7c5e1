//! The segments on their way. The event queue holds only the number of each, which keeps its entries small.

use slab::Slab;

use crate::segment::Segment;
use crate::trace::{ConnectionId, SegmentId};

/// A segment between two hosts; a NAT rewrites it where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    pub(crate) segment: SegmentId,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) header: Segment,
    pub(crate) retransmission: u8,
}

/// Which of them; the numbers are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FlightId(u32);

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flights(Slab<Flight>);

impl Flights {
    #[inline]
    pub(crate) fn start(&mut self, flight: Flight) -> FlightId {
        FlightId(self.0.insert(flight) as u32)
    }

    #[inline]
    pub(crate) fn flight_mut(&mut self, id: FlightId) -> &mut Flight {
        &mut self.0[id.0 as usize]
    }

    #[inline]
    pub(crate) fn end(&mut self, id: FlightId) -> Flight {
        self.0.remove(id.0 as usize)
    }
}
