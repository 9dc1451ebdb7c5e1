//! A trace as a table with one line per record, for a spreadsheet or a script (RFC 4180).
//!
//! Every record about a segment repeats the segment's columns as they were on its last link, so that drops can be
//! sorted by clock without a join. The last column is a sentence with everything that has no column.

use core::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::pcapng;
use crate::segment::Segment;
use crate::time::{SimTime, Span};
use crate::trace::query::Index;
use crate::trace::{Event, NodeId, Record, SegmentId, Trace};

/// The columns. Times are seconds: `at_s` since the start of the simulation, `unix_s` since 1970 as in the captures.
pub const COLUMNS: [&str; 21] = [
    "at_s",
    "unix_s",
    "node",
    "event",
    "connection",
    "segment",
    "to_node",
    "arrives_at_s",
    "retransmission",
    "src",
    "src_port",
    "dst",
    "dst_port",
    "flags",
    "seq",
    "ack",
    "len_bytes",
    "window_bytes",
    "tsval_ticks",
    "tsecr_ticks",
    "sentence",
];

/// The text: a line with the names of [`COLUMNS`], and a line for each record in the order of the trace.
pub fn file(trace: &Trace) -> String {
    let index = Index::new(trace);
    let start = pcapng::wall_clock(trace);
    let mut headers: FxHashMap<SegmentId, Segment> = FxHashMap::default();
    let mut text = line(COLUMNS.map(str::to_owned));
    for (position, record) in trace.records.iter().enumerate() {
        match (&record.event, record.segment) {
            (Event::SegmentSent { header, .. }, Some(segment)) => {
                headers.insert(segment, *header);
            }
            (Event::SegmentDuplicated { of }, Some(copy)) => {
                headers.extend(headers.get(of).copied().map(|header| (copy, header)));
            }
            _ => {}
        }
        let header = record.segment.and_then(|segment| headers.get(&segment));
        let row = Row { trace, start, record, header, sentence: index.sentence(trace, position) };
        text += &line(row.fields());
    }
    text
}

struct Row<'a> {
    trace: &'a Trace,
    start: Span,
    record: &'a Record,
    header: Option<&'a Segment>,
    sentence: String,
}

impl Row<'_> {
    fn fields(self) -> [String; COLUMNS.len()] {
        let record = self.record;
        let sent = match &record.event {
            Event::SegmentSent { to, retransmission, arrives, .. } => Some((*to, *retransmission, *arrives)),
            _ => None,
        };
        let of_header = |field: &dyn Fn(&Segment) -> String| self.header.map(field).unwrap_or_default();
        let of_stamps = |echo: bool| {
            let stamps = self.header.and_then(|header| header.timestamps);
            stamps.map(|stamps| if echo { stamps.tsecr } else { stamps.tsval }.to_string()).unwrap_or_default()
        };
        [
            record.at.to_string(),
            (record.at + self.start).to_string(),
            self.name(record.node),
            name_of(&record.event),
            record.connection.map(|connection| connection.0.to_string()).unwrap_or_default(),
            record.segment.map(|segment| segment.0.to_string()).unwrap_or_default(),
            sent.map(|(to, ..)| self.name(to)).unwrap_or_default(),
            sent.and_then(|(.., arrives)| arrives).as_ref().map(SimTime::to_string).unwrap_or_default(),
            sent.map(|(_, retransmission, _)| retransmission.to_string()).unwrap_or_default(),
            of_header(&|header| header.src.addr.to_string()),
            of_header(&|header| header.src.port.to_string()),
            of_header(&|header| header.dst.addr.to_string()),
            of_header(&|header| header.dst.port.to_string()),
            of_header(&|header| header.flags.to_string()),
            of_header(&|header| header.seq.to_string()),
            of_header(&|header| if header.has_ack() { header.ack.to_string() } else { String::new() }),
            of_header(&|header| header.len.to_string()),
            of_header(&|header| header.window.to_string()),
            of_stamps(false),
            of_stamps(true),
            self.sentence,
        ]
    }

    fn name(&self, node: NodeId) -> String {
        self.trace.nodes.get(usize::from(node.0)).map(|node| node.name.clone()).unwrap_or_default()
    }
}

/// The name that the event has in `docs/trace.md`. Its JSON begins with `{"event":"NAME"`.
fn name_of(event: &Event) -> String {
    let json = serde_json::to_string(event).unwrap_or_default();
    json.split('"').nth(3).unwrap_or_default().to_owned()
}

/// RFC 4180, 2: a line ends with CR LF; a field with a comma, a quote or a line break stands in quotes, and its quotes
/// are doubled.
fn line(fields: [String; COLUMNS.len()]) -> String {
    let mut line = String::new();
    for (position, field) in fields.iter().enumerate() {
        let comma = if position == 0 { "" } else { "," };
        let needs_quotes = field.contains(['"', ',', '\r', '\n']);
        // Writing to a string cannot fail.
        let _ = match needs_quotes {
            true => write!(line, "{comma}\"{}\"", field.replace('"', "\"\"")),
            false => write!(line, "{comma}{field}"),
        };
    }
    line + "\r\n"
}
