//! The modelled kernels: their names, the releases that each stands for, and the rules of each as a [`Profile`].
//!
//! Code asks a profile for a rule and never compares versions. A new kernel is one line in `kernels!` and one row in
//! `kernel_version/rows.rs`.

mod profile;
mod rows;
mod rules;

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

pub use self::profile::Profile;
pub use self::rules::{
    AcceptQueueRule, ClosingAck, PAWS_24DAYS_S, PAWS_MSL_S, PAWS_WINDOW, ReservedQuarter, ReuseAge, StampClock,
    SynQueueRule, TIMEWAIT_LEN, TimewaitTimer, TsvalOffset, TsvalUnit, UnstampedSyn,
};

/// The releases that a profile stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Releases {
    /// Those of this major and minor number and later, up to where the next profile begins.
    From(u32, u32),
    /// Those of this major and minor number that have this mark in their name.
    Marked(u32, u32, &'static str),
    /// None: it is no Linux kernel, or stands for one release only.
    Nothing,
}

macro_rules! kernels {
    (
        servers { $($(#[$doc:meta])* $server:ident = $name:literal, $title:literal, $releases:expr, $rules:ident;)+ }
        clients { $($(#[$client_doc:meta])* $client:ident = $client_name:literal, $client_title:literal, $client_rules:ident;)+ }
    ) => {
        /// The kernels that are modelled.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum KernelVersion {
            $($(#[$doc])* #[serde(rename = $name)] $server,)+
            $($(#[$client_doc])* #[serde(rename = $client_name)] $client,)+
        }

        impl KernelVersion {
            /// Every modelled kernel that can be a server's, oldest first.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$server),+];

            /// The kernels of hosts that only call: their profiles hold what calling needs and no more.
            pub const CLIENTS: [Self; [$($client_name),+].len()] = [$(Self::$client),+];

            /// The rules of this kernel.
            pub const fn profile(self) -> &'static Profile {
                match self {
                    $(Self::$server => &rows::$rules,)+
                    $(Self::$client => &rows::$client_rules,)+
                }
            }

            /// The name that scenarios and the page's addresses use, such as `4.9` or `el7`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$server => $name,)+
                    $(Self::$client => $client_name,)+
                }
            }

            /// The name that people read, such as `Linux 4.9` or `Red Hat 7 (3.10)`.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$server => $title,)+
                    $(Self::$client => $client_title,)+
                }
            }

            const fn releases(self) -> Releases {
                match self {
                    $(Self::$server => $releases,)+
                    $(Self::$client => Releases::Nothing,)+
                }
            }
        }
    };
}

kernels! {
    servers {
        /// Mainline 3.10.108.
        V3_10 = "3.10", "Linux 3.10", Releases::From(0, 0), V3_10;
        /// Red Hat Enterprise Linux 7, 3.10.0-1160.
        El7 = "el7", "Red Hat 7 (3.10)", Releases::Marked(3, 10, "el7"), EL7;
        /// Mainline 4.4. Not recorded; from its sources. A SYN without a timestamp is refused from 3.17 on, as here.
        V4_4 = "4.4", "Linux 4.4", Releases::From(3, 17), V4_4;
        /// Mainline 4.9.337, the last long-term kernel with `tcp_tw_recycle`.
        V4_9 = "4.9", "Linux 4.9", Releases::From(4, 9), V4_9;
        /// Mainline 4.10.17.
        V4_10 = "4.10", "Linux 4.10", Releases::From(4, 10), V4_10;
        /// Mainline 4.11.0, the last with `tcp_tw_recycle`.
        V4_11 = "4.11", "Linux 4.11", Releases::From(4, 11), V4_11;
        /// Mainline 4.12, the first without. Not recorded; from its sources.
        V4_12 = "4.12", "Linux 4.12", Releases::From(4, 12), V4_12;
        /// Mainline 4.14.325.
        V4_14 = "4.14", "Linux 4.14", Releases::From(4, 14), V4_14;
        /// Mainline 4.19. Not recorded; from its sources.
        V4_19 = "4.19", "Linux 4.19", Releases::From(4, 19), V4_19;
        /// Mainline 6.18.44.
        V6_18 = "6.18", "Linux 6.18", Releases::From(6, 18), V6_18;
    }
    clients {
        /// Mainline 4.10.0, before 4.10.17 took the offset of each connection back to one of each pair of addresses.
        /// Only calls; from its sources.
        V4_10_0 = "4.10.0", "Linux 4.10.0", V4_10_0;
        /// macOS and iOS, only for outgoing connections: see its row.
        MacOs = "macos", "macOS or iOS", MACOS;
        /// Windows, only for outgoing connections: see its row.
        Windows = "windows", "Windows", WINDOWS;
    }
}

impl KernelVersion {
    /// The profile for what `uname -r` prints, such as `4.9.337` or `3.10.0-1160.el7`: the newest that is not newer.
    /// `None` where the text does not begin with two numbers.
    ///
    /// `el7` in a release names a distribution, which has other kernels too (`4.14.35-2047.el7uek`,
    /// `5.4.278-1.el7.elrepo`). Red Hat's own is 3.10.
    pub fn from_release(release: &str) -> Option<Self> {
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
        Self::ALL.into_iter().find(marked).or_else(|| Self::ALL.into_iter().rfind(not_newer))
    }
}

impl fmt::Display for KernelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for KernelVersion {
    type Err = UnknownKernel;
    fn from_str(name: &str) -> Result<Self, UnknownKernel> {
        Self::ALL.into_iter().find(|version| version.name() == name).ok_or(UnknownKernel)
    }
}

/// The name is none of the profiles'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKernel;

impl fmt::Display for UnknownKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of ")?;
        let names = KernelVersion::ALL.map(KernelVersion::name);
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::KernelVersion;

    #[test]
    fn a_release_is_judged_by_the_newest_profile_that_is_not_newer() {
        let cases = [
            ("2.6.32-754.el6.x86_64", "3.10"),
            ("3.10.0-1160.el7.x86_64", "el7"),
            ("3.10.108", "3.10"),
            ("3.16.0-4-amd64", "3.10"),
            ("3.18.0", "4.4"),
            ("4.4.0-210-generic", "4.4"),
            ("4.9.337", "4.9"),
            ("4.10.17", "4.10"),
            ("4.11.0-14-generic", "4.11"),
            ("4.12.14-122.37-default", "4.12"),
            ("4.14.35-2047.el7uek.x86_64", "4.14"),
            ("4.18.0-553.el8_10.x86_64", "4.14"),
            ("5.4.278-1.el7.elrepo.x86_64", "4.19"),
            ("6.17.9", "4.19"),
            ("6.18.44", "6.18"),
            ("7.0.0-rc1", "6.18"),
        ];
        for (release, profile) in cases {
            assert_eq!(KernelVersion::from_release(release).unwrap().name(), profile, "{release}");
        }
        assert_eq!(["Darwin", "", "6"].map(KernelVersion::from_release), [None; 3]);
    }

    /// The macro pairs a version with a row by hand; the row names its version too.
    #[test]
    fn every_version_has_the_row_that_bears_its_name() {
        for version in KernelVersion::ALL.into_iter().chain(KernelVersion::CLIENTS) {
            assert_eq!(version.profile().version, version);
        }
    }
}
