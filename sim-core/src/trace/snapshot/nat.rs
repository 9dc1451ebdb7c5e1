//! The NAT's part of a snapshot: its live mappings.

use super::{MappingRow, NatView};
use crate::trace::{Event, NodeId, Record};

impl NatView {
    /// Takes one record of the NAT; `host` made the connection that it belongs to.
    pub(super) fn apply(&mut self, record: &Record, host: Option<NodeId>) {
        match &record.event {
            Event::MappingOpened { inside, outside, remote, idle } => {
                // A port that is given out again had outlived its mapping.
                self.mappings.retain(|mapping| mapping.outside != *outside);
                self.mappings.push(MappingRow {
                    inside: *inside,
                    outside: *outside,
                    remote: *remote,
                    host,
                    connection: record.connection,
                    used: record.at,
                    expires: record.at + *idle,
                    idle: *idle,
                });
            }
            Event::SegmentTranslated { outside, .. } => {
                if let Some(mapping) = self.mappings.iter_mut().rev().find(|mapping| mapping.outside == *outside) {
                    mapping.used = record.at;
                    mapping.expires = record.at + mapping.idle;
                }
            }
            Event::BoxRestarted => self.mappings.clear(),
            _ => {}
        }
    }
}
