//! The scenarios of the lab as the page carries them: packed by `build.rs`, in the order in which they are offered. The
//! names and titles of all are there at once, and what the first says; what the others say comes later.

use sim_core::scenario::Scenario;

use crate::later;

/// A scenario of the lab.
#[derive(Debug)]
pub struct Preset {
    /// Its name in the address of the page, such as `one-address-many-servers`.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// What the scenarios say, in the order of [`PRESETS`].
pub type Packed = &'static [&'static [u8]];

/// All that comes later.
#[must_use]
pub fn packed() -> Packed {
    &PACKED
}

/// Whether this is a scenario of the lab that is not there at once.
#[must_use]
pub fn comes_later(name: &str) -> bool {
    PRESETS.iter().skip(1).any(|preset| preset.name == name)
}

impl Preset {
    /// The one called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// What it says; `None` while that has not come.
    #[must_use]
    pub fn scenario(&self) -> Option<Scenario> {
        let index = PRESETS.iter().position(|preset| preset.name == self.name)?;
        let packed = if index == 0 { FIRST } else { later::scenarios()?.get(index)? };
        Scenario::from_packed(packed)
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
