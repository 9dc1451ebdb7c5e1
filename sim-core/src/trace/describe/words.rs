//! The words behind the sentences: names, reasons, numbers.

use crate::kernel::drop_reason::DropReason;
use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{Call, LossReason, Timer};

/// A number with a comma after every three digits, such as `5,012,400`.
#[must_use]
pub fn grouped(number: impl Into<i64>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a segment is called: by its flags, and `data` when it carries some.
#[must_use]
pub fn kind(header: &Segment) -> &'static str {
    match header {
        _ if header.rst() => "RST",
        _ if header.syn() && header.has_ack() => "SYN-ACK",
        _ if header.syn() => "SYN",
        _ if header.fin() => "FIN",
        _ if header.len > 0 => "data",
        _ => "ACK",
    }
}

/// A segment with its size, its clock where that matters, and its number among the copies.
pub(super) fn labelled(header: &Segment, retransmission: u8) -> String {
    let name = match kind(header) {
        "data" => format!("{} bytes", grouped(header.len)),
        name => name.to_owned(),
    };
    let clock = match header.timestamps.filter(|_| header.opens()) {
        Some(stamps) => format!(" with timestamp {}", grouped(stamps.tsval.0)),
        None if header.opens() => " without a timestamp".to_owned(),
        None => String::new(),
    };
    let copy = if retransmission > 0 { format!(" (retry {retransmission})") } else { String::new() };
    name + &clock + &copy
}

/// The article before [`labelled`].
pub(super) fn article(header: &Segment) -> &'static str {
    match kind(header) {
        "data" => "",
        "ACK" => "an ",
        _ => "a ",
    }
}

pub(super) const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmit => "retransmission",
        Timer::TimeWait => "TIME_WAIT",
        Timer::FinWait2 => "FIN_WAIT2",
    }
}

pub(super) const fn call_name(call: Call) -> &'static str {
    match call {
        Call::Listen { .. } => "listen()",
        Call::Accept => "accept()",
        Call::Connect { .. } => "connect()",
        Call::Send { .. } => "send()",
        Call::Close => "close()",
    }
}

pub(super) const fn lost(reason: LossReason) -> &'static str {
    match reason {
        LossReason::Link => "the link lost it",
        LossReason::NoMapping => "no mapping leads inside for it",
        LossReason::NoPort => "every outside port is in use",
        LossReason::NoRoute => "nobody has that address",
        LossReason::Firewall => "it drops what comes from there",
    }
}

pub(super) const fn dropped(reason: DropReason) -> &'static str {
    match reason {
        DropReason::RecycleTimestamp => "a newer timestamp is remembered for the address",
        DropReason::RecycleNoTimestamp => "a timestamp is remembered for the address, and it has none",
        DropReason::AcceptQueueFull => "the accept queue is full",
        DropReason::SynQueueFull => "the SYN queue is full",
        DropReason::SynBacklogReserved => "the rest of the SYN queue is kept for hosts that are known",
        DropReason::NoSocket => "no socket is there for it; answered by a RST",
        DropReason::TimeWaitAcked => "its four-tuple is in TIME_WAIT; answered by an ACK",
        DropReason::TimeWaitRateLimited => "its four-tuple is in TIME_WAIT, and an ACK went out just now",
        DropReason::TimeWaitSilent => "its four-tuple is in TIME_WAIT, and there is nothing to say",
        DropReason::TimeWaitReset => "its connection is half closed; answered by a RST",
        DropReason::Paws => "its timestamp is old",
        DropReason::OutOfWindow => "its sequence number is outside the window",
        DropReason::BadAck => "it acknowledges what was never sent, or what is long past",
        DropReason::SynOnConnection => "it is a SYN on an open connection",
        DropReason::RstNotExact => "its sequence number is not the next one",
        DropReason::NoUsefulFlag => "its flags mean nothing here",
        DropReason::DataAfterClose => "the program has closed; answered by a RST",
        DropReason::BadTsecr => "it echoes a timestamp that was never sent",
    }
}

/// How long it is from `now` to `then`, such as `0.798 s` or `60 s`.
pub(super) fn seconds(now: SimTime, then: SimTime) -> String {
    let ms = then.since(now).as_millis();
    if ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{}.{:03} s", ms / 1_000, ms % 1_000) }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_three() {
        let grouped = [0, 999, 1_000, 14_200, 5_012_400, -1_234].map(|number: i64| grouped(number));
        assert_eq!(grouped, ["0", "999", "1,000", "14,200", "5,012,400", "-1,234"]);
    }
}
