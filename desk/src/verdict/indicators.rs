//! Checks that many signatures share: a counter rose, stood still, or has a value since boot.

use super::Reason;
use crate::evidence::Quote;
use crate::facts::{Count, Facts};
use sim_core::words::grouped;

/// The counter rose between the last two counts.
pub fn moved(facts: &Facts<'_>, name: &str) -> Option<Reason> {
    let count = facts.count(name);
    let by = count.moved().filter(|by| *by > 0)?;
    let Count::Between { before, after, lines } = count else { return None };
    let says = format!("{name} rose by {} between two counts: {} to {}.", grouped(by), grouped(before), grouped(after));
    Some(Reason::new(says, lines))
}

/// The counter stood still between the last two counts.
pub fn stood(facts: &Facts<'_>, name: &str) -> Option<Reason> {
    let count = facts.count(name);
    (count.moved()? == 0).then(|| {
        let value = grouped(count.last().unwrap_or_default());
        Reason::new(format!("{name} stood still between two counts, at {value}."), count.lines())
    })
}

/// There is only one sample, and the counter is above zero.
pub fn since_boot(facts: &Facts<'_>, name: &str) -> Option<Reason> {
    let count = facts.count(name);
    let value = count.since_boot().filter(|value| *value > 0)?;
    Some(Reason::new(format!("{name} is {} since boot.", grouped(value)), count.lines()))
}

/// The counter is zero in the last sample.
pub fn zero(facts: &Facts<'_>, name: &str) -> Option<Reason> {
    let count = facts.count(name);
    (count.last()? == 0).then(|| Reason::new(format!("{name} is 0 since boot."), count.lines()))
}

/// The machine was booted between the last two samples.
pub fn rebooted(facts: &Facts<'_>) -> Option<Reason> {
    let (name, lines) = facts.reboot.as_ref()?;
    let says = format!(
        "{name} went down between two counts, so the machine was booted in between. Only the last counts are used."
    );
    Some(Reason::new(says, lines.clone()))
}

/// Adds a sentence to a reason.
pub fn and(mut reason: Reason, says: &str) -> Reason {
    reason.says.push(' ');
    reason.says.push_str(says);
    reason
}

/// The current value of the sysctl `key`, if it passes `is`, and its line.
pub fn setting(facts: &Facts<'_>, key: &str, is: impl Fn(u64) -> bool) -> Option<(u64, Vec<Quote>)> {
    let value = facts.number(key)?;
    is(value).then(|| (value, facts.setting(key).map(|found| found.quote.clone()).into_iter().collect()))
}

/// Dropped SYNs without a counter of their own: the rise of `ListenDrops` minus the rise of the counters that name a
/// cause.
pub fn unnamed_drops(facts: &Facts<'_>) -> Option<u64> {
    let by = |name: &str| facts.count(name).moved().unwrap_or_default();
    let mut named = by("ListenOverflows").saturating_add(by("PAWSPassive"));
    // Up to 4.4 the kernel counts a SYN that it answers by a cookie as dropped.
    if facts.kernel.version.is_none_or(|version| version.profile().cookie_is_listen_drop) {
        named = named.saturating_add(by("TCPReqQFullDoCookies"));
    }
    Some(facts.count("ListenDrops").moved()?.saturating_sub(named)).filter(|rest| *rest > 0)
}
