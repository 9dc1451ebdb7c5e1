//! The clients open the connections of a load in turn.

use super::{Recorder, Sim};
use crate::event_queue::Due;
use crate::trace::NodeId;

impl<R: Recorder> Sim<R> {
    /// Notes when the next attempt of the load is due, if there is one.
    pub(super) fn note_offer(&mut self) {
        if let Some(load) = self.load.filter(|load| self.offered < load.connections) {
            self.world.event_queue.note(load.at(self.offered), Due::Offer);
        }
    }

    /// The next client in turn begins a connection. It is never too busy: the load is what is measured.
    pub(super) fn offer_is_due(&mut self) {
        // All hosts but the server, which is the first.
        let clients = self.hosts.len() as u64 - 1;
        let number = self.offered;
        self.offered += 1;
        self.note_offer();
        if clients > 0 {
            let host = 1 + (number % clients) as usize;
            // The boxes stand between the server and the clients.
            let boxes = self.world.host_of.len() - self.hosts.len();
            self.connect(NodeId((boxes + host) as u16), None);
        }
    }
}
