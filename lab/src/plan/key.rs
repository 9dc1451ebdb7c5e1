//! The sysctls of the server that the page has controls for.

use sim_core::kernel_version::KernelVersion;

/// A sysctl of the server that the page has a control for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// `net.ipv4.tcp_tw_recycle`.
    Recycle,
    /// `net.ipv4.tcp_tw_reuse`.
    Reuse,
    /// `net.ipv4.tcp_timestamps`.
    Timestamps,
}

impl Key {
    /// Every key, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Recycle, Self::Reuse, Self::Timestamps];

    /// The full name, which is also the accessible name of its control.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recycle => "net.ipv4.tcp_tw_recycle",
            Self::Reuse => "net.ipv4.tcp_tw_reuse",
            Self::Timestamps => "net.ipv4.tcp_timestamps",
        }
    }

    /// The short name, as the address of the page and the sentences write it.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Recycle => "recycle",
            Self::Reuse => "reuse",
            Self::Timestamps => "timestamps",
        }
    }

    /// The highest value that the page offers.
    #[must_use]
    pub const fn maximum(self) -> u8 {
        if matches!(self, Self::Reuse) { 2 } else { 1 }
    }

    /// Whether `kernel` has this key (R10).
    #[must_use]
    pub fn exists_in(self, kernel: KernelVersion) -> bool {
        !matches!(self, Self::Recycle) || kernel.profile().has_recycle
    }
}
