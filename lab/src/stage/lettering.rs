//! Text on the stage: its anchor, its CSS class, and its estimated width.

use sim_core::trace::NodeId;

use crate::geometry::Rect;

/// Which part of the text is at its position, like `text-anchor` in SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The start of the text.
    Start,
    /// The middle of the text.
    Middle,
    /// The end of the text.
    End,
}

/// A text at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct StageText {
    /// The CSS classes, separated by spaces.
    pub class: &'static str,
    /// The x coordinate of the anchor.
    pub x: f64,
    /// The y coordinate of the baseline.
    pub y: f64,
    /// Which part of the text is at `x`.
    pub anchor: Anchor,
    /// The text.
    pub text: String,
    /// The host whose colour the text has.
    pub tint: Option<NodeId>,
}

/// Collects the texts of one box.
pub struct Lines {
    left: f64,
    right: f64,
    top: f64,
    all: Vec<StageText>,
}

impl Lines {
    /// A box without text, with this margin on both sides.
    pub fn new(rect: &Rect, margin: f64) -> Self {
        Self { left: rect.x + margin, right: rect.right() - margin, top: rect.y, all: Vec::new() }
    }

    /// The width between the margins.
    pub fn room(&self) -> f64 {
        self.right - self.left
    }

    /// Adds a text that starts at the left margin. Its baseline is `down` pixels below the top edge.
    pub fn left(&mut self, class: &'static str, down: f64, text: String) -> &mut StageText {
        self.all.push_mut(StageText::new(class, self.left, self.top + down, Anchor::Start, text))
    }

    /// Adds a text that ends at the right margin. Its baseline is `down` pixels below the top edge.
    pub fn right(&mut self, class: &'static str, down: f64, text: String) -> &mut StageText {
        self.all.push_mut(StageText::new(class, self.right, self.top + down, Anchor::End, text))
    }

    /// The collected texts.
    pub fn done(self) -> Vec<StageText> {
        self.all
    }
}

impl StageText {
    /// A text at a position, without a tint.
    pub fn new(class: &'static str, x: f64, y: f64, anchor: Anchor, text: String) -> Self {
        Self { class, x, y, anchor, text, tint: None }
    }

    /// The estimated width in CSS pixels. Measuring in the browser would force a layout in every frame.
    pub fn width(&self) -> f64 {
        width(self.class, &self.text)
    }

    /// The estimated bounding box.
    pub fn rect(&self) -> Rect {
        let w = self.width();
        let x = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - w / 2.0,
            Anchor::End => self.x - w,
        };
        Rect { x, y: self.y - 12.0, w, h: 16.0 }
    }

    /// Shortens the text to `room` pixels, with an ellipsis.
    pub fn within(&mut self, room: f64) {
        let most = (room / char_width(self.class)).max(1.0) as usize;
        if self.text.chars().count() > most {
            self.text = self.text.chars().take(most.saturating_sub(1)).chain(['\u{2026}']).collect();
        }
    }
}

/// The estimated width of `text` in the class `class`, in CSS pixels.
pub fn width(class: &str, text: &str) -> f64 {
    text.chars().count() as f64 * char_width(class)
}

/// The first of `texts` that is at most `room` pixels wide, or the last one.
pub fn fitting(class: &str, room: f64, texts: &[String]) -> String {
    let chosen = texts.iter().find(|text| width(class, text) <= room).or(texts.last());
    chosen.cloned().unwrap_or_default()
}

/// The width of a character: exact for the monospace font, an average of a wide system font otherwise.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_room_ends() {
        let mut cut = StageText::new("m", 0.0, 0.0, Anchor::Start, "203.0.113.40".to_owned());
        cut.within(40.0);
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
