//! What a line or a word of a chart means. The style sheet says how that looks, in light, in dark and without colours.
//!
//! `plotters` knows colours only, so an ink travels through it as one: the first byte is its number, the second the
//! host's tint.

use plotters::style::Color;
use plotters_backend::BackendColor;

/// The meaning of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A line at a tick.
    Grid,
    /// A line that ends the plot.
    Axis,
    /// The words at a tick.
    Label,
    /// A remark in the plot.
    Note,
    /// Where a part of the axis is left out.
    Break,
    /// From a line to its name.
    Leader,
    /// What the server remembers, as long as it refuses for it.
    Remembered,
    /// What the server remembers, when it refuses nobody for it.
    Idle,
    /// A SYN that R1 refused, or an attempt that did not succeed.
    Refused,
    /// A SYN that was dropped for another reason.
    Dropped,
    /// The stripes of a bar of refused or failed attempts.
    Hatch,
    /// A bar of attempts that succeeded.
    Succeeded,
    /// A count that goes up and down.
    Count,
    /// The most that a count can be.
    Limit,
    /// The running clock of a host, by its tint.
    Clock(u8),
    /// A SYN of a host that was taken, by its tint.
    Taken(u8),
    /// The name of a host, by its tint.
    Name(u8),
}

/// All inks without a tint, by their number.
const PLAIN: [Ink; 14] = [
    Ink::Grid,
    Ink::Axis,
    Ink::Label,
    Ink::Note,
    Ink::Break,
    Ink::Leader,
    Ink::Remembered,
    Ink::Idle,
    Ink::Refused,
    Ink::Dropped,
    Ink::Hatch,
    Ink::Succeeded,
    Ink::Count,
    Ink::Limit,
];
/// The numbers of those with one.
const TINTED: [fn(u8) -> Ink; 3] = [Ink::Clock, Ink::Taken, Ink::Name];

impl Ink {
    /// The ink that came through `plotters` as `color`.
    pub fn of(color: BackendColor) -> Self {
        let (number, tint, _) = color.rgb;
        let number = usize::from(number);
        let plain = PLAIN.get(number).copied();
        plain.or_else(|| TINTED.get(number - PLAIN.len()).map(|ink| ink(tint))).unwrap_or(Self::Axis)
    }

    /// Its class in the style sheet.
    pub fn class(self) -> String {
        let tinted = |kind: &str, tint: u8| format!("{kind} tint-{tint}");
        let class = match self {
            Self::Clock(tint) => return tinted("clock", tint),
            Self::Taken(tint) => return tinted("taken", tint),
            Self::Name(tint) => return tinted("name", tint),
            Self::Grid => "grid",
            Self::Axis => "axis",
            Self::Label => "label",
            Self::Note => "note",
            Self::Break => "break",
            Self::Leader => "leader",
            Self::Remembered => "remembered",
            Self::Idle => "idle",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
            Self::Hatch => "hatch",
            Self::Succeeded => "succeeded",
            Self::Count => "count",
            Self::Limit => "limit",
        };
        class.to_owned()
    }

    fn code(self) -> (u8, u8) {
        match self {
            Self::Clock(tint) => (PLAIN.len() as u8, tint),
            Self::Taken(tint) => (PLAIN.len() as u8 + 1, tint),
            Self::Name(tint) => (PLAIN.len() as u8 + 2, tint),
            plain => (PLAIN.iter().position(|ink| *ink == plain).unwrap_or(0) as u8, 0),
        }
    }
}

impl Color for Ink {
    fn to_backend_color(&self) -> BackendColor {
        let (number, tint) = self.code();
        BackendColor { alpha: 1.0, rgb: (number, tint, 0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ink_survives_its_way_as_a_colour() {
        let tinted = TINTED.iter().flat_map(|ink| (0..10).map(ink));
        for ink in PLAIN.into_iter().chain(tinted) {
            assert_eq!(Ink::of(ink.to_backend_color()), ink);
        }
    }

    #[test]
    fn no_two_inks_share_a_class() {
        let mut classes: Vec<String> =
            PLAIN.into_iter().chain(TINTED.iter().map(|ink| ink(3))).map(Ink::class).collect();
        classes.sort();
        classes.dedup();
        assert_eq!(classes.len(), PLAIN.len() + TINTED.len());
    }
}
