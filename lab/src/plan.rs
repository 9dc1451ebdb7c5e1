//! The visitor's settings: the kernel, the switches from time 0, and later changes.
//!
//! A plan is the whole input of a run. It is stored in the address of the page, can be undone, and is turned into the
//! scenario that the model runs.

mod base;
mod first_difference;
mod key;
mod settings;

use sim_core::kernel_version::KernelVersion;
use sim_core::scenario::{Action, Scenario, SysctlFile};
use sim_core::time::{SimTime, Span};

pub use self::base::Base;
pub use self::key::{Key, Values};
pub use self::settings::Settings;

/// The most changes that an address may hold. Further ones are rejected.
pub const MOST_CHANGES: usize = 60;

/// Where a host is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind the NAT, sharing its address.
    BehindNat,
    /// On an address of its own.
    Own,
}

impl Place {
    /// The number of hosts that may be added here. More would not fit on the stage.
    pub const fn most_added(self) -> usize {
        match self {
            Self::BehindNat => 6,
            Self::Own => 4,
        }
    }
}

/// The effect of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Writes a sysctl of the server.
    Set(Key, u8),
    /// Adds a host.
    Add(Place),
}

/// A change that the visitor made at a moment of the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The simulated time of the change.
    pub at: SimTime,
    /// The effect.
    pub what: ChangeKind,
}

/// All settings of the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The scenario that the plan starts from.
    pub base: Base,
    /// The server's kernel.
    pub kernel: KernelVersion,
    /// The values from time 0; `None` leaves a key to the scenario.
    pub initial_values: Values,
    /// The later changes, in the order of time.
    pub changes: Vec<Change>,
}

impl Plan {
    /// The plan of a scenario without changes.
    pub fn of(base: Base) -> Self {
        let kernel = base.scenario.server.kernel;
        Self { base, kernel, initial_values: [None; Key::COUNT], changes: Vec::new() }
    }

    /// The plan of the first scenario: Linux 4.9 with recycle on. `None` if its file is invalid, which a test rules
    /// out.
    pub fn incident() -> Option<Self> {
        Base::preset(Base::INCIDENT).map(Self::of)
    }

    /// The switches at time 0.
    pub fn initial(&self) -> Settings {
        let mut settings = Settings::of(self.kernel, &self.file());
        for (key, value) in Key::all().zip(self.initial_values) {
            if let Some(value) = value {
                settings.set(key, value);
            }
        }
        settings
    }

    /// The switches at `at`, including changes at exactly that moment.
    pub fn settings(&self, at: SimTime) -> Settings {
        let mut settings = self.initial();
        let mut writes = self.base.writes();
        writes.extend(self.changes.iter().filter_map(|change| match change.what {
            ChangeKind::Set(key, value) => Some((change.at, key, value)),
            ChangeKind::Add(_) => None,
        }));
        // The sort is stable: at the same moment, the scenario's own writes come first.
        writes.sort_by_key(|(written, ..)| *written);
        for (_, key, value) in writes.into_iter().filter(|(written, ..)| *written <= at) {
            settings.set(key, value);
        }
        settings
    }

    /// The scenario that the model runs.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = (*self.base.scenario).clone();
        scenario.server.kernel = self.kernel;
        scenario.server.sysctls = self.file();
        let initial = self.initial();
        for (key, set) in Key::all().zip(self.initial_values) {
            if set.is_some()
                && let Some(value) = initial.value(key)
            {
                scenario.server.sysctls.insert(key.name().to_owned(), value.to_string());
            }
        }
        for change in self.effective() {
            let action = match change.what {
                ChangeKind::Set(key, value) => {
                    Action::SetSysctl { key: key.name().to_owned(), value: value.to_string() }
                }
                ChangeKind::Add(place) => Action::AddHost { behind_nat: place == Place::BehindNat },
            };
            scenario.act(change.at.as_micros() / 1_000, action);
        }
        scenario
    }

    /// The scenario's sysctl file on this kernel. Keys that the kernel lacks are left out. A value that is the default
    /// of the scenario's kernel becomes the default of this kernel.
    fn file(&self) -> SysctlFile {
        let server = &self.base.scenario.server;
        let mut file = server.sysctls.clone();
        let shipped = Settings::of(server.kernel, &SysctlFile::new());
        for key in Key::all() {
            let as_shipped = file.value(key.name()).and_then(|value| value.trim().parse().ok()) == shipped.value(key);
            if !key.exists_in(self.kernel) || (as_shipped && self.kernel != server.kernel) {
                file.remove(key.name());
            }
        }
        file
    }

    /// The changes that this kernel supports. The others stay in the plan and take effect again on a kernel that
    /// supports them.
    pub fn effective(&self) -> impl Iterator<Item = Change> + '_ {
        self.changes.iter().copied().filter(|change| match change.what {
            ChangeKind::Set(key, _) => key.exists_in(self.kernel),
            ChangeKind::Add(_) => true,
        })
    }

    /// Sets `key` from time 0 on.
    pub fn set_initial(&mut self, key: Key, value: u8) {
        self.initial_values[key.index()] = Some(value);
    }

    /// Leaves `key` to the scenario, and gives back what was set.
    pub fn take_initial(&mut self, key: Key) -> Option<u8> {
        self.initial_values[key.index()].take()
    }

    /// Sets `key` from `at` on. A change to the current value is not stored.
    pub fn set_at(&mut self, at: SimTime, key: Key, value: u8) {
        self.changes
            .retain(|change| change.at != at || !matches!(change.what, ChangeKind::Set(other, _) if other == key));
        if self.settings(at).value(key) != Some(value) {
            self.insert(Change { at, what: ChangeKind::Set(key, value) });
        }
    }

    /// Inserts a change in the order of time. A change at the same moment as an earlier one comes after it.
    pub fn insert(&mut self, change: Change) {
        let index = self.changes.partition_point(|other| other.at <= change.at);
        self.changes.insert(index, change);
    }

    /// The moment at which a change takes effect when the playhead is at `shown`: the next whole millisecond, so that
    /// everything on the page has already happened and the address stays short. If there is a change at `shown`, this
    /// one takes effect at the same moment.
    pub fn moment_of_change(&self, shown: SimTime) -> SimTime {
        if self.changes.iter().any(|change| change.at == shown) {
            return shown;
        }
        SimTime::from_millis(shown.as_micros() / 1_000) + Span::from_millis(1)
    }

    /// Whether a host can be added at `place` in this scenario.
    pub fn has(&self, place: Place) -> bool {
        place == Place::Own || self.base.scenario.nat.is_some()
    }

    /// The number of hosts that were added at `place`.
    pub fn added(&self, place: Place) -> usize {
        self.changes.iter().filter(|change| change.what == ChangeKind::Add(place)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: SimTime = SimTime::from_secs(10);

    fn incident() -> Plan {
        Plan::incident().unwrap()
    }

    #[test]
    fn a_switch_holds_from_its_moment_on() {
        let mut plan = incident();
        plan.set_at(AT, Key::RECYCLE, 0);
        assert_eq!(plan.settings(SimTime::from_millis(9_999)).value(Key::RECYCLE), Some(1));
        assert_eq!(plan.settings(AT).value(Key::RECYCLE), Some(0));
    }

    #[test]
    fn setting_a_switch_back_at_the_same_time_leaves_no_change() {
        let mut plan = incident();
        plan.set_at(AT, Key::RECYCLE, 0);
        plan.set_at(AT, Key::RECYCLE, 1);
        assert_eq!(plan, incident());
    }

    #[test]
    fn a_kernel_without_recycle_keeps_the_change_for_later() {
        let mut plan = incident();
        plan.set_at(AT, Key::RECYCLE, 0);
        plan.kernel = KernelVersion::V4_12;
        assert_eq!(plan.effective().count(), 0);
        assert_eq!(plan.settings(AT).value(Key::RECYCLE), None);
        plan.kernel = KernelVersion::V4_11;
        assert_eq!(plan.settings(AT).value(Key::RECYCLE), Some(0));
    }

    #[test]
    fn the_default_of_reuse_follows_the_kernel_until_it_is_set() {
        let mut plan = Plan { kernel: KernelVersion::V4_19, ..incident() };
        assert_eq!(plan.initial().value(Key::REUSE), Some(2));
        plan.set_initial(Key::REUSE, 0);
        assert_eq!(plan.initial().value(Key::REUSE), Some(0));
    }

    #[test]
    fn a_change_acts_after_the_events_at_the_playhead() {
        let mut plan = incident();
        assert_eq!(plan.moment_of_change(SimTime::from_micros(8_310_254)), SimTime::from_millis(8_311));
        assert_eq!(plan.moment_of_change(SimTime::from_millis(8_310)), SimTime::from_millis(8_311));
        plan.set_at(SimTime::from_millis(8_311), Key::RECYCLE, 0);
        assert_eq!(plan.moment_of_change(SimTime::from_millis(8_311)), SimTime::from_millis(8_311));
    }
}
