//! The labels of the ladder. A label is placed where it covers no other label, or left out.

use sim_core::time::Span;
use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{NodeId, Role};

use super::arrow::{Arrow, Tip};
use super::columns::{Column, TIMES};
use super::scale::{Break, TimeScale};
use super::sequence::Source;
use super::text_boxes::{LINE, OccupiedSpace, RotatedRect, width_of};
use crate::geometry::{LEVEL, Point};
use crate::text::ladder as text;
use sim_core::segment::SegmentKind;

/// The distance between a line and the text beside it.
const BESIDE: f64 = 12.0;

/// The positions along an arrow that are tried for its label, the best first.
const PLACES: [f64; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];

/// An arrow is at least this much longer than its label.
const SPARE: f64 = 8.0;

/// The kind of a label, which decides its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The flags of a segment.
    Segment(SegmentKind),
    /// The comparison of a refusal.
    Refused,
    /// The reason of a drop or a loss.
    Dropped,
    /// The state of a socket.
    State,
    /// A timestamp that the server now remembers.
    Remembered,
    /// Any other note.
    Note,
    /// The length of a break in the time scale.
    Pause,
}

/// A text at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The start of the baseline.
    pub start: Point,
    /// The unit vector of the text direction.
    pub along: Point,
    /// The text.
    pub text: String,
    /// The kind of the label.
    pub class: Class,
    /// The host that opened the connection.
    pub host: Option<NodeId>,
    /// The arrow that the label belongs to, as an index into the arrows of the page.
    pub arrow: Option<usize>,
    /// The area that the label covers.
    pub bounds: RotatedRect,
}

/// The labels that have been placed so far.
pub struct PlacedLabels<'a> {
    /// The width of the drawing.
    pub width: f64,
    /// The areas that are taken.
    pub occupied: &'a mut OccupiedSpace,
    /// The placed labels.
    pub found: &'a mut Vec<Label>,
}

impl PlacedLabels<'_> {
    /// Places lines of text to the right of the line at `x`, the first at `y`.
    pub fn beside(&mut self, x: f64, y: f64, lines: Vec<String>, class: Class, host: Option<NodeId>) {
        for (row, text) in lines.into_iter().enumerate() {
            let y = y + row as f64 * LINE;
            let width = width_of(&text);
            // Long numbers would reach beyond the drawing, so they begin further left.
            let x = (x + BESIDE).min(self.width - width);
            self.place(Label {
                start: Point { x, y: y + 4.5 },
                along: LEVEL,
                text,
                class,
                host,
                arrow: None,
                bounds: RotatedRect::around(Point { x: x + width / 2.0, y }, width, LINE - 1.0, LEVEL),
            });
        }
    }

    /// Places the length of each break in its middle, between the two lines that are furthest apart, or else beside the
    /// first line.
    pub fn pauses(&mut self, scale: &TimeScale, arrows: &[Arrow], columns: &[Column]) {
        let first = columns.first().map_or(TIMES, |column| column.x);
        let (left, wide) = columns
            .windows(2)
            .map(|pair| (pair[0].x, pair[1].x - pair[0].x))
            .fold((first, 0.0), |widest, next| if next.1 > widest.1 { next } else { widest });
        for gap in &scale.breaks {
            let Break { from, to, span, .. } = *gap;
            let is_silent = !arrows.iter().any(|arrow| arrow.from.y <= from && arrow.to.y >= to);
            let text = text::pause(span, is_silent);
            let y = (from + to) / 2.0 - 1.0;
            let fits = wide >= width_of(&text) + 2.0 * BESIDE + 8.0;
            if !(fits && self.pause(y, left, text.clone())) {
                self.pause(y, first, text);
            }
        }
    }

    /// Places the text of one break. Returns whether there was room.
    fn pause(&mut self, y: f64, first: f64, text: String) -> bool {
        let width = width_of(&text);
        let x = first + BESIDE + 4.0;
        let bounds = RotatedRect::around(Point { x: x + width / 2.0, y }, width, LINE, LEVEL);
        self.place(Label {
            start: Point { x, y: y + 4.5 },
            along: LEVEL,
            text,
            class: Class::Pause,
            host: None,
            arrow: None,
            bounds,
        })
    }

    /// Labels the arrows, the most important first.
    pub fn on_arrows(
        &mut self,
        source: Source,
        shown: &[(usize, &Flight)],
        arrows: &[Arrow],
        columns: &[Column],
        several: bool,
    ) {
        let ranked = |turn: u8| (0..arrows.len()).filter(move |position| rank(&arrows[*position]) == turn);
        for position in (0..=LAST_RANK).flat_map(ranked) {
            let (arrow, flight) = (&arrows[position], shown[position].1);
            if let Fate::Lost(reason) = flight.fate {
                self.after_cross(arrow, reason.words().short);
            }
            let Some(along) = labelled(source, flight, arrow, columns) else { continue };
            let whose = arrow.host.filter(|_| several).map(|host| source.name(host));
            let forms = text::on_arrow(&flight.header, whose, again(source, flight));
            self.on_arrow(position, arrow, along, &forms);
        }
    }

    fn on_arrow(&mut self, position: usize, arrow: &Arrow, along: Along, forms: &[String]) {
        let fits = |form: &&String| width_of(form) + SPARE <= along.length();
        let candidates = |form: &str| {
            let width = width_of(form);
            let free = (along.length() - width) / 2.0 / along.length();
            let centres = PLACES.map(|share| along.left.towards(along.right, share.clamp(0.5 - free, 0.5 + free)));
            centres.map(|centre| along.above(centre, width))
        };
        for clear in [true, false] {
            for form in forms.iter().filter(fits) {
                let is_good = |bounds: &RotatedRect| {
                    self.occupied.is_free(bounds) && (!clear || self.occupied.is_clear(bounds, position))
                };
                if let Some(bounds) = candidates(form).into_iter().find(is_good) {
                    let class = Class::Segment(arrow.kind);
                    let start = along.base_line(&bounds);
                    let (text, along) = (form.clone(), along.direction());
                    let (host, arrow) = (arrow.host, Some(position));
                    self.place(Label { start, along, text, class, host, arrow, bounds });
                    return;
                }
            }
        }
    }

    /// Places the reason of a loss to the right of its cross, or else below it or to its left.
    fn after_cross(&mut self, arrow: &Arrow, text: &str) {
        let width = width_of(text);
        let centres = [
            Point { x: arrow.to.x + BESIDE + 2.0 + width / 2.0, y: arrow.to.y + 4.0 },
            Point { x: arrow.to.x, y: arrow.to.y + LINE + 4.0 },
            Point { x: arrow.to.x - BESIDE - 2.0 - width / 2.0, y: arrow.to.y + 4.0 },
        ];
        for centre in centres {
            let bounds = RotatedRect::around(centre, width, LINE - 1.0, LEVEL);
            let inside = centre.x - width / 2.0 > TIMES && centre.x + width / 2.0 <= self.width;
            if inside && self.occupied.is_free(&bounds) {
                let start = Point { x: centre.x - width / 2.0, y: centre.y + 4.5 };
                let (text, class, host) = (text.to_owned(), Class::Dropped, arrow.host);
                self.place(Label { start, along: LEVEL, text, class, host, arrow: None, bounds });
                return;
            }
        }
    }

    /// Places a label if its area is free. Returns whether it was.
    fn place(&mut self, label: Label) -> bool {
        let is_free = self.occupied.is_free(&label.bounds);
        if is_free {
            self.occupied.take(label.bounds);
            self.found.push(label);
        }
        is_free
    }
}

/// The part of an arrow that a label may cover, from left to right.
#[derive(Clone, Copy, Debug)]
struct Along {
    left: Point,
    right: Point,
}

impl Along {
    /// The part of `arrow` between two x coordinates.
    fn of(arrow: &Arrow, from_x: f64, to_x: f64) -> Self {
        let at = |x: f64| {
            let whole = arrow.to.x - arrow.from.x;
            let share = if whole.abs() < 1.0 { 0.0 } else { (x - arrow.from.x) / whole };
            arrow.from.towards(arrow.to, share.clamp(0.0, 1.0))
        };
        Self { left: at(from_x.min(to_x)), right: at(from_x.max(to_x)) }
    }

    fn length(&self) -> f64 {
        self.left.distance(self.right)
    }

    fn direction(&self) -> Point {
        self.left.direction(self.right)
    }

    /// The area above the line at `centre` for a label of this width.
    fn above(&self, centre: Point, width: f64) -> RotatedRect {
        let along = self.direction();
        let up = LINE / 2.0 + 1.5;
        RotatedRect::around(Point { x: centre.x + along.y * up, y: centre.y - along.x * up }, width, LINE - 2.0, along)
    }

    /// The start of the baseline of a label that covers `bounds`: slightly above the lower left corner.
    fn base_line(&self, bounds: &RotatedRect) -> Point {
        let [upper, _, _, lower] = bounds.corners();
        lower.towards(upper, 0.22)
    }
}

/// The part of an arrow that is labelled: between the server and its neighbour. A segment that does not get there, or
/// that a firewall will change, is labelled along its whole length.
fn labelled(source: Source, flight: &Flight, arrow: &Arrow, columns: &[Column]) -> Option<Along> {
    let ends_at = |node: NodeId| matches!(source.role(node), Some(Role::Server | Role::Database));
    let to_firewall = source.role(flight.to) == Some(Role::Firewall);
    if !ends_at(flight.from) && !ends_at(flight.to) {
        let whole = Along::of(arrow, arrow.from.x, arrow.to.x);
        return (arrow.tip != Tip::Arrives || to_firewall && arrow.kind == SegmentKind::Syn).then_some(whole);
    }
    let right = arrow.from.x.max(arrow.to.x);
    let full_right = columns.iter().map(|column| column.x).filter(|x| *x >= right - 0.5).fold(f64::MAX, f64::min);
    let left = columns.iter().map(|column| column.x).filter(|x| *x < full_right - 0.5).fold(f64::MIN, f64::max);
    // A lost segment may end before the last two lines.
    let left = if left >= right - 40.0 { arrow.from.x.min(arrow.to.x) } else { left };
    Some(Along::of(arrow, left, right))
}

/// The time between a retransmission and the copy before it.
fn again(source: Source, flight: &Flight) -> Option<Span> {
    if flight.retransmission == 0 {
        return None;
    }
    let flights = &source.index.flights;
    let before = &flights[..flights.partition_point(|other| other.sent < flight.sent)];
    let is_copy = |other: &&Flight| {
        other.connection == flight.connection
            && (other.from, other.to, other.header.flags) == (flight.from, flight.to, flight.header.flags)
            && other.retransmission < flight.retransmission
    };
    before.iter().rfind(is_copy).map(|other| flight.sent.since(other.sent))
}

/// The highest [`rank`].
const LAST_RANK: u8 = 5;

/// The order in which arrows are labelled.
const fn rank(arrow: &Arrow) -> u8 {
    match (arrow.tip, arrow.kind) {
        (Tip::Refused(_), _) => 0,
        (Tip::Dropped | Tip::Lost, _) => 1,
        (Tip::Arrives, SegmentKind::Syn | SegmentKind::Rst) => 2,
        (Tip::Arrives, SegmentKind::SynAck | SegmentKind::Fin) => 3,
        (Tip::Arrives, SegmentKind::Data) => 4,
        (Tip::Arrives, SegmentKind::Ack) => LAST_RANK,
    }
}
