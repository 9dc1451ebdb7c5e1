//! The outlines of segments and failures. Each kind has a shape of its own, so that colour is never the only
//! difference.

use crate::format::filled;
use crate::geometry::Point;
use sim_core::segment::SegmentKind;

/// Half the height of a segment's shape, in CSS pixels.
pub const HALF: f64 = 11.0;

/// Half the width of a segment's shape, in CSS pixels.
pub const fn half_width(kind: SegmentKind) -> f64 {
    match kind {
        SegmentKind::Syn => 28.0,
        SegmentKind::SynAck => 38.0,
        SegmentKind::Ack => 22.0,
        SegmentKind::Data | SegmentKind::Fin | SegmentKind::Rst => 26.0,
    }
}

/// The CSS classes of a segment.
pub const fn class(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Syn => "segment syn",
        SegmentKind::SynAck => "segment syn-ack",
        SegmentKind::Ack => "segment ack",
        SegmentKind::Data => "segment data",
        SegmentKind::Fin => "segment fin",
        SegmentKind::Rst => "segment rst",
    }
}

/// The outline around the origin, as an SVG path. `ahead` is true for segments that travel to the right or downwards.
pub fn segment(kind: SegmentKind, upright: bool, ahead: bool) -> String {
    let (h, w) = (HALF, half_width(kind));
    match kind {
        SegmentKind::Syn => filled("M# -11H#a11 11 0 0 1 0 22H#a11 11 0 0 1 0 -22z", &[h - w, w - h, h - w]),
        SegmentKind::SynAck => filled("M-# -11H#V11H-#z", &[w, w, w]),
        SegmentKind::Ack => filled("M-# 0l7 -9H#l7 9l-7 9H#z", &[w, w - 7.0, 7.0 - w]),
        SegmentKind::Data => filled("M-# -11H#L# -4V11H-#z", &[w, w - 7.0, w, w]),
        // The tip of a FIN points in its direction of travel.
        SegmentKind::Fin => match (upright, ahead) {
            (false, true) => filled("M-# -11H#L# 0L# 11H-#z", &[w, w - 9.0, w, w - 9.0, w]),
            (false, false) => filled("M# -11H#L-# 0L# 11H#z", &[w, 9.0 - w, w, 9.0 - w, w]),
            (true, true) => filled("M-# -11H#V6L0 14L-# 6z", &[w, w, w]),
            (true, false) => filled("M-# 11H#V-6L0 -14L-# -6z", &[w, w, w]),
        },
        SegmentKind::Rst => filled("M# -11H#L# 11H-#z", &[8.0 - w, w, w - 8.0, w]),
    }
}

/// Adds a small form of the outline, centred at `at`, to the path `d`. It is used where there are hundreds of segments.
pub fn speck(d: &mut String, kind: SegmentKind, at: Point) {
    let Point { x, y } = at;
    // The offsets from the centre to the start of the outline, and the outline.
    let (left, above, outline) = match kind {
        SegmentKind::Syn => (4.0, 0.0, "M# #a4 4 0 0 1 8 0a4 4 0 0 1 -8 0z"),
        SegmentKind::SynAck => (4.0, 4.0, "M# #h8v8h-8z"),
        SegmentKind::Ack => (4.0, 0.0, "M# #l4 -4l4 4l-4 4z"),
        SegmentKind::Data => (5.0, 2.5, "M# #h10v5h-10z"),
        SegmentKind::Fin => (4.0, 4.0, "M# #l8 4l-8 4z"),
        SegmentKind::Rst => (2.0, 4.0, "M# #h8l-4 8h-8z"),
    };
    *d += &filled(outline, &[x - left, y - above]);
}

/// The octagon of a refusal, as an SVG path.
pub fn octagon(x: f64, y: f64, radius: f64) -> String {
    let side = radius * 0.414_2;
    let (d, s) = (radius - side, side * 2.0);
    filled("M# #l# -#h#l# #v#l-# #h-#l-# -#z", &[x - radius, y - side, d, d, s, d, d, s, d, d, s, d, d])
}

/// The shape of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Lost on a link, or no host had the address: a cross.
    Lost,
    /// Blocked by a box: a disc with a bar.
    Stopped,
    /// Dropped by a full queue: a square with lines.
    Full,
    /// Dropped by a timewait socket: a clock.
    TimeWait,
    /// Dropped by a kernel for another reason: a square with a cross.
    NotTaken,
    /// A failed call: a diamond with a cross.
    Failed,
}

impl End {
    /// The outline to fill and the lines to draw on it, as SVG paths around the origin.
    pub const fn paths(self) -> (&'static str, &'static str) {
        match self {
            Self::Lost => ("", "M-9 -9L9 9M9 -9L-9 9"),
            Self::Stopped => ("M-14 0a14 14 0 0 1 28 0a14 14 0 0 1 -28 0z", "M-8 0H8"),
            Self::Full => ("M-13 -13H13V13H-13z", "M-7 -6H7M-7 0H7M-7 6H7"),
            Self::TimeWait => ("M-14 0a14 14 0 0 1 28 0a14 14 0 0 1 -28 0z", "M0 -8V0L6 4"),
            Self::NotTaken => ("M-13 -13H13V13H-13z", "M-6 -6L6 6M6 -6L-6 6"),
            Self::Failed => ("M-17 0L0 -17L17 0L0 17z", "M-5 -5L5 5M5 -5L-5 5"),
        }
    }
}
