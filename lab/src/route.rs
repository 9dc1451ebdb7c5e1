//! The address of the page: all parameters in one place, read and written.
//!
//! Reading never fails: a value that cannot be is left out and told to the visitor.

use core::fmt::Write;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::SimTime;

use crate::baseline::Baseline;
use crate::format::{parse_seconds, seconds_exact};
use crate::plan::{Base, Change, ChangeKind, Key, MOST_CHANGES, Place, Plan};
use crate::tab::Tab;
use crate::text::address as reasons;

/// What an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What is set.
    pub plan: Plan,
    /// Where the playhead stands; `None` for where the scenario opens.
    pub at: Option<SimTime>,
    /// Whether it plays.
    pub play: bool,
    /// The view beside the stage.
    pub view: Tab,
    /// What the run is compared with; `None` for the first that there is.
    pub against: Option<Baseline>,
}

/// A parameter that was left out, and what would have been possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// As it stood in the address.
    pub parameter: String,
    /// Why, in a few words.
    pub because: String,
}

/// The address of the support desk.
pub const DESK: &str = "?page=desk";

/// Whether `query` asks for the support desk and not for the lab.
#[must_use]
pub fn is_desk(query: &str) -> bool {
    query.trim_start_matches('?').split('&').any(|pair| pair == "page=desk")
}

impl Route {
    /// A scenario as it opens.
    #[must_use]
    pub fn of(plan: Plan) -> Self {
        Self { plan, at: None, play: false, view: Tab::default(), against: None }
    }

    /// Reads the part of an address after the question mark. `None` only if the scenario that the page opens with were
    /// broken, which a test rules out.
    #[must_use]
    pub fn parse(query: &str) -> Option<(Self, Vec<Rejected>)> {
        let mut route = Self::of(Plan::incident()?);
        let mut rejected = Vec::new();
        let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        let mut pairs: Vec<(String, String)> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        // What the others mean depends on the scenario and on its kernel.
        let first = ["scenario", "own", "kernel"];
        pairs.sort_by_key(|(name, _)| first.iter().position(|first| first == name).unwrap_or(first.len()));
        for (name, value) in pairs {
            if let Err(because) = route.read(&name, &value) {
                rejected.push(Rejected { parameter: shortened(&format!("{name}={value}")), because });
            }
        }
        let recycle = Key::RECYCLE;
        if !recycle.exists_in(route.plan.kernel) {
            route.reject_recycle(&mut rejected);
        }
        if let Some(against) = route.against.take_if(|_| route.view != Tab::Compare) {
            let because = reasons::only_with(Tab::Compare.name());
            rejected.push(Rejected { parameter: format!("against={}", against.name()), because });
        }
        Some((route, rejected))
    }

    /// The parameters that differ from what is assumed without them, in a fixed order; empty for the page as it opens.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = String::new();
        let mut add = |name: &str, value: &str| {
            let separator = if query.is_empty() { '?' } else { '&' };
            let _ = write!(query, "{separator}{name}={value}");
        };
        let plan = &self.plan;
        if let Some(name) = plan.base.name.filter(|_| !plan.base.is_incident()) {
            add("scenario", name);
        }
        if plan.base.name.is_none() {
            // Without its scenario nothing else here would mean what it says.
            let Some(link) = &plan.base.link else { return String::new() };
            add("own", link);
        }
        if plan.kernel != plan.base.scenario.server.kernel {
            add("kernel", plan.kernel.name());
        }
        for (key, value) in Key::all().zip(plan.initial_values) {
            if let Some(value) = value.filter(|_| key.exists_in(plan.kernel)) {
                add(key.short(), &value.to_string());
            }
        }
        for change in plan.effective() {
            add("do", &written(change));
        }
        if let Some(at) = self.at {
            add("t", &seconds_exact(at));
        }
        if self.play {
            add("play", "1");
        }
        if self.view != Tab::default() {
            add("view", self.view.name());
        }
        if let Some(against) = self.against {
            add("against", &against.name());
        }
        query
    }

    fn read(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "scenario" => {
                let base = Base::preset(value).ok_or(reasons::UNKNOWN_SCENARIO)?;
                self.plan = Plan::of(base);
                Ok(())
            }
            "own" => {
                self.plan = Plan::of(Base::linked(value)?);
                Ok(())
            }
            "kernel" => {
                self.plan.kernel = value.parse::<KernelVersion>().map_err(|unknown| unknown.to_string())?;
                Ok(())
            }
            "t" => {
                self.at = Some(moment(value, self.end())?);
                Ok(())
            }
            "view" => {
                self.view = Tab::named(value).ok_or(reasons::UNKNOWN_VIEW)?;
                Ok(())
            }
            "against" => {
                self.against = Some(Baseline::named(value).ok_or(reasons::UNKNOWN_COMPARISON)?);
                Ok(())
            }
            "play" => {
                self.play = digit(value, 1)? == 1;
                Ok(())
            }
            "do" => {
                let change = change(value, self.end())?;
                if self.plan.changes.len() >= MOST_CHANGES {
                    return Err(reasons::most_changes(MOST_CHANGES));
                }
                if let ChangeKind::Add(place) = change.what {
                    if !self.plan.has(place) {
                        return Err(reasons::NO_NAT.to_owned());
                    }
                    if self.plan.added(place) >= place.most_added() {
                        return Err(reasons::most_hosts(place.most_added()));
                    }
                }
                self.plan.insert(change);
                Ok(())
            }
            _ => match key_named(name) {
                Some(key) => {
                    self.plan.set_initial(key, digit(value, key.maximum())?);
                    Ok(())
                }
                None => Err(reasons::UNKNOWN_PARAMETER.to_owned()),
            },
        }
    }

    /// The end of the run.
    fn end(&self) -> SimTime {
        SimTime::from_secs(self.plan.base.scenario.duration_s.into())
    }

    /// Kernels from 4.12 on have no recycle: what asks for it cannot be.
    fn reject_recycle(&mut self, rejected: &mut Vec<Rejected>) {
        let because = reasons::no_such_sysctl(self.plan.kernel.title(), Key::RECYCLE.name());
        if let Some(value) = self.plan.take_initial(Key::RECYCLE) {
            rejected.push(Rejected { parameter: format!("recycle={value}"), because: because.clone() });
        }
        let is_recycle = |change: &Change| matches!(change.what, ChangeKind::Set(Key::RECYCLE, _));
        for change in self.plan.changes.iter().copied().filter(is_recycle) {
            rejected.push(Rejected { parameter: format!("do={}", written(change)), because: because.clone() });
        }
        self.plan.changes.retain(|change| !is_recycle(change));
    }
}

fn key_named(name: &str) -> Option<Key> {
    Key::all().find(|key| key.short() == name)
}

fn digit(value: &str, maximum: u8) -> Result<u8, String> {
    let number = value.parse().ok().filter(|number| value.len() == 1 && *number <= maximum);
    number.ok_or_else(|| reasons::not_up_to(maximum))
}

fn moment(value: &str, end: SimTime) -> Result<SimTime, String> {
    let allowed = || reasons::not_seconds_up_to(end);
    parse_seconds(value).filter(|at| *at <= end).ok_or_else(allowed)
}

fn change(value: &str, end: SimTime) -> Result<Change, String> {
    let (at, what) = value.split_once(':').ok_or(reasons::NOT_A_CHANGE)?;
    // The scenario acts on whole milliseconds; what is finer comes with the next.
    let at = SimTime::from_millis(moment(at, end)?.as_micros().div_ceil(1_000));
    let what = match what {
        "nat" => ChangeKind::Add(Place::BehindNat),
        "own" => ChangeKind::Add(Place::Own),
        _ => {
            let (name, value) = what.split_once('=').ok_or(reasons::NOT_A_CHANGE)?;
            let key = key_named(name).ok_or(reasons::NOT_A_CHANGE)?;
            ChangeKind::Set(key, digit(value, key.maximum())?)
        }
    };
    Ok(Change { at, what })
}

fn written(change: Change) -> String {
    let at = seconds_exact(change.at);
    match change.what {
        ChangeKind::Add(Place::BehindNat) => format!("{at}:nat"),
        ChangeKind::Add(Place::Own) => format!("{at}:own"),
        ChangeKind::Set(key, value) => format!("{at}:{}={value}", key.short()),
    }
}

/// Undoes percent-encoding. What is no encoding stays as it is.
fn decoded(text: &str) -> String {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match (byte, hex(bytes.get(index + 1)), hex(bytes.get(index + 2))) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                index += 3;
            }
            (b'+', ..) => {
                plain.push(b' ');
                index += 1;
            }
            _ => {
                plain.push(*byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// What stood in the address may be of any length; the notice is not.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests;
