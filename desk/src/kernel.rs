//! The kernel that the evidence is from, and the modelled kernel whose rules apply to it.

use sim_core::kernel_version::{KernelVersion, Profile};

use crate::evidence::{Evidence, Origin, Quote};

/// The sysctl that refuses SYNs of hosts behind a NAT.
pub const RECYCLE: &str = "net.ipv4.tcp_tw_recycle";

/// The kernel, as far as the evidence shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// The output of `uname -r`.
    pub release: Option<String>,
    /// The line with the release, or the line that shows the kernel's age.
    pub quote: Option<Quote>,
    /// Whether it has `tcp_tw_recycle` (R10), if that is known.
    pub has_recycle: Option<bool>,
    /// The modelled kernel whose rules apply, if the release is known.
    pub version: Option<KernelVersion>,
}

impl Kernel {
    /// Finds the kernel by its release, or else by a sysctl or a counter that only some kernels have.
    pub fn of(evidence: &Evidence) -> Self {
        if let Some(said) = &evidence.release {
            let version = KernelVersion::from_release(&said.value).map(|nearest| nearest.version);
            return Self {
                release: Some(said.value.clone()),
                quote: Some(said.quote.clone()),
                has_recycle: version.map(|version| version.profile().has_recycle),
                version,
            };
        }
        let (has_recycle, quote) = match age_of_keys(evidence).or_else(|| age_of_counters(evidence)) {
            Some((has, quote)) => (Some(has), Some(quote)),
            None => (None, None),
        };
        Self { release: None, quote, has_recycle, version: None }
    }

    /// The rules for fixes. If the release is not known, they are those of 4.19 for a kernel without recycle, else
    /// those of 4.9.
    pub fn profile(&self) -> &'static Profile {
        let guess = if self.has_recycle == Some(false) { KernelVersion::V4_19 } else { KernelVersion::V4_9 };
        self.version.unwrap_or(guess).profile()
    }

    /// The release in words, with the kernel whose rules apply.
    pub fn in_words(&self) -> String {
        match (&self.release, self.version) {
            (Some(release), Some(version)) => format!("{release}, judged by the rules of {}", version.title()),
            (Some(release), None) => format!("{release}, which is not the release of a Linux kernel"),
            (None, _) => match self.has_recycle {
                Some(true) => "not known; older than 4.12, because it has tcp_tw_recycle or PAWSPassive".to_owned(),
                Some(false) => "not known; 4.12 or later, by its sysctls and counters".to_owned(),
                None => "not known".to_owned(),
            },
        }
    }
}

/// Sysctls of the running kernel that show its age: whether it has recycle, and the line.
fn age_of_keys(evidence: &Evidence) -> Option<(bool, Quote)> {
    let running = evidence.settings.iter().filter(|setting| setting.origin == Origin::Running);
    running
        .filter_map(|setting| match setting.key.as_str() {
            RECYCLE => Some((true, setting.quote.clone())),
            "net.ipv4.tcp_tw_reuse_delay" | "net.ipv4.tcp_syn_linear_timeouts" => Some((false, setting.quote.clone())),
            _ => None,
        })
        .next()
}

/// Counters that show the age of the kernel.
fn age_of_counters(evidence: &Evidence) -> Option<(bool, Quote)> {
    let last = evidence.samples.last()?;
    let dated = |name: &str, has| last.counters.get(name).map(|said| (has, said.quote.clone()));
    dated("PAWSPassive", true).or_else(|| dated("PAWSTimewait", false)).or_else(|| dated("TSEcrRejected", false))
}
