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
            let version = nearest(&said.value);
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
            (Some(release), Some(version)) => format!("{release}, judged by the rules of {}", name(version)),
            (Some(release), None) => format!("{release}, which is not the release of a Linux kernel"),
            (None, _) => match self.has_recycle {
                Some(true) => "not known; older than 4.12, because it has tcp_tw_recycle or PAWSPassive".to_owned(),
                Some(false) => "not known; 4.12 or later, by its sysctls and counters".to_owned(),
                None => "not known".to_owned(),
            },
        }
    }
}

/// The usual name of the kernel.
pub fn name(version: KernelVersion) -> String {
    match version {
        KernelVersion::El7 => "Red Hat Enterprise Linux 7".to_owned(),
        other => format!("Linux {other}"),
    }
}

/// The modelled kernel whose rules apply to `release`: the newest one that is not newer than it.
///
/// `el7` in a release names the distribution. Red Hat's own kernel is 3.10; others are newer (`4.14.35-2047.el7uek`,
/// `5.4.278-1.el7.elrepo`).
pub fn nearest(release: &str) -> Option<KernelVersion> {
    let mut numbers = release.split(['.', '-', '+']).map(str::parse::<u32>);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(match (major, minor) {
        (3, 10) if release.contains("el7") => KernelVersion::El7,
        // Kernels since 3.17 refuse a SYN without a timestamp, as 4.4 does.
        (0..=2, _) | (3, 0..=16) => KernelVersion::V3_10,
        (3, _) | (4, 0..=8) => KernelVersion::V4_4,
        (4, 9) => KernelVersion::V4_9,
        (4, 10) => KernelVersion::V4_10,
        (4, 11) => KernelVersion::V4_11,
        (4, 12..=13) => KernelVersion::V4_12,
        (4, 14..=18) => KernelVersion::V4_14,
        (4 | 5, _) | (6, 0..=17) => KernelVersion::V4_19,
        _ => KernelVersion::V6_18,
    })
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

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_release_is_judged_by_the_newest_profile_that_is_not_newer() {
        let cases = [
            ("2.6.32-754.el6.x86_64", "3.10"),
            ("3.10.0-1160.el7.x86_64", "el7"),
            ("3.10.108", "3.10"),
            ("3.16.0-4-amd64", "3.10"),
            ("3.18.0", "4.4"),
            ("4.4.0-210-generic", "4.4"),
            ("4.9.0-19-amd64", "4.9"),
            ("4.11.0-14-generic", "4.11"),
            ("4.12.14-122.37-default", "4.12"),
            ("4.14.35-2047.el7uek.x86_64", "4.14"),
            ("4.18.0-553.el8_10.x86_64", "4.14"),
            ("5.4.278-1.el7.elrepo.x86_64", "4.19"),
            ("5.15.0-91-generic", "4.19"),
            ("6.18.44", "6.18"),
            ("7.0.0-rc1", "6.18"),
        ];
        for (release, profile) in cases {
            assert_eq!(nearest(release).unwrap().name(), profile, "{release}");
        }
        assert_eq!(nearest("Darwin"), None);
        assert_eq!(nearest(""), None);
    }
}
