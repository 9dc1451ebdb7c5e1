//! One sentence about each setting, as it is on the chosen kernel.

use sim_core::kernel_version::KernelVersion;

use crate::plan::Key;

/// What `key` does on `version`, at this value.
#[must_use]
pub fn about(key: Key, version: KernelVersion, value: Option<u8>) -> String {
    let profile = version.profile();
    match (key, value) {
        (Key::Recycle, None) => {
            format!("{} has no such setting. It was removed in 4.12.", version.title())
        }
        (Key::Recycle, Some(0)) => "No SYN is compared with a remembered clock.".to_owned(),
        (Key::Recycle, _) => "One clock is remembered per address, not per host.".to_owned(),
        (Key::Reuse, _) if profile.reuse_2_is_loopback => {
            "For connections that this host opens. 2 means loopback only. Refuses nobody.".to_owned()
        }
        (Key::Reuse, _) => "For connections that this host opens. 2 counts as 1 here. Refuses nobody.".to_owned(),
        (Key::Timestamps, Some(0)) => "Segments carry no clock. Old duplicates are harder to tell.".to_owned(),
        (Key::Timestamps, _) => "Every segment carries the clock of its sender.".to_owned(),
    }
}
