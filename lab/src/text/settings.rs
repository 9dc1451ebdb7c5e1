//! One sentence about each setting, as it is on the chosen kernel.

use sim_core::kernel_version::KernelVersion;

use crate::plan::Key;

/// What `key` does on `version`, at this value.
pub fn about(key: Key, version: KernelVersion, value: Option<u8>) -> String {
    let profile = version.profile();
    match (key, value) {
        (Key::RECYCLE, None) => {
            format!("{} does not have this setting. It was removed in 4.12.", version.title())
        }
        (Key::RECYCLE, Some(0)) => "The server does not compare SYNs with a remembered timestamp.".to_owned(),
        (Key::RECYCLE, _) => "The server remembers one timestamp per address, not per host.".to_owned(),
        (Key::REUSE, _) if profile.reuse_2_is_loopback => {
            "Affects connections that this host opens. 2 means loopback only. It refuses nobody.".to_owned()
        }
        (Key::REUSE, _) => {
            "Affects connections that this host opens. On this kernel 2 means 1. It refuses nobody.".to_owned()
        }
        (Key::TIMESTAMPS, Some(0)) => {
            "Segments carry no timestamps, so old duplicates are harder to detect.".to_owned()
        }
        (Key::TIMESTAMPS, _) => "Every segment carries the timestamp of its sender.".to_owned(),
        (key, None) => format!("{} does not have {}.", version.title(), key.name()),
        (key, _) => key.about().to_owned(),
    }
}

/// The heading, for screen readers.
pub const HEADING: &str = "Server settings";
/// The label of the list of kernels.
pub const KERNEL: &str = "Server kernel";
/// Adds a host behind the NAT.
pub const ADD_BEHIND_NAT: &str = "Add a host behind the NAT";
/// Adds a host that shares no address.
pub const ADD_OWN: &str = "Add a host with its own address";
