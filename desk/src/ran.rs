//! What a customer's server ran, as the evidence has it, and what is taken for granted where it does not say.

use sim_core::kernel_version::KernelVersion;

use crate::evidence::Evidence;
use crate::kernel::{Kernel, RECYCLE};
use crate::parse;
use crate::shadow::Ran;

/// What a capture is played against, and the sentences that say what nobody said.
#[must_use]
pub fn ran(evidence: &Evidence) -> (Ran, Vec<String>) {
    let mut assumed = Vec::new();
    let kernel = Kernel::of(evidence);
    let version = kernel.profile().version;
    match kernel.release.filter(|_| kernel.version.is_some()) {
        Some(release) if release.starts_with(version.name()) || version == KernelVersion::El7 => {}
        Some(release) => assumed.push(format!("Linux {release} is played as Linux {version}.")),
        None => assumed.push(format!("Nobody said which kernel runs; it is played as Linux {version}.")),
    }
    let held = parse::winners(&evidence.settings);
    let mut sysctls: Vec<(String, String)> =
        held.iter().filter_map(parse::Winner::holds).map(|held| (held.key.clone(), held.value.clone())).collect();
    if version.profile().has_recycle && !sysctls.iter().any(|(key, _)| key == RECYCLE) {
        assumed.push(format!("Nobody said what {RECYCLE} is; it is played as 1."));
        sysctls.push((RECYCLE.to_owned(), "1".to_owned()));
    }
    (Ran { version, hz: 0, sysctls }, assumed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Origin, Quote, Said, Setting};

    fn quote() -> Quote {
        Quote { source: "a".to_owned(), line: 1, text: String::new() }
    }

    #[test]
    fn the_running_kernel_speaks_over_a_file() {
        let set =
            |value: &str, origin| Setting { key: RECYCLE.to_owned(), value: value.to_owned(), origin, quote: quote() };
        let file = || Origin::File("/etc/sysctl.conf".to_owned());
        let evidence = |settings| Evidence {
            settings,
            release: Some(Said { what: "4.9.337".to_owned(), quote: quote() }),
            ..Evidence::default()
        };
        let of = |settings| ran(&evidence(settings)).0.sysctls;
        assert_eq!(of(vec![set("0", Origin::Running), set("1", file())]), [(RECYCLE.to_owned(), "0".to_owned())]);
        assert_eq!(of(vec![set("0", file()), set("1", file())]), [(RECYCLE.to_owned(), "1".to_owned())]);
    }

    #[test]
    fn what_nobody_said_is_said() {
        let (played, assumed) = ran(&Evidence::default());
        assert_eq!(played.version, KernelVersion::V4_9);
        assert_eq!(assumed.len(), 2);
        let release = Said { what: "5.15.0-91-generic".to_owned(), quote: quote() };
        let (played, assumed) = ran(&Evidence { release: Some(release), ..Evidence::default() });
        assert_eq!((played.version, played.sysctls.len()), (KernelVersion::V4_19, 0));
        assert_eq!(assumed, ["Linux 5.15.0-91-generic is played as Linux 4.19."]);
    }
}
