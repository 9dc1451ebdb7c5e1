//! The outlines: one for each kind of segment, one for each kind of end, so that colour is never alone.

use core::fmt::Write;

use super::geometry::Point;
use super::words::px;
use crate::run::Kind;

/// Half the height of a segment's shape.
pub const HALF: f64 = 11.0;

/// Half the width of a kind's shape.
#[must_use]
pub const fn half_width(kind: Kind) -> f64 {
    match kind {
        Kind::Syn => 28.0,
        Kind::SynAck => 38.0,
        Kind::Ack => 22.0,
        Kind::Data | Kind::Fin | Kind::Rst => 26.0,
    }
}

/// The class of a kind.
#[must_use]
pub const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Syn => "syn",
        Kind::SynAck => "syn-ack",
        Kind::Ack => "ack",
        Kind::Data => "data",
        Kind::Fin => "fin",
        Kind::Rst => "rst",
    }
}

/// The outline of a kind around the origin; `ahead` is whether it goes right or down.
#[must_use]
pub fn segment(kind: Kind, upright: bool, ahead: bool) -> String {
    let (h, w) = (HALF, half_width(kind));
    match kind {
        Kind::Syn => format!("M{} -{h}H{}a{h} {h} 0 0 1 0 22H{}a{h} {h} 0 0 1 0 -22z", h - w, w - h, h - w),
        Kind::SynAck => format!("M-{w} -{h}H{w}V{h}H-{w}z"),
        Kind::Ack => format!("M-{w} 0l7 -9H{}l7 9l-7 9H{}z", w - 7.0, 7.0 - w),
        Kind::Data => format!("M-{w} -{h}H{}L{w} -{}V{h}H-{w}z", w - 7.0, h - 7.0),
        // A FIN points to where it goes.
        Kind::Fin => match (upright, ahead) {
            (false, true) => format!("M-{w} -{h}H{}L{w} 0L{} {h}H-{w}z", w - 9.0, w - 9.0),
            (false, false) => format!("M{w} -{h}H{}L-{w} 0L{} {h}H{w}z", 9.0 - w, 9.0 - w),
            (true, true) => format!("M-{w} -{h}H{w}V6L0 {}L-{w} 6z", h + 3.0),
            (true, false) => format!("M-{w} {h}H{w}V-6L0 -{}L-{w} -6z", h + 3.0),
        },
        Kind::Rst => format!("M{} -{h}H{w}L{} {h}H-{w}z", 8.0 - w, w - 8.0),
    }
}

/// A kind among hundreds, at `at`: what is left of its outline.
pub fn speck(d: &mut String, kind: Kind, at: Point) {
    let Point { x, y } = at;
    let _ = match kind {
        Kind::Syn => write!(d, "M{:.1} {y:.1}a4 4 0 0 1 8 0a4 4 0 0 1 -8 0z", x - 4.0),
        Kind::SynAck => write!(d, "M{:.1} {:.1}h8v8h-8z", x - 4.0, y - 4.0),
        Kind::Ack => write!(d, "M{:.1} {y:.1}l4 -4l4 4l-4 4z", x - 4.0),
        Kind::Data => write!(d, "M{:.1} {:.1}h10v5h-10z", x - 5.0, y - 2.5),
        Kind::Fin => write!(d, "M{:.1} {:.1}l8 4l-8 4z", x - 4.0, y - 4.0),
        Kind::Rst => write!(d, "M{:.1} {:.1}h8l-4 8h-8z", x - 2.0, y - 4.0),
    };
}

/// The octagon of a refusal.
#[must_use]
pub fn octagon(x: f64, y: f64, radius: f64) -> String {
    let side = radius * 0.414_2;
    format!(
        "M{} {}l{d} -{d}h{s}l{d} {d}v{s}l-{d} {d}h-{s}l-{d} -{d}z",
        px(x - radius),
        px(y - side),
        d = px(radius - side),
        s = px(side * 2.0)
    )
}

/// How something ended, as a shape around the origin: its outline, and what stands on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Lost on a link, or nobody was there: a bare cross.
    Lost,
    /// A box let it not pass: a disc with a bar.
    Stopped,
    /// A queue was full: a square with lines.
    Full,
    /// A timewait socket judged it: a clock.
    TimeWait,
    /// A kernel did not take it: a square with a cross.
    NotTaken,
    /// A call failed: a rhomb with a cross.
    Failed,
}

impl End {
    /// The filled outline, and the lines on it.
    #[must_use]
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
