//! The scenarios of the lab as the page carries them: packed by `build.rs`, in the order in which they are offered.

use sim_core::scenario::Scenario;

/// A scenario of the lab.
#[derive(Debug)]
pub struct Preset {
    /// Its name in the address of the page, such as `one-address-many-servers`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    packed: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/presets.rs"));

impl Preset {
    /// The one called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// What it says. `None` only if it had been packed by another version of this code, which a test rules out.
    #[must_use]
    pub fn scenario(&self) -> Option<Scenario> {
        Scenario::from_packed(self.packed)
    }
}

#[cfg(test)]
mod tests {
    use sim_core::scenario;

    use super::*;

    #[test]
    fn the_page_has_every_scenario_of_the_lab_as_its_file_says() {
        assert_eq!(PRESETS.len(), scenario::PRESETS.len());
        for (preset, file) in PRESETS.iter().zip(scenario::PRESETS) {
            assert_eq!(preset.name, file.name);
            let read = Scenario::from_json(file.json).unwrap();
            assert_eq!(preset.title, read.title);
            assert_eq!(preset.scenario(), Some(read));
        }
    }
}
