//! The modelled kernels: their names, and the releases that each stands for.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// The releases that a profile stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Releases {
    /// Those of this major and minor number and later, up to where the next profile begins.
    From(u32, u32),
    /// Those of this major and minor number that have this mark in their name.
    Marked(u32, u32, &'static str),
    /// None: it is no Linux kernel, or stands for one release only.
    Nothing,
}

macro_rules! kernels {
    (
        servers { $($(#[$doc:meta])* $server:ident = $name:literal, $title:literal, $releases:expr;)+ }
        clients { $($(#[$client_doc:meta])* $client:ident = $client_name:literal, $client_title:literal;)+ }
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

            pub(super) const fn releases(self) -> Releases {
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
        V3_10 = "3.10", "Linux 3.10", Releases::From(0, 0);
        /// Red Hat Enterprise Linux 7, 3.10.0-1160.
        El7 = "el7", "Red Hat 7 (3.10)", Releases::Marked(3, 10, "el7");
        /// Mainline 4.4. Not recorded; from its sources. A SYN without a timestamp is refused from 3.17 on, as here.
        V4_4 = "4.4", "Linux 4.4", Releases::From(3, 17);
        /// Mainline 4.9.337, the last long-term kernel with `tcp_tw_recycle`.
        V4_9 = "4.9", "Linux 4.9", Releases::From(4, 9);
        /// Mainline 4.10.17.
        V4_10 = "4.10", "Linux 4.10", Releases::From(4, 10);
        /// Mainline 4.11.0, the last with `tcp_tw_recycle`.
        V4_11 = "4.11", "Linux 4.11", Releases::From(4, 11);
        /// Mainline 4.12, the first without. Not recorded; from its sources.
        V4_12 = "4.12", "Linux 4.12", Releases::From(4, 12);
        /// Mainline 4.14.325.
        V4_14 = "4.14", "Linux 4.14", Releases::From(4, 14);
        /// Mainline 4.19. Not recorded; from its sources.
        V4_19 = "4.19", "Linux 4.19", Releases::From(4, 19);
        /// Mainline 6.18.44.
        V6_18 = "6.18", "Linux 6.18", Releases::From(6, 18);
    }
    clients {
        /// Mainline 4.10.0, before 4.10.17 took the offset of each connection back to one of each pair of addresses.
        /// Only calls; from its sources.
        V4_10_0 = "4.10.0", "Linux 4.10.0";
        /// macOS and iOS, only for outgoing connections: see its row.
        MacOs = "macos", "macOS or iOS";
        /// Windows, only for outgoing connections: see its row.
        Windows = "windows", "Windows";
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
