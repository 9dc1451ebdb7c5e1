//! The catalogue of presets: names and titles, in the order in which the page lists them.

use std::sync::LazyLock;

use serde_json::Value;
use sim_core::scenario::PRESETS;

/// A preset.
#[derive(Debug)]
pub struct Entry {
    /// The name in the address of the page, for example `one-address-many-servers`.
    pub name: &'static str,
    /// The title.
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

/// All presets.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The preset called `name`.
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
