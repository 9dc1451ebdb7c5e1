//! The scenarios that come with the lab: their names and titles, in the order in which the page offers them.

use std::sync::LazyLock;

use serde_json::Value;
use sim_core::scenario::{self, Scenario};

/// A scenario that comes with the lab.
#[derive(Debug)]
pub struct Preset {
    /// Its name in the address of the page, such as `one-address-many-servers`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
}

/// All of them, in the order in which they are offered.
pub static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let listed = |preset: &scenario::Preset| {
        let file: Value = serde_json::from_str(preset.json).unwrap_or_default();
        let title = file.get("title").and_then(Value::as_str).unwrap_or(preset.name);
        Preset { name: preset.name, title: title.to_owned() }
    };
    scenario::PRESETS.iter().map(listed).collect()
});

impl Preset {
    /// The one called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The scenario; `None` only if its file were broken, which the tests rule out.
    #[must_use]
    pub fn scenario(&self) -> Option<Scenario> {
        Scenario::preset(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads_and_has_the_title_of_its_file() {
        assert_eq!(PRESETS.len(), scenario::PRESETS.len());
        for preset in PRESETS.iter() {
            assert_eq!(preset.scenario().unwrap().title, preset.title);
        }
    }
}
