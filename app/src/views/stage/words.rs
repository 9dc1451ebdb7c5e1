//! Words in a drawing: where they begin or end, in which class, and how much room they take.

use sim_core::trace::NodeId;
use yew::prelude::*;

use super::geometry::Rect;
use crate::markup::{Element, element, list};
use crate::run::Run;

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A text and whose tint it has.
pub type Line = (Words, Option<NodeId>);

/// A text at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// The classes of the style sheet, apart by blanks.
    pub class: &'static str,
    /// Where it begins or ends.
    pub x: f64,
    /// Its base line.
    pub y: f64,
    /// Which of its ends stands at `x`.
    pub anchor: Anchor,
    /// What it says.
    pub text: String,
}

impl Words {
    /// A text at a place.
    #[must_use]
    pub fn new(class: &'static str, x: f64, y: f64, anchor: Anchor, text: impl Into<String>) -> Self {
        Self { class, x, y, anchor, text: text.into() }
    }

    /// About how wide it is: nobody measures text while it moves.
    #[must_use]
    pub fn width(&self) -> f64 {
        width(self.class, &self.text)
    }

    /// About what it covers.
    #[cfg(test)]
    #[must_use]
    pub fn rect(&self) -> Rect {
        let w = self.width();
        let x = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - w / 2.0,
            Anchor::End => self.x - w,
        };
        Rect { x, y: self.y - 12.0, w, h: 16.0 }
    }

    /// The same, cut to `room` pixels.
    #[must_use]
    pub fn within(mut self, room: f64) -> Self {
        let most = (room / char_width(self.class)).max(1.0) as usize;
        if self.text.chars().count() > most {
            self.text = self.text.chars().take(most.saturating_sub(1)).chain(['\u{2026}']).collect();
        }
        self
    }

    /// As a part of the drawing.
    pub fn draw(self) -> Html {
        words(self.class, self.x, self.y, self.anchor, self.text)
    }
}

/// About how wide `text` is in `class`.
#[must_use]
pub fn width(class: &str, text: &str) -> f64 {
    text.chars().count() as f64 * char_width(class)
}

/// The first of `texts` that is at most `room` pixels wide, else the last.
#[must_use]
pub fn fitting(class: &str, room: f64, texts: &[String]) -> String {
    let chosen = texts.iter().find(|text| width(class, text) <= room).or(texts.last());
    chosen.cloned().unwrap_or_default()
}

/// The width of a letter: exact for the fixed-width type, an average of a wide system font for the other.
fn char_width(class: &str) -> f64 {
    let has = |name: &str| class.split(' ').any(|one| one == name);
    match () {
        () if has("title") => 10.5,
        () if has("remembered") => 9.05,
        () if has("m") => 7.85,
        () if has("name") => 8.8,
        () if has("strong") || has("who") => 7.4,
        () => 6.6,
    }
}

/// Texts at their places.
pub fn draw_all(all: Vec<Words>) -> Html {
    list(all.into_iter().map(Words::draw))
}

/// Texts at their places, some of them in the tint of a host.
pub fn draw_tinted(run: &Run, lines: Vec<Line>) -> Html {
    list(lines.into_iter().map(|(words, whose)| match whose {
        Some(host) => element!("g", "class" = run.tint_class(host)).with(words.draw()).html(),
        None => words.draw(),
    }))
}

/// The outline of a box; `round` are its corners.
pub fn outline(rect: &Rect, round: &'static str) -> Element {
    element!("rect", "x" = rect.x, "y" = rect.y, "width" = rect.w, "height" = rect.h, "rx" = round)
}

/// A path in a class of the style sheet.
pub fn path(class: &'static str, d: String) -> Element {
    element!("path", "d" = d, "class" = class)
}

/// A text at a place.
pub fn words(class: &'static str, x: f64, y: f64, anchor: Anchor, text: String) -> Html {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    element!("text", "x" = x, "y" = y, "text-anchor" = anchor, "class" = class).with(text).html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_room_ends() {
        let cut = Words::new("m", 0.0, 0.0, Anchor::Start, "203.0.113.40").within(40.0);
        assert_eq!((cut.text.as_str(), cut.width() <= 40.0), ("203.\u{2026}", true));
    }

    #[test]
    fn the_longest_text_that_fits_is_taken() {
        let texts = || ["Connection timed out".to_owned(), "timed out".to_owned()];
        assert_eq!(fitting("f", 150.0, &texts()), "Connection timed out");
        assert_eq!(fitting("f", 70.0, &texts()), "timed out");
        assert_eq!(fitting("f", 1.0, &texts()), "timed out");
    }
}
