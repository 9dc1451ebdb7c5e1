//! The scenarios that come with the lab: their names and titles, in the order in which the page offers them.

use std::sync::LazyLock;

use serde_json::Value;
use sim_core::scenario::PRESETS;

/// A scenario of the list.
#[derive(Debug)]
pub struct Entry {
    /// Its name in the address of the page, such as `one-address-many-servers`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entry = |preset: &sim_core::scenario::Preset| {
        let file: Value = serde_json::from_str(preset.json).unwrap_or_default();
        let title = file.get("title").and_then(Value::as_str).unwrap_or(preset.name);
        Entry { name: preset.name, title: title.to_owned() }
    };
    PRESETS.iter().map(entry).collect()
});

/// All scenarios that come with the lab.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The scenario called `name`.
pub fn named(name: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use sim_core::scenario::Scenario;

    use super::*;

    #[test]
    fn every_entry_has_the_title_of_its_scenario() {
        assert!(!entries().is_empty());
        for entry in entries() {
            assert_eq!(entry.title, Scenario::preset(entry.name).unwrap().title);
        }
    }
}
