//! The meaning of each line and text of a chart. The style sheet gives it a look: light, dark, or without colours.
//!
//! `plotters` knows only colours, so a style is passed through it as one: the red byte is its number, the green byte
//! the tint of the host.

use plotters::style::Color;
use plotters_backend::BackendColor;

/// The meaning of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkStyle {
    /// A grid line.
    Grid,
    /// An axis.
    Axis,
    /// The label of a tick.
    Label,
    /// A remark inside the plot.
    Note,
    /// A break in the axis.
    Break,
    /// The line from a clock to its name.
    Leader,
    /// The remembered timestamp while it causes refusals.
    Remembered,
    /// The remembered timestamp while it causes none.
    Idle,
    /// A SYN that rule R1 refused, or an attempt that did not succeed.
    Refused,
    /// A SYN that was dropped for another reason.
    Dropped,
    /// The stripes of a bar of refused or failed attempts.
    Hatch,
    /// A bar of attempts that succeeded.
    Succeeded,
    /// A count over time.
    Count,
    /// The upper limit of a count.
    Limit,
    /// The running clock of a host, with its tint.
    Clock(u8),
    /// A SYN that the server accepted, with the tint of its host.
    Taken(u8),
    /// The name of a host, with its tint.
    Name(u8),
}

/// The styles without a tint, by number.
const PLAIN: [MarkStyle; 14] = [
    MarkStyle::Grid,
    MarkStyle::Axis,
    MarkStyle::Label,
    MarkStyle::Note,
    MarkStyle::Break,
    MarkStyle::Leader,
    MarkStyle::Remembered,
    MarkStyle::Idle,
    MarkStyle::Refused,
    MarkStyle::Dropped,
    MarkStyle::Hatch,
    MarkStyle::Succeeded,
    MarkStyle::Count,
    MarkStyle::Limit,
];
/// The styles with a tint. Their numbers follow those of [`PLAIN`].
const TINTED: [fn(u8) -> MarkStyle; 3] = [MarkStyle::Clock, MarkStyle::Taken, MarkStyle::Name];

impl MarkStyle {
    /// The style that `plotters` passed as `color`.
    pub fn of(color: BackendColor) -> Self {
        let (number, tint, _) = color.rgb;
        let number = usize::from(number);
        let plain = PLAIN.get(number).copied();
        plain.or_else(|| TINTED.get(number - PLAIN.len()).map(|mark_style| mark_style(tint))).unwrap_or(Self::Axis)
    }

    /// The CSS class.
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
            plain => (PLAIN.iter().position(|mark_style| *mark_style == plain).unwrap_or(0) as u8, 0),
        }
    }
}

impl Color for MarkStyle {
    fn to_backend_color(&self) -> BackendColor {
        let (number, tint) = self.code();
        BackendColor { alpha: 1.0, rgb: (number, tint, 0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_style_survives_encoding_as_a_colour() {
        let tinted = TINTED.iter().flat_map(|mark_style| (0..10).map(mark_style));
        for mark_style in PLAIN.into_iter().chain(tinted) {
            assert_eq!(MarkStyle::of(mark_style.to_backend_color()), mark_style);
        }
    }

    #[test]
    fn no_two_mark_styles_share_a_class() {
        let mut classes: Vec<String> =
            PLAIN.into_iter().chain(TINTED.iter().map(|mark_style| mark_style(3))).map(MarkStyle::class).collect();
        classes.sort();
        classes.dedup();
        assert_eq!(classes.len(), PLAIN.len() + TINTED.len());
    }
}
