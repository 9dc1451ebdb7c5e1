//! The modelled kernels: their names, the releases that each stands for, and the rules of each as a [`Profile`].
//!
//! Code asks a profile for a rule and never compares versions. A new kernel is one line in
//! `kernel_version/names.rs` and one row in `kernel_version/rows.rs`.

mod names;
mod profile;
mod rows;
mod rules;

use self::names::Releases;
pub use self::names::{KernelVersion, UnknownKernel};
pub use self::profile::Profile;
pub use self::rules::{
    AcceptQueueRule, ClosingAck, PAWS_24DAYS_S, PAWS_MSL_S, PAWS_WINDOW, ReservedQuarter, ReuseAge, StampClock,
    SynQueueRule, TIMEWAIT_LEN, TimewaitTimer, TsvalOffset, TsvalUnit, UnstampedSyn,
};

/// The modelled kernel that is nearest to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearestKernel {
    /// The newest modelled kernel that is not newer than the release.
    pub version: KernelVersion,
    /// Whether the release belongs to the series of `version`, as 4.9.337 belongs to 4.9. Otherwise the rules of the
    /// release may differ.
    pub is_same_series: bool,
}

impl KernelVersion {
    /// The modelled kernel for what `uname -r` prints, such as `4.9.337` or `3.10.0-1160.el7`. `None` where the text
    /// does not begin with two numbers.
    ///
    /// `el7` in a release names a distribution, which has other kernels too (`4.14.35-2047.el7uek`,
    /// `5.4.278-1.el7.elrepo`). Red Hat's own is 3.10.
    pub fn from_release(release: &str) -> Option<NearestKernel> {
        let mut numbers = release.split(['.', '-', '+']).map(str::parse::<u32>);
        let running = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let marked = |version: &Self| match version.releases() {
            Releases::Marked(major, minor, mark) => running == (major, minor) && release.contains(mark),
            Releases::From(..) | Releases::Nothing => false,
        };
        let not_newer = |version: &Self| match version.releases() {
            Releases::From(major, minor) => (major, minor) <= running,
            Releases::Marked(..) | Releases::Nothing => false,
        };
        let series = format!("{}.{}", running.0, running.1);
        let by_number = || Self::ALL.into_iter().rfind(not_newer);
        match Self::ALL.into_iter().find(marked) {
            Some(version) => Some(NearestKernel { version, is_same_series: true }),
            None => by_number().map(|version| NearestKernel { version, is_same_series: version.name() == series }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KernelVersion;

    #[test]
    fn a_release_is_judged_by_the_newest_profile_that_is_not_newer() {
        let cases = [
            ("2.6.32-754.el6.x86_64", "3.10", false),
            ("3.1.10", "3.10", false),
            ("3.10.0-1160.el7.x86_64", "el7", true),
            ("3.10.108", "3.10", true),
            ("3.16.0-4-amd64", "3.10", false),
            ("3.18.0", "4.4", false),
            ("4.4.0-210-generic", "4.4", true),
            ("4.8.17", "4.4", false),
            ("4.9.337", "4.9", true),
            ("4.10.17", "4.10", true),
            ("4.11.0-14-generic", "4.11", true),
            ("4.12.14-122.37-default", "4.12", true),
            ("4.14.35-2047.el7uek.x86_64", "4.14", true),
            ("4.18.0-553.el8_10.x86_64", "4.14", false),
            ("5.4.278-1.el7.elrepo.x86_64", "4.19", false),
            ("5.15.0-91-generic", "4.19", false),
            ("6.17.9", "4.19", false),
            ("6.18.44", "6.18", true),
            ("7.0.0-rc1", "6.18", false),
        ];
        for (release, profile, is_same_series) in cases {
            let nearest = KernelVersion::from_release(release).unwrap();
            assert_eq!((nearest.version.name(), nearest.is_same_series), (profile, is_same_series), "{release}");
        }
        assert_eq!(["Darwin", "", "6"].map(KernelVersion::from_release), [None; 3]);
    }

    /// A `match` pairs a version with a row by hand; the row names its version too.
    #[test]
    fn every_version_has_the_row_that_bears_its_name() {
        for version in KernelVersion::ALL.into_iter().chain(KernelVersion::CLIENTS) {
            assert_eq!(version.profile().version, version);
        }
    }
}
