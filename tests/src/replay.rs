//! Replays a recorded case through the interface of [`Kernel`] and finds the first answer of the model that differs.

use std::collections::BTreeMap;

use sim_core::addr::{Endpoint, FourTuple};
use sim_core::kernel::counter::Counter;
use sim_core::kernel::{Clock, Environment, Kernel, KernelConfig, SocketId, Wake};
use sim_core::kernel_version::{KernelVersion, NearestKernel, TsvalOffset, TsvalUnit};
use sim_core::segment::Segment;
use sim_core::seq::Seq;
use sim_core::sysctl::Sysctls;
use sim_core::time::SimTime;
use sim_core::timestamp::Tsval;
use sim_core::trace::Event;

use crate::agreement::{self, Sent};
use crate::recording::{Case, Op, Reply};
use crate::remote::{Remote, SERVER, tuple};

/// An arbitrary second after 1970. Only the phase within the second is recorded.
const WALL_SECOND: u64 = 1_700_000_000;
/// An arbitrary uptime, for kernels whose clock does not reveal it.
const SOME_UPTIME_US: i64 = 3_600_000_000;
/// The number of phases of the timer wheel that are tried: eight in 4.096 s.
const WHEEL_PHASES: i64 = 8;
const WHEEL_PHASE_US: i64 = 512_000;

/// The first step at which the model and the kernel differ.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The index of the step, from 0.
    pub step: usize,
    /// The time since the start of the case, in milliseconds.
    pub t: u64,
    /// The operation.
    pub op: String,
    /// The difference.
    pub what: String,
    /// The rule that the model followed last.
    pub rule: String,
}

/// The environment of the kernel under test: the segments that it sends and the events that it reports.
struct Wire {
    now: SimTime,
    sent: Vec<(SimTime, Segment)>,
    /// The recorded initial sequence number that the model continues from.
    isn: Seq,
    /// The source port of the recorded kernel, counted from the start of the port range.
    port_offset: u32,
    rule: String,
}

impl Environment for Wire {
    fn transmit(&mut self, segment: Segment, _retransmission: u8) {
        self.sent.push((self.now, segment));
    }
    fn record(&mut self, event: Event) {
        if let Event::SegmentDropped { reason, .. } = event {
            let citation = reason.citation();
            self.rule = format!("{} {}", citation.rule, citation.function);
        }
    }
    fn wake(&mut self, _wake: Wake) {}
    fn initial_sequence(&mut self, _tuple: FourTuple) -> Seq {
        self.isn
    }
    fn first_port(&mut self, _remote: Endpoint) -> Option<u32> {
        Some(self.port_offset)
    }
}

/// A replay in progress.
struct Replay<'a> {
    case: &'a Case,
    kernel: Kernel,
    wire: Wire,
    remotes: BTreeMap<&'a str, Remote>,
    /// All segments that either kernel has sent so far, by connection.
    earlier: BTreeMap<FourTuple, Vec<Sent>>,
    /// The lead of the model's clock over the recorded kernel's clock, by connection.
    clock_lead: BTreeMap<FourTuple, u32>,
    counted: BTreeMap<String, u64>,
}

/// Replays `case` by the rules of its kernel. A kernel whose series has no profile is not replayed by those of another.
///
/// The phase of the kernel's timer wheel depends on the moment of its boot. Kernels with one timestamp clock for all
/// connections reveal this moment by their TSval. Other kernels keep it secret like an initial sequence number, and it
/// is bound in the same way: the case agrees if it agrees for one of the phases of the coarse wheel (4.096 s).
///
/// # Errors
/// The first disagreement, or a message when the kernel's series has no profile.
pub fn replay(case: &Case) -> Result<(), Disagreement> {
    let nearest = KernelVersion::from_release(&case.kernel).filter(|nearest| nearest.is_same_series);
    let Some(NearestKernel { version, .. }) = nearest else {
        let what = format!("no profile for kernel {}", case.kernel);
        return Err(Disagreement { step: 0, t: 0, op: String::new(), what, rule: String::new() });
    };
    if let Some(uptime_us) = revealed_uptime_us(case, version) {
        return replay_from(case, version, uptime_us);
    }
    let first = replay_from(case, version, SOME_UPTIME_US);
    let later = |phase| replay_from(case, version, SOME_UPTIME_US + phase * WHEEL_PHASE_US);
    if first.is_ok() || (1..WHEEL_PHASES).any(|phase| later(phase).is_ok()) { Ok(()) } else { first }
}

fn replay_from(case: &Case, version: KernelVersion, uptime_us: i64) -> Result<(), Disagreement> {
    let mut replay = Replay::new(case, version, uptime_us);
    for index in 0..case.steps.len() {
        replay.step(index).map_err(|what| Disagreement {
            step: index,
            t: case.steps[index].t,
            op: format!("{:?}", case.steps[index].op),
            what,
            rule: replay.wire.rule.clone(),
        })?;
    }
    Ok(())
}

impl<'a> Replay<'a> {
    fn new(case: &'a Case, version: KernelVersion, uptime_us: i64) -> Self {
        let profile = version.profile();
        let clock = Clock { hz: case.hz, uptime_us, wall_us: WALL_SECOND * 1_000_000 + case.wall_phase_ms * 1_000 };
        let sysctls = Sysctls::defaults(profile);
        let kernel = Kernel::new(KernelConfig { version, addr: SERVER, sysctls, clock, secret: 1 });
        let wire = Wire { now: SimTime::ZERO, sent: Vec::new(), isn: Seq(0), port_offset: 0, rule: String::new() };
        let (remotes, earlier, clock_lead) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { case, kernel, wire, remotes, earlier, clock_lead, counted: BTreeMap::new() }
    }

    fn step(&mut self, index: usize) -> Result<(), String> {
        let case = self.case;
        let step = &case.steps[index];
        let now = SimTime::from_millis(step.t);
        self.timers_until(now);
        self.wire.now = now;
        self.wire.isn = bound_isn(&step.op, index);
        let first_sent = self.wire.sent.len();
        if let Op::Stat { counters, sockets } = &step.op {
            agreement::counters(case, counters, &self.counters_moved())?;
            let before = self.kernel.clone();
            let end = self.case.steps.get(index + 1).map_or(now, |next| SimTime::from_millis(next.t));
            self.timers_until(end);
            return agreement::sockets(sockets, (now, &before), (end, &self.kernel));
        }
        self.act(index, now, &step.op)?;
        let Some(expected) = step.op.reply() else { return Ok(()) };
        let next = case.steps.get(index + 1).map_or(u64::MAX, |next| next.t);
        self.timers_until(SimTime::from_millis(next.min(step.t + step.op.patience_ms())));
        self.judge(now, &step.op, expected, first_sent)
    }

    /// Compares the sent segments with the recorded answer, and passes the recorded answer to the remote host.
    fn judge(&mut self, now: SimTime, op: &Op, expected: Option<&Reply>, first_sent: usize) -> Result<(), String> {
        let Some(id) = op.id() else { return Ok(()) };
        let Some(remote) = self.remotes.get_mut(id) else { return Ok(()) };
        let connection = remote.tuple;
        let to_peer = |(_, segment): &&(SimTime, Segment)| segment.dst == connection.remote;
        let got: Vec<_> = self.wire.sent[first_sent..].iter().filter(to_peer).copied().collect();
        let earlier = self.earlier.entry(connection).or_default();
        let answer = agreement::reply(now, expected, &got, earlier)?;
        earlier.extend(got.iter().map(|(at, segment)| Sent::modelled(*at, segment)));
        if let Some(reply) = expected {
            earlier.push(Sent::recorded(now, reply));
            let modelled = answer.and_then(|segment| segment.timestamps).map(|stamps| stamps.tsval);
            if let (Some(ours), Some(theirs)) = (modelled, reply.tsval) {
                self.clock_lead.insert(connection, ours.0.wrapping_sub(theirs));
            }
            let lead = self.clock_lead.get(&connection).copied().unwrap_or(0);
            remote.heard(reply, modelled.or(reply.tsval.map(|tsval| Tsval(tsval).plus(lead))));
        }
        Ok(())
    }

    fn act(&mut self, index: usize, now: SimTime, op: &'a Op) -> Result<(), String> {
        match op {
            Op::Sysctl { key, value, error } => {
                let result = self.kernel.write_sysctl(now, key, value, &mut self.wire);
                let got = result.err().map(|error| error.to_string());
                if got != *error {
                    return Err(format!("expected {error:?}, got {got:?}"));
                }
            }
            Op::Listen { port, backlog, ok } => {
                self.kernel.close_listener(now, *port, &mut self.wire);
                let opened = self.kernel.listen(now, *port, *backlog, &mut self.wire).is_ok();
                if opened != *ok {
                    return Err(format!("expected ok {ok}, got {opened}"));
                }
            }
            Op::Accept { id, accepted } => {
                let got = self.accept(now, id).is_some();
                if got != *accepted {
                    return Err(format!("expected accepted {accepted}, got {got}"));
                }
            }
            Op::SrvClose { id, accepted, .. } => {
                let held =
                    self.remotes.get(id.as_str()).and_then(|remote| remote.held).or_else(|| self.accept(now, id));
                if held.is_some() != *accepted {
                    return Err(format!("expected accepted {accepted}, got {}", held.is_some()));
                }
                self.close(now, id, held);
            }
            Op::DialClose { id, .. } => {
                let held = self.remotes.get(id.as_str()).and_then(|remote| remote.held);
                self.close(now, id, held);
            }
            Op::Dial { id, dst, dport, errno, lport, .. } => {
                return self.dial(now, id, Endpoint::new(*dst, *dport), errno.as_deref(), *lport);
            }
            Op::Wait { .. } | Op::Until { .. } | Op::Stat { .. } => {}
            _ => {
                if let Some(segment) = self.segment(index, op) {
                    self.kernel.segment_arrives(now, &segment, &mut self.wire);
                }
            }
        }
        Ok(())
    }

    /// The segment that the remote host sends in this step.
    fn segment(&mut self, index: usize, op: &'a Op) -> Option<Segment> {
        if let Op::Syn { id, src, sport, dport, .. } = op {
            let connection = tuple(*dport, *src, *sport);
            self.remotes.entry(id).or_insert_with(|| Remote::new(connection)).last_syn = index;
        }
        let remote = self.remotes.get_mut(op.id()?)?;
        Some(match op {
            Op::Syn { isn, tsval, .. } => remote.syn(*isn, *tsval),
            Op::SynAck { isn, tsval, .. } => remote.synack(*isn, *tsval),
            Op::Ack { tsval, .. } => remote.acknowledgment(*tsval),
            Op::Data { len, tsval, .. } => remote.data(*len, *tsval),
            Op::Fin { tsval, .. } => remote.fin(*tsval),
            Op::Rst { .. } => remote.rst(),
            _ => return None,
        })
    }

    /// Accepts connections until that of `wanted` is found or the queue is empty. A connection belongs to the id that
    /// last sent a SYN on its four-tuple and holds no connection yet.
    fn accept(&mut self, now: SimTime, wanted: &str) -> Option<SocketId> {
        let port = self.remotes.get(wanted)?.tuple.local.port;
        while let Some(socket) = self.kernel.accept(now, port, &mut self.wire) {
            let connection = self.kernel.tuple(socket)?;
            let waiting =
                self.remotes.iter_mut().filter(|(_, remote)| remote.tuple == connection && remote.held.is_none());
            let Some((id, remote)) = waiting.max_by_key(|(_, remote)| remote.last_syn) else { continue };
            remote.held = Some(socket);
            if *id == wanted {
                return Some(socket);
            }
        }
        None
    }

    fn close(&mut self, now: SimTime, id: &str, held: Option<SocketId>) {
        if let Some(socket) = held {
            self.kernel.close(now, socket, &mut self.wire);
            if let Some(remote) = self.remotes.get_mut(id) {
                remote.held = None;
            }
        }
    }

    fn dial(&mut self, now: SimTime, id: &'a str, to: Endpoint, errno: Option<&str>, lport: u16) -> Result<(), String> {
        let bound = self.case.case.contains("bound-port").then(|| self.bound_port(lport)).flatten();
        let (low, high) = self.kernel.sysctls().ip_local_port_range;
        self.wire.port_offset = u32::from(lport.saturating_sub(low));
        let result = self.kernel.connect(now, to, bound, &mut self.wire);
        let got = result.err().map(|errno| format!("{errno:?}").to_uppercase());
        if got.as_deref() != errno {
            return Err(format!("expected errno {errno:?}, got {got:?}"));
        }
        let Ok(socket) = result else { return Ok(()) };
        let connection = self.kernel.tuple(socket).ok_or("the new connection is gone")?;
        if connection.local.port != lport && (bound.is_some() || low == high) {
            return Err(format!("expected port {lport}, got {}", connection.local.port));
        }
        let mut remote = Remote::new(connection);
        remote.held = Some(socket);
        self.remotes.insert(id, remote);
        Ok(())
    }

    /// The port that the program bound: the recorded one, or that of the first dial if none was recorded.
    fn bound_port(&self, lport: u16) -> Option<u16> {
        let dials = self.case.steps.iter().filter_map(|step| match &step.op {
            Op::Dial { lport, .. } if *lport != 0 => Some(*lport),
            _ => None,
        });
        if lport == 0 { dials.into_iter().next() } else { Some(lport) }
    }

    /// The increments of all counters since the last check.
    fn counters_moved(&mut self) -> BTreeMap<String, u64> {
        let mut moved = BTreeMap::new();
        for counter in Counter::ALL {
            let (name, total) = (counter.name().to_owned(), self.kernel.counters().value(*counter));
            let before = self.counted.insert(name.clone(), total).unwrap_or(0);
            if total > before {
                moved.insert(name, total - before);
            }
        }
        moved
    }

    fn timers_until(&mut self, until: SimTime) {
        while let Some(deadline) = self.kernel.next_deadline().filter(|deadline| *deadline <= until) {
            self.wire.now = deadline;
            self.kernel.timers_fire(deadline, &mut self.wire);
        }
    }
}

/// The recorded initial sequence number that a step reveals. If it reveals none, any number works.
fn bound_isn(op: &Op, index: usize) -> Seq {
    match op.reply().flatten() {
        Some(reply) if reply.flags.starts_with('S') => Seq(reply.seq),
        _ => Seq(0x1234_5678) + index as u32,
    }
}

/// The uptime in microseconds, if the kernel's clock reveals it.
fn revealed_uptime_us(case: &Case, version: KernelVersion) -> Option<i64> {
    let profile = version.profile();
    if profile.tsval_unit != TsvalUnit::Jiffies || profile.tsval_offset != TsvalOffset::None {
        return None;
    }
    let (t, tsval) = case.steps.iter().find_map(|step| Some((step.t, step.op.reply()??.tsval?)))?;
    let ticks = i64::from(tsval.wrapping_add(300 * case.hz));
    Some(ticks * 1_000_000 / i64::from(case.hz) - t as i64 * 1_000)
}
