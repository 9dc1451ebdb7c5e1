//! The built-in scenarios, by name.

use super::Scenario;

/// A scenario that comes with the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name in the address of the page, such as `one-address-many-servers`.
    pub name: &'static str,
    /// Its file.
    pub json: &'static str,
}

/// Each is the file of its name in `scenarios/`.
macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        &[$(Preset { name: $name, json: include_str!(concat!("../../../scenarios/", $name, ".json")) }),*]
    };
}

/// All of them, in the order in which they are offered.
pub const PRESETS: &[Preset] = presets![
    // The incident, and what decides about it.
    "one-address-many-servers",
    "one-host-alone",
    "retries-that-catch-up",
    "keep-alive",
    "two-hundred-phones",
    // The same without a NAT of the hosts.
    "load-balancer",
    "random-timestamps-by-a-firewall",
    "address-passed-on",
    "reboot",
    "macos-client",
    "windows-client",
    "linux-4.10.0-client",
    // What is turned instead, or for another reason.
    "timestamps-turned-off",
    "time-wait-60-s",
    "time-wait-with-recycle",
    "bucket-overflow",
    // Reuse.
    "reuse-behind-nat",
    "ports-run-out-reuse-0",
    "ports-run-out-reuse-1",
    "ports-run-out-reuse-2",
    "ports-run-out-reuse-delay",
    // What looks like the incident and is something else.
    "same-four-tuple-again",
    "accept-queue-overflow",
    "recycle-and-cookies",
    "firewall-drop",
    "lossy-link",
];

impl Scenario {
    /// The preset called `name`.
    pub fn preset(name: &str) -> Option<Self> {
        let preset = PRESETS.iter().find(|preset| preset.name == name)?;
        Self::from_json(preset.json).ok()
    }
}
