//! The share of refused connections by the number of hosts behind one address and by their rate of connections.
//!
//! Each cell is the sum of one run per seed, of which only the totals are kept. The work is done in slices, so that the
//! page stays responsive.

use sim_core::kernel_version::KernelVersion;
use sim_core::scenario::{
    Action, ClockSetup, HostSetup, LinkSetup, NatSetup, PortRule, Scenario, SysctlFile, TimedAction, Traffic,
};
use sim_core::time::{SimTime, Span};

use crate::recorder::Counting;
use crate::text::sweep as text;

/// The number of hosts behind the address, one per column.
pub const HOSTS: [u16; 7] = [1, 2, 3, 5, 10, 20, 50];
/// The number of connections that each host opens per minute, one per row.
pub const PER_MINUTE: [u32; 6] = [30, 12, 6, 4, 2, 1];
/// The seeds of the runs of a cell.
pub const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
/// The length of each run.
const DURATION_S: u32 = 300;
/// The connection timeout of the hosts' programs.
const PATIENCE_MS: u32 = 10_000;
/// The upper limit of the hosts' timestamp clocks, in ticks at 250 Hz: an uptime of 30 days.
const HIGHEST_CLOCK: u32 = 30 * 86_400 * 250;

/// The totals of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The number of attempts to connect.
    pub connections: u64,
    /// The number of attempts with at least one refused SYN.
    pub refused: u64,
}

/// A sweep in progress.
#[derive(Debug)]
pub struct Sweep {
    base: Scenario,
    cells: Vec<Cell>,
    /// The number of finished runs.
    done: usize,
    running: Option<Counting>,
}

impl Cell {
    /// The refused share in percent, rounded. It is 0 only without refusals and 100 only without successes.
    pub fn percent(self) -> u64 {
        match (self.refused, self.connections) {
            (0, _) => 0,
            (refused, all) if refused == all => 100,
            (refused, all) => ((refused * 200 + all) / (all * 2)).clamp(1, 99),
        }
    }
}

impl Sweep {
    /// A sweep over the server of `base` with its settings at `at`. No run has started yet.
    pub fn new(base: &Scenario, at: SimTime) -> Self {
        let cells = vec![Cell::default(); HOSTS.len() * PER_MINUTE.len()];
        Self { base: as_set(base, at), cells, done: 0, running: None }
    }

    /// The number of finished runs, and of all runs.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.cells.len() * SEEDS.len())
    }

    /// Whether all runs are finished.
    pub fn is_done(&self) -> bool {
        self.done == self.cells.len() * SEEDS.len()
    }

    /// The totals of a cell, once all its runs are finished.
    pub fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let index = row * HOSTS.len() + column;
        if (index + 1) * SEEDS.len() <= self.done { self.cells.get(index).copied() } else { None }
    }

    /// The scenario of a cell, with the first seed.
    pub fn scenario(&self, row: usize, column: usize) -> Option<Scenario> {
        Some(scenario(&self.base, *HOSTS.get(column)?, *PER_MINUTE.get(row)?, SEEDS[0]))
    }

    /// Simulates `span` of simulated time, or up to the end of the current run.
    pub fn step(&mut self, span: Span) {
        let (cell, seed) = (self.done / SEEDS.len(), self.done % SEEDS.len());
        let Some(sums) = self.cells.get_mut(cell) else { return };
        let run = self.running.get_or_insert_with(|| {
            let (hosts, per_minute) = (HOSTS[cell % HOSTS.len()], PER_MINUTE[cell / HOSTS.len()]);
            Counting::new(&scenario(&self.base, hosts, per_minute, SEEDS[seed]))
        });
        let Some(totals) = run.step(span) else { return };
        sums.connections += totals.connections;
        sums.refused += totals.refused;
        self.running = None;
        self.done += 1;
    }
}

/// The scenario of a cell: the server of `base`, and `hosts` hosts behind one address, each of which opens `per_minute`
/// connections per minute. Their clocks and first calls are drawn from `seed`.
pub fn scenario(base: &Scenario, hosts: u16, per_minute: u32, seed: u64) -> Scenario {
    let interval_ms = 60_000 / per_minute.max(1);
    let entry = HostSetup {
        name: "host".to_owned(),
        count: Some(hosts),
        addr: [10, 0, 0, 1].into(),
        behind_nat: true,
        kernel: KernelVersion::V4_9,
        clock: ClockSetup { hz: 250, tsval: HIGHEST_CLOCK },
        sysctls: SysctlFile::new(),
        link: LinkSetup::of(2),
        traffic: Traffic {
            first_ms: 0,
            interval_ms,
            jitter_ms: interval_ms / 4,
            at_once: 1,
            patience_ms: Some(PATIENCE_MS),
            pause_ms: None,
        },
    };
    let of = |number: u64, thing: &str| format!("{number} {thing}{}", if number == 1 { "" } else { "s" });
    let (who, how_often) = (of(hosts.into(), "host"), of(per_minute.into(), "connection"));
    Scenario {
        title: text::title(&who, &how_often),
        purpose: text::purpose(&who, &how_often),
        notice: Vec::new(),
        prediction: None,
        promise: None,
        seed,
        duration_s: DURATION_S,
        nat: nat(base),
        boxes: Vec::new(),
        database: None,
        hosts: vec![entry],
        actions: Vec::new(),
        ..base.clone()
    }
}

/// A NAT at the address of that of `base`, with all ports above 1,023. `None` if the network does not parse, which a
/// test rules out.
fn nat(base: &Scenario) -> Option<NatSetup> {
    let name = if base.server.name == "nat" { "gateway" } else { "nat" };
    Some(NatSetup {
        name: name.to_owned(),
        addr: base.nat.as_ref().map_or([203, 0, 113, 7].into(), |nat| nat.addr),
        inside: "10.0.0.0/24".parse().ok()?,
        first_port: 1_024,
        last_port: 65_535,
        idle_s: 120,
        ports: PortRule::Sequential,
        link: LinkSetup::of(12),
    })
}

/// `base` with the server's kernel and sysctls of the moment `at`, from time 0.
fn as_set(base: &Scenario, at: SimTime) -> Scenario {
    let mut scenario = base.clone();
    let mut actions: Vec<&TimedAction> = base.actions.iter().filter(|action| action.at() <= at).collect();
    actions.sort_by_key(|action| action.at_ms);
    for action in actions {
        match &action.action {
            Action::SetSysctl { key, value } => {
                scenario.server.sysctls.insert(key.clone(), value.clone());
            }
            Action::SetKernel { version } => scenario.server.kernel = *version,
            _ => {}
        }
    }
    scenario
}

#[cfg(test)]
mod tests {
    use sim_core::Sim;
    use sim_core::trace::Totals;

    use super::*;
    use crate::plan::Key;

    fn base(recycle: &str) -> Scenario {
        let mut base = Scenario::preset("one-address-many-servers").unwrap();
        base.server.sysctls.insert(Key::RECYCLE.name().to_owned(), recycle.to_owned());
        base
    }

    fn share(base: &Scenario, hosts: u16, per_minute: u32) -> f64 {
        let mut sum = Cell::default();
        for seed in SEEDS {
            let scenario = scenario(base, hosts, per_minute, seed);
            let mut sim = Sim::recorded_by(Totals::default(), &scenario);
            sim.run_until(sim.end());
            sum.connections += sim.recorder().connections;
            sum.refused += sim.recorder().refused;
        }
        assert!(sum.connections > 0);
        sum.refused as f64 / sum.connections as f64
    }

    #[test]
    fn every_swept_scenario_can_be_written_down_and_read_again() {
        for preset in sim_core::scenario::PRESETS {
            let base = Scenario::from_json(preset.json).unwrap();
            for (hosts, per_minute) in [(1, 1), (50, 30)] {
                let swept = scenario(&base, hosts, per_minute, 3);
                let json = serde_json::to_string(&swept).unwrap();
                assert_eq!(Scenario::from_json(&json).unwrap(), swept, "{}", preset.name);
                assert_eq!(swept.hosts_one_by_one().len(), usize::from(hosts));
            }
        }
    }

    #[test]
    fn one_host_alone_is_never_refused() {
        for per_minute in PER_MINUTE {
            assert_eq!(share(&base("1"), 1, per_minute), 0.0, "{per_minute} a minute");
        }
    }

    #[test]
    fn without_recycle_nobody_is_refused() {
        for hosts in HOSTS {
            assert_eq!(share(&base("0"), hosts, 6), 0.0, "{hosts} hosts");
        }
    }

    #[test]
    fn more_hosts_are_refused_more() {
        let shares: Vec<f64> = [1, 2, 5, 20].map(|hosts| share(&base("1"), hosts, 6)).to_vec();
        assert!(shares.windows(2).all(|pair| pair[0] < pair[1]), "{shares:?}");
        // With 20 hosts at 6 a minute, the remembered timestamp never expires, and only the host with the highest clock
        // is served: 19 of 20 are refused.
        assert!(shares[3] > 0.75, "{shares:?}");
    }

    #[test]
    fn slices_give_what_whole_runs_give() {
        let mut sweep = Sweep::new(&base("1"), SimTime::ZERO);
        while sweep.cell(0, 2).is_none() {
            sweep.step(Span::from_secs(7));
        }
        let cell = sweep.cell(0, 2).unwrap();
        let share = share(&base("1"), HOSTS[2], PER_MINUTE[0]);
        assert!((cell.refused as f64 / cell.connections as f64 - share).abs() < 1e-12);
        assert_eq!(sweep.progress(), (15, HOSTS.len() * PER_MINUTE.len() * 5));
        assert_eq!(sweep.cell(0, 3), None);
    }

    #[test]
    fn the_switches_are_those_of_the_moment() {
        let mut base = base("1");
        base.act(10_000, Action::SetSysctl { key: Key::RECYCLE.name().to_owned(), value: "0".to_owned() });
        let at = |seconds| {
            as_set(&base, SimTime::from_secs(seconds)).server.sysctls.value(Key::RECYCLE.name()).unwrap().to_owned()
        };
        assert_eq!([at(9), at(10)], ["1", "0"]);
    }

    #[test]
    fn a_small_share_is_never_rounded_to_zero() {
        let percent = |refused, connections| Cell { connections, refused }.percent();
        assert_eq!(
            [percent(0, 0), percent(1, 1_000), percent(999, 1_000), percent(1, 3), percent(5, 5)],
            [0, 1, 99, 33, 100]
        );
    }
}
