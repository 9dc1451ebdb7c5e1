//! A scenario in few bytes, for a program that carries many and reads them often. Whoever writes these bytes reads them
//! with the same version of this code: they are no format to keep.

use super::Scenario;

impl Scenario {
    /// The scenario as bytes that [`Scenario::from_packed`] reads back.
    #[must_use]
    pub fn to_packed(&self) -> Vec<u8> {
        // Writing to memory does not fail, so the fallback never shows.
        borsh::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Scenario::to_packed`] wrote; `None` if that is something else.
    #[must_use]
    pub fn from_packed(bytes: &[u8]) -> Option<Self> {
        borsh::from_slice(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::PRESETS;

    #[test]
    fn every_preset_is_read_as_it_was_packed() {
        for preset in PRESETS {
            let scenario = Scenario::from_json(preset.json).unwrap();
            assert_eq!(Scenario::from_packed(&scenario.to_packed()), Some(scenario), "{}", preset.name);
        }
    }

    #[test]
    fn what_was_cut_off_is_nothing() {
        let packed = Scenario::preset("reboot").unwrap().to_packed();
        for end in 0..packed.len() {
            assert_eq!(Scenario::from_packed(&packed[..end]), None);
        }
    }
}
