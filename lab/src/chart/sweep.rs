//! How the share of refused connections grows with the hosts behind an address and with how often they call.
//!
//! Each cell of the sweep is a run of the model for each of a few seeds, with totals only. It is worked off in slices,
//! so that the page goes on meanwhile.

use sim_core::kernel_version::KernelVersion;
use sim_core::scenario::{
    Action, ClockSetup, HostSetup, LinkSetup, NatSetup, PortRule, Scenario, SysctlFile, TimedAction, Traffic,
};
use sim_core::time::{SimTime, Span};

use crate::recorder::Counting;
use crate::text::sweep as text;

/// How many hosts stand behind the address, column by column.
pub const HOSTS: [u16; 7] = [1, 2, 3, 5, 10, 20, 50];
/// How many connections each host opens in a minute, row by row.
pub const PER_MINUTE: [u32; 6] = [30, 12, 6, 4, 2, 1];
/// The share of a cell is that of the connections of all these runs together.
pub const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
/// How long each run is.
const DURATION_S: u32 = 300;
/// A host gives up after so long, as most programs do.
const PATIENCE_MS: u32 = 10_000;
/// Hosts have been up for anything from five minutes less than nothing to thirty days, by the clock of a kernel with
/// 250 ticks a second.
const HIGHEST_CLOCK: u32 = 30 * 86_400 * 250;

/// One cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Attempts to connect.
    pub connections: u64,
    /// Those of which a SYN or more was refused.
    pub refused: u64,
}

/// A sweep under way.
#[derive(Debug)]
pub struct Sweep {
    base: Scenario,
    cells: Vec<Cell>,
    /// The runs that are done, and the one that is not.
    done: usize,
    running: Option<Counting>,
}

impl Cell {
    /// The refused ones of a hundred connections, rounded; one refusal is never 0 and one success never 100.
    #[must_use]
    pub fn percent(self) -> u64 {
        match (self.refused, self.connections) {
            (0, _) => 0,
            (refused, all) if refused == all => 100,
            (refused, all) => ((refused * 200 + all) / (all * 2)).clamp(1, 99),
        }
    }
}

impl Sweep {
    /// A sweep that has done nothing yet, with the server of `base` as it is set at `at`.
    #[must_use]
    pub fn new(base: &Scenario, at: SimTime) -> Self {
        let cells = vec![Cell::default(); HOSTS.len() * PER_MINUTE.len()];
        Self { base: as_set(base, at), cells, done: 0, running: None }
    }

    /// How many runs are done, of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.cells.len() * SEEDS.len())
    }

    /// Whether all runs are done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done == self.cells.len() * SEEDS.len()
    }

    /// The cell of a row and a column, once all its runs are done.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let index = row * HOSTS.len() + column;
        if (index + 1) * SEEDS.len() <= self.done { self.cells.get(index).copied() } else { None }
    }

    /// The scenario of a row and a column.
    #[must_use]
    pub fn scenario(&self, row: usize, column: usize) -> Option<Scenario> {
        Some(scenario(&self.base, *HOSTS.get(column)?, *PER_MINUTE.get(row)?, SEEDS[0]))
    }

    /// Goes on by `span` of simulated time, or to the end of the current run.
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

/// The scenario of one cell: the server of `base`, and behind one address `hosts` hosts that call it `per_minute` times
/// a minute each. Their clocks and first calls are drawn from `seed`.
#[must_use]
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

/// A NAT at the address of that of `base`, with ports for all. `None` only if this net could not be read, which a test
/// rules out.
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

/// `base` with the server's kernel and sysctls as they stand at `at`, from the start.
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
        // With 20 hosts at 6 a minute the address never rests, and one clock at a time is served: 19 of 20 are not.
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
    fn a_share_is_rounded_but_never_away() {
        let percent = |refused, connections| Cell { connections, refused }.percent();
        assert_eq!(
            [percent(0, 0), percent(1, 1_000), percent(999, 1_000), percent(1, 3), percent(5, 5)],
            [0, 1, 99, 33, 100]
        );
    }
}
