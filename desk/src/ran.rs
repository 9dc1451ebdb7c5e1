//! What a customer's server ran, as the evidence has it, and what is taken for granted where it does not say.

use sim_core::kernel_version::KernelVersion;

use crate::evidence::{Evidence, Origin, Setting};
use crate::shadow::Ran;

const RECYCLE: &str = "net.ipv4.tcp_tw_recycle";
const TIMESTAMPS: &str = "net.ipv4.tcp_timestamps";

/// The kernel that the model plays for a release, such as `3.10.0-1160.el7.x86_64`; `None` for a text that is no release.
///
/// Between two kernels that are modelled nothing changed that decides about a SYN, or it is said where it did: the half of
/// R1 about SYNs without a timestamp came with 3.17, recycle went with 4.12, TIME_WAIT gives a fresh number from 4.14 on.
#[must_use]
pub fn played_as(release: &str) -> Option<KernelVersion> {
    if release.contains(".el7") {
        return Some(KernelVersion::El7);
    }
    let mut numbers = release.split(|letter: char| !letter.is_ascii_digit()).map(str::parse::<u32>);
    let version = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(match version {
        (..=2, _) | (3, ..=16) => KernelVersion::V3_10,
        (3, _) | (4, ..=4) => KernelVersion::V4_4,
        (4, ..=9) => KernelVersion::V4_9,
        (4, 10) => KernelVersion::V4_10,
        (4, 11) => KernelVersion::V4_11,
        (4, 12..=13) => KernelVersion::V4_12,
        (4, ..=18) => KernelVersion::V4_14,
        (4 | 5, _) | (6, ..=4) => KernelVersion::V4_19,
        _ => KernelVersion::V6_18,
    })
}

/// What a capture is played against, and the sentences that say what nobody said.
#[must_use]
pub fn ran(evidence: &Evidence) -> (Ran, Vec<String>) {
    let mut assumed = Vec::new();
    let told = evidence.release.as_ref().and_then(|said| Some((said.what.as_str(), played_as(&said.what)?)));
    let version = match told {
        Some((release, version)) => {
            let same = KernelVersion::from_release(release) == Some(version);
            if !same {
                assumed.push(format!("Linux {release} is played as Linux {version}."));
            }
            version
        }
        None => {
            assumed.push("Nobody said which kernel runs; it is played as Linux 4.9.".to_owned());
            KernelVersion::V4_9
        }
    };
    let mut sysctls: Vec<(String, String)> =
        evidence.settings.iter().filter(|setting| holds(evidence, setting)).map(pair).collect();
    if version.profile().has_recycle && !sysctls.iter().any(|(key, _)| key == RECYCLE) {
        assumed.push(format!("Nobody said what {RECYCLE} is; it is played as 1."));
        sysctls.push((RECYCLE.to_owned(), "1".to_owned()));
    }
    // With them off no host ever sent a timestamp that could be remembered.
    sysctls.retain(|(key, value)| key != TIMESTAMPS || value != "0");
    (Ran { version, hz: 0, sysctls }, assumed)
}

fn pair(setting: &Setting) -> (String, String) {
    (setting.key.clone(), setting.value.clone())
}

/// Whether nothing else that was handed in speaks over this setting: the running kernel does over files, and what comes
/// later over what comes before.
fn holds(evidence: &Evidence, setting: &Setting) -> bool {
    let running = |other: &Setting| other.origin == Origin::Running;
    let of_key = evidence.settings.iter().filter(|other| other.key == setting.key);
    let last_running = of_key.clone().rfind(|other| running(other));
    last_running.or_else(|| of_key.clone().next_back()).is_some_and(|last| core::ptr::eq(last, setting))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Quote, Said};

    fn quote() -> Quote {
        Quote { source: "a".to_owned(), line: 1, text: String::new() }
    }

    #[test]
    fn releases_of_distributions_find_their_kernel() {
        let played = [
            "2.6.32-754.el6.x86_64",
            "3.10.0-957.27.2.el7.x86_64",
            "3.16.0-11-amd64",
            "4.4.0-210-generic",
            "4.9.0-19-amd64",
            "4.11.12",
            "4.15.0-213-generic",
            "4.18.0-553.el8_10.x86_64",
            "5.15.0-91-generic",
            "6.8.0-40-generic",
        ]
        .map(|release| played_as(release).map(KernelVersion::name));
        let expected = ["3.10", "el7", "3.10", "4.4", "4.9", "4.11", "4.14", "4.14", "4.19", "6.18"].map(Some);
        assert_eq!(played, expected);
        assert_eq!(played_as("generic"), None);
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
