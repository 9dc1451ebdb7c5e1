//! The words of each event: one row per event, in the order of [`Event`].
//!
//! `describe.rs` fills the slots of a sentence from the record and its trace.

use super::{Call, CallResult, Event, Outcome, Refusal, StampChange, Takeover};
use crate::kernel::drop_reason::DropReason;
use crate::kernel::state::State;
use crate::words::Words;

const fn words(short: &'static str, label: &'static str, sentence: &'static str) -> Words {
    Words { short, label, sentence }
}

impl Event {
    /// Its words. `Index::sentence` and `Index::short` fill the slots.
    pub const fn words(&self) -> Words {
        match self {
            Self::Booted { tsval, .. } => booted(tsval.is_some()),
            Self::SegmentSent { .. } => words("{kind}", "segment sent", "{here} sends {described} from {from}.{lost}"),
            Self::SegmentDuplicated { .. } => {
                words("duplicated", "segment duplicated", "A link of {here} duplicates {segment}.")
            }
            Self::SegmentArrived => words("{kind}", "segment arrived", "{segment} arrives at {here}."),
            Self::SegmentLost { reason } => reason.words(),
            Self::SegmentTranslated { .. } => {
                words("translated", "segment translated", "{here} translates between {inside} ({owner}) and {outside}.")
            }
            Self::SegmentPassed { change } => passed(*change),
            Self::MappingOpened { .. } => {
                words("new mapping", "NAT mapping opened", "{here} maps {inside} of {owner} to {outside}.")
            }
            Self::SegmentDropped { reason, refusal, .. } => refused(*reason, refusal),
            Self::StateSet { old, new, .. } => state_set(*old, *new),
            Self::TimerSet { .. } => {
                words("{timer} timer set", "timer set", "{here} sets the {timer} timer for {remote} to {span}.")
            }
            Self::TimerFired { .. } => {
                words("{timer} timer fires", "timer fired", "The {timer} timer of {here} for {remote} fires.")
            }
            Self::StampRemembered { .. } => words(
                "remembers {tsval}",
                "timestamp remembered",
                "{here} remembers {tsval}, the clock of {owner}, for {addr}.",
            ),
            Self::TimeWaitTaken { by, .. } => taken_over(*by),
            Self::CounterAdded { .. } => {
                words("{counter} +1", "counter", "The counter {counter} of {here} rises to {total}.")
            }
            Self::CallReturned { result: CallResult::Done(_), call } => call.words(),
            Self::CallReturned { result: CallResult::Failed(_), .. } => {
                words("{call}: {errno}", "failed call", "{call} of {here} fails: {errno}.")
            }
            Self::ConnectionEnded { outcome } => ended(*outcome),
            Self::SysctlSet { error: None, .. } => {
                words("{key} = {value}", "sysctl set", "{here} sets {key} to {value}.")
            }
            Self::SysctlSet { error: Some(_), .. } => {
                words("{key}: {error}", "sysctl refused", "{here} cannot set {key}: {error}.")
            }
            Self::BoxRestarted => words("restarts", "restart", "{here} restarts and loses its table of connections."),
            Self::AddressTaken { .. } => words("new address", "address changed", "{here} now has the address {addr}."),
            Self::Left => words("leaves", "host left", "{here} leaves the network without closing its connections."),
            Self::Note { .. } => words("{text}", "note", "{text}."),
        }
    }
}

const fn booted(has_clock: bool) -> Words {
    let sentence = if has_clock {
        "{here} starts with {kernel}. Its timestamp clock is at {tsval}."
    } else {
        "{here} starts with {kernel}."
    };
    words("booted", "boot", sentence)
}

const fn passed(change: Option<StampChange>) -> Words {
    match change {
        None => words("allowed", "segment allowed", "{here} allows {segment}."),
        Some(StampChange::Shifted) => words(
            "timestamp changed",
            "segment allowed, timestamp changed",
            "{here} changes the timestamp of {segment}.",
        ),
        Some(StampChange::Stripped) => words(
            "timestamp removed",
            "segment allowed, timestamp removed",
            "{here} removes the timestamp from {segment}.",
        ),
    }
}

const fn taken_over(by: Takeover) -> Words {
    match by {
        Takeover::Syn => words(
            "TIME-WAIT taken over",
            "timewait socket taken over by a SYN",
            "A SYN from {remote} takes over a timewait socket of {here}.",
        ),
        Takeover::Connect => words(
            "TIME-WAIT taken over",
            "timewait socket taken over by connect()",
            "{here} reuses port {port}, which is in TIME_WAIT.",
        ),
    }
}

const fn ended(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Answered => words("answered", "connection answered", "{here} receives its response."),
        Outcome::Failed(_) => {
            words("connect: {errno}", "connection failed", "The connection of {here} fails: {errno}.")
        }
    }
}

/// A segment that a kernel dropped. A refusal by R1 gives its numbers.
const fn refused(reason: DropReason, refusal: &Option<Refusal>) -> Words {
    let plain = reason.words();
    let sentence = match refusal {
        Some(Refusal { tsval: Some(_), .. }) => {
            "{here} remembers {remembered}{clock_owner}for {addr}. {segment} carries {tsval}, which is {behind} behind, so \
             {here} drops it without an answer."
        }
        Some(Refusal { tsval: None, .. }) => {
            "{here} remembers {remembered}{clock_owner}for {addr}. {segment} carries no timestamp, so {here} drops it \
             without an answer."
        }
        None => plain.sentence,
    };
    words(plain.short, plain.label, sentence)
}

const fn state_set(old: State, new: State) -> Words {
    match (old, new) {
        (State::Close, _) => words("{new}", "connection opened", "{here} creates a connection with {remote} in {new}."),
        (State::TimeWait, State::Close) => words(
            "TIME-WAIT ends",
            "TIME_WAIT ended",
            "{here} removes its connection with {remote}, which was in {old}.",
        ),
        (_, State::Close) => {
            words("closed", "connection closed", "{here} removes its connection with {remote}, which was in {old}.")
        }
        _ => words("{new}", "state changed", "The connection of {here} with {remote} goes from {old} to {new}."),
    }
}

impl Call {
    /// Its name, such as `connect()`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listen { .. } => "listen()",
            Self::Accept => "accept()",
            Self::Connect { .. } => "connect()",
            Self::Send { .. } => "send()",
            Self::Close => "close()",
        }
    }

    /// The words of a call that succeeded.
    const fn words(self) -> Words {
        match self {
            Self::Listen { .. } => words(
                "listen()",
                "call of listen()",
                "The program of {here} listens on port {port} with a backlog of {backlog}.",
            ),
            Self::Accept => {
                words("accept()", "call of accept()", "The program of {here} accepts the connection with {remote}.")
            }
            Self::Connect { .. } => words(
                "connect()",
                "call of connect()",
                "The program of {here} calls connect() from port {port} to {remote}.",
            ),
            Self::Send { .. } => {
                words("send()", "call of send()", "The program of {here} sends {bytes} bytes to {remote}.")
            }
            Self::Close => {
                words("close()", "call of close()", "The program of {here} closes the connection with {remote}.")
            }
        }
    }
}
