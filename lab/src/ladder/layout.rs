//! The layout of one page of the ladder, in CSS pixels.

use std::rc::Rc;

use sim_core::kernel::state::State;
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::{Fate, Flight, Index};
use sim_core::trace::{NodeId, Record, Refusal, Role};

use super::arrow::{Arrow, Tip};
use super::columns::{Column, TIMES, columns};
use super::labels::{self, Label};
use super::scale::{Lane, Moment, Room, TimeScale};
use super::sequence::{Note, NoteKind, Sequence, Source};
use super::text_boxes::{CHARACTER, LINE, OccupiedSpace, RotatedRect};
use crate::format::seconds_ms;
use crate::format::wrapped;
use crate::geometry::{LEVEL, Point};
use crate::text::ladder as text;
use sim_core::segment::SegmentKind;

/// Half the width of the octagon of a refusal.
pub const OCTAGON: f64 = 9.0;

/// The distance between two arrows in the same lane.
const ROW: f64 = 18.0;

/// The least distance between two times at the left.
const TICK: f64 = 40.0;

/// The margin below the last moment.
const MARGIN: f64 = 24.0;

/// The least height of a page.
const TALL: f64 = 48.0;

/// The number of characters that may stand beside a line even if they cross the next line.
const ACROSS: f64 = 20.0;

/// The share of its way that a lost segment is drawn.
const LOST: f64 = 0.5;

/// A time at the left.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The y coordinate.
    pub y: f64,
    /// The time in seconds.
    pub text: String,
}

/// A break in the time scale, drawn across the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The top edge.
    pub from: f64,
    /// The bottom edge.
    pub to: f64,
}

/// The layout of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LadderLayout {
    /// The width.
    pub width: f64,
    /// The height without the names.
    pub height: f64,
    /// The height of the names.
    pub head: f64,
    /// The lines of the nodes.
    pub columns: Vec<Column>,
    /// The segments.
    pub arrows: Vec<Arrow>,
    /// The labels.
    pub labels: Vec<Label>,
    /// The breaks in the time scale.
    pub gaps: Vec<Gap>,
    /// The times at the left.
    pub ticks: Vec<Tick>,
    /// The first and the last moment of the page.
    pub span: (SimTime, SimTime),
    scale: TimeScale,
}

/// A shared layout. Two are equal if they are the same allocation.
#[derive(Clone, Debug)]
pub struct SharedLayout(pub Rc<LadderLayout>);

impl PartialEq for SharedLayout {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl core::ops::Deref for SharedLayout {
    type Target = LadderLayout;
    fn deref(&self) -> &LadderLayout {
        &self.0
    }
}

/// The order of events: by time, then by record. The last part puts a sending before the other events of its record.
type Order = (SimTime, usize, u8);

/// What happens at a moment of the scale.
#[derive(Clone, Copy, Debug)]
enum Of {
    Departure(usize),
    Arrival(usize),
    Note(usize),
    Edge,
}

impl LadderLayout {
    /// Lays out the page `page` of `sequence` in a drawing of this width.
    pub fn new(source: Source, sequence: &Sequence, page: usize, width: f64) -> Self {
        let (columns, head) = columns(source, sequence, width);
        let span = sequence.span(source, page);
        let shown: Vec<(usize, &Flight)> = sequence.flights[sequence.on_page(page)]
            .iter()
            .filter_map(|index| Some((*index, source.index.flights.get(*index)?)))
            .collect();
        let notes = notes_within(sequence, span, page + 1 == sequence.pages());
        let sheet = Sheet { source, sequence, columns: &columns, shown: &shown, notes };
        let typical = typical(&shown);
        let (order, moments) = sheet.moments(span, typical);
        let scale = TimeScale::new(&moments, typical);
        let mut layout = Self { width, head, span, height: scale.bottom.max(TALL) + MARGIN, ..Self::default() };
        layout.arrows = sheet.arrows(&order, &scale);
        layout.gaps = scale.breaks.iter().map(|gap| Gap { from: gap.from + 8.0, to: gap.to - 10.0 }).collect();
        layout.ticks = ticks(&moments, &scale);
        layout.labels = sheet.labels(&order, &scale, &layout);
        layout.columns = columns;
        layout.scale = scale;
        layout
    }

    /// The y coordinate of `at`, if it is on this page.
    pub fn height_of(&self, at: SimTime) -> Option<f64> {
        self.scale.height(at)
    }
}

/// The input of the layout of one page.
struct Sheet<'a> {
    source: Source<'a>,
    sequence: &'a Sequence,
    columns: &'a [Column],
    shown: &'a [(usize, &'a Flight)],
    notes: Vec<&'a Note>,
}

impl Sheet<'_> {
    fn column(&self, node: NodeId) -> Option<&Column> {
        self.columns.iter().find(|column| column.node == node)
    }

    fn x(&self, node: NodeId) -> f64 {
        self.column(node).map_or(0.0, |column| column.x)
    }

    /// The events of the page in order, each with the space that it needs.
    fn moments(&self, span: (SimTime, SimTime), typical: Span) -> (Vec<Of>, Vec<Moment>) {
        let mut found: Vec<(Order, Of, Vec<Room>)> = Vec::new();
        for (position, (_, flight)) in self.shown.iter().enumerate() {
            let right = self.x(flight.to) > self.x(flight.from);
            let row = |lane| Room { lane, above: ROW / 2.0, below: ROW / 2.0 };
            let leaves = vec![row(Lane::Departures(flight.from, right))];
            found.push(((flight.sent, flight.record, 0), Of::Departure(position), leaves));
            let mut reaches = vec![row(Lane::Arrivals(flight.to, right))];
            let lines = self.words_at_tip(flight).len();
            if lines > 0 {
                let below = LINE * (lines as f64 - 0.5);
                reaches.push(Room {
                    lane: Lane::Beside(flight.to),
                    above: LINE / 2.0,
                    below: below.max(OCTAGON + 2.0),
                });
            }
            let half = Span::from_micros((typical.as_micros() as f64 * LOST) as u64);
            let arrives = flight.arrives.unwrap_or(flight.sent + half);
            let order = (arrives, self.reached(flight), 1);
            found.push((order, Of::Arrival(position), reaches));
        }
        for (position, note) in self.notes.iter().enumerate() {
            let below = LINE * (self.words_of(note).len() as f64 - 0.5);
            let mut rooms = vec![Room { lane: Lane::Beside(note.node), above: LINE / 2.0, below }];
            // Text to the right of a line stands above the arrows that start there. This does not concern the last
            // line.
            if self.columns.last().is_some_and(|last| last.node != note.node) {
                rooms.push(Room { lane: Lane::Departures(note.node, true), above: 4.0, below: below + 2.0 });
            }
            found.push(((note.at, note.record, 0), Of::Note(position), rooms));
        }
        found.push(((span.0, 0, 0), Of::Edge, Vec::new()));
        found.push(((span.1, usize::MAX, 0), Of::Edge, Vec::new()));
        found.sort_by_key(|(order, ..)| *order);
        found.into_iter().map(|(order, of, rooms)| (of, Moment { at: order.0, rooms })).unzip()
    }

    /// The first record at the receiver about this segment. Events that the segment causes are placed below it.
    fn reached(&self, flight: &Flight) -> usize {
        let Some(at) = flight.arrives else { return flight.record };
        let within = Index::records_between(self.source.trace, at, at);
        let is_arrival = |record: &Record| record.node == flight.to && record.segment == Some(flight.segment);
        let found = self.source.trace.records[within.clone()].iter().position(is_arrival);
        found.map_or(flight.record, |position| within.start + position)
    }

    fn arrows(&self, order: &[Of], scale: &TimeScale) -> Vec<Arrow> {
        let mut ends = vec![(0.0, 0.0); self.shown.len()];
        for (of, y) in order.iter().zip(&scale.heights) {
            match of {
                Of::Departure(arrow) => ends[*arrow].0 = *y,
                Of::Arrival(arrow) => ends[*arrow].1 = *y,
                Of::Note(_) | Of::Edge => {}
            }
        }
        let arrow = |((index, flight), (sent, reached)): (&(usize, &Flight), (f64, f64))| {
            let from = Point { x: self.x(flight.from), y: sent };
            let whole = Point { x: self.x(flight.to), y: reached };
            let gone = flight.arrives.is_none();
            let to = if gone { Point { x: from.x + (whole.x - from.x) * LOST, y: reached } } else { whole };
            let refused = self.refusal(flight);
            let tip = match (refused, flight.fate) {
                (Some((_, refusal)), _) => Tip::Refused(refusal),
                (None, Fate::Taken) if gone => Tip::Lost,
                (None, Fate::Taken) => Tip::Arrives,
                (None, Fate::Dropped(_)) => Tip::Dropped,
                (None, Fate::Lost(_)) => Tip::Lost,
            };
            Arrow {
                flight: *index,
                kind: SegmentKind::of(&flight.header),
                from,
                to,
                tip,
                again: flight.retransmission > 0 && !self.source.role(flight.from).is_some_and(Role::is_box),
                host: self.source.owner(flight),
                record: refused.map_or(flight.record, |(record, _)| record),
            }
        };
        self.shown.iter().zip(ends).map(arrow).collect()
    }

    fn refusal(&self, flight: &Flight) -> Option<(usize, Refusal)> {
        let Fate::Dropped(reason) = flight.fate else { return None };
        let refusals = &self.source.index.refusals;
        let first = refusals.partition_point(|refused| Some(refused.at) < flight.arrives);
        let mut same = refusals[first..].iter().take_while(|refused| Some(refused.at) == flight.arrives);
        let found = same.find(|refused| refused.segment == Some(flight.segment) && refused.reason == reason)?;
        Some((found.record, found.refusal))
    }

    /// The number of characters that fit beside the line of `node`. Text may cross the lines of clients and boxes.
    fn most_beside(&self, node: NodeId) -> usize {
        let least = if self.columns.last().is_some_and(|last| last.node == node) { 10.0 } else { ACROSS };
        let room = self.column(node).map_or(0.0, |column| column.room - 20.0);
        (room / CHARACTER).max(least) as usize
    }

    /// The lines of text at the end of an arrow that a kernel dropped.
    fn words_at_tip(&self, flight: &Flight) -> Vec<String> {
        let text = match (self.refusal(flight), flight.fate) {
            (Some((_, refusal)), _) => text::refused(&refusal),
            (None, Fate::Dropped(reason)) => reason.words().short.to_owned(),
            _ => return Vec::new(),
        };
        wrapped(&text, self.most_beside(flight.to))
    }

    fn words_of(&self, note: &Note) -> Vec<String> {
        let most = self.most_beside(note.node);
        // Beside the client's own line it is plain whose connection it is.
        let whose = note.host.filter(|host| *host != note.node && self.sequence.hosts.len() > 1);
        let named = text::note(self.source, note, whose.map(|host| self.source.name(host)));
        let fits = named.chars().count() <= most;
        wrapped(&if fits { named } else { text::note(self.source, note, None) }, most)
    }

    fn labels(&self, order: &[Of], scale: &TimeScale, layout: &LadderLayout) -> Vec<Label> {
        let mut occupied = OccupiedSpace::default();
        for (position, arrow) in layout.arrows.iter().enumerate() {
            occupied.draw(position, arrow.from, arrow.to);
            if arrow.tip != Tip::Arrives {
                occupied.take(RotatedRect::around(arrow.to, OCTAGON * 2.0, OCTAGON * 2.0, LEVEL));
            }
        }
        let mut found = Vec::new();
        let mut words = labels::PlacedLabels { width: layout.width, occupied: &mut occupied, found: &mut found };
        for (of, y) in order.iter().zip(&scale.heights) {
            match of {
                Of::Arrival(arrow) => {
                    let flight = self.shown[*arrow].1;
                    let class =
                        if self.refusal(flight).is_some() { labels::Class::Refused } else { labels::Class::Dropped };
                    words.beside(self.x(flight.to) + 6.0, *y, self.words_at_tip(flight), class, None);
                }
                Of::Note(note) => {
                    let note = self.notes[*note];
                    let class = match note.what {
                        NoteKind::States(_) | NoteKind::Closed(State::TimeWait) => labels::Class::State,
                        NoteKind::Remembered(_) => labels::Class::Remembered,
                        _ => labels::Class::Note,
                    };
                    words.beside(self.x(note.node), *y, self.words_of(note), class, note.host);
                }
                Of::Departure(_) | Of::Edge => {}
            }
        }
        words.pauses(scale, &layout.arrows, self.columns);
        words.on_arrows(self.source, self.shown, &layout.arrows, self.columns, self.sequence.hosts.len() > 1);
        found
    }
}

fn notes_within(sequence: &Sequence, (from, to): (SimTime, SimTime), is_last: bool) -> Vec<&Note> {
    let within = |note: &&Note| note.at >= from && (note.at < to || is_last && note.at == to);
    sequence.notes.iter().filter(within).collect()
}

/// The typical travel time of a segment: the mean of the times above the average, because links inside a local network
/// are short.
fn typical(shown: &[(usize, &Flight)]) -> Span {
    let mean = |least: u64| {
        let ways = shown.iter().filter_map(|(_, flight)| Some(flight.arrives?.since(flight.sent).as_micros()));
        let (sum, count) =
            ways.filter(|way| *way >= least).fold((0_u64, 0_u64), |(sum, count), way| (sum + way, count + 1));
        sum.checked_div(count).unwrap_or(0)
    };
    let long = mean(mean(0));
    if long == 0 { Span::from_millis(10) } else { Span::from_micros(long) }
}

fn ticks(moments: &[Moment], scale: &TimeScale) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = Vec::new();
    let mut after_break = scale.breaks.iter().map(|gap| gap.to).peekable();
    for (moment, y) in moments.iter().zip(&scale.heights) {
        let begins = after_break.next_if(|to| *to <= *y).is_some();
        let far = ticks.last().is_none_or(|last| *y >= last.y + TICK || begins && *y >= last.y + LINE);
        let text = seconds_ms(moment.at);
        if far && ticks.last().is_none_or(|last| last.text != text) {
            ticks.push(Tick { y: *y, text });
        }
    }
    ticks
}

/// The x coordinate of the time axis.
pub const fn axis() -> f64 {
    TIMES
}
