//! The rules by which an answer of the model agrees with a recorded one, as the README of the recordings defines them
//! under "What must agree".

use std::collections::BTreeMap;

use sim_core::kernel::{Kernel, SocketView};
use sim_core::kernel_version::TimewaitTimer;
use sim_core::segment::Segment;
use sim_core::time::{SimTime, Span};

use crate::recording::{Case, Reply, Socket};

/// A retransmission may come this much earlier or later than the recorded one, or fall outside the time that the
/// recorder waited.
const EARLIER: Span = Span::from_millis(150);
/// The tolerance for the recorder's own delays, in ticks of 10 ms.
const TIMER_TOLERANCE_TICKS: i64 = 20;
/// The largest granularity of the timer wheel for a timewait timer of these recordings, in ticks of 10 ms (rule R5, 60
/// s at HZ 1000).
const LONG_TIMER_GRANULARITY_TICKS: i64 = 410;
/// The granularity of the timer wheel for up to 4 s, in ticks of 10 ms.
const SHORT_TIMER_GRANULARITY_TICKS: i64 = 7;
/// The granularity of the slow timewait slots of Linux 3.10, in ticks of 10 ms.
const CALENDAR_GRANULARITY_TICKS: i64 = 750;

const WATCHED: [&str; 13] = [
    "PAWSPassive",
    "PAWSActive",
    "PAWSEstab",
    "TWRecycled",
    "TCPTimeWaitOverflow",
    "ListenDrops",
    "ListenOverflows",
    "TCPACKSkippedTimeWait",
    "TCPACKSkippedPAWS",
    "TCPACKSkippedFinWait2",
    "TCPTSReorder",
    "TCPChallengeACK",
    "TSEcrRejected",
];
const WATCHED_SOMETIMES: [&str; 4] = ["PAWSTimewait", "PAWSOldAck", "TCPReqQFullDrop", "TCPReqQFullDoCookies"];

/// A segment that a kernel sent, recorded or modelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The time of sending.
    pub at: SimTime,
    /// The flags in tcpdump's letters.
    pub flags: String,
    /// The sequence number.
    pub seq: u32,
}

impl Sent {
    /// A segment that the model sent.
    #[must_use]
    pub fn modelled(at: SimTime, segment: &Segment) -> Self {
        Self { at, flags: segment.flags.to_string(), seq: segment.seq.0 }
    }

    /// A recorded reply.
    #[must_use]
    pub fn recorded(at: SimTime, reply: &Reply) -> Self {
        Self { at, flags: reply.flags.clone(), seq: reply.seq }
    }

    fn is_repeated_at(&self, now: SimTime, flags: &str, seq: u32) -> bool {
        self.flags == flags && self.seq == seq && now.since(self.at) >= EARLIER
    }
}

/// The segment of the model that agrees with the recorded answer. `earlier` are the segments that were sent on this
/// connection before, `got` those that the model sent while the recorder waited.
///
/// # Errors
/// The differences, if no segment agrees.
pub fn reply<'a>(
    now: SimTime,
    expected: Option<&Reply>,
    got: &'a [(SimTime, Segment)],
    earlier: &[Sent],
) -> Result<Option<&'a Segment>, String> {
    let repeats = |flags: &str, seq: u32| earlier.iter().any(|sent| sent.is_repeated_at(now, flags, seq));
    let is_repeat = |segment: &Segment| repeats(&segment.flags.to_string(), segment.seq.0);
    let first = got.first().map(|(_, segment)| segment);
    let first_new = got.iter().map(|(_, segment)| segment).find(|segment| !is_repeat(segment));
    let Some(expected) = expected else {
        return match first_new {
            None => Ok(None),
            Some(segment) => Err(format!("expected silence, got {}", describe(segment))),
        };
    };
    for segment in [first, first_new].into_iter().flatten() {
        if differs(expected, segment).is_none() {
            return Ok(Some(segment));
        }
    }
    if repeats(&expected.flags, expected.seq) && first_new.is_none() {
        return Ok(None);
    }
    match first {
        None => Err(format!("expected {}, got silence", describe_reply(expected))),
        Some(segment) => {
            let what = differs(expected, segment).unwrap_or("nothing");
            Err(format!("expected {}, got {} ({what} differs)", describe_reply(expected), describe(segment)))
        }
    }
}

fn differs(expected: &Reply, got: &Segment) -> Option<&'static str> {
    let tsecr = got.timestamps.map(|stamps| stamps.tsecr.0);
    if expected.flags != got.flags.to_string() {
        Some("flags")
    } else if expected.seq != got.seq.0 {
        Some("seq")
    } else if expected.flags.contains('.') && expected.ack != got.ack.0 {
        Some("ack")
    } else if !got.rst() && expected.tsecr != tsecr {
        Some("tsecr")
    } else {
        None
    }
}

fn describe_reply(reply: &Reply) -> String {
    format!("[{}] seq {} ack {} tsecr {:?}", reply.flags, reply.seq, reply.ack, reply.tsecr)
}

fn describe(segment: &Segment) -> String {
    let tsecr = segment.timestamps.map(|stamps| stamps.tsecr.0);
    format!("[{}] seq {} ack {} tsecr {tsecr:?}", segment.flags, segment.seq, segment.ack)
}

/// Compares the counters that changed since the last check.
///
/// # Errors
/// A watched counter changed by another amount.
pub fn counters(case: &Case, expected: &BTreeMap<String, u64>, moved: &BTreeMap<String, u64>) -> Result<(), String> {
    let sometimes = case.kernel.starts_with("6.18")
        || ["mix", "client-reuse-", "syn-queue", "recycle-and-cookies", "recycle-whole-seconds"]
            .iter()
            .any(|prefix| case.case.starts_with(prefix));
    let watched = |name: &str| WATCHED.contains(&name) || (sometimes && WATCHED_SOMETIMES.contains(&name));
    let moved: BTreeMap<_, _> = moved.iter().filter(|(name, _)| watched(name)).collect();
    let expected: BTreeMap<_, _> = expected.iter().collect();
    if moved == expected { Ok(()) } else { Err(format!("expected counters {expected:?}, got {moved:?}")) }
}

/// Compares the listed sockets with the model's sockets at the start and at the end of the time in which they were
/// listed.
///
/// # Errors
/// The list agrees with neither.
pub fn sockets(expected: &[Socket], start: (SimTime, &Kernel), end: (SimTime, &Kernel)) -> Result<(), String> {
    let at_start = compare_sockets(expected, start.0, end.0, start.1);
    if at_start.is_ok() { at_start } else { compare_sockets(expected, start.0, end.0, end.1).or(at_start) }
}

fn compare_sockets(expected: &[Socket], from: SimTime, to: SimTime, kernel: &Kernel) -> Result<(), String> {
    let calendar = kernel.version().profile().timewait_timer == TimewaitTimer::Calendar;
    let mut unmatched: Vec<SocketView> = kernel.sockets();
    for socket in expected {
        let fits = |view: &SocketView| {
            view.state.number() == socket.state
                && view.tuple.local.port == socket.lport
                && view.tuple.remote.to_string() == socket.remote
        };
        let Some(index) = unmatched.iter().position(fits) else {
            let nearly_over = is_timewait(socket.state) && (calendar || socket.expires_ticks <= TIMER_TOLERANCE_TICKS);
            let late = is_timewait(socket.state) && socket.expires_ticks <= 0;
            if nearly_over || late {
                continue;
            }
            return Err(format!("{} in state {} is not there", socket.remote, socket.state));
        };
        let view = unmatched.swap_remove(index);
        timer(socket, &view, from, to, calendar)?;
    }
    let may_be_over = |view: &SocketView| {
        let left =
            view.expires.map_or(i64::MAX, |expires| ticks_between(from, expires).min(ticks_between(to, expires)));
        view.timewait && (left <= TIMER_TOLERANCE_TICKS || (calendar && is_short(view, from)))
    };
    match unmatched.iter().find(|view| !may_be_over(view)) {
        None => Ok(()),
        Some(view) => Err(format!("{} is still in {}", view.tuple.remote, view.state)),
    }
}

fn timer(socket: &Socket, view: &SocketView, from: SimTime, to: SimTime, calendar: bool) -> Result<(), String> {
    let Some(expires) = view.expires.filter(|_| view.timewait && !(calendar && is_short(view, from))) else {
        return Ok(());
    };
    let (most, least) = (ticks_between(from, expires), ticks_between(to, expires));
    let granularity = match most {
        _ if calendar => CALENDAR_GRANULARITY_TICKS,
        0..=400 => SHORT_TIMER_GRANULARITY_TICKS,
        _ => LONG_TIMER_GRANULARITY_TICKS,
    };
    // A timer that is late is shown as 0 until it fires.
    let late = socket.expires_ticks <= 0 && least <= 0 && least >= -granularity;
    let within =
        socket.expires_ticks >= least - TIMER_TOLERANCE_TICKS && socket.expires_ticks <= most + TIMER_TOLERANCE_TICKS;
    if within || late {
        return Ok(());
    }
    Err(format!("{}: expected {} ticks left, got {least} to {most}", socket.remote, socket.expires_ticks))
}

/// Whether the socket may be a recycled timewait socket of Linux 3.10, which expires within the range of the calendar.
fn is_short(view: &SocketView, from: SimTime) -> bool {
    view.expires.is_some_and(|expires| ticks_between(from, expires) <= 410)
}

fn is_timewait(state: u8) -> bool {
    state == 5 || state == 6
}

/// Hundredths of a second from `now` to `then`; negative if `then` is in the past.
fn ticks_between(now: SimTime, then: SimTime) -> i64 {
    (then.as_micros() as i64 - now.as_micros() as i64) / 10_000
}

#[cfg(test)]
mod tests {
    use super::{Sent, reply};
    use crate::recording::Reply;
    use crate::remote::tuple;
    use sim_core::segment::{Flags, Segment};
    use sim_core::seq::Seq;
    use sim_core::time::SimTime;

    const NOW: SimTime = SimTime::from_millis(1_000);

    fn fin() -> Reply {
        Reply { flags: "F.".to_owned(), seq: 7, ack: 9, tsval: None, tsecr: None }
    }

    fn modelled(flags: Flags, seq: u32) -> (SimTime, Segment) {
        let connection = tuple(80, [203, 0, 113, 7].into(), 20_001);
        let (src, dst) = (connection.local, connection.remote);
        let segment = Segment { src, dst, flags, seq: Seq(seq), ack: Seq(9), len: 0, window: 0, timestamps: None };
        (NOW, segment)
    }

    fn fin_sent_at(ms: u64) -> [Sent; 1] {
        [Sent::recorded(SimTime::from_millis(ms), &fin())]
    }

    #[test]
    fn an_answer_must_be_the_recorded_one() {
        let fin_ack = Flags::FIN.with(Flags::ACK);
        assert!(reply(NOW, Some(&fin()), &[modelled(fin_ack, 7)], &[]).is_ok());
        assert!(reply(NOW, Some(&fin()), &[modelled(fin_ack, 8)], &[]).is_err());
        assert!(reply(NOW, Some(&fin()), &[modelled(Flags::ACK, 7)], &[]).is_err());
        assert!(reply(NOW, Some(&fin()), &[], &[]).is_err());
        assert!(reply(NOW, None, &[modelled(fin_ack, 7)], &[]).is_err());
    }

    #[test]
    fn silence_agrees_with_a_retransmission_and_with_nothing_else() {
        let fin_ack = Flags::FIN.with(Flags::ACK);
        assert!(reply(NOW, Some(&fin()), &[], &fin_sent_at(800)).is_ok());
        assert!(reply(NOW, Some(&fin()), &[], &fin_sent_at(900)).is_err());
        assert!(reply(NOW, None, &[modelled(fin_ack, 7)], &fin_sent_at(800)).is_ok());
        assert!(reply(NOW, None, &[modelled(Flags::RST, 7)], &fin_sent_at(800)).is_err());
    }

    #[test]
    fn a_retransmission_before_the_answer_does_not_hide_it() {
        let answer = Reply { flags: ".".to_owned(), ..fin() };
        let got = [modelled(Flags::FIN.with(Flags::ACK), 7), modelled(Flags::ACK, 7)];
        assert!(reply(NOW, Some(&answer), &got, &fin_sent_at(800)).is_ok());
    }
}
