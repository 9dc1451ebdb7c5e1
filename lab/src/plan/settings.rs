//! The values of the server's switches at one moment.

use sim_core::kernel_version::KernelVersion;
use sim_core::scenario::SysctlFile;

use super::key::{Key, Values};

/// The switches as they stand at one moment. `None` is the value of a key that the kernel does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings(Values);

impl Settings {
    /// The switches after boot, with this kernel and sysctl file.
    pub fn of(kernel: KernelVersion, file: &SysctlFile) -> Self {
        let mut settings = Self([None; Key::COUNT]);
        for key in Key::all() {
            settings.0[key.index()] = key.default_on(kernel);
            if let Some(value) = file.value(key.name()).and_then(|value| value.trim().parse().ok()) {
                settings.set(key, value);
            }
        }
        settings
    }

    /// The value of `key`, where the kernel has it.
    pub fn value(&self, key: Key) -> Option<u8> {
        self.0[key.index()]
    }

    /// Whether `key` has this value.
    pub fn is(&self, key: Key, value: u8) -> bool {
        self.value(key) == Some(value)
    }

    /// Writes `key`. Where the kernel has none, nothing is written.
    pub(super) fn set(&mut self, key: Key, value: u8) {
        if let Some(old) = &mut self.0[key.index()] {
            *old = value;
        }
    }
}
