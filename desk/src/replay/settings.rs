//! The kernel and the sysctls that a capture is played against, and the assumptions where the evidence is silent.

use sim_core::kernel_version::KernelVersion;

use crate::evidence::Evidence;
use crate::kernel::{Kernel, RECYCLE};
use crate::parse;

/// What the server ran, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// Its kernel.
    pub version: KernelVersion,
    /// Its ticks a second; 0 if the replay has to measure them from the timestamps that the server sends.
    pub hz: u32,
    /// Its sysctls by their full names. The replay ignores those that this kernel does not have.
    pub sysctls: Vec<(String, String)>,
}

/// The settings for a replay, and a sentence for each assumption.
pub fn replay_settings(evidence: &Evidence) -> (ServerSettings, Vec<String>) {
    let mut assumed = Vec::new();
    let kernel = Kernel::of(evidence);
    let version = kernel.profile().version;
    match kernel.release.filter(|_| kernel.version.is_some()) {
        Some(release) if release.starts_with(version.name()) || version == KernelVersion::El7 => {}
        Some(release) => assumed.push(format!("Linux {release} is played as Linux {version}.")),
        None => assumed.push(format!("The kernel is not known; it is played as Linux {version}.")),
    }
    let resolved = parse::resolve(&evidence.settings);
    let mut sysctls: Vec<(String, String)> = resolved
        .iter()
        .filter_map(parse::ResolvedSysctl::current)
        .map(|setting| (setting.key.clone(), setting.value.clone()))
        .collect();
    if version.profile().has_recycle && !sysctls.iter().any(|(key, _)| key == RECYCLE) {
        assumed.push(format!("The value of {RECYCLE} is not known; it is played as 1."));
        sysctls.push((RECYCLE.to_owned(), "1".to_owned()));
    }
    (ServerSettings { version, hz: 0, sysctls }, assumed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Origin, Quote, Quoted, Setting};

    fn quote() -> Quote {
        Quote { source: "a".to_owned(), line: 1, text: String::new() }
    }

    #[test]
    fn the_running_kernel_overrides_a_file() {
        let set =
            |value: &str, origin| Setting { key: RECYCLE.to_owned(), value: value.to_owned(), origin, quote: quote() };
        let file = || Origin::File("/etc/sysctl.conf".to_owned());
        let evidence = |settings| Evidence {
            settings,
            release: Some(Quoted { value: "4.9.337".to_owned(), quote: quote() }),
            ..Evidence::default()
        };
        let sysctls = |settings| replay_settings(&evidence(settings)).0.sysctls;
        assert_eq!(sysctls(vec![set("0", Origin::Running), set("1", file())]), [(RECYCLE.to_owned(), "0".to_owned())]);
        assert_eq!(sysctls(vec![set("0", file()), set("1", file())]), [(RECYCLE.to_owned(), "1".to_owned())]);
    }

    #[test]
    fn every_assumption_is_named() {
        let (settings, assumed) = replay_settings(&Evidence::default());
        assert_eq!(settings.version, KernelVersion::V4_9);
        assert_eq!(assumed.len(), 2);
        let release = Quoted { value: "5.15.0-91-generic".to_owned(), quote: quote() };
        let (settings, assumed) = replay_settings(&Evidence { release: Some(release), ..Evidence::default() });
        assert_eq!((settings.version, settings.sysctls.len()), (KernelVersion::V4_19, 0));
        assert_eq!(assumed, ["Linux 5.15.0-91-generic is played as Linux 4.19."]);
    }
}
