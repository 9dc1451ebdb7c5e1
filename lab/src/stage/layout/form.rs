//! The choice between the wide and the tall form.

use super::{Needs, StageLayout, tall, wide};
use crate::stage::topology::Topology;

/// Below this width, in CSS pixels, the stage has the tall form.
const TALL_BELOW: f64 = 640.0;

impl StageLayout {
    /// Lays out `world` for a stage of this width.
    pub fn new(width: f64, topology: &Topology, needs: Needs) -> Self {
        let width = width.max(280.0);
        let boxes = topology.depth() + topology.guards.len();
        if width < TALL_BELOW || width < wide::least_width(boxes) {
            tall::layout(width, topology, needs)
        } else {
            wide::layout(width, topology, needs)
        }
    }
}
