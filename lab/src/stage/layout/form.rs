//! Which form the stage has: lying down where it is wide enough, upright elsewhere.

use super::{Needs, StageLayout, tall, wide};
use crate::stage::world::World;

/// Below this width the stage stands upright.
const TALL_BELOW: f64 = 640.0;

impl StageLayout {
    /// The stage for this world in this width.
    pub fn new(width: f64, world: &World, needs: Needs) -> Self {
        let width = width.max(280.0);
        let boxes = world.depth() + world.guards.len();
        if width < TALL_BELOW || width < wide::least_width(boxes) {
            tall::layout(width, world, needs)
        } else {
            wide::layout(width, world, needs)
        }
    }
}
