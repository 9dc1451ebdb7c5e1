//! A run over time: sockets in TIME_WAIT, attempts by outcome, times to connect, and source ports in use.

use sim_core::addr::FourTuple;
use sim_core::kernel::state::State;
use sim_core::time::{SimTime, Span};
use sim_core::trace::query::Attempt;
use sim_core::trace::{Call, CallResult, Errno, Event, Outcome, Record, Role};

use crate::run::Run;

/// The most buckets of a chart.
const MOST_BUCKETS: u64 = 45;

/// The lower edges of the bins for the time to connect, in milliseconds. From 1 s on they are the moments of SYN
/// retransmissions (rule R13), so that answers at once and answers after a retry are apart.
pub const BINS_MS: [u64; 11] = [0, 10, 30, 100, 300, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000];

/// The data of the charts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverTime {
    /// The end of the run.
    pub end: SimTime,
    /// The number of the server's sockets in TIME_WAIT from each moment on.
    pub time_wait: Vec<(SimTime, u32)>,
    /// The length of a bucket.
    pub bucket: Span,
    /// The attempts by the time at which they began.
    pub buckets: Vec<Bucket>,
    /// The number of attempts by their time to connect, see [`BINS_MS`].
    pub took: [u32; BINS_MS.len()],
    /// The number of attempts that did not connect before the end of the run.
    pub never: u32,
    /// The server's source ports towards its database, if the scenario has one.
    pub ports: Option<PortsOverTime>,
}

/// The attempts that began within one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Attempts that connected, were never refused, and did not end in an error.
    pub succeeded: u32,
    /// Attempts with at least one SYN refused by R1, whatever their outcome.
    pub refused: u32,
    /// Attempts that were not refused and ended with an errno, before or after they connected.
    pub failed: u32,
    /// Attempts that were not refused and are undecided at the end of the run.
    pub open: u32,
}

/// The server's source ports towards its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortsOverTime {
    /// The number of ports in use from each moment on, including those in TIME_WAIT.
    pub used: Vec<(SimTime, u32)>,
    /// The number of ports in `net.ipv4.ip_local_port_range`.
    pub all: u32,
    /// The moments at which `connect()` found no free port.
    pub none_left: Vec<SimTime>,
}

impl OverTime {
    /// The data of `run`.
    pub fn of(run: &Run) -> Self {
        let bucket = bucket(run.end());
        let count = run.end().as_micros().div_ceil(bucket.as_micros()).max(1);
        let mut buckets = vec![Bucket::default(); usize::try_from(count).unwrap_or(1)];
        let (mut took, mut never) = ([0; BINS_MS.len()], 0);
        for attempt in attempts(run) {
            let index = (attempt.at.as_micros() / bucket.as_micros()).min(count - 1);
            buckets[index as usize].add(attempt);
            match attempt.established {
                Some(established) => took[bin(established.since(attempt.at))] += 1,
                None => never += 1,
            }
        }
        Self { end: run.end(), time_wait: time_wait(run), bucket, buckets, took, never, ports: ports(run) }
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.took.iter().sum::<u32>() + self.never
    }

    /// The sum of all buckets.
    pub fn whole(&self) -> Bucket {
        let add = |sum: Bucket, bucket: &Bucket| Bucket {
            succeeded: sum.succeeded + bucket.succeeded,
            refused: sum.refused + bucket.refused,
            failed: sum.failed + bucket.failed,
            open: sum.open + bucket.open,
        };
        self.buckets.iter().fold(Bucket::default(), add)
    }
}

impl Bucket {
    /// The number of refused and failed attempts.
    pub const fn unsuccessful(self) -> u32 {
        self.refused + self.failed
    }

    fn add(&mut self, attempt: &Attempt) {
        let slot = match attempt {
            Attempt { refused: Some(_), .. } => &mut self.refused,
            Attempt { ended: Some((_, Outcome::Failed(_))), .. } => &mut self.failed,
            Attempt { established: Some(_), .. } => &mut self.succeeded,
            _ => &mut self.open,
        };
        *slot += 1;
    }
}

/// The value of a step function at `at`.
pub fn value_at(series: &[(SimTime, u32)], at: SimTime) -> u32 {
    let after = series.partition_point(|(from, _)| *from <= at);
    after.checked_sub(1).and_then(|index| series.get(index)).map_or(0, |(_, value)| *value)
}

/// The first maximum of a step function: its moment and its value.
pub fn peak(series: &[(SimTime, u32)]) -> (SimTime, u32) {
    let mut peak = (SimTime::ZERO, 0);
    for (at, value) in series {
        if *value > peak.1 {
            peak = (*at, *value);
        }
    }
    peak
}

/// The attempts of the clients.
fn attempts(run: &Run) -> impl Iterator<Item = &Attempt> {
    let is_client = |attempt: &&Attempt| run.node(attempt.host).is_some_and(|node| node.role == Role::Client);
    run.index.attempts.iter().filter(is_client)
}

/// The shortest bucket length that divides a run into at most [`MOST_BUCKETS`].
fn bucket(end: SimTime) -> Span {
    const LENGTHS_S: [u64; 7] = [1, 2, 5, 10, 30, 60, 120];
    let fits = |length: &u64| end.as_micros().div_ceil(length * 1_000_000) <= MOST_BUCKETS;
    Span::from_secs(LENGTHS_S.into_iter().find(fits).unwrap_or(120))
}

fn bin(took: Span) -> usize {
    BINS_MS.partition_point(|from| *from <= took.as_millis()) - 1
}

fn time_wait(run: &Run) -> Vec<(SimTime, u32)> {
    let mut series = Series::default();
    for record in server_records(run) {
        match &record.event {
            Event::Booted { .. } => series.set(record.at, 0),
            Event::StateSet { old, new, .. } => {
                series.change(record.at, i32::from(*new == State::TimeWait) - i32::from(*old == State::TimeWait));
            }
            _ => {}
        }
    }
    series.points
}

fn ports(run: &Run) -> Option<PortsOverTime> {
    let database = run.scenario.database.as_ref()?.addr;
    let to_database = |tuple: &FourTuple| tuple.remote.addr == database;
    let (mut series, mut none_left) = (Series::default(), Vec::new());
    for record in server_records(run) {
        match &record.event {
            Event::Booted { .. } => series.set(record.at, 0),
            Event::StateSet { tuple, old, new } if to_database(tuple) => {
                series.change(record.at, i32::from(*old == State::Close) - i32::from(*new == State::Close));
            }
            Event::CallReturned { call: Call::Connect { .. }, result: CallResult::Failed(Errno::Eaddrnotavail) } => {
                none_left.push(record.at);
            }
            _ => {}
        }
    }
    let (first, last) = run.snapshot(SimTime::ZERO, None).server.sysctls.ip_local_port_range;
    Some(PortsOverTime { used: series.points, all: u32::from(last.saturating_sub(first)) + 1, none_left })
}

fn server_records(run: &Run) -> impl Iterator<Item = &Record> {
    run.trace.records.iter().filter(|record| run.node(record.node).is_some_and(|node| node.role == Role::Server))
}

/// A step function with at most one point per moment.
#[derive(Default)]
struct Series {
    points: Vec<(SimTime, u32)>,
}

impl Series {
    fn set(&mut self, at: SimTime, value: u32) {
        match self.points.last_mut() {
            Some(last) if last.0 == at => last.1 = value,
            Some(last) if last.1 == value => {}
            _ => self.points.push((at, value)),
        }
    }

    fn change(&mut self, at: SimTime, by: i32) {
        let value = self.points.last().map_or(0, |(_, value)| *value);
        if by != 0 {
            self.set(at, value.saturating_add_signed(by));
        }
    }
}

#[cfg(test)]
mod tests {
    use sim_core::Scenario;
    use sim_core::scenario::PRESETS;

    use super::*;
    use crate::run::SharedRun;

    fn each_preset() -> impl Iterator<Item = (&'static str, SharedRun)> {
        PRESETS.iter().map(|preset| (preset.name, Run::from(Scenario::from_json(preset.json).unwrap())))
    }

    #[test]
    fn the_counts_are_those_of_the_snapshot() {
        for (name, run) in each_preset() {
            let data = OverTime::of(&run);
            let database = run.scenario.database.as_ref().map(|database| database.addr);
            for at in (0..=40).map(|part| SimTime::from_micros(run.end().as_micros() * part / 40)) {
                let snapshot = run.snapshot(at, None);
                let sockets = &snapshot.server.sockets;
                let waiting = sockets.iter().filter(|socket| socket.state == State::TimeWait).count();
                assert_eq!(value_at(&data.time_wait, at) as usize, waiting, "{name} at {at}");
                if let Some(ports) = &data.ports {
                    let used = sockets.iter().filter(|socket| Some(socket.tuple.remote.addr) == database).count();
                    assert_eq!(value_at(&ports.used, at) as usize, used, "ports of {name} at {at}");
                }
            }
        }
    }

    #[test]
    fn every_attempt_is_in_one_bucket_and_one_bin() {
        for (name, run) in each_preset() {
            let data = OverTime::of(&run);
            let status = run.index.status(run.end());
            assert_eq!(data.attempts() as usize, status.attempted, "{name}");
            let Bucket { succeeded, refused, failed, open } = data.whole();
            assert_eq!((succeeded + refused + failed + open) as usize, status.attempted, "{name}");
            assert_eq!(refused as usize, status.refused, "{name}");
            assert!(data.buckets.len() <= 45, "{name}");
        }
    }

    #[test]
    fn a_connection_that_is_reset_has_failed() {
        let run = Run::from(Scenario::preset("ports-run-out-reuse-0").unwrap());
        let data = OverTime::of(&run);
        let without_a_port = data.ports.as_ref().map_or(0, |ports| ports.none_left.len());
        assert!(without_a_port > 0);
        // Each host whose query gets no port is reset: none is refused, and all were connected.
        assert_eq!(data.whole().failed as usize, without_a_port);
        assert_eq!(data.never, 0);
    }

    #[test]
    fn times_to_connect_fall_where_the_kernel_sends_again() {
        let bins = [0, 9, 10, 28, 999, 1_028, 3_030, 7_028, 63_100, 131_000].map(|ms| bin(Span::from_millis(ms)));
        assert_eq!(bins, [0, 0, 1, 1, 4, 5, 6, 7, 10, 10]);
    }

    #[test]
    fn the_incident_has_a_hump_at_once_and_one_after_a_retry() {
        let run = Run::from(Scenario::preset("one-address-many-servers").unwrap());
        let data = OverTime::of(&run);
        let at_once: u32 = data.took[..5].iter().sum();
        let later: u32 = data.took[5..].iter().sum();
        assert!(at_once > 30 && later > 0 && data.never > 0, "{data:?}");
        // Attempts that connect late were refused before, and no refused attempt connects at once.
        assert!(later + data.never <= data.whole().refused + data.whole().open);
    }

    #[test]
    fn twenty_ports_are_all_in_use_when_none_is_left() {
        let run = Run::from(Scenario::preset("ports-run-out-reuse-0").unwrap());
        let ports = OverTime::of(&run).ports.unwrap();
        assert_eq!(ports.all, 20);
        assert!(!ports.none_left.is_empty());
        for at in &ports.none_left {
            assert_eq!(value_at(&ports.used, *at), 20, "{at}");
        }
        assert_eq!(peak(&ports.used).1, 20);
    }

    #[test]
    fn buckets_grow_with_the_run() {
        let lengths = [30, 90, 180, 600, 3_600].map(|seconds| bucket(SimTime::from_secs(seconds)).as_millis() / 1_000);
        assert_eq!(lengths, [1, 2, 5, 30, 120]);
    }
}
