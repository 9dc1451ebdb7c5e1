//! Where everything of one page of the ladder stands.

use std::rc::Rc;

use sim_core::kernel::state::State;
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::{Fate, Flight, Index};
use sim_core::trace::{NodeId, Record, Refusal, Role};

use super::arrow::{Arrow, Tip};
use super::columns::{Column, TIMES, columns};
use super::labels::{self, Label};
use super::place::{Board, CHARACTER, LEVEL, LINE, Point, Slab, wrapped};
use super::scale::{Lane, Moment, Room, TimeScale};
use super::story::{Note, NoteKind, Source, Story};
use crate::format::seconds_ms;
use crate::text::ladder as text;
use sim_core::segment::SegmentKind;

/// Half the size of the octagon of a refusal.
pub const OCTAGON: f64 = 9.0;

/// Two arrows in one lane stand so far apart.
const ROW: f64 = 18.0;

/// Two times on the left stand at least so far apart.
const TICK: f64 = 40.0;

/// Under the last moment.
const MARGIN: f64 = 24.0;

/// How high a page is at the least.
const TALL: f64 = 48.0;

/// So many characters may stand beside a line, also where they cross the next one.
const ACROSS: f64 = 20.0;

/// A lost segment gets so far.
const LOST: f64 = 0.5;

/// A moment on the left.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where.
    pub y: f64,
    /// When, in seconds.
    pub text: String,
}

/// A break across the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// One page of the ladder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LadderLayout {
    /// How wide it is.
    pub width: f64,
    /// How high it is, without the names.
    pub height: f64,
    /// How high the names are.
    pub head: f64,
    /// The lines.
    pub columns: Vec<Column>,
    /// The segments.
    pub arrows: Vec<Arrow>,
    /// All the words.
    pub labels: Vec<Label>,
    /// Where time is not to scale.
    pub gaps: Vec<Gap>,
    /// The times on the left.
    pub ticks: Vec<Tick>,
    /// When it begins and ends.
    pub span: (SimTime, SimTime),
    scale: TimeScale,
}

/// A layout that is shared; two are equal when they are the same.
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

/// What happens first: by time, then by record; the last part puts the sending before what it is recorded with.
type Order = (SimTime, usize, u8);

/// What a moment of the scale is the moment of.
#[derive(Clone, Copy, Debug)]
enum Of {
    Departure(usize),
    Arrival(usize),
    Note(usize),
    Edge,
}

impl LadderLayout {
    /// The page `page` of `story`, in a drawing of this width.
    #[must_use]
    pub fn new(source: Source, story: &Story, page: usize, width: f64) -> Self {
        let (columns, head) = columns(source, story, width);
        let span = story.span(source, page);
        let shown: Vec<(usize, &Flight)> = story.flights[story.on_page(page)]
            .iter()
            .filter_map(|index| Some((*index, source.index.flights.get(*index)?)))
            .collect();
        let notes = notes_within(story, span, page + 1 == story.pages());
        let sheet = Sheet { source, story, columns: &columns, shown: &shown, notes };
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

    /// Where `at` is, if it is on this page.
    #[must_use]
    pub fn height_of(&self, at: SimTime) -> Option<f64> {
        self.scale.height(at)
    }
}

/// What a page is made of.
struct Sheet<'a> {
    source: Source<'a>,
    story: &'a Story,
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

    /// Every moment of the page in the order in which things happen, with the room that it needs.
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
            // Words right of a line that is not the last are above what sets out from there.
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

    /// The first record of the far end about this segment, so that what it sets off comes below it.
    fn reached(&self, flight: &Flight) -> usize {
        let Some(at) = flight.arrives else { return flight.record };
        let within = Index::records_between(self.source.trace, at, at);
        let there = |record: &Record| record.node == flight.to && record.segment == Some(flight.segment);
        let found = self.source.trace.records[within.clone()].iter().position(there);
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

    /// How many characters fit beside the line of `node`. Words may cross the lines of clients and boxes.
    fn most_beside(&self, node: NodeId) -> usize {
        let least = if self.columns.last().is_some_and(|last| last.node == node) { 10.0 } else { ACROSS };
        let room = self.column(node).map_or(0.0, |column| column.room - 20.0);
        (room / CHARACTER).max(least) as usize
    }

    /// The lines beside the tip of an arrow that a kernel did not take.
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
        let whose = note.host.filter(|host| *host != note.node && self.story.hosts.len() > 1);
        let named = text::note(self.source, note, whose.map(|host| self.source.name(host)));
        let fits = named.chars().count() <= most;
        wrapped(&if fits { named } else { text::note(self.source, note, None) }, most)
    }

    fn labels(&self, order: &[Of], scale: &TimeScale, layout: &LadderLayout) -> Vec<Label> {
        let mut board = Board::default();
        for (position, arrow) in layout.arrows.iter().enumerate() {
            board.draw(position, arrow.from, arrow.to);
            if arrow.tip != Tip::Arrives {
                board.take(Slab::around(arrow.to, OCTAGON * 2.0, OCTAGON * 2.0, LEVEL));
            }
        }
        let mut found = Vec::new();
        let mut words = labels::PlacedLabels { width: layout.width, board: &mut board, found: &mut found };
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
        words.on_arrows(self.source, self.shown, &layout.arrows, self.columns, self.story.hosts.len() > 1);
        found
    }
}

fn notes_within(story: &Story, (from, to): (SimTime, SimTime), is_last: bool) -> Vec<&Note> {
    let within = |note: &&Note| note.at >= from && (note.at < to || is_last && note.at == to);
    story.notes.iter().filter(within).collect()
}

/// How long a segment is under way: the mean of the longer ways, because links inside a house are short.
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

/// The line along which the times stand.
#[must_use]
pub const fn axis() -> f64 {
    TIMES
}
