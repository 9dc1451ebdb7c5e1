//! Words in a drawing: where they begin or end, in which class, and how much room they take.

use yew::prelude::*;

#[cfg(test)]
use super::geometry::Rect;

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
pub fn fitting<const N: usize>(class: &str, room: f64, texts: [String; N]) -> String {
    let chosen = texts.iter().position(|text| width(class, text) <= room).unwrap_or(N - 1);
    texts.into_iter().nth(chosen).unwrap_or_default()
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

/// A text at a place, in classes that are put together.
pub fn words(class: impl Into<Classes>, x: f64, y: f64, anchor: Anchor, text: impl Into<String>) -> Html {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    html! { <text class={class.into()} x={px(x)} y={px(y)} text-anchor={anchor}>{ text.into() }</text> }
}

/// A coordinate as an attribute.
pub fn px(number: f64) -> String {
    format!("{number:.1}")
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
        assert_eq!(fitting("f", 150.0, texts()), "Connection timed out");
        assert_eq!(fitting("f", 70.0, texts()), "timed out");
        assert_eq!(fitting("f", 1.0, texts()), "timed out");
    }
}
