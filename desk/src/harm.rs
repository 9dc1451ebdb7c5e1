//! Settings in the evidence that people try against this problem, and that are useless or harmful.

use serde::Serialize;
use sim_core::kernel_version::UnstampedSyn;

use crate::evidence::{Origin, Quote, Setting};
use crate::facts::{Facts, number};
use crate::kernel::RECYCLE;

/// A setting that does not help, or does harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Harm {
    /// The sysctl's full name.
    pub key: String,
    /// Its value.
    pub value: String,
    /// What is wrong with it, and what to do instead.
    pub says: String,
    /// The line with the setting.
    pub line: Quote,
}

/// The default of `tcp_max_tw_buckets` depends on the memory. A file that sets a smaller value than this lowers it on
/// any usual server, which the kernel's `ip-sysctl` advises against.
const FEW_BUCKETS: u64 = 65_536;

/// All such settings in the evidence.
pub fn harms(facts: &Facts<'_>) -> Vec<Harm> {
    let looks = [recycle_without_kernel, timestamps_off, buckets_lowered, fin_timeout, reuse_off, cookies_off];
    looks.iter().filter_map(|look| look(facts)).collect()
}

fn harm(setting: &Setting, says: impl Into<String>) -> Harm {
    let (key, value, line) = (setting.key.clone(), setting.value.clone(), setting.quote.clone());
    Harm { key, value, says: says.into(), line }
}

/// A line for recycle on a kernel without it (R10).
fn recycle_without_kernel(facts: &Facts<'_>) -> Option<Harm> {
    if facts.can_recycle() {
        return None;
    }
    if let Some(setting) = facts.running(RECYCLE) {
        let says = "The kernel of this release has no such key, but this line shows it on a running kernel. The \
                    evidence is from two machines.";
        return Some(harm(setting, says));
    }
    let says = "This kernel has no such key: 4.12 removed it. The line gives an error (No such file or directory, \
                exit status \
                1) and changes nothing. Remove it.";
    Some(harm(facts.in_files(RECYCLE).last()?, says))
}

fn timestamps_off(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_timestamps").filter(|setting| number(setting) == Some(0))?;
    let mut says =
        "This does not help. Without timestamps there is no PAWS (RFC 7323, 5) and no reuse of ports, and the kernel \
         measures round trips less precisely. The default is 1."
            .to_owned();
    let refuses = facts.kernel.profile().unstamped_syn == UnstampedSyn::Refused;
    if facts.can_recycle() && refuses && facts.recycle_runs() != Some(false) {
        says.push_str(
            " If recycle is on, every SYN from a remembered address fails for up to 60 s after the change (R12).",
        );
    }
    Some(harm(setting, says))
}

fn buckets_lowered(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.in_files("net.ipv4.tcp_max_tw_buckets").last()?;
    number(setting).filter(|value| *value < FEW_BUCKETS)?;
    let says = "This lowers the default. Beyond this number, connections end without TIME_WAIT, and their late \
                segments reach no \
                socket that knows them. A timewait socket costs little memory. Keep the default or raise it.";
    Some(harm(setting, says))
}

fn fin_timeout(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_fin_timeout")?;
    number(setting).filter(|value| *value < 60)?;
    let says = "This does not shorten TIME_WAIT, which is 60 s, set at compile time (R5). It is the time limit of an \
                orphaned \
                FIN_WAIT2. The default is 60.";
    Some(harm(setting, says))
}

/// Counts only if 0 is not the default of the kernel, or if a file sets it.
fn reuse_off(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_tw_reuse").filter(|setting| number(setting) == Some(0))?;
    let chosen = setting.origin != Origin::Running || facts.in_files(&setting.key).next().is_some();
    let says = "Turning tcp_tw_reuse off does not help clients behind a NAT. It affects only connections that this \
                host opens, and \
                refuses no client (R7). With 0, the source ports of those connections stay in TIME_WAIT for the full \
                60 s.";
    (chosen && facts.kernel.profile().reuse_default != 0).then(|| harm(setting, says))
}

fn cookies_off(facts: &Facts<'_>) -> Option<Harm> {
    let setting = facts.setting("net.ipv4.tcp_syncookies").filter(|setting| number(setting) == Some(0))?;
    let says = "With cookies off, a full SYN queue drops SYNs silently (R15). The default is 1, which sends cookies \
                only when the \
                queue is full.";
    Some(harm(setting, says))
}
