//! The columns of the ladder: where each node's line stands, and where its name does.

use sim_core::trace::{NodeId, Role};

use super::sequence::{Sequence, Source};
use super::text_boxes::width_of;

/// The time stands left of this.
pub const TIMES: f64 = 64.0;

/// Between the times and the first line.
const MARGIN: f64 = 16.0;

/// The least between two lines.
const CLOSEST: f64 = 30.0;

/// The most between two lines whose arrows are not labelled.
const WIDEST: f64 = 170.0;

/// How high a row of names is.
const NAME_ROW: f64 = 20.0;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Whose.
    pub node: NodeId,
    /// Where its line stands.
    pub x: f64,
    /// Its name.
    pub name: String,
    /// Where the middle of the name stands.
    pub name_x: f64,
    /// The base line of the name.
    pub name_y: f64,
    /// How wide words beside the line may be.
    pub room: f64,
}

/// How much is left for words beside the last line in a drawing of this width.
pub fn gutter(width: f64) -> f64 {
    match width {
        width if width >= 860.0 => 288.0,
        width if width >= 560.0 => 184.0,
        _ => 112.0,
    }
}

/// The columns of `sequence` in a drawing of this width, and the height of their names.
pub fn columns(source: Source, sequence: &Sequence, width: f64) -> (Vec<Column>, f64) {
    let last = sequence.columns.len().saturating_sub(1);
    let area = (width - gutter(width) - TIMES - MARGIN).max(CLOSEST);
    // Words stand along the arrows that touch the server or the database, so those have the widest place.
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
