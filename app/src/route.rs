//! The address of the page: all parameters in one place, read and written.
//!
//! Reading never fails: a value that cannot be is left out and told to the visitor.

use core::fmt::Write;

use sim_core::kernel_version::KernelVersion;
use sim_core::time::SimTime;

use crate::format::{parse_seconds, seconds_exact};
use crate::plan::{Change, Key, MOST_CHANGES, Place, Plan, What};

/// The one scenario of the page.
pub const SCENARIO: &str = "one-address-many-servers";

/// How long the run is; a moment past it cannot be.
pub const DURATION: SimTime = SimTime::from_secs(180);

/// What an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// What is set.
    pub plan: Plan,
    /// Where the playhead stands; `None` for the first refusal, else the start.
    pub at: Option<SimTime>,
    /// Whether it plays.
    pub play: bool,
}

/// A parameter that was left out, and what would have been possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// As it stood in the address.
    pub parameter: String,
    /// Why, in a few words.
    pub because: String,
}

impl Route {
    /// Reads the part of an address after the question mark.
    #[must_use]
    pub fn parse(query: &str) -> (Self, Vec<Rejected>) {
        let mut route = Self::default();
        let mut rejected = Vec::new();
        for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name), decoded(value));
            if let Err(because) = route.read(&name, &value) {
                rejected.push(Rejected { parameter: shortened(&format!("{name}={value}")), because });
            }
        }
        let recycle = Key::Recycle;
        if !recycle.exists_in(route.plan.kernel) {
            route.reject_recycle(&mut rejected);
        }
        (route, rejected)
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
        if plan.kernel != Plan::default().kernel {
            add("kernel", plan.kernel.name());
        }
        for (key, value) in [(Key::Recycle, plan.recycle), (Key::Reuse, plan.reuse), (Key::Timestamps, plan.timestamps)]
        {
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
        query
    }

    fn read(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "scenario" => (value == SCENARIO).then_some(()).ok_or_else(|| format!("there is {SCENARIO}")),
            "kernel" => {
                self.plan.kernel = value.parse::<KernelVersion>().map_err(|unknown| unknown.to_string())?;
                Ok(())
            }
            "t" => {
                self.at = Some(moment(value)?);
                Ok(())
            }
            "play" => {
                self.play = digit(value, 1)? == 1;
                Ok(())
            }
            "do" => {
                let change = change(value)?;
                if self.plan.changes.len() >= MOST_CHANGES {
                    return Err(format!("at most {MOST_CHANGES} changes"));
                }
                if let What::Add(place) = change.what
                    && self.plan.added(place) >= place.most_added()
                {
                    return Err(format!("at most {} such hosts", place.most_added()));
                }
                self.plan.insert(change);
                Ok(())
            }
            _ => match key_named(name) {
                Some(key) => {
                    self.plan.set_initial(key, digit(value, key.maximum())?);
                    Ok(())
                }
                None => Err("no parameter of this page".to_owned()),
            },
        }
    }

    /// Kernels from 4.12 on have no recycle: what asks for it cannot be.
    fn reject_recycle(&mut self, rejected: &mut Vec<Rejected>) {
        let because = format!("Linux {} has no {}", self.plan.kernel, Key::Recycle.name());
        if let Some(value) = self.plan.recycle.take() {
            rejected.push(Rejected { parameter: format!("recycle={value}"), because: because.clone() });
        }
        let is_recycle = |change: &Change| matches!(change.what, What::Set(Key::Recycle, _));
        for change in self.plan.changes.iter().copied().filter(is_recycle) {
            rejected.push(Rejected { parameter: format!("do={}", written(change)), because: because.clone() });
        }
        self.plan.changes.retain(|change| !is_recycle(change));
    }
}

fn key_named(name: &str) -> Option<Key> {
    Key::ALL.into_iter().find(|key| key.short() == name)
}

fn digit(value: &str, maximum: u8) -> Result<u8, String> {
    let number = value.parse().ok().filter(|number| value.len() == 1 && *number <= maximum);
    number
        .ok_or_else(|| if maximum == 1 { "not 0 or 1".to_owned() } else { format!("not a number from 0 to {maximum}") })
}

fn moment(value: &str) -> Result<SimTime, String> {
    let allowed = || format!("not a number of seconds from 0 to {}", seconds_exact(DURATION));
    parse_seconds(value).filter(|at| *at <= DURATION).ok_or_else(allowed)
}

fn change(value: &str) -> Result<Change, String> {
    const ALLOWED: &str = "not a change such as 24.310:recycle=0, 12:nat or 12:own";
    let (at, what) = value.split_once(':').ok_or(ALLOWED)?;
    // The scenario acts on whole milliseconds; what is finer comes with the next.
    let at = SimTime::from_millis(moment(at)?.as_micros().div_ceil(1_000));
    let what = match what {
        "nat" => What::Add(Place::BehindNat),
        "own" => What::Add(Place::Own),
        _ => {
            let (name, value) = what.split_once('=').ok_or(ALLOWED)?;
            let key = key_named(name).ok_or(ALLOWED)?;
            What::Set(key, digit(value, key.maximum())?)
        }
    };
    Ok(Change { at, what })
}

fn written(change: Change) -> String {
    let at = seconds_exact(change.at);
    match change.what {
        What::Add(Place::BehindNat) => format!("{at}:nat"),
        What::Add(Place::Own) => format!("{at}:own"),
        What::Set(key, value) => format!("{at}:{}={value}", key.short()),
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
mod tests {
    use super::*;

    fn rejected(query: &str) -> Vec<String> {
        Route::parse(query).1.into_iter().map(|rejected| rejected.parameter).collect()
    }

    #[test]
    fn the_page_as_it_opens_has_no_parameters() {
        assert_eq!(Route::parse(""), (Route::default(), Vec::new()));
        assert_eq!(Route::default().query(), "");
        assert_eq!(Route::parse("?scenario=one-address-many-servers"), (Route::default(), Vec::new()));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let query =
            "?kernel=4.11&recycle=0&reuse=1&timestamps=0&do=12:nat&do=12.5:own&do=24.31:recycle=1&t=30.000001&play=1";
        let (route, rejected) = Route::parse(query);
        assert_eq!(rejected, []);
        assert_eq!(route.query(), query);
    }

    #[test]
    fn changes_are_in_the_order_of_time_and_may_be_encoded() {
        let (route, rejected) = Route::parse("do=24.310%3Arecycle%3D0&do=12:nat");
        assert_eq!(rejected, []);
        assert_eq!(route.query(), "?do=12:nat&do=24.31:recycle=0");
    }

    #[test]
    fn what_cannot_be_is_left_out_and_named() {
        let query = "kernel=5.4&recycle=2&reuse=3&timestamps=x&t=181&t=-1&play=2&do=12:dance&do=x:nat&do=12:reuse=9&colour=red&scenario=other&%zz";
        assert_eq!(Route::parse(query).0, Route::default());
        assert_eq!(rejected(query).len(), 13);
        assert_eq!(rejected("kernel=5.4"), ["kernel=5.4"]);
    }

    #[test]
    fn recycle_cannot_be_on_a_kernel_without_it() {
        let (route, rejected) = Route::parse("recycle=1&do=3:recycle=0&do=4:nat&kernel=4.12");
        assert_eq!(rejected.len(), 2);
        assert_eq!(route.query(), "?kernel=4.12&do=4:nat");
    }

    #[test]
    fn changes_without_end_have_an_end() {
        let query = "do=1:reuse=1&".repeat(MOST_CHANGES + 5);
        assert_eq!(rejected(&query).len(), 5);
        assert_eq!(rejected(&"do=1:nat&".repeat(20)).len(), 14);
    }

    #[test]
    fn a_long_value_is_cut_in_the_notice() {
        assert!(rejected(&format!("kernel={}", "9".repeat(5_000)))[0].chars().count() <= 61);
    }
}
