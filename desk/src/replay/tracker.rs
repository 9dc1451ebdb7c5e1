//! Follows the connections of a capture: who called which server, which SYNs got no answer, and why.
//!
//! The answer to a SYN comes later in the capture. So segments wait in a queue for [`PATIENCE_US`] before they are
//! played to the [`ReplayedServer`] that received or sent them.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;
use sim_core::addr::{Endpoint, FourTuple};
use sim_core::segment::Segment;
use sim_core::time::SimTime;
use sim_core::timestamp::Tsval;

use super::host_clocks::HostClocks;
use super::server::{ReplayedServer, SynAnswer};
use super::settings::ServerSettings;
use crate::capture::Packet;
use crate::evidence::{CaptureSeen, RemoteSeen, UnansweredCause, UnansweredSyn};

/// A kernel answers at once; a client sends its SYN again after a second at the earliest (RFC 6298).
const PATIENCE_US: u64 = 900_000;
/// The longest queue, whatever the times of the segments are.
const MOST_WAITING: usize = 100_000;
/// The most servers that are replayed.
const MOST_SERVERS: usize = 64;
/// The most remote addresses that are counted, and that are reported.
const MOST_REMOTES: usize = 20_000;
const MOST_REMOTES_REPORTED: usize = 1_000;
/// The usual ticks a second of a Linux kernel (CONFIG_HZ).
const USUAL_HZ: [u32; 4] = [1_000, 250, 100, 300];

/// A segment in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PendingSegment {
    /// The packet's number in the capture.
    number: u64,
    at_us: u64,
    segment: Segment,
    /// The answer to a SYN, as far as it is known.
    answer: SynAnswer,
}

/// An unanswered SYN before its addresses have their names.
#[derive(Clone, Copy, Debug)]
struct LostSyn {
    number: u64,
    at_us: u64,
    remote: Endpoint,
    local: Endpoint,
    seq: u32,
    tsval: Option<u32>,
    cause: UnansweredCause,
}

/// Counts of one remote address.
#[derive(Debug, Default)]
struct RemoteTally {
    syns: u64,
    unanswered: u64,
    explained: u64,
    clocks: HostClocks,
}

/// Follows the connections of one capture.
#[derive(Debug)]
pub struct ConnectionTracker {
    settings: ServerSettings,
    waiting: VecDeque<PendingSegment>,
    /// How many segments have left the queue, which is the position of the next one.
    played: u64,
    /// For each four-tuple the queue position of its SYN that still waits for an answer.
    open_syns: FxHashMap<FourTuple, u64>,
    start_us: Option<u64>,
    latest_us: u64,
    servers: FxHashMap<Ipv4Addr, ReplayedServer>,
    called: FxHashMap<Endpoint, u64>,
    remotes: FxHashMap<Ipv4Addr, RemoteTally>,
    lost: Vec<LostSyn>,
    seen: CaptureSeen,
}

impl ConnectionTracker {
    /// Starts with the capture `source`, whose servers ran with `settings`.
    pub fn new(source: &str, settings: ServerSettings) -> Self {
        Self {
            settings,
            waiting: VecDeque::new(),
            played: 0,
            open_syns: FxHashMap::default(),
            start_us: None,
            latest_us: 0,
            servers: FxHashMap::default(),
            called: FxHashMap::default(),
            remotes: FxHashMap::default(),
            lost: Vec::new(),
            seen: CaptureSeen { source: source.to_owned(), ..CaptureSeen::default() },
        }
    }

    /// Takes the next packet.
    pub fn push(&mut self, packet: &Packet) {
        let Packet { number, segment, .. } = *packet;
        let at_us = packet.at_ns / 1_000;
        self.start_us.get_or_insert(at_us);
        // A few packets of a capture are out of order; the time of the replay never goes back.
        let at_us = at_us.max(self.latest_us);
        self.latest_us = at_us;
        self.seen.segments += 1;
        self.match_answer(&segment);
        if segment.opens() {
            self.open_syns.insert(segment.tuple_at_receiver(), self.played + self.waiting.len() as u64);
        } else {
            // What the server sends from now on may answer this segment instead of the SYN.
            self.open_syns.remove(&segment.tuple_at_receiver());
        }
        self.waiting.push_back(PendingSegment { number, at_us, segment, answer: SynAnswer::Silence });
        while self.waiting.len() > MOST_WAITING
            || self.waiting.front().is_some_and(|first| first.at_us + PATIENCE_US < at_us)
        {
            self.play_first();
        }
    }

    /// Plays the rest of the queue and gives the result. `name` turns an address of a segment into text, as IPv6
    /// addresses have stand-ins (see [`crate::capture::Addresses`]).
    pub fn finish(mut self, name: impl Fn(Ipv4Addr) -> String) -> CaptureSeen {
        while !self.waiting.is_empty() {
            self.play_first();
        }
        let endpoint = |end: Endpoint| format!("{}:{}", name(end.addr), end.port);
        let called = most(self.called, MOST_SERVERS, |(end, syns)| (Reverse(*syns), *end));
        let remotes = most(self.remotes, MOST_REMOTES_REPORTED, |(addr, tally)| {
            (Reverse(tally.unanswered), Reverse(tally.syns), *addr)
        });
        let remote = |(addr, tally): (Ipv4Addr, RemoteTally)| RemoteSeen {
            addr: name(addr),
            syns: tally.syns,
            unanswered: tally.unanswered,
            explained: tally.explained,
            without_stamp: tally.clocks.without_stamp(),
            clocks: tally.clocks.seen(),
        };
        let unanswered = |lost: LostSyn| UnansweredSyn {
            at_us: lost.at_us,
            packet: lost.number,
            remote: endpoint(lost.remote),
            local: endpoint(lost.local),
            seq: lost.seq,
            tsval: lost.tsval,
            because: lost.cause,
        };
        CaptureSeen {
            called: called.into_iter().map(|(end, syns)| (endpoint(end), syns)).collect(),
            remotes: remotes.into_iter().map(remote).collect(),
            unanswered: self.lost.into_iter().map(unanswered).collect(),
            ..self.seen
        }
    }

    /// Notes the answer if this segment answers a SYN in the queue.
    fn match_answer(&mut self, segment: &Segment) {
        let tuple = segment.tuple_at_receiver().reversed();
        let Some(position) = self.open_syns.get(&tuple).copied() else { return };
        let Some(index) = position.checked_sub(self.played) else { return };
        let Some(syn) = self.waiting.get_mut(index as usize) else { return };
        let acknowledges = segment.ack == syn.segment.seq + 1;
        syn.answer = match segment {
            segment if segment.rst() && (acknowledges || !segment.has_ack()) => SynAnswer::Reset,
            segment if segment.syn() && segment.has_ack() && acknowledges => {
                SynAnswer::SynAck(segment.seq, segment.timestamps.map(|stamps| stamps.tsval))
            }
            segment if segment.has_ack() && !segment.syn() && !segment.fin() && segment.len == 0 => SynAnswer::Ack,
            _ => return,
        };
        self.open_syns.remove(&tuple);
    }

    fn play_first(&mut self) {
        let Some(first) = self.waiting.pop_front() else { return };
        let position = self.played;
        self.played += 1;
        let now = self.sim_time(first.at_us);
        let segment = first.segment;
        let tuple = segment.tuple_at_receiver();
        if segment.opens() {
            if self.open_syns.get(&tuple) == Some(&position) {
                self.open_syns.remove(&tuple);
            }
            self.play_syn(now, &first);
        } else if let Some(server) = self.servers.get_mut(&segment.dst.addr)
            && !(segment.syn() && segment.has_ack() && self.called.contains_key(&segment.src))
        {
            server.arrives(now, &segment);
        }
        if let Some(server) = self.servers.get_mut(&segment.src.addr) {
            server.sends(now, &segment);
        }
    }

    fn play_syn(&mut self, now: SimTime, pending: &PendingSegment) {
        let PendingSegment { number, at_us, segment: syn, answer } = *pending;
        *self.called.entry(syn.dst).or_default() += 1;
        self.ensure_server(now, pending);
        let (mut let_in, mut cause) = (false, None);
        if let Some(server) = self.servers.get_mut(&syn.dst.addr) {
            let_in = matches!(answer, SynAnswer::SynAck(..)) && server.would_refuse(now, &syn);
            cause = server.syn(now, &syn, answer);
        }
        let unanswered = answer == SynAnswer::Silence;
        let explained = matches!(cause, Some(UnansweredCause::Recycle { .. }));
        self.seen.answered_all_the_same += u64::from(let_in);
        self.seen.syns += 1;
        self.seen.reset_syns += u64::from(answer == SynAnswer::Reset);
        self.seen.unanswered_syns += u64::from(unanswered);
        self.seen.explained_by_recycle += u64::from(explained);
        if self.remotes.contains_key(&syn.src.addr) || self.remotes.len() < MOST_REMOTES {
            let tally = self.remotes.entry(syn.src.addr).or_default();
            tally.syns += 1;
            tally.unanswered += u64::from(unanswered);
            tally.explained += u64::from(explained);
            tally.clocks.syn(at_us, &syn);
        }
        if unanswered && self.lost.len() < CaptureSeen::MOST_UNANSWERED {
            self.lost.push(LostSyn {
                number,
                at_us,
                remote: syn.src,
                local: syn.dst,
                seq: syn.seq.0,
                tsval: syn.timestamps.map(|stamps| stamps.tsval.0),
                cause: cause.unwrap_or(UnansweredCause::Unexplained),
            });
        }
    }

    /// Starts the kernel of the server that this SYN goes to, if it is a new one.
    fn ensure_server(&mut self, now: SimTime, pending: &PendingSegment) {
        let addr = pending.segment.dst.addr;
        if self.servers.contains_key(&addr) || self.servers.len() >= MOST_SERVERS {
            return;
        }
        let own_stamp = match pending.answer {
            SynAnswer::SynAck(_, Some(tsval)) => Some((now, tsval)),
            _ => self.next_stamp_of(addr),
        };
        let hz = if self.settings.hz == 0 { self.measure_hz(addr) } else { self.settings.hz };
        let settings = ServerSettings { hz, ..self.settings.clone() };
        let wall_us = self.start_us.unwrap_or(pending.at_us);
        self.servers.insert(addr, ReplayedServer::new(addr, &settings, wall_us, own_stamp));
    }

    /// The ticks a second of the clock of `server`, measured over the segments in the queue; 1,000 if there are too
    /// few.
    fn measure_hz(&self, server: Ipv4Addr) -> u32 {
        let mut stamped = self.stamps_of(server);
        let (first, last) = (stamped.next(), stamped.next_back());
        let rate = first.zip(last).filter(|(first, last)| last.0 - first.0 >= 100_000).map(|(first, last)| {
            let ticks = u64::from(last.1.0.wrapping_sub(first.1.0));
            ticks * 1_000_000 / (last.0 - first.0)
        });
        let near = |hz: &u32| rate.is_some_and(|rate| rate.abs_diff(u64::from(*hz)) <= u64::from(*hz) / 10);
        USUAL_HZ.into_iter().find(near).unwrap_or(1_000)
    }

    /// The next timestamp that `server` sends. It gives the time of its boot.
    fn next_stamp_of(&self, server: Ipv4Addr) -> Option<(SimTime, Tsval)> {
        self.stamps_of(server).next().map(|(at_us, tsval)| (self.sim_time(at_us), tsval))
    }

    /// The timestamps that `server` sends among the segments in the queue, with their times in microseconds since 1970.
    fn stamps_of(&self, server: Ipv4Addr) -> impl DoubleEndedIterator<Item = (u64, Tsval)> {
        let sent = self.waiting.iter().filter(move |next| next.segment.src.addr == server);
        sent.filter_map(|next| Some((next.at_us, next.segment.timestamps?.tsval)))
    }

    fn sim_time(&self, at_us: u64) -> SimTime {
        SimTime::from_micros(at_us - self.start_us.unwrap_or(at_us))
    }
}

/// The first `count` entries of a map, sorted by `key`.
fn most<K, V, O: Ord>(map: FxHashMap<K, V>, count: usize, key: impl Fn(&(K, V)) -> O) -> Vec<(K, V)> {
    let mut entries: Vec<(K, V)> = map.into_iter().collect();
    entries.sort_unstable_by_key(key);
    entries.truncate(count);
    entries
}
