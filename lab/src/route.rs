//! The address of the page: parsing and writing of all its parameters.
//!
//! Parsing never fails. A parameter with an invalid value is left out and reported to the visitor.

use core::fmt::Write;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::SimTime;

use crate::baseline::Baseline;
use crate::format::{parse_seconds, seconds_exact};
use crate::plan::{Base, Change, ChangeKind, Key, MOST_CHANGES, Place, Plan};
use crate::tab::Tab;
use crate::text::address as reasons;

/// The content of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The visitor's settings.
    pub plan: Plan,
    /// The position of the playhead; `None` for the default of the scenario.
    pub at: Option<SimTime>,
    /// Whether playback starts at once.
    pub play: bool,
    /// The open tab.
    pub tab: Tab,
    /// The baseline of the comparison; `None` for the first that applies.
    pub baseline: Option<Baseline>,
}

/// A parameter that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The parameter as it was in the address.
    pub parameter: String,
    /// The reason, as a phrase.
    pub because: String,
}

/// Reads a permalink. The error says what is wrong with it.
pub type ReadPermalink = fn(&str) -> Result<Base, String>;

/// The parts of the page that reading an address can need. The app loads them when they are missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loaded {
    /// Reads the value of `own`: a scenario in a permalink.
    pub read_permalink: Option<ReadPermalink>,
}

/// The reason why an address could not be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingPart {
    /// The address has a permalink, and its reader is not loaded.
    PermalinkReader,
    /// The scenario that the page opens with is broken, which a test rules out.
    Incident,
}

/// The address of the support desk.
pub const DESK: &str = "?page=desk";

/// Whether `query` asks for the support desk.
pub fn is_desk(query: &str) -> bool {
    query.trim_start_matches('?').split('&').any(|pair| pair == "page=desk")
}

impl Route {
    /// The address of a plan with all other parameters at their defaults.
    pub fn of(plan: Plan) -> Self {
        Self { plan, at: None, play: false, tab: Tab::default(), baseline: None }
    }

    /// Parses the query of an address. Values that make no sense are left out and reported.
    ///
    /// # Errors
    /// When the address needs a part that is not `loaded`.
    pub fn parse(query: &str, loaded: &Loaded) -> Result<(Self, Vec<Rejected>), MissingPart> {
        let mut route = Self::of(Plan::incident().ok_or(MissingPart::Incident)?);
        let mut rejected = Vec::new();
        let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        let mut pairs: Vec<(String, String)> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        // The meaning of the other parameters depends on these.
        let first = ["scenario", "own", "kernel"];
        pairs.sort_by_key(|(name, _)| first.iter().position(|first| first == name).unwrap_or(first.len()));
        for (name, value) in pairs {
            let read = match (name.as_str(), loaded.read_permalink) {
                ("own", None) => return Err(MissingPart::PermalinkReader),
                ("own", Some(read)) => read(&value).map(|base| route.plan = Plan::of(base)),
                _ => route.read(&name, &value),
            };
            if let Err(because) = read {
                rejected.push(Rejected { parameter: shortened(&format!("{name}={value}")), because });
            }
        }
        let recycle = Key::RECYCLE;
        if !recycle.exists_in(route.plan.kernel) {
            route.reject_recycle(&mut rejected);
        }
        if let Some(baseline) = route.baseline.take_if(|_| route.tab != Tab::Compare) {
            let because = reasons::only_with(Tab::Compare.name());
            rejected.push(Rejected { parameter: format!("against={}", baseline.name()), because });
        }
        Ok((route, rejected))
    }

    /// The query with all parameters that differ from their defaults, in a fixed order. It is empty for the page as it
    /// opens.
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
            // Without its scenario, no other parameter would make sense.
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
        if self.tab != Tab::default() {
            add("view", self.tab.name());
        }
        if let Some(baseline) = self.baseline {
            add("against", &baseline.name());
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
            "kernel" => {
                self.plan.kernel = value.parse::<KernelVersion>().map_err(|unknown| unknown.to_string())?;
                Ok(())
            }
            "t" => {
                self.at = Some(moment(value, self.end())?);
                Ok(())
            }
            "view" => {
                self.tab = Tab::named(value).ok_or(reasons::UNKNOWN_VIEW)?;
                Ok(())
            }
            "against" => {
                self.baseline = Some(Baseline::named(value).ok_or(reasons::UNKNOWN_COMPARISON)?);
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

    /// Removes settings of recycle from the plan. Kernels from 4.12 on do not have it.
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
    // Scenarios have a resolution of 1 ms, so a finer moment is rounded up.
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

/// Decodes percent-encoding. An invalid sequence is kept as it is.
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

/// Limits the length of a parameter in a notice.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests;
