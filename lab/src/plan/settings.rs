//! The values of the server's switches at one moment.

use sim_core::kernel_version::KernelVersion;
use sim_core::scenario::SysctlFile;

use super::key::Key;

/// The values of the server's switches at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `net.ipv4.tcp_tw_recycle`; `None` if the kernel has no such sysctl.
    pub recycle: Option<u8>,
    /// `net.ipv4.tcp_tw_reuse`.
    pub reuse: u8,
    /// `net.ipv4.tcp_timestamps`.
    pub timestamps: u8,
}

impl Settings {
    /// The switches after boot, with this kernel and sysctl file.
    pub fn of(kernel: KernelVersion, file: &SysctlFile) -> Self {
        let profile = kernel.profile();
        let small = |number: u32| u8::try_from(number).unwrap_or(0);
        let mut settings = Self {
            recycle: profile.has_recycle.then_some(0),
            reuse: small(profile.reuse_default),
            timestamps: small(profile.timestamps_default),
        };
        for key in Key::ALL {
            if let Some(value) = file.value(key.name()).and_then(|value| value.trim().parse().ok()) {
                settings.set(key, value);
            }
        }
        settings
    }

    /// The value of `key`; `None` if the kernel does not have it.
    pub const fn value(&self, key: Key) -> Option<u8> {
        match key {
            Key::Recycle => self.recycle,
            Key::Reuse => Some(self.reuse),
            Key::Timestamps => Some(self.timestamps),
        }
    }

    /// Writes `key`. Does nothing if the kernel does not have it.
    pub(super) const fn set(&mut self, key: Key, value: u8) {
        match key {
            Key::Recycle if self.recycle.is_some() => self.recycle = Some(value),
            Key::Recycle => {}
            Key::Reuse => self.reuse = value,
            Key::Timestamps => self.timestamps = value,
        }
    }
}
