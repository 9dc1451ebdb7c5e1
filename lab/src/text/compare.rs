//! The words about two runs side by side.

use sim_core::time::SimTime;
use sim_core::trace::query::Status;

use super::log::sentence;
use crate::baseline::Baseline;
use crate::comparison::{AttemptOutcome, Difference};
use crate::format::{counted, moment_in_text as moment};
use crate::plan::{Key, Place, Plan};
use crate::run::Run;

/// What stands in the list of other sides.
pub fn against(against: Baseline) -> String {
    match against {
        Baseline::LastChange => "before the last change".to_owned(),
        Baseline::AsItWas => "the original scenario".to_owned(),
        Baseline::Fixed(Key::RECYCLE, 0) => "recycle off".to_owned(),
        Baseline::Fixed(Key::RECYCLE, _) => "recycle on".to_owned(),
        Baseline::Fixed(key, value) => format!("{} {value}", key.short()),
        Baseline::Kernel412 => "kernel 4.12".to_owned(),
    }
}

/// The headings of the two sides.
pub fn headings(other: Baseline) -> [String; 2] {
    let this = "Current settings".to_owned();
    let name = crate::format::capitalized(&against(other));
    if other.was() { [name, this] } else { [this, name] }
}

/// The settings at `at` of both sides, as pairs of words; where the two of a pair differ, that is a difference.
pub fn settings(plans: [&Plan; 2], at: SimTime) -> Vec<[String; 2]> {
    let each = |word: &dyn Fn(&Plan) -> String| plans.map(word);
    let mut words = vec![each(&|plan| plan.kernel.title().to_owned())];
    for key in Key::all() {
        words.push(each(&|plan| match plan.settings(at).value(key) {
            Some(value) => format!("{} {value}", key.short()),
            None => format!("no {}", key.short()),
        }));
    }
    for (place, what) in [(Place::BehindNat, "behind the NAT"), (Place::Own, "with its own address")] {
        let added = |plan: &Plan| plan.added(place);
        if plans.iter().any(|plan| added(plan) > 0) {
            words.push(each(&|plan| format!("+{} {what}", counted(added(plan), "host", "hosts"))));
        }
    }
    words
}

/// How many were refused so far, and in the whole run.
pub fn status(so_far: Status, whole: Status) -> String {
    format!(
        "{} of {} connections refused so far, {} of {} in the whole run",
        so_far.refused, so_far.attempted, whole.refused, whole.attempted
    )
}

/// Where the two runs first differ.
pub fn difference(parts: Option<SimTime>, first: Option<&Difference>) -> String {
    let parted = match parts {
        Some(SimTime::ZERO) | None => "The settings differ from the start.".to_owned(),
        Some(at) => format!("The settings differ from {} on.", moment(at)),
    };
    match first {
        Some(first) => format!("{parted} The runs first differ at {}.", moment(first.at)),
        None => format!("{parted} The runs send the same segments, and no program sees a difference."),
    }
}

/// What each run does at the first difference.
pub fn first(runs: [&Run; 2], first: &Difference) -> [String; 2] {
    [0, 1].map(|side| {
        first.records[side]
            .map_or_else(|| format!("Nothing happens at {}.", moment(first.at)), |record| sentence(runs[side], record))
    })
}

/// What an attempt is called that went so.
pub const fn outcome(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::AtOnce => "at once",
        AttemptOutcome::AfterRetry => "after a retry",
        AttemptOutcome::Failed => "failed",
        AttemptOutcome::Open => "still open at the end",
    }
}

/// The heading.
pub const HEADING: &str = "Before and after";
/// Before the first change.
pub const NOTHING: &str = "There is nothing to compare yet. Change a setting to see both runs here.";
/// Over the list of other sides.
pub const WITH: &str = "Compare with";
/// The left side.
pub const BEFORE: &str = "Before";
/// The right side.
pub const AFTER: &str = "After";
/// A counter without a difference.
pub const SAME: &str = "same";
/// The column of differences.
pub const DIFFERENCE: &str = "difference";
/// The name of the table of counters.
pub const COUNTERS: &str = "Counters of both runs";
/// The name of the table of hosts.
pub const EACH_HOST: &str = "Each host in numbers";
/// The column of hosts.
pub const HOST: &str = "host";
/// The column of attempts.
pub const ATTEMPTS: &str = "attempts";
/// The column of refused SYNs.
pub const SYNS_REFUSED: &str = "SYNs refused";
/// The mark of a refused SYN.
pub const SYN_REFUSED: &str = "SYN refused";

/// Moves the playhead to the first difference.
pub fn go_to(at: SimTime) -> String {
    format!("Go to {}", crate::format::moment(at))
}

/// The caption of the table of counters.
pub fn counters_at(at: SimTime) -> String {
    format!("Counters at {}", crate::format::moment(at))
}

/// Hosts that have no strip.
pub fn left_out(count: usize) -> String {
    format!("The table lists {} more.", counted(count, "host", "hosts"))
}
