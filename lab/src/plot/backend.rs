//! The drawing backend for `plotters`: a list of SVG marks, which the page renders as nodes or writes to a file.
//!
//! The backends that `plotters` offers for the browser measure text with styled elements that they add to the page,
//! which the content security policy forbids, and they write colours into the drawing. This one measures with a table
//! and writes CSS classes. Consecutive marks of one style become one path, so that thousands of points stay a few
//! nodes.

use core::convert::Infallible;
use core::fmt::Write;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::mark_style::MarkStyle;

/// Backend units per CSS pixel. `plotters` uses integers, and this resolution keeps sloped lines exact.
pub const FINE: i32 = 8;

/// The font size of a chart, in CSS pixels.
pub const TEXT_PX: i32 = 13;

/// A finished drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// The width in CSS pixels.
    pub width: i32,
    /// The height in CSS pixels.
    pub height: i32,
    /// The marks, from back to front.
    pub marks: Vec<Mark>,
    /// The plot area: left, top, right and bottom, in CSS pixels.
    pub plot: (i32, i32, i32, i32),
}

/// A part of a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Lines or areas of one style.
    Path {
        /// The style.
        mark_style: MarkStyle,
        /// Whether the path is filled.
        filled: bool,
        /// The `d` attribute of the SVG path.
        d: String,
    },
    /// A text.
    Text {
        /// The style.
        mark_style: MarkStyle,
        /// The x coordinate of the anchor, in CSS pixels.
        x: i32,
        /// The y coordinate of the baseline, in CSS pixels.
        y: i32,
        /// The value of `text-anchor`: `start`, `middle` or `end`.
        anchor: &'static str,
        /// The text.
        text: String,
    },
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// The backend, which adds marks to a drawing.
pub struct Surface<'a>(pub &'a mut Drawing);

impl Drawing {
    /// An empty drawing of this size, in CSS pixels.
    pub fn new(width: i32, height: i32) -> Self {
        Self { width, height, marks: Vec::new(), plot: (0, 0, width, height) }
    }

    /// The drawing as an SVG file, without a style sheet.
    pub fn svg(&self) -> String {
        let Self { width, height, .. } = self;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\">\n"
        );
        for mark in &self.marks {
            // Writing to a string does not fail.
            let _ = match mark {
                Mark::Path { d, .. } => writeln!(svg, "<path class=\"{}\" d=\"{d}\"/>", mark.class()),
                Mark::Text { x, y, anchor, text, .. } => {
                    let (class, text) = (mark.class(), escaped(text));
                    writeln!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>")
                }
            };
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Extends the last mark if it is a path of the same style, or adds a path.
    fn path(&mut self, color: BackendColor, filled: bool, d: String) {
        let mark_style = MarkStyle::of(color);
        match self.marks.last_mut() {
            Some(Mark::Path { mark_style: last, filled: area, d: so_far })
                if (*last, *area) == (mark_style, filled) =>
            {
                so_far.push_str(&d);
            }
            _ => self.marks.push(Mark::Path { mark_style, filled, d }),
        }
    }

    fn lines(&mut self, points: impl IntoIterator<Item = BackendCoord>, color: BackendColor, filled: bool) {
        let mut d = String::new();
        let mut step = 'M';
        for (x, y) in points {
            d.push(step);
            push(&mut d, x);
            d.push(' ');
            push(&mut d, y);
            step = 'L';
        }
        if filled {
            d.push('Z');
        }
        self.path(color, filled, d);
    }
}

impl Mark {
    /// The CSS classes of the mark.
    pub fn class(&self) -> String {
        match self {
            Self::Path { mark_style, filled, .. } => {
                format!("{} {}", mark_style.class(), if *filled { "area" } else { "line" })
            }
            Self::Text { mark_style, .. } => mark_style.class(),
        }
    }
}

impl DrawingBackend for Surface<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let size = |px: i32| (px * FINE).unsigned_abs();
        (size(self.0.width), size(self.0.height))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _at: BackendCoord, _color: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.0.lines([from, to], style.color(), false);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        let corners = [from, (to.0, from.1), to, (from.0, to.1)];
        let close = (!fill).then_some(from);
        self.0.lines(corners.into_iter().chain(close), style.color(), fill);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.0.lines(path, style.color(), false);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let mut d = String::from("M");
        let radius = radius.cast_signed();
        push(&mut d, center.0 - radius);
        d.push(' ');
        push(&mut d, center.1);
        for half in [radius * 2, radius * -2] {
            d.push('a');
            push(&mut d, radius);
            d.push(' ');
            push(&mut d, radius);
            d.push_str(" 0 1 0 ");
            push(&mut d, half);
            d.push_str(" 0");
        }
        self.0.path(style.color(), fill, d);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Drawn {
        self.0.lines(corners, style.color(), true);
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let place = style.anchor();
        let anchor = match place.h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let down = match place.v_pos {
            VPos::Top => TEXT_PX - 1,
            VPos::Center => TEXT_PX / 2 - 2,
            VPos::Bottom => -3,
        };
        let mark_style = MarkStyle::of(style.color());
        let (x, y) = (at.0 / FINE, at.1 / FINE + down);
        self.0.marks.push(Mark::Text { mark_style, x, y, anchor, text: text.to_owned() });
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        _style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = |px: i32| (px * FINE).unsigned_abs();
        Ok((size(text_width(text)), size(TEXT_PX + 3)))
    }
}

/// The greatest width of a text in any system font, in CSS pixels: the widths of the widest font, rounded up.
pub fn text_width(text: &str) -> i32 {
    let hundredths: i32 = text.chars().map(advance).sum();
    hundredths * TEXT_PX / 100 + 1
}

/// The same for bold text, which is at most a tenth wider.
pub fn bold_width(text: &str) -> i32 {
    text_width(text) * 9 / 8
}

/// The width of a character, in hundredths of the font size.
const fn advance(letter: char) -> i32 {
    match letter {
        ' ' | ',' | '.' | ':' | 'i' | 'j' | 'l' | '|' | '\'' => 33,
        '-' | 'r' | 't' | 'f' | '(' | ')' | '/' | 'I' => 42,
        'm' | 'w' | 'M' | 'W' | '%' => 98,
        'A'..='Z' => 74,
        '<' | '>' | '=' | '+' | '\u{2026}' => 84,
        _ => 64,
    }
}

/// Appends backend units as CSS pixels in the shortest form: `12`, `12.25`, `-.5`.
fn push(d: &mut String, fine: i32) {
    if fine < 0 {
        d.push('-');
    }
    let fine = fine.unsigned_abs();
    let (whole, rest) = (fine / FINE.unsigned_abs(), fine % FINE.unsigned_abs());
    if whole > 0 || rest == 0 {
        // Writing to a string does not fail.
        let _ = write!(d, "{whole}");
    }
    d.push_str(["", ".13", ".25", ".38", ".5", ".63", ".75", ".88"][rest as usize]);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(draw: impl FnOnce(&mut Surface<'_>)) -> Drawing {
        let mut drawing = Drawing::new(100, 50);
        draw(&mut Surface(&mut drawing));
        drawing
    }

    fn color(mark_style: MarkStyle) -> BackendColor {
        plotters::style::Color::to_backend_color(&mark_style)
    }

    #[test]
    fn units_are_pixels_without_idle_digits() {
        let mut d = String::new();
        for fine in [0, 8, 12, -4, -9] {
            push(&mut d, fine);
            d.push(';');
        }
        assert_eq!(d, "0;1;1.5;-.5;-1.13;");
    }

    #[test]
    fn marks_of_one_style_are_one_path() {
        let drawing = drawing(|surface| {
            for (mark_style, x) in
                [(MarkStyle::Grid, 0), (MarkStyle::Grid, 8), (MarkStyle::Axis, 16), (MarkStyle::Grid, 24)]
            {
                surface.draw_line((x, 0), (x, 80), &color(mark_style)).unwrap();
            }
        });
        let paths: Vec<&str> =
            drawing.marks.iter().map(|mark| if let Mark::Path { d, .. } = mark { d } else { "" }).collect();
        assert_eq!(paths, ["M0 0L0 10M1 0L1 10", "M2 0L2 10", "M3 0L3 10"]);
    }

    #[test]
    fn an_area_is_a_closed_path_and_a_line_is_not() {
        let drawing = drawing(|surface| {
            surface.draw_rect((0, 0), (16, 8), &color(MarkStyle::Count), true).unwrap();
            surface.draw_circle((80, 80), 24, &color(MarkStyle::Count), false).unwrap();
        });
        let classes: Vec<String> = drawing.marks.iter().map(Mark::class).collect();
        assert_eq!(classes, ["count area", "count line"]);
        let svg = drawing.svg();
        assert!(svg.contains("M0 0L2 0L2 1L0 1Z"), "{svg}");
        assert!(svg.contains("M7 10a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"), "{svg}");
    }

    #[test]
    fn wider_texts_are_wider() {
        assert!(text_width("web-2") < text_width("web-22"));
        assert!(text_width("iiii") < text_width("mmmm"));
        // DejaVu Sans, the widest of them, has digits of 0.636 em.
        assert!(text_width("0123456789") >= 83);
    }
}
