//! The social picture of a page: its heading over the stage of its first frame, as PNG.
//!
//! The stage is drawn with the rules of the page's style sheet. This module fills in its variables for the light theme.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::escape::escaped;
use crate::outcome::Outcome;
use crate::page::{PICTURE_HEIGHT, PICTURE_WIDTH, Page};

/// Draws pictures.
pub struct Artist {
    options: Options<'static>,
    style: String,
}

impl Artist {
    /// Prepares drawing with the rules of `style_sheet` and the fonts of this machine.
    ///
    /// # Errors
    /// When the machine has no sans-serif font, because the picture would have no text.
    pub fn new(style_sheet: &str) -> Outcome<Self> {
        let mut options = Options::default();
        let fonts = options.fontdb_mut();
        fonts.load_system_fonts();
        let named = |name: &str| fonts.faces().any(|face| face.families.iter().any(|(family, _)| family == name));
        let sans = ["DejaVu Sans", "Noto Sans", "Liberation Sans"].into_iter().find(|name| named(name));
        let mono = ["DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono"].into_iter().find(|name| named(name));
        let sans = sans.ok_or("social pictures need a font: install fonts-dejavu-core")?;
        Ok(Self { style: filled_in(style_sheet, sans, mono.unwrap_or(sans)), options })
    }

    /// The picture of `page`, whose content is `frame`.
    ///
    /// # Errors
    /// When the first frame has no drawing that can be parsed.
    pub fn picture(&self, page: &Page, frame: &str) -> Outcome<Vec<u8>> {
        let tree = Tree::from_str(&self.svg(page, frame), &self.options)?;
        let mut pixels = Pixmap::new(PICTURE_WIDTH, PICTURE_HEIGHT).ok_or("the picture has no size")?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        Ok(pixels.encode_png()?)
    }

    fn svg(&self, page: &Page, frame: &str) -> String {
        let stage = wide_stage(frame)
            .map(|(view_box, drawing)| {
                format!(
                    "<svg class=\"stage\" x=\"48\" y=\"176\" width=\"1104\" height=\"412\" viewBox=\"{view_box}\">\
                     {drawing}</svg>"
                )
            })
            .unwrap_or_default();
        let said = if stage.is_empty() { lines(&page.description) } else { String::new() };
        let heading =
            frame.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>")).map_or("", |(text, _)| text);
        let size = if heading.chars().count() > 42 { 34 } else { 48 };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{PICTURE_WIDTH}\" height=\"{PICTURE_HEIGHT}\"><style>{}</style>\
             <rect width=\"100%\" height=\"100%\" fill=\"#fbfaf7\"/>\
             <g class=\"stage\"><text class=\"m\" x=\"48\" y=\"64\" style=\"font-size: 24px; font-weight: 600\">TIME_WAIT Lab</text>\
             <text x=\"48\" y=\"132\" style=\"font-size: {size}px; font-weight: 600\">{}</text>{said}</g>{stage}</svg>",
            self.style, heading,
        )
    }
}

/// The view box and the content of the widest drawing of the stage.
fn wide_stage(frame: &str) -> Option<(&str, &str)> {
    let (_, stage) = frame.split_once("<section id=\"stage\"")?;
    let (_, wide) = stage.split_once("<div class=\"wide\">")?;
    let (_, view_box) = wide.split_once("viewBox=\"")?;
    let (view_box, rest) = view_box.split_once('"')?;
    let (_, content) = rest.split_once('>')?;
    Some((view_box, content.split_once("</svg>")?.0))
}

/// Lines of text, for a page without a stage.
fn lines(text: &str) -> String {
    const LETTERS: usize = 62;
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let line = |(index, line): (usize, &String)| {
        format!("<text x=\"48\" y=\"{}\" style=\"font-size: 30px\">{}</text>", 216 + index * 48, escaped(line.trim()))
    };
    lines.iter().enumerate().map(line).collect()
}

/// The rules of the stage, with every variable replaced by its value in the light theme.
fn filled_in(style_sheet: &str, sans: &str, mono: &str) -> String {
    let (root, _) = style_sheet.split_once("\n}").unwrap_or((style_sheet, ""));
    let mut variables: Vec<(&str, String)> = root.lines().filter_map(variable).collect();
    variables.retain(|(name, _)| !matches!(*name, "--sans" | "--mono"));
    variables.extend([("--sans", format!("\"{sans}\"")), ("--mono", format!("\"{mono}\""))]);
    let of_stage = style_sheet.split_once("/* Stage */").and_then(|(_, rest)| rest.split_once("/* Time */"));
    let rules = of_stage.map_or("", |(rules, _)| rules);
    let mut style = String::new();
    let mut kinds: Vec<(&str, String)> = Vec::new();
    for line in rules.lines() {
        let Some((selector, body)) = line.trim_end_matches('}').split_once('{') else { continue };
        let body = in_pixels(body);
        if let Some((_, kind)) = body.split_once("--kind: ") {
            kinds.push((selector.trim(), replaced(kind.trim().trim_end_matches(';'), &variables)));
        }
        style.push_str(&format!("{selector}{{{}}}", replaced(&body, &variables)));
        // The class that sets the tint of a host is on the element or on an ancestor.
        if body.contains("var(--tint") {
            for tint in 0..10 {
                let variables = with(&variables, "--tint", &format!("var(--tint-{tint})"));
                let filled = replaced(&body, &variables);
                let class = format!(".tint-{tint}");
                let selectors: Vec<String> = selector.split(',').flat_map(|part| marked(part.trim(), &class)).collect();
                style.push_str(&format!("{}{{{filled}}}", selectors.join(", ")));
            }
        }
    }
    let of_kind = rules.lines().filter(|line| line.contains("var(--kind)"));
    for line in of_kind {
        let Some((selector, body)) = line.trim_end_matches('}').split_once('{') else { continue };
        for (kind, colour) in &kinds {
            let filled = replaced(body, &with(&variables, "--kind", colour));
            let inner = selector.trim().trim_start_matches(".segment ");
            style.push_str(&format!("{kind} {inner}{{{filled}}}"));
        }
    }
    style
}

/// The selectors in which one of the elements has `class`.
fn marked(selector: &str, class: &str) -> Vec<String> {
    let parts: Vec<&str> = selector.split(' ').collect();
    let at = |place: usize| {
        let marked =
            |(index, part): (usize, &&str)| if index == place { format!("{part}{class}") } else { (*part).to_owned() };
        parts.iter().enumerate().map(marked).collect::<Vec<_>>().join(" ")
    };
    let bears =
        |place: &usize| parts.get(*place).is_some_and(|part| part.starts_with('.') || *place + 1 == parts.len());
    (0..parts.len()).filter(bears).map(at).collect()
}

/// `--ink: light-dark(#1b1d21, #e9e7e2);` as a name and its value in the light theme.
fn variable(line: &str) -> Option<(&str, String)> {
    let (name, value) = line.trim().strip_suffix(';')?.split_once(':')?;
    let value = value.trim();
    let light = value.strip_prefix("light-dark(").and_then(|both| both.split_once(',')).map(|(light, _)| light);
    name.starts_with("--").then(|| (name, light.unwrap_or(value).to_owned()))
}

fn with<'a>(variables: &[(&'a str, String)], name: &'a str, value: &str) -> Vec<(&'a str, String)> {
    let mut more = variables.to_vec();
    more.retain(|(known, _)| *known != name);
    more.push((name, value.to_owned()));
    more
}

/// Replaces `var(--name)` and `var(--name, fallback)` with the values, or with the fallback if there is none.
fn replaced(text: &str, variables: &[(&str, String)]) -> String {
    let Some((before, rest)) = text.split_once("var(") else { return text.to_owned() };
    let mut depth = 1;
    let end = rest.char_indices().find(|(_, letter)| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    let Some((end, _)) = end else { return text.to_owned() };
    let (inner, after) = (&rest[..end], &rest[end + 1..]);
    let (name, fallback) = inner.split_once(',').unwrap_or((inner, "#1b1d21"));
    let value = variables.iter().find(|(known, _)| *known == name.trim()).map_or(fallback.trim(), |(_, value)| value);
    format!("{before}{}{}", replaced(value, variables), replaced(after, variables))
}

/// Writes font sizes in pixels, and expands the `font` shorthand.
fn in_pixels(body: &str) -> String {
    let rem = [("var(--small)", "13px"), ("var(--body)", "15px"), ("var(--large)", "17px"), ("var(--title)", "24px")];
    let sized = rem.iter().fold(body.to_owned(), |body, (name, size)| body.replace(name, size));
    sized.replace("font: 13px ", "font-size: 13px; font-family: ")
}
