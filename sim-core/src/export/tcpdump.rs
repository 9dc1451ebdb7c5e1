//! Segments as `tcpdump -n -S` prints them: numeric addresses and absolute sequence numbers.
//!
//! The ladder and the exports use this form because readers know it from their work.

use core::fmt::Write as _;

use super::packet::MSS;
use super::{capture, pcapng};
use crate::addr::Endpoint;
use crate::segment::Segment;
use crate::time::SimTime;
use crate::trace::{NodeId, Trace};

/// The output of `TZ=UTC tcpdump -n -S` at `node`, one line per segment with the wall clock before it. What tcpdump adds for
/// a protocol that it guesses from the port, such as `: HTTP`, is left out.
pub fn file(trace: &Trace, node: NodeId) -> String {
    let start = pcapng::wall_clock(trace);
    let captured = capture::at(trace, node);
    captured.iter().map(|one| format!("{} {}\n", time_of_day(one.at + start), line(&one.header))).collect()
}

/// The time of day in UTC, to the microsecond.
fn time_of_day(since_1970: SimTime) -> String {
    let us = since_1970.as_micros() % 86_400_000_000;
    let s = us / 1_000_000;
    format!("{:02}:{:02}:{:02}.{:06}", s / 3_600, s / 60 % 60, s % 60, us % 1_000_000)
}

/// The line for `segment`, without the time.
pub fn line(segment: &Segment) -> String {
    let mut line = format!("IP {} > {}: Flags [{}]", dotted(segment.src), dotted(segment.dst), segment.flags);
    // Writing to a string cannot fail.
    let _ = write_numbers(&mut line, segment);
    line
}

fn write_numbers(line: &mut String, segment: &Segment) -> core::fmt::Result {
    // tcpdump leaves the sequence number of a pure ACK out.
    if segment.len > 0 {
        write!(line, ", seq {}:{}", segment.seq, segment.seq + segment.len)?;
    } else if segment.syn() || segment.fin() || segment.rst() {
        write!(line, ", seq {}", segment.seq)?;
    }
    if segment.has_ack() {
        write!(line, ", ack {}", segment.ack)?;
    }
    write!(line, ", win {}", segment.window)?;
    let mut options = Vec::with_capacity(2);
    if segment.syn() {
        options.push(format!("mss {MSS}"));
    }
    if let Some(stamps) = segment.timestamps {
        options.push(format!("nop,nop,TS val {} ecr {}", stamps.tsval, stamps.tsecr));
    }
    if !options.is_empty() {
        write!(line, ", options [{}]", options.join(","))?;
    }
    write!(line, ", length {}", segment.len)
}

/// An endpoint with the dot that tcpdump puts before the port.
fn dotted(endpoint: Endpoint) -> String {
    format!("{}.{}", endpoint.addr, endpoint.port)
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::addr::Endpoint;
    use crate::segment::{Flags, Segment};
    use crate::seq::Seq;
    use crate::timestamp::{Timestamps, Tsval};

    const SYN: Segment = Segment {
        src: Endpoint::new(std::net::Ipv4Addr::new(203, 0, 113, 7), 40_112),
        dst: Endpoint::new(std::net::Ipv4Addr::new(198, 51, 100, 10), 80),
        flags: Flags::SYN,
        seq: Seq(123),
        ack: Seq(0),
        len: 0,
        window: 65_535,
        timestamps: Some(Timestamps { tsval: Tsval(4_998_200), tsecr: Tsval(0) }),
    };

    #[test]
    fn a_syn_shows_its_clock() {
        let expected = "IP 203.0.113.7.40112 > 198.51.100.10.80: Flags [S], seq 123, win 65535, \
                        options [mss 1460,nop,nop,TS val 4998200 ecr 0], length 0";
        assert_eq!(line(&SYN), expected);
    }

    #[test]
    fn data_shows_its_range_and_a_pure_ack_no_sequence_number() {
        let data = Segment { flags: Flags::PSH.with(Flags::ACK), ack: Seq(9), len: 100, timestamps: None, ..SYN };
        assert!(line(&data).ends_with("Flags [P.], seq 123:223, ack 9, win 65535, length 100"));
        let ack = Segment { flags: Flags::ACK, len: 0, ..data };
        assert!(line(&ack).ends_with("Flags [.], ack 9, win 65535, length 0"));
    }
}
