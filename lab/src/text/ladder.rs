//! The words of the ladder: short, because they stand between lines.

use sim_core::segment::Segment;
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::{Fate, Flight};
use sim_core::trace::{NodeId, Refusal};

use super::log::sentence;
use super::sum;
use crate::format::{counted, moment, seconds_exact, span};
use crate::ladder::sequence::{Note, NoteKind, Source};
use crate::run::Run;
use sim_core::segment::SegmentKind;
use sim_core::words::grouped;

/// The heading.
pub const HEADING: &str = "Ladder";

/// What stands where the line of tcpdump will stand.
pub const HINT: &str = "Point at an arrow, or select it with Tab and the arrow keys, to see the segment as tcpdump prints \
                        it. Click or press Enter to move to that time.";

/// How the diagram is to be read.
pub const READING: &str =
    "Time runs downwards, to scale between the breaks. Segments that are sent together are drawn apart.";

/// The choice that follows the story.
pub const FOLLOW: &str = "hosts of the refusal";

/// Over the choice of hosts.
pub const HOSTS: &str = "Hosts";

/// Where the hosts have nothing to show.
pub const EMPTY: &str = "These hosts send nothing in this run.";

/// What no host is called, in a list of them.
pub const NOBODY: &str = "nobody";

/// The label of a list to choose a host from.
pub fn host_label(place: usize) -> &'static str {
    ["First host", "Second host", "Third host"].get(place).copied().unwrap_or("Host")
}

/// What stands on an arrow, from the longest form to the shortest.
pub fn on_arrow(header: &Segment, whose: Option<&str>, again: Option<Span>) -> Vec<String> {
    let kind = SegmentKind::of(header);
    let clock = header.timestamps.map(|stamps| grouped(u64::from(stamps.tsval.0)));
    let (full, middle) = match (kind, clock) {
        (SegmentKind::Syn, Some(clock)) => (format!("SYN, TSval {clock}"), format!("SYN {clock}")),
        (SegmentKind::Syn, None) => ("SYN, no timestamp".to_owned(), "SYN".to_owned()),
        (SegmentKind::SynAck | SegmentKind::Fin, Some(clock)) => {
            (format!("{}, TSval {clock}", kind.name()), kind.name().to_owned())
        }
        (SegmentKind::Data, _) => (format!("data, {} bytes", grouped(u64::from(header.len))), "data".to_owned()),
        (kind, _) => (kind.name().to_owned(), kind.name().to_owned()),
    };
    let short = kind.name().to_owned();
    let whose = whose.map_or_else(String::new, |whose| format!("{whose} "));
    let mut forms = match again {
        Some(later) => vec![
            format!("{whose}{full}, retry after {}", whole(later)),
            format!("{whose}{full}, retry"),
            format!("{whose}{middle}, retry"),
            format!("{middle} retry"),
            format!("{short} retry"),
        ],
        None => vec![format!("{whose}{full}"), format!("{whose}{middle}"), middle, format!("{whose}{short}"), short],
    };
    forms.dedup();
    forms
}

/// A length of time without an idle `.0`: the timers of retransmissions are whole seconds.
fn whole(long: Span) -> String {
    span(long).replace(".0 s", " s")
}

/// A refusal by R1, beside its octagon.
pub fn refused(refusal: &Refusal) -> String {
    let remembered = grouped(u64::from(refusal.remembered.0));
    match refusal.tsval {
        Some(tsval) => format!("remembered {remembered} >\u{a0}{}", grouped(u64::from(tsval.0))),
        None => format!("remembered {remembered}, no\u{a0}timestamp"),
    }
}

/// What happens beside a line, with the host that it is about where there are several.
pub fn note(source: Source, note: &Note, whose: Option<&str>) -> String {
    let said = match &note.what {
        NoteKind::States(states) => states.iter().map(|state| state.name()).collect::<Vec<_>>().join(", "),
        NoteKind::Connect => "connect()".to_owned(),
        _ => source.index.short(source.trace, note.record).replace("net.ipv4.", ""),
    };
    match (whose, &note.what) {
        (Some(whose), NoteKind::Remembered(_)) => format!("{said} of {whose}"),
        (Some(whose), _) => format!("{whose} {said}"),
        (None, _) => said,
    }
}

/// A stretch of time that is not drawn to scale.
pub fn pause(long: Span, is_silent: bool) -> String {
    let long = span(long);
    if is_silent { format!("{long} idle") } else { format!("{long} omitted") }
}

/// The line of tcpdump, with the moment and the link it was seen on.
pub fn captured(run: &Run, flight: &Flight) -> String {
    let (from, to) = (run.name(flight.from), run.name(flight.to));
    let at = seconds_exact(flight.sent);
    format!("{at} {} ({from} to {to})", sim_core::export::tcpdump::line(&flight.header))
}

/// A segment and what becomes of it, for the ear.
pub fn arrow(run: &Run, flight: &Flight, refusal: Option<&Refusal>) -> String {
    let said = sentence(run, flight.record);
    let end = match (refusal, flight.fate) {
        (Some(refusal), _) => format!(" Refused at {}: {}.", run.name(flight.to), sum(refusal)),
        (None, Fate::Taken) => String::new(),
        (None, Fate::Dropped(reason)) => format!(" Dropped at {}: {}.", run.name(flight.to), reason.words().short),
        // The sentence already says that it does not arrive.
        (None, Fate::Lost(reason)) if flight.arrives.is_none() => format!(" Reason: {}.", reason.words().short),
        (None, Fate::Lost(reason)) => format!(" It is lost: {}.", reason.words().short),
    };
    format!("{}: {said}{end}", moment(flight.sent))
}

/// The diagram in a sentence, for the ear.
pub fn diagram(run: &Run, hosts: &[NodeId], from: SimTime, to: SimTime, arrows: usize) -> String {
    let names: Vec<&str> = hosts.iter().map(|host| run.name(*host)).collect();
    format!(
        "{} of {} between {} and {}, in the order of sending. Use the arrow keys to move between them.",
        counted(arrows, "segment", "segments"),
        names.join(", "),
        moment(from),
        moment(to)
    )
}

/// Turns to the page before.
pub const EARLIER: &str = "Earlier";
/// Turns to the page after.
pub const LATER: &str = "Later";
