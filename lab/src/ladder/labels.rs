//! The words on a page of the ladder: each finds a place where it covers no other, or goes without.

use sim_core::time::Span;
use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{NodeId, Role};

use super::arrow::{Arrow, Tip};
use super::columns::{Column, TIMES};
use super::place::{Board, LEVEL, LINE, Point, Slab, width_of};
use super::scale::{Break, TimeScale};
use super::story::Source;
use crate::text::ladder as text;
use sim_core::segment::SegmentKind;

/// Between a line and the words beside it.
const BESIDE: f64 = 12.0;

/// Where along its arrow a label is tried, the best place first.
const PLACES: [f64; 7] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];

/// What an arrow is longer than its words, at the least.
const SPARE: f64 = 8.0;

/// What words are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A segment.
    Segment(SegmentKind),
    /// A refusal in numbers.
    Refused,
    /// Why something was dropped or lost.
    Dropped,
    /// The state of a socket.
    State,
    /// A clock that is remembered now.
    Remembered,
    /// Anything else.
    Note,
    /// How long nothing happens.
    Pause,
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where the base line begins.
    pub start: Point,
    /// Which way they run, as a step of length 1.
    pub along: Point,
    /// The words.
    pub text: String,
    /// What they are about.
    pub class: Class,
    /// Whose connection they are about.
    pub host: Option<NodeId>,
    /// The arrow that they stand on.
    pub arrow: Option<usize>,
    /// The room that they take up.
    pub slab: Slab,
}

/// The words that have a place so far.
pub struct PlacedLabels<'a> {
    /// How wide the drawing is.
    pub width: f64,
    /// What is taken.
    pub board: &'a mut Board,
    /// What has been placed.
    pub found: &'a mut Vec<Label>,
}

impl PlacedLabels<'_> {
    /// Lines of words right of a column's line, the first at `y`.
    pub fn beside(&mut self, x: f64, y: f64, lines: Vec<String>, class: Class, host: Option<NodeId>) {
        for (row, text) in lines.into_iter().enumerate() {
            let y = y + row as f64 * LINE;
            let width = width_of(&text);
            // Long numbers would stand out of the drawing: they begin further left.
            let x = (x + BESIDE).min(self.width - width);
            self.place(Label {
                start: Point { x, y: y + 4.5 },
                along: LEVEL,
                text,
                class,
                host,
                arrow: None,
                slab: Slab::around(Point { x: x + width / 2.0, y }, width, LINE - 1.0, LEVEL),
            });
        }
    }

    /// The length of each break, in its middle: where the lines stand furthest apart, or else beside the first.
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

    /// Whether it has found its place.
    fn pause(&mut self, y: f64, first: f64, text: String) -> bool {
        let width = width_of(&text);
        let x = first + BESIDE + 4.0;
        let slab = Slab::around(Point { x: x + width / 2.0, y }, width, LINE, LEVEL);
        self.place(Label {
            start: Point { x, y: y + 4.5 },
            along: LEVEL,
            text,
            class: Class::Pause,
            host: None,
            arrow: None,
            slab,
        })
    }

    /// What each arrow is, the most telling first.
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
        let slabs = |form: &str| {
            let width = width_of(form);
            let free = (along.length() - width) / 2.0 / along.length();
            let centres = PLACES.map(|share| along.left.towards(along.right, share.clamp(0.5 - free, 0.5 + free)));
            centres.map(|centre| along.above(centre, width))
        };
        for clear in [true, false] {
            for form in forms.iter().filter(fits) {
                let is_good = |slab: &Slab| self.board.is_free(slab) && (!clear || self.board.is_clear(slab, position));
                if let Some(slab) = slabs(form).into_iter().find(is_good) {
                    let class = Class::Segment(arrow.kind);
                    let start = along.base_line(&slab);
                    let (text, along) = (form.clone(), along.direction());
                    let (host, arrow) = (arrow.host, Some(position));
                    self.place(Label { start, along, text, class, host, arrow, slab });
                    return;
                }
            }
        }
    }

    /// Why a segment was lost, right of its cross or, where that is taken, under it.
    fn after_cross(&mut self, arrow: &Arrow, text: &str) {
        let width = width_of(text);
        let centres = [
            Point { x: arrow.to.x + BESIDE + 2.0 + width / 2.0, y: arrow.to.y + 4.0 },
            Point { x: arrow.to.x, y: arrow.to.y + LINE + 4.0 },
            Point { x: arrow.to.x - BESIDE - 2.0 - width / 2.0, y: arrow.to.y + 4.0 },
        ];
        for centre in centres {
            let slab = Slab::around(centre, width, LINE - 1.0, LEVEL);
            let inside = centre.x - width / 2.0 > TIMES && centre.x + width / 2.0 <= self.width;
            if inside && self.board.is_free(&slab) {
                let start = Point { x: centre.x - width / 2.0, y: centre.y + 4.5 };
                let (text, class, host) = (text.to_owned(), Class::Dropped, arrow.host);
                self.place(Label { start, along: LEVEL, text, class, host, arrow: None, slab });
                return;
            }
        }
    }

    /// Places words if nothing stands there, and says whether it did.
    fn place(&mut self, label: Label) -> bool {
        let is_free = self.board.is_free(&label.slab);
        if is_free {
            self.board.take(label.slab);
            self.found.push(label);
        }
        is_free
    }
}

/// The part of an arrow that words may stand on, from left to right.
#[derive(Clone, Copy, Debug)]
struct Along {
    left: Point,
    right: Point,
}

impl Along {
    /// The part of `arrow` between two places.
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

    /// Room for words of this width above the line at `centre`.
    fn above(&self, centre: Point, width: f64) -> Slab {
        let along = self.direction();
        let up = LINE / 2.0 + 1.5;
        Slab::around(Point { x: centre.x + along.y * up, y: centre.y - along.x * up }, width, LINE - 2.0, along)
    }

    /// Where the base line of the words in `slab` begins: a little over its lower left corner.
    fn base_line(&self, slab: &Slab) -> Point {
        let [upper, _, _, lower] = slab.corners();
        lower.towards(upper, 0.22)
    }
}

/// The part of an arrow that is labelled: between the server and its neighbour, or, where the segment does not get
/// there or a firewall will change it, as far as it goes.
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
    // A lost segment may not reach the last place between two lines.
    let left = if left >= right - 40.0 { arrow.from.x.min(arrow.to.x) } else { left };
    Some(Along::of(arrow, left, right))
}

/// How long after the copy before it a retransmission goes out.
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

/// Which arrows get their words first.
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
