//! A scenario that is being edited in the form. It is a JSON value, so that it can hold input that is not valid yet.

pub mod fields;

use std::rc::Rc;

use serde_json::{Map, Value, json};
use sim_core::kernel_version::{KernelVersion, TsvalUnit};
use sim_core::scenario::{Scenario, ScenarioError};

use self::fields::FieldKind;
use crate::permalink;
use crate::plan::Plan;

/// Linux initialises jiffies to five minutes before the wrap-around (`INITIAL_JIFFIES`).
const JIFFIES_START_BEFORE_ZERO_S: u64 = 300;

/// A scenario that is being edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    value: Value,
    /// The plan that the draft started from.
    pub from: Rc<Plan>,
    /// Whether the draft has been changed.
    pub touched: bool,
    /// The index of the host whose fields are shown.
    pub open: Option<usize>,
    /// The NAT that was removed, and the names of the hosts behind it.
    put_aside: Option<(Value, Vec<Value>)>,
}

/// A change of the draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Input in the field at this JSON pointer: its kind and the text.
    Type(String, FieldKind, String),
    /// Inserts or replaces the value at this JSON pointer.
    Put(String, Value),
    /// Removes the field or list entry at this JSON pointer.
    Remove(String),
    /// Adds a copy of the host with this index, or of the last host.
    AddHost(Option<usize>),
    /// Adds or removes the NAT.
    Nat(bool),
    /// Shows the fields of another host, or of none.
    Open(Option<usize>),
}

impl Draft {
    /// A draft of the scenario of `plan`, including its changes.
    pub fn of(plan: Rc<Plan>) -> Self {
        // The prediction and the promise apply only to the unchanged file.
        let scenario = Scenario { prediction: None, promise: None, ..plan.scenario() };
        let value = permalink::value(&scenario).unwrap_or_default();
        Self { value, from: plan, touched: false, open: None, put_aside: None }
    }

    /// The draft after the page has started to run it as `plan`.
    #[must_use]
    pub fn run_as(&self, plan: Plan) -> Self {
        Self { from: Rc::new(plan), touched: false, ..self.clone() }
    }

    /// The draft as a scenario.
    ///
    /// # Errors
    /// The first value that is not valid.
    pub fn scenario(&self) -> Result<Scenario, ScenarioError> {
        Scenario::from_json(&self.json())
    }

    /// The draft as the text of a scenario file.
    pub fn json(&self) -> String {
        self.value.to_string()
    }

    /// The value at a JSON pointer.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    /// The text of the field at `pointer`.
    pub fn shown(&self, pointer: &str, kind: FieldKind) -> String {
        if kind == FieldKind::Uptime {
            return self.uptime(pointer).unwrap_or_default();
        }
        match self.at(pointer) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }

    /// The length of the list at `pointer`; 0 if there is none.
    pub fn count(&self, pointer: &str) -> usize {
        self.at(pointer).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The keys of the object at `pointer`; empty if there is none.
    pub fn keys(&self, pointer: &str) -> Vec<String> {
        self.at(pointer).and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default()
    }

    /// A copy of the draft with `edit` applied.
    #[must_use]
    pub fn after(&self, edit: Edit) -> Self {
        let mut draft = self.clone();
        draft.touched |= !matches!(edit, Edit::Open(_));
        match edit {
            Edit::Type(pointer, FieldKind::Uptime, typed) => draft.set_uptime(&pointer, &typed),
            Edit::Type(pointer, kind, typed) => match kind.value(&typed) {
                Some(value) => draft.put(&pointer, value),
                None => draft.remove(&pointer),
            },
            Edit::Put(pointer, value) => draft.put(&pointer, value),
            Edit::Remove(pointer) => {
                draft.remove(&pointer);
                if pointer.starts_with("/hosts/") {
                    draft.open = None;
                }
            }
            Edit::AddHost(like) => draft.add_host(like),
            Edit::Nat(with) => draft.set_nat(with),
            Edit::Open(host) => draft.open = host,
        }
        draft
    }

    fn put(&mut self, pointer: &str, value: Value) {
        let Some((parent, key)) = pointer.rsplit_once('/') else { return };
        match self.value.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.insert(key.to_owned(), value)),
            Some(Value::Array(items)) => match key.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                Some(item) => *item = value,
                None => items.push(value),
            },
            // A field that is omitted when it is empty, such as a map of sysctls.
            _ => self.put(parent, json!({ key: value })),
        }
    }

    fn remove(&mut self, pointer: &str) {
        let Some((parent, key)) = pointer.rsplit_once('/') else { return };
        match self.value.pointer_mut(parent) {
            Some(Value::Object(fields)) => drop(fields.remove(key)),
            Some(Value::Array(items)) => {
                if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }

    /// Adds a host with an unused name and an unused address. Everything else is copied from the host `like`.
    fn add_host(&mut self, like: Option<usize>) {
        let index = like.unwrap_or_else(|| self.count("/hosts").saturating_sub(1));
        let mut host = self.at(&format!("/hosts/{index}")).cloned().unwrap_or_else(first_host);
        let names = self.texts("name");
        let name = host["name"].as_str().unwrap_or("host");
        let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let stem = if stem.len() == name.len() { format!("{name}-") } else { stem.to_owned() };
        host["name"] = (1..).map(|number| format!("{stem}{number}")).find(|name| !names.contains(name)).into();
        let addrs = self.texts("addr");
        if let Some((net, _)) = host["addr"].as_str().and_then(|addr| addr.rsplit_once('.')) {
            let free = (1..255).map(|last| format!("{net}.{last}")).find(|addr| !addrs.contains(addr));
            if let Some(free) = free {
                host["addr"] = free.into();
            }
        }
        if self.count("/hosts") > index {
            // Insert it after the host that it is copied from.
            if let Some(hosts) = self.value.get_mut("hosts").and_then(Value::as_array_mut) {
                hosts.insert(index + 1, host);
            }
            self.open = Some(index + 1);
        } else {
            self.put("/hosts", json!([host]));
            self.open = Some(0);
        }
    }

    /// The values of `field`, such as names or addresses, of all machines.
    fn texts(&self, field: &str) -> Vec<String> {
        let places = ["server", "nat", "database"].map(|place| self.value.get(place));
        let lists = ["hosts", "boxes"].map(|list| self.value.get(list).and_then(Value::as_array));
        let machines = places.into_iter().flatten().chain(lists.into_iter().flatten().flatten());
        machines.filter_map(|machine| machine.get(field)?.as_str().map(str::to_owned)).collect()
    }

    fn set_nat(&mut self, with: bool) {
        let Some(fields) = self.value.as_object_mut() else { return };
        if with {
            let (nat, behind) = self.put_aside.take().unwrap_or_else(|| (first_nat(), Vec::new()));
            fields.insert("nat".to_owned(), nat);
            for host in hosts(fields).filter(|host| behind.contains(&host["name"])) {
                host["behind_nat"] = true.into();
            }
        } else if let Some(nat) = fields.remove("nat") {
            let behind = hosts(fields).filter(|host| host["behind_nat"] == true).map(|host| {
                host["behind_nat"] = false.into();
                host["name"].clone()
            });
            self.put_aside = Some((nat, behind.collect()));
        }
    }

    /// The uptime in seconds, computed from the clock beside `pointer`. Input that is not a number is returned as it
    /// is.
    fn uptime(&self, pointer: &str) -> Option<String> {
        let clock = Rate::of(self, pointer)?;
        let tsval = self.at(&clock.tsval)?;
        let Some(tsval) = tsval.as_u64().and_then(|tsval| u32::try_from(tsval).ok()) else {
            return tsval.as_str().map(str::to_owned);
        };
        let ticks = tsval.wrapping_add(clock.ticks_before_zero() as u32);
        Some((u64::from(ticks) / clock.ticks_per_s).to_string())
    }

    fn set_uptime(&mut self, pointer: &str, typed: &str) {
        let Some(clock) = Rate::of(self, pointer) else { return };
        let ticks = typed.trim().parse::<u64>().ok().and_then(|seconds| seconds.checked_mul(clock.ticks_per_s));
        let value = match ticks.and_then(|ticks| u32::try_from(ticks).ok()) {
            Some(ticks) => ticks.wrapping_sub(clock.ticks_before_zero() as u32).into(),
            None => typed.into(),
        };
        self.put(&clock.tsval, value);
    }
}

/// The rate of a machine's timestamp clock.
struct Rate {
    /// The JSON pointer of its value.
    tsval: String,
    ticks_per_s: u64,
    starts_before_zero: bool,
}

impl Rate {
    /// The clock of the machine to which the field at `pointer` belongs.
    fn of(draft: &Draft, pointer: &str) -> Option<Self> {
        let clock = pointer.rsplit_once('/')?.0;
        let machine = clock.rsplit_once('/')?.0;
        let kernel = draft.at(&format!("{machine}/kernel"))?.as_str()?;
        let mut known = KernelVersion::ALL.into_iter().chain(KernelVersion::CLIENTS);
        let jiffies = known.find(|version| version.name() == kernel)?.profile().tsval_unit == TsvalUnit::Jiffies;
        let hz = draft.at(&format!("{clock}/hz"))?.as_u64().filter(|hz| *hz > 0)?;
        let ticks_per_s = if jiffies { hz } else { 1_000 };
        Some(Self { tsval: format!("{clock}/tsval"), ticks_per_s, starts_before_zero: jiffies })
    }

    const fn ticks_before_zero(&self) -> u64 {
        if self.starts_before_zero { JIFFIES_START_BEFORE_ZERO_S * self.ticks_per_s } else { 0 }
    }
}

/// The JSON pointer for the path of an error: `hosts[2].clock.hz` becomes `/hosts/2/clock/hz`. Names of sysctls contain
/// dots and are quoted in the path.
pub fn pointer(path: &str) -> String {
    let mut pointer = String::new();
    for (index, part) in path.split('"').enumerate() {
        if index % 2 == 1 {
            pointer.push('/');
            pointer.push_str(part);
        } else {
            for step in part.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
                pointer.push('/');
                pointer.push_str(step);
            }
        }
    }
    pointer
}

fn hosts(fields: &mut Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    fields.get_mut("hosts").and_then(Value::as_array_mut).into_iter().flatten()
}

/// The host to start from if there is none to copy.
fn first_host() -> Value {
    json!({
        "name": "host-0", "addr": "192.0.2.1", "behind_nat": false, "kernel": "4.9",
        "clock": { "hz": 250, "tsval": 900_000 }, "link": { "delay_ms": 10 },
        "traffic": { "first_ms": 1_000, "interval_ms": 10_000 },
    })
}

fn first_nat() -> Value {
    json!({
        "name": "nat", "addr": "203.0.113.7", "inside": "10.0.0.0/24", "first_port": 40_000, "last_port": 60_999,
        "idle_s": 120, "link": { "delay_ms": 10 },
    })
}

#[cfg(test)]
mod tests;
