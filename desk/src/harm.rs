//! Settings that somebody took for a cure, and that are none: named where the evidence shows them.

use serde::Serialize;
use sim_core::kernel_version::UnstampedSyn;

use crate::evidence::{Origin, Quote, Setting};
use crate::facts::{Facts, number};
use crate::kernel::RECYCLE;

/// A setting that cures nothing, or does harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Harm {
    /// The sysctl's full name.
    pub key: String,
    /// Its value.
    pub value: String,
    /// What is wrong with it, and what to do instead.
    pub says: String,
    /// The line that says it.
    pub line: Quote,
}

/// `ip-sysctl` of the kernel: the limit must not be lowered. Defaults follow the memory; what a file sets below this is
/// no default of a machine that serves.
const FEW_BUCKETS: u64 = 65_536;

/// All that the evidence shows.
#[must_use]
pub fn harms(facts: &Facts<'_>) -> Vec<Harm> {
    let looks = [recycle_without_kernel, timestamps_off, buckets_lowered, fin_timeout, reuse_off, cookies_off];
    looks.iter().filter_map(|look| look(facts)).collect()
}

fn harm(setting: &Setting, says: impl Into<String>) -> Harm {
    let (key, value, line) = (setting.key.clone(), setting.value.clone(), setting.quote.clone());
    Harm { key, value, says: says.into(), line }
}

/// A line for recycle on a kernel that has none (R10).
fn recycle_without_kernel(facts: &Facts<'_>) -> Option<Harm> {
    if facts.can_recycle() {
        return None;
    }
    if let Some(setting) = facts.running(RECYCLE) {
        let says = "The kernel handed in has no such key, and here a running one shows it. These are of two machines.";
        return Some(harm(setting, says));
    }
    let says = "This kernel has no such key: 4.12 removed it. The line gives an error (No such file or directory, exit status \
                1) and changes nothing. Remove it.";
    Some(harm(facts.in_files(RECYCLE).last()?, says))
}

fn timestamps_off(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_timestamps").filter(|setting| number(setting) == Some(0))?;
    let mut says =
        "No cure. Without timestamps there is no PAWS (RFC 7323, 5) and no reuse of ports, and round trips are \
                    measured less well. The default is 1."
            .to_owned();
    let refuses = facts.kernel.profile().unstamped_syn == UnstampedSyn::Refused;
    if facts.can_recycle() && refuses && facts.recycle_runs() != Some(false) {
        says.push_str(" While recycle is on, every SYN from a remembered address fails for up to 60 s after it (R12).");
    }
    Some(harm(setting, says))
}

fn buckets_lowered(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.in_files("net.ipv4.tcp_max_tw_buckets").last()?;
    number(setting).filter(|value| *value < FEW_BUCKETS)?;
    let says = "Lowered by hand. Past this number a connection ends without TIME_WAIT, and its late segments meet no socket \
                that knows them. A timewait socket costs little; leave the default or raise it.";
    Some(harm(setting, says))
}

fn fin_timeout(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_fin_timeout")?;
    number(setting).filter(|value| *value < 60)?;
    let says = "It does not shorten TIME_WAIT, which is 60 s, set at compile time (R5). It is the time of an orphaned \
                FIN_WAIT2, and the default is 60.";
    Some(harm(setting, says))
}

/// Off is a choice only where off is not the default, or where a file says so.
fn reuse_off(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_tw_reuse").filter(|setting| number(setting) == Some(0))?;
    let chosen = setting.origin != Origin::Running || facts.in_files(&setting.key).next().is_some();
    let says = "Turning tcp_tw_reuse off cures nothing behind a NAT: it acts only on connections that this host opens, and \
                never refuses anybody (R7). At 0 the source ports of those connections rest the full 60 s.";
    (chosen && facts.kernel.profile().reuse_default != 0).then(|| harm(setting, says))
}

fn cookies_off(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_syncookies").filter(|setting| number(setting) == Some(0))?;
    let says = "With cookies off a full SYN queue drops SYNs without a word (R15). The default is 1, which sends cookies only \
                when the queue is full.";
    Some(harm(setting, says))
}
