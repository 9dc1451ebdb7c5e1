//! What many signs look for in the same way: a counter that moved, stood still, or has a value since boot.

use super::Reason;
use crate::evidence::Quote;
use crate::facts::{Count, Facts};

/// A number with its thousands set apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

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

/// There is one count only, and the counter is above zero.
pub fn since_boot(facts: &Facts<'_>, name: &str) -> Option<Reason> {
    let count = facts.count(name);
    let value = count.since_boot().filter(|value| *value > 0)?;
    Some(Reason::new(format!("{name} is {} since boot.", grouped(value)), count.lines()))
}

/// The counter is zero at its last count.
pub fn zero(facts: &Facts<'_>, name: &str) -> Option<Reason> {
    let count = facts.count(name);
    (count.last()? == 0).then(|| Reason::new(format!("{name} is 0 since boot."), count.lines()))
}

/// The machine was booted between the last two counts.
pub fn rebooted(facts: &Facts<'_>) -> Option<Reason> {
    let (name, lines) = facts.reboot.as_ref()?;
    let says =
        format!("{name} went down between two counts, so the machine was booted in between. The last counts alone.");
    Some(Reason::new(says, lines.clone()))
}

/// The reason with a sentence more.
#[must_use]
pub fn and(mut reason: Reason, says: &str) -> Reason {
    reason.says.push(' ');
    reason.says.push_str(says);
    reason
}

/// The setting of `key` that holds, where `is` says so of its number.
pub fn setting(facts: &Facts<'_>, key: &str, is: impl Fn(u64) -> bool) -> Option<(u64, Vec<Quote>)> {
    let value = facts.number(key)?;
    is(value).then(|| (value, facts.setting(key).map(|found| found.quote.clone()).into_iter().collect()))
}

/// SYNs that were dropped for a reason that no counter of its own names: `ListenDrops` less what is told elsewhere.
#[must_use]
pub fn unnamed_drops(facts: &Facts<'_>) -> Option<u64> {
    let by = |name: &str| facts.count(name).moved().unwrap_or_default();
    let mut named = by("ListenOverflows").saturating_add(by("PAWSPassive"));
    // To 4.4 a SYN that a cookie answers counts as dropped.
    if facts.kernel.version.is_none_or(|version| version.profile().cookie_is_listen_drop) {
        named = named.saturating_add(by("TCPReqQFullDoCookies"));
    }
    Some(facts.count("ListenDrops").moved()?.saturating_sub(named)).filter(|rest| *rest > 0)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 5_012_400].map(grouped), ["0", "999", "1,000", "5,012,400"]);
    }
}
