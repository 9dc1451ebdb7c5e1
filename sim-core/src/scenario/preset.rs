//! The scenarios that come with the lab, by name.

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
    "one-address-many-servers",
    "one-host-alone",
    "reboot",
    "address-passed-on",
    "random-timestamps-by-a-firewall",
    "load-balancer",
    "macos-client",
    "windows-client",
    "linux-4.10.0-client",
    "two-hundred-phones",
    "retries-that-catch-up",
    "keep-alive",
    "same-four-tuple-again",
    "ports-run-out-reuse-0",
    "ports-run-out-reuse-1",
    "ports-run-out-reuse-2",
    "accept-queue-overflow",
    "lossy-link",
];

impl Scenario {
    /// The preset called `name`.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let preset = PRESETS.iter().find(|preset| preset.name == name)?;
        Self::from_json(preset.json).ok()
    }
}
