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

/// All of them, in the order in which they are offered.
pub const PRESETS: &[Preset] = &[Preset {
    name: "one-address-many-servers",
    json: include_str!("../../../scenarios/one-address-many-servers.json"),
}];

impl Scenario {
    /// The preset called `name`.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        let preset = PRESETS.iter().find(|preset| preset.name == name)?;
        Self::from_json(preset.json).ok()
    }
}
