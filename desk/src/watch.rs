//! Watches the segments of a capture go by: who called whom, which SYNs got no answer, and why.
//!
//! Whether a SYN is answered is known a little later, so that segments wait for [`PATIENCE_US`] before they are played to
//! the [`Shadow`] of the server that they came to or from.

use std::collections::VecDeque;
use std::net::Ipv4Addr;

use rustc_hash::FxHashMap;
use sim_core::addr::FourTuple;
use sim_core::segment::Segment;
use sim_core::time::SimTime;

use crate::clocks::Clocks;
use crate::evidence::{Because, CaptureSeen, RemoteSeen, UnansweredSyn};
use crate::shadow::{Answer, Ran, Shadow, Why};

/// A kernel answers at once; a client sends its SYN again after a second at the earliest (RFC 6298).
const PATIENCE_US: u64 = 900_000;
/// So many segments wait at most, whatever their times say.
const MOST_WAITING: usize = 100_000;
/// So many servers are told apart.
const MOST_SERVERS: usize = 64;
/// So many remote addresses are told apart.
const MOST_REMOTES: usize = 20_000;
const MOST_REMOTES_TOLD: usize = 1_000;

/// A segment of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waiting {
    number: u64,
    at_us: u64,
    segment: Segment,
    /// For a SYN that came in: what the server answered, as far as it is known.
    answer: Answer,
}

/// Watches one capture.
#[derive(Debug)]
pub struct Watch {
    ran: Ran,
    waiting: VecDeque<Waiting>,
    /// How many have left the queue: the next has this position.
    gone: u64,
    /// The position of the last segment to the server on each four-tuple, if it is a SYN that still waits for its answer.
    asked: FxHashMap<FourTuple, u64>,
    start_us: Option<u64>,
    latest_us: u64,
    servers: FxHashMap<Ipv4Addr, Shadow>,
    called: FxHashMap<(Ipv4Addr, u16), u64>,
    remotes: FxHashMap<Ipv4Addr, Remote>,
    seen: CaptureSeen,
}

#[derive(Debug, Default)]
struct Remote {
    syns: u64,
    unanswered: u64,
    explained: u64,
    clocks: Clocks,
}

impl Watch {
    /// Watches a capture whose servers ran so.
    #[must_use]
    pub fn new(source: &str, ran: Ran) -> Self {
        Self {
            ran,
            waiting: VecDeque::new(),
            gone: 0,
            asked: FxHashMap::default(),
            start_us: None,
            latest_us: 0,
            servers: FxHashMap::default(),
            called: FxHashMap::default(),
            remotes: FxHashMap::default(),
            seen: CaptureSeen { source: source.to_owned(), ..CaptureSeen::default() },
        }
    }

    /// The next segment: its number in the capture, and microseconds since 1970.
    pub fn segment(&mut self, number: u64, at_us: u64, segment: Segment) {
        self.start_us.get_or_insert(at_us);
        // Captures are in order but for trifles; time does not run backwards here.
        let at_us = at_us.max(self.latest_us);
        self.latest_us = at_us;
        self.seen.segments += 1;
        self.answered(&segment);
        if segment.opens() {
            self.asked.insert(segment.tuple_at_receiver(), self.gone + self.waiting.len() as u64);
        } else {
            // Whatever comes back from now on may be an answer to this one.
            self.asked.remove(&segment.tuple_at_receiver());
        }
        self.waiting.push_back(Waiting { number, at_us, segment, answer: Answer::Silence });
        while self.waiting.len() > MOST_WAITING
            || self.waiting.front().is_some_and(|first| first.at_us + PATIENCE_US < at_us)
        {
            self.play_first();
        }
    }

    /// All segments have gone by. `name` gives back what an address stands for.
    #[must_use]
    pub fn finish(mut self, name: impl Fn(Ipv4Addr) -> String) -> CaptureSeen {
        while !self.waiting.is_empty() {
            self.play_first();
        }
        let mut seen = self.seen;
        let mut called: Vec<_> = self.called.into_iter().collect();
        called.sort_unstable_by_key(|(endpoint, syns)| (core::cmp::Reverse(*syns), *endpoint));
        called.truncate(MOST_SERVERS);
        seen.called = called.into_iter().map(|((addr, port), syns)| (format!("{}:{port}", name(addr)), syns)).collect();
        let mut remotes: Vec<_> = self.remotes.into_iter().collect();
        remotes.sort_unstable_by_key(|(addr, remote)| {
            (core::cmp::Reverse(remote.unanswered), core::cmp::Reverse(remote.syns), *addr)
        });
        remotes.truncate(MOST_REMOTES_TOLD);
        let told = |(addr, remote): (Ipv4Addr, Remote)| RemoteSeen {
            addr: name(addr),
            syns: remote.syns,
            unanswered: remote.unanswered,
            explained: remote.explained,
            without_stamp: remote.clocks.without_stamp(),
            clocks: remote.clocks.seen(),
        };
        seen.remotes = remotes.into_iter().map(told).collect();
        for syn in &mut seen.unanswered {
            syn.remote = renamed(&syn.remote, &name);
            syn.local = renamed(&syn.local, &name);
        }
        seen
    }

    /// Whether this segment answers a SYN that waits for it.
    fn answered(&mut self, segment: &Segment) {
        let tuple = segment.tuple_at_receiver().reversed();
        let Some(position) = self.asked.get(&tuple).copied() else { return };
        let Some(index) = position.checked_sub(self.gone) else { return };
        let Some(syn) = self.waiting.get_mut(index as usize) else { return };
        let acknowledges = segment.ack == syn.segment.seq + 1;
        syn.answer = match segment {
            segment if segment.rst() && (acknowledges || !segment.has_ack()) => Answer::Reset,
            segment if segment.syn() && segment.has_ack() && acknowledges => {
                Answer::SynAck(segment.seq, segment.timestamps.map(|stamps| stamps.tsval))
            }
            segment if segment.has_ack() && !segment.syn() && !segment.fin() && segment.len == 0 => Answer::Ack,
            _ => return,
        };
        self.asked.remove(&tuple);
    }

    fn play_first(&mut self) {
        let Some(first) = self.waiting.pop_front() else { return };
        let position = self.gone;
        self.gone += 1;
        let Waiting { segment, at_us, .. } = first;
        let now = SimTime::from_micros(at_us - self.start_us.unwrap_or(at_us));
        let tuple = segment.tuple_at_receiver();
        if segment.opens() {
            if self.asked.get(&tuple) == Some(&position) {
                self.asked.remove(&tuple);
            }
            self.syn(now, &first);
        } else if let Some(server) = self.servers.get_mut(&segment.dst.addr)
            && !(segment.syn() && segment.has_ack() && self.called.contains_key(&(segment.src.addr, segment.src.port)))
        {
            server.arrives(now, &segment);
        }
        if let Some(server) = self.servers.get_mut(&segment.src.addr) {
            server.sends(now, &segment);
        }
    }

    fn syn(&mut self, now: SimTime, waiting: &Waiting) {
        let Waiting { number, at_us, segment: syn, answer } = *waiting;
        let server = syn.dst.addr;
        *self.called.entry((server, syn.dst.port)).or_default() += 1;
        let told = match answer {
            Answer::SynAck(_, Some(tsval)) => Some((now, tsval)),
            _ => None,
        };
        if !self.servers.contains_key(&server) && self.servers.len() < MOST_SERVERS {
            let told = told.or_else(|| self.clock_ahead(server));
            let wall_us = self.start_us.unwrap_or(at_us);
            let hz = if self.ran.hz == 0 { self.hz_ahead(server) } else { self.ran.hz };
            let ran = Ran { hz, ..self.ran.clone() };
            self.servers.insert(server, Shadow::new(server, &ran, wall_us, told));
        }
        let let_in = matches!(answer, Answer::SynAck(..));
        let all_the_same = self.servers.get_mut(&server).is_some_and(|shadow| let_in && shadow.would_refuse(now, &syn));
        self.seen.answered_all_the_same += u64::from(all_the_same);
        let why = self.servers.get_mut(&server).and_then(|shadow| shadow.syn(now, &syn, answer));
        self.seen.syns += 1;
        self.seen.reset_syns += u64::from(answer == Answer::Reset);
        let unanswered = answer == Answer::Silence;
        let explained = matches!(why, Some(Why::Recycle(_)));
        self.seen.unanswered_syns += u64::from(unanswered);
        self.seen.explained_by_recycle += u64::from(explained);
        if self.remotes.contains_key(&syn.src.addr) || self.remotes.len() < MOST_REMOTES {
            let remote = self.remotes.entry(syn.src.addr).or_default();
            remote.syns += 1;
            remote.unanswered += u64::from(unanswered);
            remote.explained += u64::from(explained);
            remote.clocks.syn(at_us, &syn);
        }
        if unanswered && self.seen.unanswered.len() < CaptureSeen::MOST_UNANSWERED {
            self.seen.unanswered.push(UnansweredSyn {
                at_us,
                packet: number,
                remote: syn.src.to_string(),
                local: syn.dst.to_string(),
                seq: syn.seq.0,
                tsval: syn.timestamps.map(|stamps| stamps.tsval.0),
                because: because(why),
            });
        }
    }

    /// How many ticks a second the clock of `server` makes, by what it sends soon; 1,000 where that is too little to tell.
    fn hz_ahead(&self, server: Ipv4Addr) -> u32 {
        const USUAL: [u32; 4] = [1_000, 250, 100, 300];
        let stamped = self.waiting.iter().filter(|next| next.segment.src.addr == server);
        let mut stamped = stamped.filter_map(|next| Some((next.at_us, next.segment.timestamps?.tsval)));
        let (first, last) = (stamped.next(), stamped.next_back());
        let rate = first.zip(last).filter(|(first, last)| last.0 - first.0 >= 100_000).map(|(first, last)| {
            let ticks = u64::from(last.1.0.wrapping_sub(first.1.0));
            ticks * 1_000_000 / (last.0 - first.0)
        });
        let near = |hz: &u32| rate.is_some_and(|rate| rate.abs_diff(u64::from(*hz)) <= u64::from(*hz) / 10);
        USUAL.into_iter().find(near).unwrap_or(1_000)
    }

    /// A timestamp that `server` sends soon, from which follows when it booted.
    fn clock_ahead(&self, server: Ipv4Addr) -> Option<(SimTime, sim_core::timestamp::Tsval)> {
        let sent =
            self.waiting.iter().find(|next| next.segment.src.addr == server && next.segment.timestamps.is_some())?;
        let at = SimTime::from_micros(sent.at_us - self.start_us.unwrap_or(sent.at_us));
        Some((at, sent.segment.timestamps?.tsval))
    }
}

fn because(why: Option<Why>) -> Because {
    match why {
        Some(Why::Recycle(refusal)) => Because::Recycle {
            remembered: refusal.remembered.0,
            tsval: refusal.tsval.map(|tsval| tsval.0),
            age_s: refusal.now.since(refusal.remembered_at),
        },
        Some(Why::SameFourTuple) => Because::SameFourTuple,
        Some(Why::Unknown) | None => Because::Unexplained,
    }
}

/// `address:port` with the address by its name.
fn renamed(endpoint: &str, name: &impl Fn(Ipv4Addr) -> String) -> String {
    let parts = endpoint.rsplit_once(':').and_then(|(addr, port)| Some((addr.parse().ok()?, port)));
    parts.map_or_else(|| endpoint.to_owned(), |(addr, port): (Ipv4Addr, &str)| format!("{}:{port}", name(addr)))
}
