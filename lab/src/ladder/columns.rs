//! The columns of the ladder: the line of each node, and its name.

use sim_core::trace::{NodeId, Role};

use super::sequence::{Sequence, Source};
use super::text_boxes::width_of;

/// The width of the column of times at the left, in CSS pixels.
pub const TIMES: f64 = 64.0;

/// The distance between the times and the first line.
const MARGIN: f64 = 16.0;

/// The least distance between two lines.
const CLOSEST: f64 = 30.0;

/// The largest distance between two lines without labels between them.
const WIDEST: f64 = 170.0;

/// The height of a row of names.
const NAME_ROW: f64 = 20.0;

/// The line of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The node.
    pub node: NodeId,
    /// The x coordinate of the line.
    pub x: f64,
    /// The name of the node.
    pub name: String,
    /// The x coordinate of the centre of the name.
    pub name_x: f64,
    /// The y coordinate of the baseline of the name.
    pub name_y: f64,
    /// The width that is free for text to the right of the line.
    pub room: f64,
}

/// The width reserved for text to the right of the last line, in a drawing of this width.
pub fn gutter(width: f64) -> f64 {
    match width {
        width if width >= 860.0 => 288.0,
        width if width >= 560.0 => 184.0,
        _ => 112.0,
    }
}

/// The columns for a drawing of this width, and the height of the names above them.
pub fn columns(source: Source, sequence: &Sequence, width: f64) -> (Vec<Column>, f64) {
    let last = sequence.columns.len().saturating_sub(1);
    let area = (width - gutter(width) - TIMES - MARGIN).max(CLOSEST);
    // Labels stand on the arrows that touch the server or the database, so these arrows are the widest.
    let labelled = |right: usize| {
        let role = sequence.columns.get(right).and_then(|node| source.role(*node));
        matches!(role, Some(Role::Server | Role::Database))
    };
    let wide = (1..=last).filter(|right| labelled(*right)).count().max(1) as f64;
    let narrow = last as f64 - wide;
    let step = (area * 0.5 / (narrow + wide)).clamp(CLOSEST, WIDEST);
    let stride = ((area - step * narrow.max(0.0)) / wide).max(CLOSEST);
    let mut x = TIMES + MARGIN;
    let mut places = Vec::with_capacity(last + 1);
    for (position, node) in sequence.columns.iter().enumerate() {
        if position > 0 {
            x += if labelled(position) { stride } else { step };
        }
        places.push((*node, x));
    }
    let rights: Vec<f64> = places.iter().skip(1).map(|(_, x)| *x).chain([width]).collect();
    let mut columns: Vec<Column> = Vec::with_capacity(places.len());
    let mut rows: Vec<f64> = Vec::new();
    for ((node, x), right) in places.into_iter().zip(rights) {
        let name = source.name(node).to_owned();
        let half = width_of(&name) / 2.0 + 2.0;
        let name_x = x.clamp(half.min(width - half), width - half);
        let row = rows.iter().position(|end| *end <= name_x - half).unwrap_or(rows.len());
        rows.truncate(rows.len().max(row));
        match rows.get_mut(row) {
            Some(end) => *end = name_x + half + 4.0,
            None => rows.push(name_x + half + 4.0),
        }
        let name_y = NAME_ROW * (row as f64 + 1.0) - 6.0;
        columns.push(Column { node, x, name, name_x, name_y, room: right - x });
    }
    (columns, NAME_ROW * rows.len() as f64 + 4.0)
}
